"""Libraries that few requests need are loaded when they are first used, so that a server starts sooner and stays small.

Where one is named: under `if TYPE_CHECKING` its plain import, else `name = later("its.name")`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class Later:
    """Stands for a module that is loaded once something of it is asked for."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)

    def __setattr__(self, attribute: str, value: Any) -> None:
        setattr(import_module(self._name), attribute, value)


def later(name: str) -> Any:
    """A module, by its whole name, that is loaded when it is first used."""
    return Later(name)


@contextmanager
def without(name: str) -> Iterator[None]:
    """While something is loaded that can do without a library and would load it, the library is not there."""
    if name in sys.modules:
        yield
        return
    nothing: Any = None
    sys.modules[name] = nothing  # so Python says that there is no such module
    try:
        yield
    finally:
        del sys.modules[name]
