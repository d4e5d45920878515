"""A scenario as the author's door edits it: what its parts may name, and what a check of it says of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from flask import request

from pme.authoring.checker import Look, Spot
from pme.authoring.item_forms import Entry, Typed, by_field
from pme.authoring.item_problems import outcomes_of
from pme.authoring.naming import FileKind
from pme.authoring.scenario_fields import KINDS, Known
from pme.authoring.scenario_story import ENDINGS, NODES, kind_of, parts_of, told_in_order
from pme.content.parse_fields import IDENTIFIER, NAME
from pme.content.parse_sources import SOURCES, parse_sources
from pme.content.problems import Findings
from pme.content.shapes_shared import Source
from pme.errors import NotFound
from pme.permissions import Can
from pme.web.author.checking import look_at
from pme.web.author.yaml_files import Removal, YamlFile, load_yaml, save_yaml
from pme.web.loaders import UNKNOWN
from pme.words.speech import _

SCENARIOS = (FileKind.SCENARIO,)
LONGEST_WORDS = 60
"""Characters of a text that stand in a list to choose from."""


@dataclass(frozen=True)
class ScenarioFile(YamlFile):
    """A scenario as the draft has it."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its nodes in the order of the story."""
        return told_in_order(self.content)

    @cached_property
    def endings(self) -> tuple[str, ...]:
        """Its endings as they are written."""
        return tuple(parts_of(self.content, ENDINGS))

    def part(self, part: str, name: str) -> Entry:
        """A node or ending. Raises NotFound."""
        if part not in (NODES, ENDINGS) or name not in parts_of(self.content, part) or not has_address(name):
            raise NotFound(UNKNOWN)
        return parts_of(self.content, part)[name]

    def kind(self, part: str, name: str) -> str:
        """What a part is."""
        return kind_of(self.content, part, name)

    @cached_property
    def module_outcomes(self) -> dict[str, str]:
        """The learning outcomes of its module, by id."""
        path = f"modules/{self.content.get('module', '')}/module.md"
        return (
            {each.id: each.text for each in outcomes_of(self.tree.text(path))}
            if path in self.tree.files
            else {}
        )

    @cached_property
    def known(self) -> Known:
        """What its nodes may name."""
        own = self.content.get("learning_outcomes")
        flags = self.content.get("flags")
        actions = parts_of(self.content, "critical_actions")
        return Known(
            state=tuple(
                (name, _("{name}: change", name=each.get("label") or name))
                for name, each in parts_of(self.content, "state").items()
                if NAME.match(name)
            ),
            flags=tuple((each, each) for each in flags if isinstance(each, str))
            if isinstance(flags, list)
            else (),
            outcomes=tuple(
                (each, f"{each}: {self.module_outcomes.get(each, '')}")
                for each in (own if isinstance(own, dict) else ())
            ),
            must_not=_actions(actions, "must_not"),
            must_do=_actions(actions, "must_do"),
        )

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The bibliography."""
        found = parse_sources(self.tree.text(SOURCES), Findings("")) if SOURCES in self.tree.files else None
        return dict(found.sources) if found else {}

    def targets(self, *, but: str = "", with_new: bool = False) -> tuple[tuple[str, str], ...]:
        """Where a way may lead, as rows of a list to choose from."""
        nodes = tuple((name, f"{name}: {self.words(NODES, name)}") for name in self.names if name != but)
        endings = tuple(
            (name, _("{name}: ending, {words}", name=name, words=self.words(ENDINGS, name)))
            for name in self.endings
            if name != but
        )
        new = (
            tuple((f"new:{kind}", _("+ New: {kind}", kind=text)) for kind, text in KINDS.items())
            if with_new
            else ()
        )
        return (*nodes, *endings, *new)

    def words(self, part: str, name: str) -> str:
        """A few words of a part, for people to know it by."""
        entry = parts_of(self.content, part).get(name, {})
        variants = entry.get("variants")
        first = (
            variants[0].get("text")
            if isinstance(variants, list) and variants and isinstance(variants[0], dict)
            else ""
        )
        told = entry.get("label") if part == ENDINGS else entry.get("text") or first or entry.get("prompt")
        text = " ".join(str(told or KINDS.get(self.kind(part, name), "")).split())
        return text if len(text) <= LONGEST_WORDS else text[:LONGEST_WORDS].rsplit(" ", 1)[0] + " …"

    def look(self, text: str | None = None) -> Look:
        """What is to be said of it; with every path walked where that was asked for or done before."""
        is_asked = request.method == "POST" or "checked" in request.args
        return look_at(self.name, self.tree, self.text if text is None else text, prove=is_asked)


def load_scenario(can: Can, draft_id: int, path: str) -> ScenarioFile:
    """A scenario of a draft, else as it is published; 404 where there is none."""
    return load_yaml(can, draft_id, path, ScenarioFile, SCENARIOS)


def save_scenario(
    draft_id: int,
    path: str,
    edit: Callable[[ScenarioFile], str],
    is_still: Callable[[ScenarioFile], bool] | None = None,
    *,
    removal: Removal | None = None,
) -> ScenarioFile:
    """Save what an edit makes of a scenario. Gives it as it was; raises Conflict as `save_yaml` does."""
    return save_yaml(draft_id, path, edit, ScenarioFile, SCENARIOS, is_still, removal=removal)


def has_address(name: str) -> bool:
    """Whether a part has a name that can stand in an address; others are edited as text."""
    return IDENTIFIER.match(name) is not None


def of_part(spots: Iterable[Spot], part: str, name: str) -> list[Spot]:
    """What a check says of one node or ending."""
    place = f"{part}.{name}"
    return [spot for spot in spots if spot.place == place or spot.place.startswith(f"{place}.")]


def of_the_rest(spots: Iterable[Spot], content: Entry) -> list[Spot]:
    """What a check says of everything but the nodes and endings."""
    parts = [f"{part}.{name}" for part in (NODES, ENDINGS) for name in parts_of(content, part)]
    return [
        spot
        for spot in spots
        if not any(spot.place == place or spot.place.startswith(f"{place}.") for place in parts)
    ]


def at_fields(spots: Iterable[Spot], entry: Entry, typed: Typed, prefix: str = "") -> dict[str, list[Spot]]:
    """What a check says, by the field of the form that was made over an opened entry."""
    return by_field(
        [(_in_form(spot.place.removeprefix(prefix).lstrip("."), entry), spot) for spot in spots], typed
    )


def _in_form(place: str, entry: Entry) -> str:
    """A place of a file as the form over it calls it: rows by their number."""
    first, _unused, rest = place.partition(".")
    name, _unused, more = rest.partition(".")
    rows = entry.get(first)
    if first in ("choices", "state", "critical_actions") and isinstance(rows, list) and name:
        at = next(
            (at for at, row in enumerate(rows) if isinstance(row, dict) and row.get("id") == name), None
        )
        return ".".join(each for each in (first, "" if at is None else str(at), more) if each)
    for part, shown, last in (("variants", "variants", "text"), ("goto", "rules", "otherwise")):
        listed = entry.get(shown)
        if first == part and name.isdigit() and isinstance(listed, list):
            return f"{shown}.{rest}" if int(name) < len(listed) else last
    return place


def _actions(actions: dict[str, Entry], kind: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, f"{name}: {each.get('text', '')}")
        for name, each in actions.items()
        if each.get("kind") == kind
    )
