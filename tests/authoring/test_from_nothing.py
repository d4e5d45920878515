"""A module from nothing to its students, in one sitting, without JavaScript; then changed, rolled back, out and in."""

import io
import re

import pytest
from flask import Flask

from pme.content import catalogue
from pme.db import Database
from tests.authoring.reviewing import reviewer
from tests.authoring.test_bringing import bring
from tests.authoring.test_drafting import begin
from tests.authoring.test_outside import made
from tests.authoring.test_preview import decide, of
from tests.authoring.test_questions import SAVE
from tests.authoring.test_scenarios import part, written
from tests.conftest import Visits
from tests.content.small_library import FIGURE, FILES, Shelf
from tests.support import media_files as make
from tests.support.client import Page, Visit

MODULE = "modules/water-at-the-well/module.md"
FIRST = "modules/water-at-the-well/10-why-it-matters.md"
NEXT = "modules/water-at-the-well/20-at-the-well.md"
BANK = "quizzes/water-at-the-well.bank.yaml"
PRACTICE = "quizzes/water-practice.bank.yaml"
QUIZ = "quizzes/water-check.quiz.yaml"
STORY = "quizzes/dry-well.scenario.yaml"
READ = "/learn/core/water-at-the-well"
ABOUT = {"licence": "CC BY 4.0", "source": "Made by our academy"}
PAGE_ONE = """\
# Why it matters

A well is a [[safe-passage|safe way]] for many [@WELL-2024 §2].

{picture}

{drawing}

Table: Who comes when
| Who | When |
|---|---|
| Families | In the morning |

{check}
"""
PAGE_TWO = """\
# At the well

You wait until the last family has gone [@WELL-2024].

!!! local reporting-duty who-is-told "Local: who is told"
    Name the office and its number.
"""
HEAD = {"outcome": "LO1", "difficulty": "easy", "refs.0.key": "WELL-2024"}
FED = {"feedback.true": "Right.", "feedback.false": "It is so."}
TOLD = {"feedback.right": "Right.", "feedback.wrong": "Read the page again."}


def new_module(visit: Visit, draft: str) -> None:
    """The module with its outcome, its content note, and the page that its template gives."""
    form = visit.get(draft).follow("Begin a module")
    page = form.press(
        "Begin the module",
        title="Water at the well",
        summary="How a patrol keeps a well open.",
        level="All ranks",
        course="core",
        template="page",
    )
    page = page.press("Save LO1", text="Keep a well open.", verb="keep", serves="CO1")
    note = {"content_note.themes": "want (mentioned)", "content_note.detail": "mentioned"}
    note |= {"content_note.text": "Want is named, never told.", "content_note.equivalent": "A talk."}
    page = page.press(SAVE, **note, **{"content_note.support": "default"})
    assert "Saved in the draft" in page.words
    intro = page.follow("Write the introduction")
    assert "Saved" in intro.press("Save", content="You read two pages.").words


def sources_and_terms(visit: Visit, draft: str) -> None:
    """What the pages cite and mark, each by its form, from the page that needs it."""
    editor = visit.get(f"{draft}/page/{FIRST}")
    source = editor.follow("Add a source (opens in a new tab)")
    named = {"key": "WELL-2024", "title": "Wells", "body": "An institute", "date": "2024", "status": "seen"}
    assert "[@WELL-2024]" in source.press("Add to the bibliography", **named).words
    term = editor.follow("Add a term to the glossary (opens in a new tab)")
    told = term.press("Add to the glossary", term="safe passage", definition="A way that nobody bars.")
    assert "[[safe-passage]]" in told.words


def pictures(visit: Visit, draft: str) -> list[str]:
    """A photograph and a drawing; gives the lines that show them."""
    lines = []
    for content, name in ((make.picture(), "well.png"), (FILES[FIGURE].encode(), "steps.svg")):
        library = visit.get(f"{draft}/contents").follow("Pictures and recordings of Water at the well")
        sent = library.press("Add the file", file=(io.BytesIO(content), name), says=f"It is {name}", **ABOUT)
        assert f"{name} is in the draft" in sent.words
        lines.append(next(each for each in sent.tree.xpath("//code/text()") if name in each))
    return lines


def begin_questions(visit: Visit, draft: str, kind: str, title: str, slug: str = "") -> Page:
    """A quiz or bank of the module, from the page of the module."""
    form = visit.get(f"{draft}/module/{MODULE}").follow("New quiz or bank")
    return form.press("Begin it", kind=kind, title=title, slug=slug)


def questions(visit: Visit, draft: str) -> None:
    """A bank of five types, a bank for the page, and a quiz that draws."""
    bank = begin_questions(visit, draft, "bank", "Water at the well")

    def add(kind: str, page: Page, **fields: str) -> None:
        saved = page.follow(kind).press(SAVE, **(HEAD | fields))
        assert "Added to the draft" in saved.words
        assert "Error" not in saved.words

    texts = {f"options.{at}.text": f"Way number {at}" for at in range(3)}
    texts |= {f"options.{at}.feedback": f"Because of {at}." for at in range(3)}
    add("One right answer", bank, stem="What comes first?", **texts, **{"options.1.correct": "yes"})
    add("True or false", bank, stem="A well is for everybody.", answer="true", **FED)
    add("A number", bank, stem="How many hours are two days?", answer="48", unit="hours", **TOLD)
    add("A word or a few", bank, stem="What does a well give?", accepted="water", **TOLD)
    steps = {f"sequence.{at}.text": text for at, text in enumerate(("Look", "Ask", "Act"))}
    steps |= {f"sequence.{at}.feedback": f"It is number {at}." for at in range(3)}
    add("Steps in order", bank, stem="In which order do you act?", **steps)
    practice = begin_questions(visit, draft, "bank", "Water practice")
    add("True or false", practice, stem="Is the water of a well for everybody?", answer="true", **FED)
    quiz = begin_questions(visit, draft, "quiz", "Check: water", "water-check")
    quiz = quiz.press("Add: line")
    drawn = {"blueprint.0.bank": "water-at-the-well", "blueprint.0.outcome": "LO1", "blueprint.0.count": "4"}
    saved = quiz.press(SAVE, summary="Four questions.", **drawn)
    assert "5 available of LO1 in water-at-the-well." in saved.words


def scenario(visit: Visit, draft: str) -> None:
    """A story of five decisions, part after part by its forms."""
    form = visit.get(f"{draft}/module/{MODULE}").follow("New scenario")
    told = {"title": "Dry well", "decisions": "5", "mode": "summative", "role": "driver", "level": "all"}
    story = form.press("Begin it", **told, source="WELL-2024")
    assert story.title == "Dry well"
    names = [("nodes", name) for name in ("opening", "d1", "d2", "d3", "d4", "d5")]
    for kind, name in [*names, *(("outcomes", name) for name in ("good", "mixed", "harm"))]:
        form = part(visit, draft, name, STORY, kind)
        assert "Nothing to correct here" in form.press(SAVE, **written(form)).words
    head = visit.get(f"{draft}/scenario/{STORY}").follow("Title, content note, state, pass rule and debrief")
    head.press(SAVE, **(written(head) | {"content_note.themes": "want (mentioned)"}))


def whole_module(visit: Visit) -> str:
    """Everything in a draft, from nothing; gives the draft."""
    draft = begin(visit, "Water at the well")
    new_module(visit, draft)
    sources_and_terms(visit, draft)
    questions(visit, draft)
    shown = dict(zip(("picture", "drawing"), pictures(visit, draft), strict=True))
    found = visit.get(f"{draft}/page/{FIRST}").press("Save and search", q="everybody")
    shown["check"] = next(each for each in found.tree.xpath("//code/text()") if "water-practice" in each)
    page = visit.get(f"{draft}/page/{FIRST}").press("Save and preview", content=PAGE_ONE.format(**shown))
    assert "A way that nobody bars" in page.text
    second = (
        visit.get(f"{draft}/module/{MODULE}")
        .follow("Begin a page")
        .press("Begin the page", title="At the well")
    )
    second.press("Save", content=PAGE_TWO)
    teaching = visit.get(f"{draft}/module/{MODULE}").follow("Which page teaches which outcome")
    teaching.press(SAVE, **{"teaches.at-the-well": "LO1", "teaches.why-it-matters": "LO1"})
    scenario(visit, draft)
    form = visit.get(f"{draft}/module/{MODULE}")
    ticked = {"completion.quizzes.water-check": "yes", "completion.scenarios.dry-well": "yes"}
    assert "Saved" in form.press(SAVE, **ticked).words
    french = visit.get(draft).follow("Languages: what is translated, and what has changed since")
    side = french.follow("At the well").press(
        "Save",
        **{"text-1": "# Au puits", "text-2": "Vous attendez la dernière famille [@WELL-2024]."},
    )
    assert "2 of" in side.words
    return draft


def answered(page: Page) -> Page:
    """A quiz from its first question to its result, everything right."""
    right = {"comes first": "Way number 1", "for everybody": "True"}
    while page.title.startswith("Question"):
        given: dict[str, object] = {}
        if "How many hours" in page.words:
            given = {"answer": "48"}
        elif "What does a well" in page.words:
            given = {"answer": "water"}
        elif "In which order" in page.words:
            at = {}
            for field in page.tree.xpath("//input[@name='order']"):
                words = " ".join(field.getparent().itertext())
                at[next(text for text in ("Look", "Ask", "Act") if text in words)] = field.get("value")
            given = {"order": [at[text] for text in ("Look", "Ask", "Act")]}
        else:
            wanted = next(text for stem, text in right.items() if stem in page.words)
            given = {"answer": page.choices("answer")[wanted]}
        page = page.press("Save and continue", **given)
    return page.press("Hand in")


def played(page: Page) -> Page:
    """The story from its opening to its debrief, by the best choice of each decision."""
    page = page.press("Begin the scenario")
    while page.tree.xpath("//main//input[@name='choice']"):
        best = next(text for text in page.choices("choice") if text.startswith("Words 1 "))
        page = decide(page, best)
    return page


@pytest.mark.alike(0)
def test_a_module_from_nothing_to_its_students_and_back(
    app: Flask, published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = whole_module(clarke)
    checked = clarke.get(draft).press("Check everything")
    assert "Nothing stops this draft" in checked.words, checked.words

    under = f"{of(draft)}{READ}"
    assert "for many" in clarke.get(f"{under}/why-it-matters").words
    assert "Passed" in answered(clarke.get(f"{under}/quiz/water-check").press("Begin")).words
    assert played(clarke.get(f"{under}/scenario/dry-well")).title == "Debrief"

    kim = Visit(app)
    overview = kim.get(made(clarke, draft)).press("Look at the draft")
    remark = overview.follow("Why it matters").follow("Comment on this page")
    remark.press("Send the comment", text="Who guards the well?")

    baker = reviewer(database, visit, "baker", "Legal adviser")
    asked = clarke.get(draft).follow("Ask for review").press("Ask for review", note="A new module.")
    assert "In review" in asked.words
    assert "Who guards the well?" in baker.get(f"{draft}/review").words
    diff = baker.get("/author").follow("Water at the well").follow("What changes, and its review")
    file = diff.follow("At the well")
    assert "You wait until" in file.words
    assert "How long?" in file.press("Send the comment", text="How long?").words
    baker.get(f"{draft}/review").press("Ask for changes", reason="Say how long.")
    assert "Changes asked for" in clarke.get(draft).words
    assert "How long?" in clarke.get(f"{draft}/changes/{NEXT}").words
    editor = clarke.get(f"{draft}/page/{NEXT}")
    editor.press("Save", content=PAGE_TWO.replace("has gone", "has gone, an hour at most"))
    clarke.get(f"{draft}/changes/{NEXT}").press("Send the answer", text="An hour.")
    clarke.get(draft).press("Check everything")
    clarke.get(f"{draft}/review").press("Ask for review", note="As you asked.")
    approved = baker.get(f"{draft}/review").press("Approve", note="Good.")
    assert "The present version has every approval" in approved.words
    plan = clarke.get(draft).follow("Publish")
    assert "Water at the well" in plan.words
    assert "Students see it from now on" in plan.press("Publish").words

    adams = visit("adams")
    assert "an hour at most" in adams.get(f"{READ}/at-the-well").words
    assert "A way that nobody bars" in adams.get(f"{READ}/why-it-matters").text
    assert "Passed" in answered(adams.get(f"{READ}/quiz/water-check").press("Begin")).words
    assert played(adams.get(f"{READ}/scenario/dry-well")).title == "Debrief"
    back_and_out(database, clarke, baker, adams)


def back_and_out(database: Database, clarke: Visit, baker: Visit, adams: Visit) -> None:
    """Another edit, the two versions compared, rolled back; then the course as ZIP into another draft."""
    second = begin(clarke, "Shorter")
    page = clarke.get(f"{second}/contents").follow("At the well")
    page.press("Save", content=PAGE_TWO.replace("the last family", "everybody"))
    clarke.get(second).press("Check everything")
    clarke.get(f"{second}/review").press("Ask for review", note="Shorter.")
    baker.get(f"{second}/review").press("Approve")
    assert "Students see it" in clarke.get(second).follow("Publish").press("Publish").words
    assert "until everybody has gone" in adams.get(f"{READ}/at-the-well").words
    listed = clarke.get("/author").follow("What was published")
    before = next(
        " ".join(link.xpath("string()").split())
        for link in listed.tree.xpath("//a")
        if "Compare with now" in link.xpath("string()")
    )
    compared = listed.follow(before)
    assert NEXT in compared.words
    number = re.findall(r"\d+", before)[-1]
    draft = compared.press(f"Begin a draft with everything as it was in publication {number}").path
    clarke.get(draft).press("Check everything")
    clarke.get(f"{draft}/review").press("Ask for review", note="Back.")
    baker.get(f"{draft}/review").press("Approve")
    clarke.get(draft).follow("Publish").press("Publish")
    assert "an hour at most" in adams.get(f"{READ}/at-the-well").words
    package = clarke.fetch("/author/courses/core.zip").data
    again = bring(clarke, package, "core.zip")
    assert "The same" in again.words
    assert "Nothing changed yet" in clarke.get(again.path.removesuffix("/brought")).words
    with database.session() as session:
        assert catalogue.current(session).scenario("dry-well") is not None
