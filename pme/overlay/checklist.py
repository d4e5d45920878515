"""The checklist of an academy before it goes live: every place of its courses, and how each stands. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pme.content.local_places import LocalPlace, places_of
from pme.content.shapes import Module
from pme.overlay.shown import Place


class PlaceState(StrEnum):
    """How a place stands."""

    OPEN = "to-be-completed"
    CHECK = "check-again"
    DONE = "completed"
    NOT_HERE = "not-applicable"


@dataclass(frozen=True)
class Kept:
    """What an academy has at a place in one language, as the checklist needs it; `by` is who saved it."""

    module: str
    place: str
    language: str
    title: str
    text: str
    reason: str
    is_filled: bool
    prompt_sha256: str
    by: str
    saved_at: datetime


@dataclass(frozen=True)
class Line:
    """One place. `page` is the page's address and `where` its title, empty for the introduction."""

    module: str
    page: str
    where: str
    place: LocalPlace
    state: PlaceState
    kept: tuple[Kept, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do here."""
        return self.state in (PlaceState.DONE, PlaceState.NOT_HERE)

    @property
    def reason(self) -> str:
        """Why it does not apply, where that was said."""
        return next((one.reason for one in self.kept if not one.is_filled), "")


@dataclass(frozen=True)
class ModuleList:
    """The places of a module."""

    slug: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Checklist:
    """The places of a course. `orphans` are texts whose place is gone: kept, shown to nobody else."""

    modules: tuple[ModuleList, ...]
    orphans: tuple[Kept, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every place."""
        return tuple(line for module in self.modules for line in module.lines)

    @property
    def of(self) -> int:
        """How many places there are."""
        return len(self.lines)

    @property
    def done(self) -> int:
        """How many are settled."""
        return sum(line.is_settled for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether the academy has settled every place."""
        return self.done == self.of


def checklist(modules: Sequence[Module], kept: Iterable[Kept]) -> Checklist:
    """How the places of these modules stand, in the order in which they are read."""
    by_place: dict[Place, list[Kept]] = {}
    for one in kept:
        by_place.setdefault((one.module, one.place), []).append(one)
    lists = tuple(_list(module, by_place) for module in modules)
    known = {(module.slug, line.place.id) for module in lists for line in module.lines}
    here = {module.slug for module in modules}
    orphans = [
        one for place, ones in by_place.items() if place not in known and place[0] in here for one in ones
    ]
    return Checklist(tuple(each for each in lists if each.lines), tuple(orphans))


def _list(module: Module, by_place: Mapping[Place, list[Kept]]) -> ModuleList:
    titles = {page.slug: page.title for page in module.pages}
    return ModuleList(
        module.slug,
        module.title,
        tuple(
            Line(module.slug, page, titles.get(page, ""), place, _state(place, kept), tuple(kept))
            for page, place in places_of(module)
            for kept in (by_place.get((module.slug, place.id), []),)
        ),
    )


def _state(place: LocalPlace, kept: Sequence[Kept]) -> PlaceState:
    if not kept:
        return PlaceState.OPEN
    if any(one.prompt_sha256 != place.digest for one in kept):
        return PlaceState.CHECK
    return PlaceState.DONE if any(one.is_filled for one in kept) else PlaceState.NOT_HERE
