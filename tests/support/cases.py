"""Cases of one property: some for each run, the others for `make soak`."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def soaked(cases: Iterable[Any], but: Collection[str]) -> list[Any]:
    """All of these cases for `pytest.mark.parametrize`, and for each run those that are called so."""
    return [case if str(case) in but else pytest.param(case, marks=pytest.mark.soak) for case in cases]
