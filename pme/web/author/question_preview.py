"""The author's door at a question as students see it, first without its key, then with it."""

from random import Random

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pme.assessment.draw import deal_item
from pme.assessment.feedback import review_item
from pme.assessment.paper import ask
from pme.content.problems import Severity
from pme.content.shapes import AnyItem
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.question_files import QuestionFile, load_file
from pme.words.languages import SOURCE
from pme.words.speech import current


@blueprint.get("/drafts/<int:draft_id>/question/<int:number>/preview/<path:path>")
def preview_question(draft_id: int, number: int, path: str) -> ResponseReturnValue:
    """A question as it is asked; with `key` in the address also what is right, and why."""
    file = load_file(Can.SEE_DRAFTS, draft_id, path)
    item, with_key = _item(file, number), request.args.get("key") == "yes"
    language = file.name.language or SOURCE
    # Always dealt alike, so that an author who looks again sees what they saw.
    dealt = deal_item(item, Random(number)) if item else []  # noqa: S311
    return render_template(
        "author/preview-question.html",
        draft=file.draft,
        file=file,
        number=number,
        language="" if language == current() else language,
        question=ask(item, dealt, ()) if item else None,
        review=review_item(item, dealt, (), reveal=True) if item and with_key else None,
        rubric=item.rubric if item and with_key and item.type == "essay" else (),
    )


def _item(file: QuestionFile, number: int) -> AnyItem | None:
    """The question as it was read, or None where an error stands in the way."""
    item_id = str(file.item(number).get("id", ""))
    placed = file.inspection.of_items.get(number - 1, ())
    if any(each.problem.severity is Severity.ERROR for each in placed):
        return None
    return file.inspection.item(item_id) if file.ids().count(item_id) == 1 else None
