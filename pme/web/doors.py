"""Doors that a process opens when somebody first knocks, or a page first leads to them: most processes serve students,
who never see what is behind the others, and what nobody sees is neither loaded nor kept in memory.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from threading import RLock
from typing import Any

from flask import Blueprint, Request
from werkzeug.routing import Map, MapAdapter, Rule
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
REMEMBERED, LONGEST, HOSTS = 2_048, 200, 64
"""Addresses whose view a process remembers, the characters that one may have, and hosts."""


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


class Way(MapAdapter):
    """How one request finds its view; a process remembers the ways that were found."""

    map: "Addresses"

    def match(self, *given: Any, **named: Any) -> Any:
        """The rule of the request's address and the values in it, as the parent finds them."""
        if given or named != {"return_rule": True}:
            return super().match(*given, **named)
        found, asked = self.map.found, (self.default_method, self.path_info)
        known = found.get(asked)
        if known is None:
            known = super().match(return_rule=True)  # what leads nowhere is raised, and not remembered
            if len(self.path_info) <= LONGEST:
                if len(found) >= REMEMBERED:
                    found.clear()
                found[asked] = known
        rule, values = known
        return rule, dict(values)


class Addresses(Map):
    """Rules that may be added to while other threads find their way by them: lists are exchanged, never sorted in
    place, since a list that is being sorted looks empty to others.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        self.found: dict[tuple[str, str], tuple[Rule, Mapping[str, Any]]] = {}
        super().__init__(*given, **named)

    def way(self, host: str, request: Request) -> Way:
        """What finds the view of a request to a host, as Flask makes it."""
        asked = request.query_string.decode(errors="replace")
        args = (request.root_path or "/", self.default_subdomain or "", request.scheme, request.path)
        return Way(self, _in_ascii(host), *args, request.method, asked)

    def update(self) -> None:
        """Put what was added into its order."""
        if not self._remap:
            return
        with self._remap_lock:
            if self._remap:
                _put_in_order(self._matcher._root)  # noqa: SLF001
                for endpoint, rules in list(self._rules_by_endpoint.items()):
                    self._rules_by_endpoint[endpoint] = sorted(rules, key=Rule.build_compare_key)
                self.found.clear()
                self._remap = False


@lru_cache(maxsize=HOSTS)
def _in_ascii(host: str) -> str:
    """A host as the library writes it. Raises BadHost where it can be none."""
    return Map().bind(host).server_name


def _put_in_order(state: State) -> None:
    if len(state.dynamic) > 1:
        state.dynamic = sorted(state.dynamic, key=lambda way: way[0].weight)
    for following in [*state.static.values(), *(each for _part, each in state.dynamic)]:
        _put_in_order(following)
