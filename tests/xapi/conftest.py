"""A record store for the tests of statements."""

from collections.abc import Iterator

import pytest

from tests.support.lrs import SmallLrs, small_lrs


@pytest.fixture
def lrs() -> Iterator[SmallLrs]:
    """An LRS on this machine."""
    with small_lrs() as lrs:
        yield lrs
