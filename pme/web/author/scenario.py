"""The author's door at a scenario: its story in order with what is wrong in it, its picture, and its parts arranged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.checker import Spot
from pme.authoring.item_forms import Entry
from pme.authoring.naming import FileKind
from pme.authoring.rewriting import rewritten
from pme.authoring.scenario_fields import KINDS
from pme.authoring.scenario_new import AT_FIRST, added, can_swap, copied, swapped
from pme.authoring.scenario_story import ENDINGS, NODES, Way, expert_choice, parts_of, reached_from, ways_of
from pme.content.decision_graph import SIGNS
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.editors import EDITORS
from pme.web.author.removing import tell_act
from pme.web.author.scenario_files import (
    ScenarioFile,
    has_address,
    load_scenario,
    of_part,
    of_the_rest,
    save_scenario,
)
from pme.web.author.yaml_files import Removal, of_an_act
from pme.web.loaders import UNKNOWN
from pme.words.speech import _

EDITORS[FileKind.SCENARIO] = "author.scenario"
Edit = Callable[[ScenarioFile], str]


@dataclass(frozen=True)
class Line:
    """A node or ending as the story's list shows it. `before`: the node that it can change places with."""

    part: str
    name: str
    kind: str
    words: str
    ways: tuple[tuple[Way, str], ...]
    spots: list[Spot]
    is_reached: bool
    expert: str
    before: str
    has_address: bool


@blueprint.get("/drafts/<int:draft_id>/scenario/<path:path>")
def scenario(draft_id: int, path: str) -> ResponseReturnValue:
    """A scenario; with `checked`, every path is walked first."""
    file = load_scenario(Can.SEE_DRAFTS, draft_id, path)
    look = file.look()
    return render_template(
        "author/scenario.html",
        draft=file.draft,
        file=file,
        look=look,
        lines=_lines(file, look.spots),
        rest=of_the_rest(look.spots, file.content),
        kinds=KINDS,
        signs=SIGNS,
        places=(
            (AT_FIRST, _("At the beginning")),
            *(
                (name, _("After {name}: {words}", name=name, words=file.words(NODES, name)))
                for name in file.names
            ),
        ),
    )


@blueprint.post("/drafts/<int:draft_id>/scenario-add/<path:path>")
def add_part(draft_id: int, path: str) -> ResponseReturnValue:
    """Put a new node behind another in the story, or a new ending; then open its form."""
    kind, after, made = request.form.get("kind", ""), request.form.get("after", ""), list[str]()
    if kind not in KINDS:
        raise NotFound(UNKNOWN)

    def with_it(file: ScenarioFile) -> Entry:
        if after not in ("", AT_FIRST) and after not in file.names:
            raise Conflict(_("There is no “{after}” any more. Choose another place.", after=after))
        content, name = added(file.content, kind, after="" if kind == "outcome" else after)
        made.append(name)
        return content

    answer = changed(draft_id, path, with_it, _("Added to the story. Write its texts now."), always)
    if not made:
        return answer
    part = ENDINGS if kind == "outcome" else NODES
    address = url_for("author.scenario_part", draft_id=draft_id, part=part, name=made[-1], path=path)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/scenario-part/<part>/<name>/copy/<path:path>")
def copy_part(draft_id: int, part: str, name: str, path: str) -> ResponseReturnValue:
    """Put a copy of a node or ending behind it."""

    def with_copy(file: ScenarioFile) -> Entry:
        file.part(part, name)
        content, _unused = copied(file.content, part, name)
        return content

    says = _("There is a copy of {name} now. Nothing leads to it yet: let a choice lead there.", name=name)
    return changed(draft_id, path, with_copy, says, always)


@blueprint.post("/drafts/<int:draft_id>/scenario-part/nodes/<name>/earlier/<path:path>")
def move_part(draft_id: int, name: str, path: str) -> ResponseReturnValue:
    """Let a node and the one before it in the story change places."""
    before = request.form.get("before", "")

    def moved(file: ScenarioFile) -> Entry:
        file.part(NODES, name)
        if not can_swap(file.content, before, name):
            raise Conflict(_("The story has changed: these two do not follow each other any more."))
        return swapped(file.content, before, name)

    says = _("{name} now comes before {before}.", name=name, before=before)
    return changed(draft_id, path, moved, says, always, to=f"{NODES}-{name}")


def changed(
    draft_id: int,
    path: str,
    edit: Callable[[ScenarioFile], Entry],
    says: str,
    is_still: Callable[[ScenarioFile], bool] | None = None,
    *,
    removal: Removal | None = None,
    to: str = "",
) -> ResponseReturnValue:
    """Save what an edit makes of the content of a scenario, and show it, at the part `to` where it is about one."""
    load_scenario(Can.CHANGE_DRAFT, draft_id, path)
    try:
        save_scenario(
            draft_id,
            path,
            lambda file: rewritten(file.text, (), file.content, edit(file)),
            is_still,
            removal=removal,
        )
    except (Conflict, Invalid) as error:
        flash(of_an_act(error), "problem")
        to = ""
    else:
        tell_act(says, draft_id, removal)
    address = url_for("author.scenario", draft_id=draft_id, path=path, checked="1", _anchor=to or None)
    return redirect(address, HTTPStatus.SEE_OTHER)


def always(_file: ScenarioFile) -> bool:
    """That an act fits whatever was saved meanwhile, because it looks at the scenario anew."""
    return True


def _lines(file: ScenarioFile, spots: tuple[Spot, ...]) -> list[Line]:
    reached = set(reached_from(file.content))
    ways: dict[str, list[tuple[Way, str]]] = {}
    for way in ways_of(file.content):
        ways.setdefault(way.source, []).append((way, _says(file, way)))
    named = [(NODES, name) for name in file.names] + [(ENDINGS, name) for name in file.endings]
    return [
        Line(
            part=part,
            name=name,
            kind=KINDS.get(file.kind(part, name), file.kind(part, name) or _("Kind missing")),
            words=file.words(part, name),
            ways=tuple(ways.get(name, [])) if part == NODES else (),
            spots=of_part(spots, part, name),
            is_reached=name in reached,
            expert=expert_choice(file.content, name),
            before=_before(file, name) if part == NODES else "",
            has_address=has_address(name),
        )
        for part, name in named
    ]


def _before(file: ScenarioFile, name: str) -> str:
    at = file.names.index(name)
    before = file.names[at - 1] if at else ""
    return before if before and can_swap(file.content, before, name) else ""


def _says(file: ScenarioFile, way: Way) -> str:
    """A way in the words of its choice or condition."""
    node = parts_of(file.content, NODES).get(way.source, {})
    if "choices" in way.place:
        choice = parts_of(node, "choices").get(str(way.place[3]), {})
        return f"{way.place[3]}: {' '.join(str(choice.get('text', '')).split())}"
    listed = node.get("goto")
    if isinstance(listed, list):
        branch = listed[int(way.place[-2])]
        when = branch.get("when") if isinstance(branch, dict) else None
        return _("when {condition}", condition=when) if when else _("in all other cases")
    return ""
