"""The author's door at a quiz or bank: its own fields, its questions in order, and a new one begun."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.item_fields import OF_A_BANK, OF_A_QUIZ, TYPES, Fields
from pme.authoring.item_forms import Entry, Typed, entry_of, fresh_id, typed_from, typed_of
from pme.authoring.item_problems import modules_of
from pme.authoring.item_uses import uses_of
from pme.authoring.naming import FileKind, FileName
from pme.authoring.rewriting import rewritten
from pme.content.yaml_edit import insert, move, put, remove
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.editors import EDITORS
from pme.web.author.question_files import QuestionFile, load_file, save
from pme.web.author.yaml_files import as_text, mark_of, sent, was_before

EDITORS |= {FileKind.QUIZ: "author.questions", FileKind.BANK: "author.questions"}
Edit = Callable[[QuestionFile], str]


@blueprint.get("/drafts/<int:draft_id>/questions/<path:path>")
def questions(draft_id: int, path: str) -> ResponseReturnValue:
    """A quiz or bank: its fields, and its questions with what is wrong with each."""
    file = load_file(Can.SEE_DRAFTS, draft_id, path)
    return _page(file, typed_of(file.content, _fields(file.name)))


@blueprint.post("/drafts/<int:draft_id>/questions/<path:path>")
def save_questions(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep the fields of a quiz or bank."""
    file = load_file(Can.CHANGE_DRAFT, draft_id, path)
    values, errors = sent()
    typed = typed_from(values, _fields(file.name))
    if errors:
        page = _page(file, typed, errors, seen=number_in(values.get("seen")) or 0)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        save(
            draft_id,
            path,
            lambda now: rewritten(now.text, (), now.content, entry_of(typed, _fields(now.name), now.content)),
            lambda now: was_before(_head(now)),
        )
    except (Conflict, Invalid) as error:
        return _page(load_file(Can.CHANGE_DRAFT, draft_id, path), typed, {"": error.says}), status_of(error)
    flash("Saved in the draft.")
    return redirect(url_for("author.questions", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/question/<int:number>/move/<path:path>")
def move_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """Move a question to another place."""
    to = number_in(request.form.get("to")) or 0

    def moved(file: QuestionFile) -> str:
        file.item(number)
        return move(file.text, ("items", number - 1), to - 1)

    return _changed(draft_id, path, moved, f"Question {number} is now question {to}.")


@blueprint.post("/drafts/<int:draft_id>/question/<int:number>/copy/<path:path>")
def copy_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """Put a copy of a question behind it, with a short name of its own."""

    def copied(file: QuestionFile) -> str:
        item = file.item(number)
        twin = {**item, "id": fresh_id(file.ids(), f"{item.get('id') or 'question'}-copy")}
        return insert(file.text, ("items",), number, twin)

    return _changed(draft_id, path, copied, f"Question {number + 1} is a copy of question {number}.")


@blueprint.get("/drafts/<int:draft_id>/question/<int:number>/delete/<path:path>")
def delete_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """What deleting a question means, before it is done."""
    file = load_file(Can.CHANGE_DRAFT, draft_id, path)
    item = file.item(number)
    return render_template(
        "author/delete-question.html",
        draft=file.draft,
        file=file,
        number=number,
        item=item,
        words=as_text(item),
        uses=uses_of(item, file.name, file.tree.files),
    )


@blueprint.post("/drafts/<int:draft_id>/question/<int:number>/delete/<path:path>")
def remove_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """Take a question out of the file."""

    def without(file: QuestionFile) -> str:
        file.item(number)
        # An empty list is still one: the fields of a quiz tell what is missing.
        return (
            put(file.text, ("items",), [])
            if len(file.items) == 1
            else remove(file.text, ("items", number - 1))
        )

    return _changed(draft_id, path, without, f"Question {number} is deleted from the draft.")


def status_of(error: Conflict | Invalid) -> HTTPStatus:
    """The status that a refusal is answered with."""
    return HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY


def _changed(draft_id: int, path: str, edit: Edit, says: str) -> ResponseReturnValue:
    load_file(Can.CHANGE_DRAFT, draft_id, path)
    try:
        save(draft_id, path, edit)
    except (Conflict, Invalid) as error:
        flash(error.says, "problem")
    else:
        flash(says)
    return redirect(url_for("author.questions", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)


def _fields(name: FileName) -> Fields:
    return OF_A_QUIZ if name.kind is FileKind.QUIZ else OF_A_BANK


def _head(file: QuestionFile) -> Entry:
    return {name: value for name, value in file.content.items() if name != "items"}


def _page(
    file: QuestionFile, typed: Typed, errors: dict[str, str] | None = None, *, seen: int | None = None
) -> str:
    read = file.inspection
    problems: dict[str, list[object]] = {}
    names = {each.name for each in _fields(file.name)}
    for placed in read.of_file:
        problems.setdefault(placed.place if placed.place in names else "", []).append(placed.problem)
    lines = file.content.get("blueprint")
    return render_template(
        "author/questions.html",
        draft=file.draft,
        file=file,
        fields=_fields(file.name),
        typed=typed,
        problems=problems,
        errors=errors or {},
        seen=file.revision if seen is None else seen,
        was=mark_of(_head(file)) if seen is None else request.form.get("was", ""),
        choices={"module": tuple((slug, slug) for slug in modules_of(file.tree))},
        types=TYPES,
        blueprint=lines if isinstance(lines, list) else [],
        of_items=read.of_items,
    )
