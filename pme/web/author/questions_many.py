"""The author's door at several questions of a quiz or bank at once: deleted, moved, or given an outcome or difficulty.

Each such act is one, and is undone as one.
"""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.item_many import arranged, with_field, without
from pme.authoring.item_uses import uses_of
from pme.authoring.models_removal import Removed, Turned
from pme.authoring.removals import BETWEEN, Part
from pme.content.parse_item_parts import DIFFICULTIES
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.question_files import QuestionFile, load_file, save
from pme.web.author.questions import outcomes_in
from pme.web.author.removing import tell_act, with_uses
from pme.web.author.yaml_files import Removal, of_an_act
from pme.words.lazily import lazy
from pme.words.speech import _n

NONE_CHOSEN = lazy("Nothing was changed: choose at least one question in the list.")
NO_VALUE = lazy("Nothing was changed: choose what those chosen shall have.")
DID = {"delete": Turned.DELETED, "move": Turned.MOVED}
AS_BEFORE = lazy("Nothing was changed: it was like that already.")


@blueprint.post("/drafts/<int:draft_id>/questions-many/<path:path>")
def change_questions(draft_id: int, path: str) -> ResponseReturnValue:
    """Delete the questions chosen, move them together, or give all of them an outcome or a difficulty."""
    file = load_file(Can.CHANGE_DRAFT, draft_id, path)
    go, at = request.form.get("go", ""), 0
    chosen = sorted(
        {number for each in request.form.getlist("question") if (number := number_in(each)) is not None}
    )
    chosen = [number for number in chosen if 1 <= number <= len(file.items)]
    if not chosen:
        flash(NONE_CHOSEN, "problem")
    elif go in ("outcome", "difficulty") and request.form.get(go, "") not in _values(file, go):
        flash(NO_VALUE, "problem")
    else:
        at = _act(draft_id, path, go, file, chosen)
    to = url_for("author.questions", draft_id=draft_id, path=path, _anchor=f"question-{at}" if at else None)
    return redirect(to, HTTPStatus.SEE_OTHER)


def _act(draft_id: int, path: str, go: str, file: QuestionFile, chosen: list[int]) -> int:
    """Do it and tell of it, with the way to undo it; gives the question to come back to, 0 for none."""
    ids = BETWEEN.join(str(file.item(number).get("id") or number) for number in chosen)
    removal, n = Removal(Part(Removed.QUESTION, ids, path, DID.get(go, Turned.CHANGED))), len(chosen)
    behind = number_in(request.form.get("behind")) or 0

    def edit(now: QuestionFile) -> str:
        now.item(chosen[-1])
        if go == "delete":
            return without(now.text, chosen, len(now.items))
        if go == "move":
            return arranged(now.text, chosen, len(now.items), behind=min(behind, len(now.items)))
        return with_field(now.text, chosen, go, request.form[go])

    try:
        save(draft_id, path, edit, removal=removal)
    except (Conflict, Invalid) as error:
        flash(of_an_act(error), "problem")
        return 0
    if removal.noted is None:
        flash(AS_BEFORE, "problem")
        return 0
    if go == "delete":
        says = _n("{n} question is deleted from the draft.", "{n} questions are deleted from the draft.", n)
        uses = [use for number in chosen for use in uses_of(file.item(number), file.name, file.tree.files)]
        tell_act(with_uses(says, uses), draft_id, removal)
        return 0
    says = (
        _n("{n} question is moved.", "{n} questions are moved.", n)
        if go == "move"
        else _n("{n} question is changed.", "{n} questions are changed.", n)
    )
    tell_act(says, draft_id, removal)
    return 1 + sum(number not in chosen for number in range(1, behind + 1)) if go == "move" else chosen[0]


def _values(file: QuestionFile, field: str) -> tuple[str, ...]:
    return DIFFICULTIES if field == "difficulty" else tuple(each.id for each in outcomes_in(file))
