"""What items of every type write alike: their head, the key of a rating, ids that are taken. Pure."""

from typing import TypedDict

from pme.content.parse_fields import Book, Form
from pme.content.parse_sources import Bibliography, refs
from pme.content.problems import Findings
from pme.content.shapes import Citation, Confidence, Difficulty
from pme.words.speech import _

DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
CONFIDENCES: tuple[Confidence, ...] = ("none", "asked", "marked")
LISTS = ("options", "pairs", "sequence", "rubric")
FEWEST = 2
LONGEST_ID = 80


class Head(TypedDict):
    """The fields that every item has."""

    id: str
    outcome: str
    difficulty: Difficulty
    stem_html: str
    refs: tuple[Citation, ...]
    confidence: Confidence


def head(form: Form, bibliography: Bibliography, usual: Confidence = "none") -> Head:
    """The head of an item; `usual` is its confidence where it does not say."""
    if len(form.maybe("id") or "") > LONGEST_ID:
        form.error("id", _("an id is at most {longest_id} characters.", longest_id=LONGEST_ID))
    cited = refs(form, bibliography)
    if not form.texts("refs"):
        form.error("refs", _("no source is cited; name at least one in refs."))
    return Head(
        id=form.identifier("id"),
        outcome=form.text("outcome"),
        difficulty=form.one_of("difficulty", DIFFICULTIES),
        stem_html=form.inline("stem"),
        refs=cited,
        confidence=form.one_of("confidence", CONFIDENCES, usual),
    )


def feedback_for(form: Form) -> tuple[str, str]:
    """What is told of a right answer, and what of a wrong one."""
    told = form.form("feedback")
    if told is None:
        return "", ""
    right, wrong = told.inline("right"), told.inline("wrong")
    told.finish()
    return right, wrong


def enough(form: Form, name: str, number: int) -> None:
    """Note a list that is there and too short to choose from."""
    if form.has(name) and number < FEWEST:
        form.error(name, _("“{name}” has to hold at least two entries.", name=name))


def refuse_twins(form: Form) -> None:
    """Note every id that is taken already, among the items of a file and among the parts of an item."""
    # Read a second time, into a book that is thrown away: only what is new here is kept.
    aside = Form(form.fields, Book(Findings(form.book.findings.file)), form.what)
    items = aside.forms("items", "item", required=False)
    lists = [items, *(each.forms(name, each.what) for each in items for name in LISTS if each.has(name))]
    for forms in lists:
        first: dict[str, int] = {}
        for each in forms:
            name = each.maybe("id")
            if name in first:
                form.book.findings.error(
                    each.line,
                    _("{what}: this id is already taken at line {first}.", what=each.what, first=first[name]),
                )
            elif name:
                first[name] = each.line
