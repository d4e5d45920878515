"""The author's door at a scenario itself: its title, content note, state, pass rule and debrief."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.checker import Look
from pme.authoring.item_fields import Fields
from pme.authoring.item_forms import Entry, Typed, typed_from, typed_of
from pme.authoring.item_rows import arranged
from pme.authoring.scenario_fields import of_the_scenario
from pme.authoring.scenario_forms import head_opened
from pme.authoring.scenario_head import with_head
from pme.content.decision_graph import SIGNS
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.questions import status_of
from pme.web.author.scenario_files import ScenarioFile, at_fields, load_scenario, of_the_rest, save_scenario
from pme.web.author.scenario_parts import CHECK, SAVE
from pme.web.author.yaml_files import as_text, mark_of, module_choices, seen, sent, was_before
from pme.words.speech import _


@blueprint.get("/drafts/<int:draft_id>/scenario-settings/<path:path>")
def scenario_settings(draft_id: int, path: str) -> ResponseReturnValue:
    """Everything around the nodes as a form."""
    file = load_scenario(Can.SEE_DRAFTS, draft_id, path)
    return _page(file, typed_of(head_opened(file.content), _fields(file)), look=file.look())


@blueprint.post("/drafts/<int:draft_id>/scenario-settings/<path:path>")
def save_scenario_settings(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep what is around the nodes, or arrange its rows, or check it without keeping it yet."""
    file = load_scenario(Can.CHANGE_DRAFT, draft_id, path)
    fields = _fields(file)
    values, errors = sent()
    typed, act = typed_from(values, fields), values.get("act", SAVE)
    if errors or act != SAVE:
        typed, look = arranged(typed, fields, act), None
        try:
            look = file.look(_text_with(file, typed)) if act == CHECK else None
        except (Conflict, Invalid) as error:
            errors = {**errors, _field_of(error): error.says}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return _page(file, typed, errors=errors, is_typed=True, look=look), status
    try:
        save_scenario(
            draft_id,
            path,
            lambda now: _text_with(now, typed),
            lambda now: was_before(head_opened(now.content)),
        )
    except (Conflict, Invalid) as error:
        file = load_scenario(Can.CHANGE_DRAFT, draft_id, path)
        is_late = isinstance(error, Conflict) and file.revision != seen()
        page = _page(file, typed, errors={_field_of(error): error.says}, is_typed=True, is_late=is_late)
        return page, status_of(error)
    flash(_("Saved in the draft."))
    address = url_for("author.scenario_settings", draft_id=draft_id, path=path, checked="1")
    return redirect(address, HTTPStatus.SEE_OTHER)


def _fields(file: ScenarioFile) -> Fields:
    outcomes = tuple((each, f"{each}: {text}") for each, text in file.module_outcomes.items())
    return of_the_scenario(replace(file.known, outcomes=outcomes or file.known.outcomes))


def _text_with(file: ScenarioFile, typed: Typed) -> str:
    return with_head(file.text, file.content, typed, _fields(file), file.module_outcomes)


def _field_of(error: Conflict | Invalid) -> str:
    return (error.field or "") if isinstance(error, Invalid) else ""


def _rows_of(typed: Typed) -> Entry:
    """The rows of the form by the names that were typed, for what a check says of them."""
    return {
        part: [{"id": str(row.get("id", ""))} for row in rows]
        for part in ("state", "critical_actions")
        if isinstance(rows := typed.get(part), list)
    }


def _page(
    file: ScenarioFile,
    typed: Typed,
    *,
    errors: dict[str, str] | None = None,
    is_typed: bool = False,
    is_late: bool = False,
    look: Look | None = None,
) -> str:
    spots = of_the_rest(look.spots, file.content) if look else []
    nodes = file.targets()
    head = head_opened(file.content)
    return render_template(
        "author/scenario-part.html",
        draft=file.draft,
        file=file,
        name="",
        kind=file.content.get("title") or file.name.slug,
        fields=_fields(file),
        typed=typed,
        errors=errors or {},
        problems=at_fields(spots, _rows_of(typed), typed),
        look=look,
        spots=spots,
        signs=SIGNS,
        was=request.form.get("was", "") if is_typed and not is_late else mark_of(head),
        seen=seen() if is_typed and not is_late else file.revision,
        choices={"start": nodes, "module": module_choices(file.tree)},
        sources=file.sources,
        theirs=as_text(head) if is_late else "",
        address=url_for("author.save_scenario_settings", draft_id=file.draft.id, path=file.path),
    )
