"""Doors that a process opens when somebody first knocks, or a page first leads to them: most processes serve students,
who never see what is behind the others, and what nobody sees is neither loaded nor kept in memory.
"""

from collections.abc import Callable
from importlib import import_module
from threading import RLock

from flask import Blueprint
from werkzeug.routing import Map, Rule
from werkzeug.routing.matcher import State

LATE = {
    "academy": "academy",
    "author": "author",
    "calendar": "calendar",
    "changes": "changed",
    "feeds": "calendar",
    "install": "install",
    "local": "local",
    "panel": "panel",
    "preview": "preview",
    "teach": "instructor",
}
"""Behind which door is what begins with this part of an address."""
OTHER_NAMES = {"feeds": "calendar"}
"""Blueprints that are called otherwise than their door."""


class Doors:
    """The doors that are still closed; each is opened once, by one thread, while others that need it wait."""

    def __init__(self, hang: Callable[[Blueprint], None]) -> None:
        self._hang = hang
        self._closed = set(LATE.values())
        self._turn = RLock()

    def knock(self, path: str) -> None:
        """Open the door that an address leads to."""
        if self._closed:
            self._open(LATE.get(path.lstrip("/").partition("/")[0]))

    def lead(self, endpoint: str) -> bool:
        """Open the door of an endpoint that no address was found for; whether that may have helped."""
        name = endpoint.partition(".")[0]
        return self._open(OTHER_NAMES.get(name, name))

    def open_all(self) -> None:
        """Open every door at once."""
        for door in sorted(self._closed):
            self._open(door)

    @property
    def closed(self) -> frozenset[str]:
        """Which are closed."""
        return frozenset(self._closed)

    def _open(self, door: str | None) -> bool:
        if door not in self._closed:
            return False
        with self._turn:
            if door in self._closed:
                for blueprint in import_module(f"pme.web.{door}.door").BLUEPRINTS:
                    self._hang(blueprint)
                self._closed.discard(door)
        return True


class Addresses(Map):
    """Rules that may be added to while other threads find their way by them: lists are exchanged, never sorted in
    place, since a list that is being sorted looks empty to others.
    """

    def update(self) -> None:
        """Put what was added into its order."""
        if not self._remap:
            return
        with self._remap_lock:
            if self._remap:
                _put_in_order(self._matcher._root)  # noqa: SLF001
                for endpoint, rules in list(self._rules_by_endpoint.items()):
                    self._rules_by_endpoint[endpoint] = sorted(rules, key=Rule.build_compare_key)
                self._remap = False


def _put_in_order(state: State) -> None:
    if len(state.dynamic) > 1:
        state.dynamic = sorted(state.dynamic, key=lambda way: way[0].weight)
    for following in [*state.static.values(), *(each for _part, each in state.dynamic)]:
        _put_in_order(following)
