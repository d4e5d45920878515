"""Warnings of ethics and language beside the text, and the reasons that answer them, in the browser without script."""

from typing import Any

import pytest

from pme.content.answers import ANSWERS
from pme.content.edit import published_tree
from pme.db import Database
from tests.authoring.reviewing import let_review
from tests.authoring.test_drafting import JSON, begin, change
from tests.conftest import Visits
from tests.content.small_library import PAGE, QUIZ, SCENARIO, SECOND, Shelf
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

REASON = "These are the words of a report that the next page takes apart."
BLAME = "“she claims” can put blame on the person who was harmed"


def blamed(visit: Visit) -> str:
    """A draft with a sentence that blames; gives its address."""
    draft = begin(visit)
    change(visit, draft, SECOND, "what you saw.", "that she claims it.")
    return draft


def answer(visit: Visit, draft: str, reason: str = REASON) -> Page:
    """Answer the one open warning of a draft from its page of ethics and language."""
    page = visit.get(f"{draft}/ethics?mine=1").follow("Answer it with a reason")
    return page.press("Save the reason", reason=reason)


def test_a_warning_is_explained_answered_published_and_comes_back_when_its_text_changes(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = blamed(clarke)
    page = clarke.get(draft).follow("Ethics and language: what to look at, and what was answered")
    assert "1 open warning" in page.words
    assert BLAME in page.words
    assert "Some readers are survivors" in page.words
    done = answer(clarke, draft)
    assert "The warning comes back when the text is changed" in done.words
    assert "0 open warnings, 1 answered with a reason" in done.words
    assert f"Reason: {REASON} (Clarke Person, " in done.words
    seen = clarke.get(f"{draft}/page/{SECOND}?shown=1")
    assert "1 answered warning" in seen.words
    checked = clarke.get(draft).press("Check everything")
    assert "1 warning is answered with a reason" in checked.words
    checked.follow("Publish").press("Publish")
    with database.session() as session:
        assert REASON in published_tree(session).text(ANSWERS)
    later = begin(clarke, "Later")
    assert "1 answered with a reason" in clarke.get(f"{later}/ethics").words
    change(clarke, later, SECOND, "she claims it", "she claims all of it")
    page = clarke.get(f"{later}/ethics")
    assert "1 open warning, 0 answered" in page.words
    assert "Reasons whose text has changed" in page.words
    taken = page.press("Remove it: You write down that she claims it.")
    assert "Reasons whose text has changed" not in taken.words


def test_the_page_editor_and_the_forms_of_questions_tell_the_same(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = blamed(clarke)
    change(clarke, draft, QUIZ, "summary: A few questions.", "summary: A few questions that she claims.")
    live = look(clarke, draft, "# Next\n\nThat she claims it.\n")
    assert [problem["says"][:12] for problem in live["problems"]] == ["“she claims”"]
    assert "Answer it with a reason" in live["html"]
    assert "Answer it with a reason" in clarke.get(f"{draft}/questions/{QUIZ}").words
    answer(clarke, draft)
    live = look(clarke, draft, "# Next steps\n\nYou write down that she claims it.[^1]\n")
    assert live["problems"] == []
    assert REASON in live["html"]


def test_a_scenario_is_looked_at_while_it_is_written(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(
        clarke, draft, SCENARIO, "A woman comes to the gate.", "A woman comes to the gate. She claims help."
    )
    page = clarke.get(f"{draft}/scenario/{SCENARIO}")
    assert BLAME.replace("she", "She") in page.words
    done = page.follow("Answer it with a reason").press("Save the reason", reason=REASON)
    assert "1 answered" in done.words
    assert "1 answered warning" in clarke.get(f"{draft}/scenario/{SCENARIO}").words
    assert "0 open warnings, 1 answered with a reason" in clarke.get(f"{draft}/review").words


def look(visit: Visit, draft: str, text: str) -> Any:
    """What the editor is told while a page is typed."""
    return visit.send(f"{draft}/preview/{SECOND}", headers=JSON, content=text).json


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (" ", "Say why this may stay"),
        ("x" * 1_001, "Keep the reason under 1000"),
        ("a\x00b", "cannot be kept"),
    ],
)
def test_a_reason_that_is_none_is_refused_with_what_was_typed(
    published: Shelf, visit: Visits, reason: str, says: str
):
    clarke = visit("clarke")
    draft = blamed(clarke)
    page = clarke.get(f"{draft}/ethics").follow("Answer it with a reason")
    again = page.press("Save the reason", reason=reason)
    assert again.status == 422
    assert says in again.words


def test_a_hostile_reason_stays_a_text(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = blamed(clarke)
    hostile = "<script>alert(1)</script> {{ 7*7 }} !!python/object: x\n- y: [&a *a]"
    done = answer(clarke, draft, hostile)
    assert "<script>alert(1)</script> {{ 7*7 }} !!python/object: x - y: [&a *a]" in done.words
    assert "1 answered" in clarke.get(f"{draft}/ethics").words


def test_what_nobody_says_cannot_be_answered(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = blamed(clarke)
    for query in ("", "?rule=blame&block=0000000000000000", "?rule=nonsense&block=%00"):
        page = clarke.get(f"{draft}/answer/{SECOND}{query}")
        assert "This remark does not apply to the text as it is saved now" in page.words
        page = clarke.post(f"{draft}/answer/{SECOND}{query}", reason="Because.")
        assert "This remark does not apply to the text as it is saved now" in page.words
    assert "1 open warning, 0 answered" in clarke.get(f"{draft}/ethics").words


def test_a_reviewer_reads_the_reasons_and_gives_none(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = blamed(clarke)
    block = (
        clarke.get(f"{draft}/ethics").follow("Answer it with a reason").form("Save the reason").get("action")
    )
    answer(clarke, draft)
    let_review(database, "baker")
    baker = visit("baker")
    assert REASON in baker.get(f"{draft}/ethics").words
    assert REASON in baker.get(f"{draft}/changes/{ANSWERS}").words
    page = baker.get(block)
    assert REASON in page.words
    assert "Save the reason" not in [button.text for button in page.tree.xpath("//button")]
    assert baker.post(block, reason="Mine.").status == 403
    assert baker.post(f"{draft}/take-back-answer", file=SECOND).status == 403


def test_a_name_is_let_stand_everywhere(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, SECOND, "what you saw.", "what Corporal Lindqvist saw.")
    change(clarke, draft, PAGE, "before you act", "before Corporal Lindqvist acts")
    page = clarke.get(f"{draft}/ethics").follow("Answer it with a reason")
    assert "Write a name of 3 to 80" in page.press("Save the reason", reason="Invented.", name="L").words
    done = page.press("Save the reason", reason="Invented.", name="Lindqvist")
    assert "0 open warnings, 0 answered" in done.words
    assert "Names that are allowed" in done.words
    again = done.press("Remove it: Lindqvist")
    assert "2 open warnings, 0 answered" in again.words


@pytest.mark.database("sqlite", "postgresql")
def test_two_answers_at_once_are_both_kept(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = blamed(clarke)
    change(clarke, draft, PAGE, "before you act", "before all mankind acts")
    first, second = (one.get(f"{draft}/ethics") for one in (clarke, davis))
    links = [link.get("href") for link in first.tree.xpath("//a[text()='Answer it with a reason']")]
    assert len(links) == 2
    pages = [clarke.get(links[0]), davis.get(links[1])]
    for page in pages:
        page.press("Save the reason", reason="Both are kept.")
    assert "0 open warnings, 2 answered" in clarke.get(f"{draft}/ethics").words
    assert second.status == 200
