"""The small library, and one renderer for all tests of a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pme.content.render import Renderer
from tests.content.small_library import Shelf


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def shelf(tmp_path: Path, renderer: Renderer) -> Shelf:
    return Shelf(tmp_path, renderer)
