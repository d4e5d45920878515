"""The author's door at one question: a form for its type, and the question saved in place in its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.item_fields import TYPES, fields_of
from pme.authoring.item_forms import (
    Entry,
    Typed,
    blank,
    by_field,
    entry_of,
    id_from,
    typed_from,
    typed_of,
)
from pme.authoring.item_problems import Placed
from pme.authoring.item_rows import arranged
from pme.authoring.rewriting import rewritten
from pme.content.yaml_edit import insert, put
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.question_files import QuestionFile, load_file, save
from pme.web.author.questions import status_of
from pme.web.author.yaml_files import as_text, mark_of, seen, sent, was_before
from pme.web.loaders import UNKNOWN
from pme.words.speech import _

SAVE, CHECK = "save", "check"


@blueprint.get("/drafts/<int:draft_id>/question/<int:number>/form/<path:path>")
def question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """A question as a form, with what is wrong beside its fields."""
    file = load_file(Can.SEE_DRAFTS, draft_id, path)
    item = file.item(number)
    item_type = _type_of(item)
    if item_type not in TYPES:
        flash(_("There is no form for this type of question. Edit it as text."), "problem")
        return redirect(url_for("author.file", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)
    return _page(file, item_type, typed_of(item, fields_of(item_type)), number=number)


@blueprint.post("/drafts/<int:draft_id>/question/<int:number>/form/<path:path>")
def save_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """Keep a question, or arrange the rows of its form without keeping it yet."""
    file = load_file(Can.CHANGE_DRAFT, draft_id, path)
    item_type = _type_of(file.item(number))
    if item_type not in TYPES:
        raise NotFound(UNKNOWN)
    values, errors = sent()
    typed = typed_from(values, fields_of(item_type))
    act = values.get("act", SAVE)
    if errors or act != SAVE:
        typed, placed = arranged(typed, fields_of(item_type), act), None
        if act == CHECK and not errors:
            placed, errors = _checked(
                file, number, partial(_with_it, item_type=item_type, typed=typed, known="", number=number)
            )
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        page = _page(file, item_type, typed, number=number, errors=errors, is_typed=True, placed=placed)
        return page, status

    known = values.get("known", "")
    edit = partial(_with_it, item_type=item_type, typed=typed, known=known, number=number)
    try:
        before = save(draft_id, path, edit, lambda now: was_before(_shown(now, known, number)))
    except (Conflict, Invalid) as error:
        file = load_file(Can.CHANGE_DRAFT, draft_id, path)
        is_late = file.revision != seen()
        number = _where(file, known, number)
        page = _page(
            file, item_type, typed, number=number, errors={"": error.says}, is_typed=True, is_late=is_late
        )
        return page, status_of(error)
    flash(_("Saved in the draft."))
    number = _where(before, known, number) or number
    return redirect(
        url_for("author.question", draft_id=draft_id, number=number, path=path), HTTPStatus.SEE_OTHER
    )


@blueprint.get("/drafts/<int:draft_id>/new-question/<item_type>/<path:path>")
def new_question(draft_id: int, item_type: str, path: str) -> ResponseReturnValue:
    """An empty form for a question of a type."""
    file = load_file(Can.SEE_DRAFTS, draft_id, path)
    typed: Typed = {**blank(fields_of(_known(item_type))), "difficulty": "medium"}
    if any(each.name == "scoring" for each in fields_of(item_type)):
        typed["scoring"] = "per-option"
    return _page(file, item_type, typed)


@blueprint.post("/drafts/<int:draft_id>/new-question/<item_type>/<path:path>")
def add_question(draft_id: int, item_type: str, path: str) -> ResponseReturnValue:
    """Put a new question at the end of the file."""
    file, fields = load_file(Can.CHANGE_DRAFT, draft_id, path), fields_of(_known(item_type))
    values, errors = sent()
    typed = typed_from(values, fields)
    act = values.get("act", SAVE)
    if errors or act != SAVE:
        typed, placed = arranged(typed, fields, act), None
        if act == CHECK and not errors:
            placed, errors = _checked(
                file, len(file.items) + 1, partial(_with_new, item_type=item_type, typed=typed)
            )
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return _page(file, item_type, typed, errors=errors, is_typed=True, placed=placed), status
    try:
        before = save(draft_id, path, partial(_with_new, item_type=item_type, typed=typed), lambda _: True)
    except (Conflict, Invalid) as error:
        file = load_file(Can.CHANGE_DRAFT, draft_id, path)
        page = _page(file, item_type, typed, errors={"": error.says}, is_typed=True, is_late=True)
        return page, status_of(error)
    flash(_("Added to the draft."))
    number = len(before.items) + 1
    return redirect(
        url_for("author.question", draft_id=draft_id, number=number, path=path), HTTPStatus.SEE_OTHER
    )


def _with_it(now: QuestionFile, *, item_type: str, typed: Typed, known: str, number: int) -> str:
    """The file with a question as it was typed. Raises Conflict where another stands there."""
    here = _where(now, known, number)
    item = now.item(here) if here else {}
    if _type_of(item) != item_type or (known and item.get("id", "") != known):
        raise Conflict(_("There is another question at this place now. What you typed is still here."))
    entry = entry_of(typed, fields_of(item_type), item)
    return rewritten(now.text, ("items", here - 1), item, _named(entry, now, item))


def _with_new(now: QuestionFile, *, item_type: str, typed: Typed) -> str:
    """The file with a new question at its end."""
    entry = _named(entry_of(typed, fields_of(item_type)), now, {})
    whole: Entry = {"id": entry.pop("id"), "type": item_type, **entry}
    if not now.items:
        return put(now.text, ("items",), [whole])
    return insert(now.text, ("items",), len(now.items), whole)


def _checked(
    file: QuestionFile, number: int, edit: Callable[[QuestionFile], str]
) -> tuple[Sequence[Placed], dict[str, str]]:
    """What is wrong with a question as it was typed, without keeping it; and what kept it from being looked at."""
    try:
        return file.with_text(edit(file)).inspection.of_items.get(number - 1, ()), {}
    except (Conflict, Invalid) as error:
        return (), {"": error.says}


def _named(entry: Entry, file: QuestionFile, item: Entry) -> Entry:
    """The entry with a short name: made from its question where nobody gave one."""
    if not entry.get("id"):
        taken = [each for each in file.ids() if each != item.get("id")]
        entry["id"] = id_from(str(entry.get("stem", "")), taken)
    return entry


def _type_of(item: Entry) -> str:
    return str(item.get("type", ""))


def _known(item_type: str) -> str:
    if item_type not in TYPES:
        raise NotFound(UNKNOWN)
    return item_type


def _shown(file: QuestionFile, known: str, number: int) -> Entry | None:
    """The question that a form shows, as it is now."""
    here = _where(file, known, number) if known else 0
    return file.item(here) if here else None


def _where(file: QuestionFile, known: str, number: int) -> int:
    """Where a question stands by now, after others moved or deleted some; 0 where it is gone."""
    if known:
        return file.ids().index(known) + 1 if file.ids().count(known) == 1 else 0
    return number if number <= len(file.items) else 0


def _page(
    file: QuestionFile,
    item_type: str,
    typed: Typed,
    *,
    number: int = 0,
    errors: dict[str, str] | None = None,
    is_typed: bool = False,
    is_late: bool = False,
    placed: Sequence[Placed] | None = None,
) -> str:
    read, fields = file.inspection, fields_of(item_type)
    item = file.items[number - 1] if number else {}
    module = str(file.content.get("module", ""))
    known = read.outcomes.get(module, ())
    # What was found in the file is not told beside other words than those of the file.
    if placed is None:
        placed = read.of_items.get(number - 1, ()) if number and not is_typed else ()
    return render_template(
        "author/question.html",
        draft=file.draft,
        file=file,
        number=number,
        item_type=item_type,
        type_name=TYPES[item_type],
        fields=fields,
        typed=typed,
        errors=errors or {},
        problems=by_field([(each.place, each.problem) for each in placed], typed),
        known=request.form.get("known", "") if is_typed else str(item.get("id", "")),
        was=request.form.get("was", "") if is_typed and not is_late else mark_of(item),
        seen=seen() if is_typed and not is_late else file.revision,
        choices={"outcome": (("", "–"), *((each.id, f"{each.id}: {each.text}") for each in known))},
        sources=read.bibliography.sources,
        theirs=as_text(item) if is_late and number else "",
        is_gone=is_late and not number and bool(request.form.get("known")),
    )
