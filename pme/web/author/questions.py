"""The author's door at a quiz or bank: its own fields, its questions in order, and a new one begun."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.bank_counts import available, bank_counts
from pme.authoring.item_fields import DIFFICULTY_CHOICES, OF_A_BANK, TYPES, Fields, of_a_quiz
from pme.authoring.item_forms import (
    Entry,
    Typed,
    by_field,
    entry_of,
    fresh_id,
    typed_from,
    typed_of,
)
from pme.authoring.item_problems import outcomes_of
from pme.authoring.item_rows import arranged
from pme.authoring.item_uses import uses_of
from pme.authoring.models_removal import Removed
from pme.authoring.naming import FileKind
from pme.authoring.removals import Part
from pme.authoring.rewriting import rewritten
from pme.content.shapes import Outcome
from pme.content.yaml_edit import insert, move, put, remove
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.editors import EDITORS
from pme.web.author.question_files import QuestionFile, load_file, save
from pme.web.author.removing import tell_act, with_uses
from pme.web.author.yaml_files import (
    Removal,
    as_text,
    mark_of,
    module_choices,
    of_an_act,
    seen,
    sent,
    was_before,
)
from pme.words.speech import _, _n

EDITORS |= {FileKind.QUIZ: "author.questions", FileKind.BANK: "author.questions"}
Edit = Callable[[QuestionFile], str]
SAVE, CHECK = "save", "check"


@blueprint.get("/drafts/<int:draft_id>/questions/<path:path>")
def questions(draft_id: int, path: str) -> ResponseReturnValue:
    """A quiz or bank: its fields, and its questions with what is wrong with each."""
    file = load_file(Can.SEE_DRAFTS, draft_id, path)
    return _page(file, typed_of(file.content, _fields(file)))


@blueprint.post("/drafts/<int:draft_id>/questions/<path:path>")
def save_questions(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep the fields of a quiz or bank, or arrange their rows, or check them without keeping them yet."""
    file = load_file(Can.CHANGE_DRAFT, draft_id, path)
    values, errors = sent()
    typed, act = typed_from(values, _fields(file)), values.get("act", SAVE)
    if errors or act != SAVE:
        typed, checked = arranged(typed, _fields(file), act), None
        try:
            checked = file.with_text(_text_with(file, typed)) if act == CHECK else None
        except (Conflict, Invalid) as error:
            errors = {**errors, "": error.says}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return _page(file, typed, errors, is_typed=True, checked=checked), status
    try:
        save(draft_id, path, lambda now: _text_with(now, typed), lambda now: was_before(_head(now)))
    except (Conflict, Invalid) as error:
        file = load_file(Can.CHANGE_DRAFT, draft_id, path)
        is_late = isinstance(error, Conflict) and file.revision != seen()
        return _page(file, typed, {"": error.says}, is_typed=True, is_late=is_late), status_of(error)
    flash(_("Saved in the draft."))
    return redirect(url_for("author.questions", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/question/<int:number>/move/<path:path>")
def move_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """Move a question to another place."""
    to = number_in(request.form.get("to")) or 0

    def moved(file: QuestionFile) -> str:
        file.item(number)
        return move(file.text, ("items", number - 1), to - 1)

    says = _("Question {number} is now question {to}.", number=number, to=to)
    return _changed(draft_id, path, moved, says, to=to)


@blueprint.post("/drafts/<int:draft_id>/question/<int:number>/copy/<path:path>")
def copy_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """Put a copy of a question behind it, with a short name of its own."""

    def copied(file: QuestionFile) -> str:
        item = file.item(number)
        twin = {**item, "id": fresh_id(file.ids(), f"{item.get('id') or 'question'}-copy")}
        return insert(file.text, ("items",), number, twin)

    return _changed(
        draft_id,
        path,
        copied,
        _("Question {number} is a copy of question {original}.", number=number + 1, original=number),
        to=number + 1,
    )


@blueprint.post("/drafts/<int:draft_id>/question/<int:number>/delete/<path:path>")
def remove_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """Take a question out of the file, to be put back if that was wrong; say what follows."""
    file = load_file(Can.CHANGE_DRAFT, draft_id, path)
    item = file.item(number)

    def without(file: QuestionFile) -> str:
        file.item(number)
        # An empty list is still one: the fields of a quiz tell what is missing.
        return (
            put(file.text, ("items",), [])
            if len(file.items) == 1
            else remove(file.text, ("items", number - 1))
        )

    says = _("Question {number} is deleted from the draft.", number=number)
    part = Part(Removed.QUESTION, str(item.get("id") or number), path)
    return _changed(
        draft_id, path, without, with_uses(says, uses_of(item, file.name, file.tree.files)), Removal(part)
    )


def status_of(error: Conflict | Invalid) -> HTTPStatus:
    """The status that a refusal is answered with."""
    return HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY


def _changed(
    draft_id: int, path: str, edit: Edit, says: str, removal: Removal | None = None, *, to: int = 0
) -> ResponseReturnValue:
    """Do one act, tell what came of it, and go back to the list, at question `to` where it is about one."""
    load_file(Can.CHANGE_DRAFT, draft_id, path)
    anchor = f"question-{to}" if to else None
    try:
        save(draft_id, path, edit, removal=removal)
    except (Conflict, Invalid) as error:
        flash(of_an_act(error), "problem")
        anchor = None
    else:
        tell_act(says, draft_id, removal)
    return redirect(
        url_for("author.questions", draft_id=draft_id, path=path, _anchor=anchor), HTTPStatus.SEE_OTHER
    )


def _fields(file: QuestionFile) -> Fields:
    if file.name.kind is FileKind.BANK:
        return OF_A_BANK
    return of_a_quiz(tuple((each.id, each.text) for each in outcomes_in(file)))


def outcomes_in(file: QuestionFile) -> Sequence[Outcome]:
    """The learning outcomes of its module, as far as it names one that is there."""
    path = f"modules/{file.content.get('module', '')}/module.md"
    return outcomes_of(file.tree.text(path)) if path in file.tree.files else ()


def _text_with(file: QuestionFile, typed: Typed) -> str:
    return rewritten(file.text, (), file.content, entry_of(typed, _fields(file), file.content))


def _head(file: QuestionFile) -> Entry:
    return {name: value for name, value in file.content.items() if name != "items"}


def _page(
    file: QuestionFile,
    typed: Typed,
    errors: dict[str, str] | None = None,
    *,
    is_typed: bool = False,
    is_late: bool = False,
    checked: QuestionFile | None = None,
) -> str:
    # What was found in the file is not told beside other words than those of the file.
    of_file = checked.inspection.of_file if checked else () if is_typed else file.inspection.of_file
    counts = bank_counts(file.tree.files) if file.name.kind is FileKind.QUIZ else {}
    banks = tuple(
        (slug, _n("{slug} ({n} question)", "{slug} ({n} questions)", number[""], slug=slug))
        for slug, number in counts.items()
    )
    outcomes = tuple((each.id, f"{each.id}: {each.text}") for each in outcomes_in(file))
    return render_template(
        "author/questions.html",
        draft=file.draft,
        file=file,
        fields=_fields(file),
        typed=typed,
        problems=by_field([(each.place, each.problem) for each in of_file], typed),
        errors=errors or {},
        seen=seen() if is_typed and not is_late else file.revision,
        was=request.form.get("was", "") if is_typed and not is_late else mark_of(_head(file)),
        choices={
            "module": module_choices(file.tree),
            "bank": (("", "–"), *banks),
            "outcome": (("", _("Any of them")), *outcomes),
        },
        notes=available(typed, counts),
        types=TYPES,
        of_items=file.inspection.of_items,
        difficulties=DIFFICULTY_CHOICES,
        all_chosen=request.args.get("chosen") == "all",
        theirs=as_text(_head(file)) if is_late else "",
    )
