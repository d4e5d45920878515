"""The author's door at the outcomes of a course or module: add, reword, move, and delete with what follows."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from pme.authoring.course_uses import uses_of_outcome
from pme.authoring.loose_library import fields_in, outcome_text, shown_outcome, text_in, texts_in
from pme.authoring.models_removal import Removed
from pme.authoring.outcome_edits import moved, reworded, with_outcome, without
from pme.authoring.removals import Part
from pme.content.unwritten import is_unwritten
from pme.content.yaml_write import Plain
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.signs import fit
from pme.web.addresses import number_in
from pme.web.author.course_files import (
    PAGES,
    CourseFile,
    TypedOutcome,
    changed,
    edited_fields,
    load_course_file,
    must_be_place,
    save_course_file,
)
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.removing import with_uses
from pme.web.author.yaml_files import Removal, mark_of
from pme.words.speech import _

ANCHOR = "outcomes_title"


@blueprint.post("/drafts/<int:draft_id>/new-outcome/<path:path>")
def add_outcome(draft_id: int, path: str) -> ResponseReturnValue:
    """Put an outcome at the end of the list."""
    verb, serves = _typed("verb"), request.form.getlist("serves")

    def added(file: CourseFile) -> str:
        if file.is_course:
            return edited_fields(file, lambda text: with_outcome(text, "CO", _typed("text")))
        offered = [name for name, _ in choices_of(file) if name in serves]
        return edited_fields(file, lambda text: with_outcome(text, "LO", _typed("text"), verb, offered))

    return _kept(draft_id, path, "", added, lambda file: file.content.get("outcomes"))


@blueprint.post("/drafts/<int:draft_id>/outcome/<outcome>/save/<path:path>")
def save_outcome(draft_id: int, outcome: str, path: str) -> ResponseReturnValue:
    """Reword an outcome."""

    def other(file: CourseFile) -> str:
        verb = None if file.is_course else _typed("verb")
        serves = None if file.is_course else _serves(file, outcome)
        return edited_fields(file, lambda text: reworded(text, outcome, _typed("text"), verb, serves))

    return _kept(draft_id, path, outcome, other, lambda file: _value(file, outcome))


@blueprint.post("/drafts/<int:draft_id>/outcome/<outcome>/move/<path:path>")
def move_outcome(draft_id: int, outcome: str, path: str) -> ResponseReturnValue:
    """Move an outcome up or down; its id stays."""
    to = number_in(request.form.get("to")) or 0

    def elsewhere(file: CourseFile) -> str:
        must_be_place(to, len(fields_in(file.content, "outcomes")))
        return edited_fields(file, lambda text: moved(text, outcome, to - 1))

    says = _("{outcome} is number {to} now.", outcome=outcome, to=to)
    return changed(draft_id, path, elsewhere, says, f"outcome-{outcome}")


@blueprint.post("/drafts/<int:draft_id>/outcome/<outcome>/delete/<path:path>")
def remove_outcome(draft_id: int, outcome: str, path: str) -> ResponseReturnValue:
    """Take an outcome away, to be put back if that was wrong; say what follows."""
    file = load_course_file(Can.CHANGE_DRAFT, draft_id, path)

    def gone(now: CourseFile) -> str:
        return edited_fields(now, lambda text: without(text, outcome))

    uses = uses_of_outcome(file.tree, file.library, file.name, outcome)
    says = with_uses(_("{outcome} is deleted from the draft.", outcome=outcome), uses)
    return changed(draft_id, path, gone, says, removal=Removal(Part(Removed.OUTCOME, outcome, path)))


def outcomes_of(file: CourseFile, typed: TypedOutcome | None = None) -> list[dict[str, object]]:
    """The outcomes as their list shows them, last a new one; what is still to be written is an empty field."""
    shown: list[dict[str, object]] = [
        {
            "id": name,
            "text": _written(outcome_text(value)),
            "shown": shown_outcome(value),
            "verb": None if file.is_course else _written(text_in(value, "verb")),
            "serves": texts_in(value, "serves"),
            "was": mark_of(value),
            "error": "",
        }
        for name, value in fields_in(file.content, "outcomes").items()
    ]
    was = mark_of(file.content.get("outcomes"))
    new: dict[str, object] = {
        "id": "",
        "text": "",
        "verb": None if file.is_course else "",
        "serves": [],
        "was": was,
        "error": "",
    }
    every = [*shown, new]
    for each in every:
        if typed is not None and each["id"] == typed.id:
            verb = None if file.is_course else typed.verb
            each |= {"text": typed.text, "verb": verb, "serves": typed.serves, "error": typed.error}
    return every


def choices_of(file: CourseFile) -> list[tuple[str, str]]:
    """What an outcome of a module may serve: the outcomes of the courses that have the module."""
    found: dict[str, str] = {}
    for course in file.library.courses.values():
        if file.name.slug in texts_in(course, "modules"):
            for name, value in fields_in(course, "outcomes").items():
                found.setdefault(name, shown_outcome(value))
    return list(found.items())


def _kept(
    draft_id: int,
    path: str,
    outcome: str,
    edit: Callable[[CourseFile], str],
    part: Callable[[CourseFile], Plain | None],
) -> ResponseReturnValue:
    """Keep an outcome; one that cannot be stays in its form, with the reason beside it."""
    file = load_course_file(Can.CHANGE_DRAFT, draft_id, path)
    try:
        save_course_file(draft_id, path, edit, part)
    except (Conflict, Invalid) as error:
        file = load_course_file(Can.CHANGE_DRAFT, draft_id, path)
        serves = tuple(request.form.getlist("serves"))
        says = error.says
        if isinstance(error, Conflict) and (there := fields_in(file.content, "outcomes").get(outcome)):
            says = _("{reason} It says now: {words}", reason=says, words=shown_outcome(there))
        typed = TypedOutcome(outcome, _typed("text"), _typed("verb"), serves, says)
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        return PAGES[file.name.kind](file, typed), status
    flash(_("{outcome} is saved.", outcome=outcome) if outcome else _("The outcome is added."))
    anchor = f"outcome-{outcome}" if outcome else ANCHOR
    return redirect(f"{editor_address(draft_id, file.name)}#{anchor}", HTTPStatus.SEE_OTHER)


def _value(file: CourseFile, outcome: str) -> Plain | None:
    return fields_in(file.content, "outcomes").get(outcome)


def _serves(file: CourseFile, outcome: str) -> list[str]:
    """What is ticked, those that were there first, in their order."""
    ticked = request.form.getlist("serves")
    before = texts_in(fields_in(file.content, "outcomes").get(outcome), "serves")
    offered = {name for name, _ in choices_of(file)}
    kept = [name for name in before if name in ticked or name not in offered]
    return [*kept, *(name for name in ticked if name in offered and name not in kept)]


def _typed(name: str) -> str:
    return fit(request.form.get(name, "")).strip()


def _written(text: str) -> str:
    return "" if is_unwritten(text) else text
