"""A draft seen as a student sees it: everything works as for students, and nothing of it is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pme import schema
from pme.authoring import previews
from pme.authoring.models_preview import PreviewState
from pme.authoring.trial import LONGEST, QuizTrial, Trial
from pme.db import Database
from pme.errors import Invalid
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import FIGURE, PAGE, QUIZ, SCENARIO, Shelf
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

UNDER = "learn/core/listening"
OWN = {"preview_state"}
"""What a preview may write to."""
SCRIPT = "<script>alert(1)</script>"


def of(draft: str) -> str:
    """Where a draft is previewed; it is given by its address."""
    return f"/preview/draft-{draft.rpartition('/')[2]}"


def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table."""
    tables = schema.every_table().metadata.sorted_tables
    with database.session() as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}


def differing(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    return {name for name, rows in after.items() if rows != before[name]}


def take_quiz(visit: Visit, preview: str, *, right: bool) -> Page:
    """Take the small library's quiz: hand in after the first question, wrong, or with every single one right."""
    page = visit.get(f"{preview}/{UNDER}/quiz/listening-check").press("Take it again" if right else "Begin")
    keys = {"comes first": "Listen", "comes next": "An offer", "And then": "A hand-over", "Silence": "False"}
    while page.title.startswith("Question"):
        chosen = page.choices("answer")
        wanted = next((text for stem, text in keys.items() if stem in page.words), None)
        given: dict[str, Any] = {}
        if wanted and right:
            given = {"answer": next(value for text, value in chosen.items() if text == wanted)}
        elif "Which help" in page.words and right:
            given = {"answer": [value for text, value in chosen.items() if text != "Noise"]}
        elif "Who does what" in page.words and right:
            options = page.tree.xpath("//*[@id='row-1']//option")
            named = {option.text: option.get("value") for option in options}
            given = {"row-1": _value(page, "Care"), "row-2": _value(page, "Inquiry")} if named else {}
        elif "In which order" in page.words and right:
            given = {"order": _order(page, ["Listen", "Offer", "Act"])}
        page = page.press("Save and continue", **given)
    return page.press("Hand in")


def _value(page: Page, text: str) -> str:
    """The position of a right-hand side of a matching question."""
    found = [one.get("value") for one in page.tree.xpath("//option") if text in "".join(one.itertext())]
    if found:
        return str(found[0])
    listed = [" ".join(one.itertext()).split() for one in page.tree.xpath("//main//ol/li")]
    return str(next(number for number, words in enumerate(listed, start=1) if text in words))


def _order(page: Page, texts: list[str]) -> list[str]:
    """The positions of the steps of an ordering question, in the order of these texts."""
    at = {}
    for field in page.tree.xpath("//input[@name='order']"):
        words = " ".join(field.getparent().itertext())
        at[next(text for text in texts if text in words)] = field.get("value")
    return [at[text] for text in texts]


def play(visit: Visit, preview: str, *texts: str) -> Page:
    """Play the scenario by these choices, to its debrief."""
    page = visit.get(f"{preview}/{UNDER}/scenario/gate").press("Begin the scenario")
    return decide(page, *texts)


def decide(page: Page, *texts: str) -> Page:
    """Take these choices, one after the other."""
    for text in texts:
        page = page.submit_decision(page.choices("choice")[text])
    return page


def test_a_whole_course_is_read_answered_and_played_and_no_table_but_the_previews_own_changes(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "before you act", "before you EVER act")
    change(clarke, draft, QUIZ, "What comes next?", "What comes next, then?")
    change(clarke, draft, SCENARIO, "A woman comes to the gate.", "A man comes to the gate.")
    before = everything(database)

    overview = clarke.get(draft).follow("See it as a student")
    assert "What this draft changes" in overview.words
    course = clarke.get(f"{of(draft)}/learn/core")
    assert f"Preview of draft {draft.rpartition('/')[2]}: nothing is recorded" in course.words
    page = course.follow("Begin: First steps")
    assert "before you EVER act" in page.words
    assert "the next page" in page.words
    assert clarke.get(f"{of(draft)}/{UNDER}/next-steps").status == 200
    whole = clarke.get(f"{of(draft)}/{UNDER}/whole-module")
    assert "before you EVER act" in whole.words
    following = page.press("Mark as read and continue")
    assert following.title == "Next steps"
    start = following.press("Mark as read and continue")
    assert start.title == "A check"

    failed = take_quiz(clarke, of(draft), right=False)
    assert "Not passed yet" in failed.words
    assert "The right answers are shown once you have passed" in failed.words
    assert "It helps" not in failed.words
    assert "It helps" in failed.follow("Show all feedback, as after a pass").words
    passed = take_quiz(clarke, of(draft), right=True)
    assert "Passed" in passed.words, passed.words
    assert "What comes next, then?" in passed.words

    start = clarke.get(f"{of(draft)}/{UNDER}/scenario/gate").press("Begin the scenario")
    assert "A man comes to the gate." in start.words
    debrief = decide(start, "Listen", "Offer help", "Hand over")
    assert debrief.title == "Debrief"
    assert "Passed" in debrief.words
    assert "is not kept" in debrief.press("Finish the debrief", prompt_0="I would listen.").words
    assert "4 of 4 steps of the course done" in clarke.get(f"{of(draft)}/learn/core").words

    after = everything(database)
    assert differing(before, after) == OWN
    assert "I would listen" not in str(after["preview_state"])
    clarke.get(of(draft) + "/").press("Start this preview again")
    assert "0 of 4 steps" in clarke.get(f"{of(draft)}/learn/core").words
    assert everything(database) == before


def test_what_is_sound_is_shown_and_what_is_wrong_is_told(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(
        clarke,
        draft,
        QUIZ,
        "correct: yes, feedback: Yes.}\n      - {id: b, text: Leave",
        "feedback: Yes.}\n      - {id: b, text: Leave",
    )
    change(clarke, draft, PAGE, "[@GUIDE-2020 §2; @NOTES-2021]", "[@NOBODY-1999]")
    overview = clarke.get(of(draft) + "/")
    assert QUIZ in overview.words
    assert "NOBODY-1999" in overview.words
    broken = clarke.get(f"{of(draft)}/{UNDER}/quiz/listening-check")
    assert "This cannot be taken yet" in broken.words
    assert clarke.send(f"{of(draft)}/{UNDER}/quiz/listening-check").status_code == 404
    page = clarke.get(f"{of(draft)}/{UNDER}/first-steps")
    assert "What is wrong here" in page.words
    assert "NOBODY-1999" in page.words
    assert "What is wrong here" not in clarke.get(f"{of(draft)}/{UNDER}/next-steps").words
    assert play(clarke, of(draft), "Listen", "Offer help", "Hand over").title == "Debrief"


def test_a_quiz_that_changes_while_it_is_tried_begins_anew(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "What comes next?", "What comes next, then?")
    page = clarke.get(f"{of(draft)}/{UNDER}/quiz/listening-check").press("Begin")
    change(clarke, draft, QUIZ, "What comes next, then?", "What comes after?")
    again = page.press("Save and continue")
    assert "has changed since you began it" in again.words
    assert again.form("Begin") is not None


def test_a_decision_that_is_stale_or_missing_goes_nowhere(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, SCENARIO, "A woman comes", "A man comes")
    first = clarke.get(f"{of(draft)}/{UNDER}/scenario/gate").press("Begin the scenario")
    second = first.submit_decision("1")
    assert "Decision 2 of 3" in second.words
    assert "Decision 2 of 3" in first.submit_decision("2").words
    assert second.press("Decide: this is final").status == 422


def test_a_picture_that_only_the_draft_has_is_shown_from_the_draft(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "media/steps.svg", "media/gone.svg")
    assert "is not a file of this module" in clarke.get(f"{of(draft)}/{UNDER}/first-steps").words
    unknown = f"{of(draft)}/media/{'0' * 64}/x.svg"
    assert clarke.fetch(unknown).status_code == 404
    assert FIGURE not in clarke.get(f"{of(draft)}/").words


def test_hostile_text_in_a_draft_runs_nowhere_in_its_preview(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "before you act", f"before {SCRIPT} you act")
    change(clarke, draft, QUIZ, "title: A check", f'title: "{SCRIPT}"')
    for where in (
        "/",
        f"/{UNDER}/",
        f"/{UNDER}/first-steps",
        f"/{UNDER}/quiz/listening-check",
        "/learn/core",
    ):
        assert SCRIPT not in clarke.get(of(draft) + where).text


def test_a_draft_is_previewed_where_it_may_be_seen_and_nowhere_else(
    app: Flask, published: Shelf, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    where = f"{of(draft)}/{UNDER}/first-steps"
    got = {
        name: visit(name).fetch(where).status_code for name in ("davis", "adams", "evans", "frost", "hayes")
    }
    assert got == {"davis": 200, "adams": 403, "evans": 403, "frost": 403, "hayes": 404}
    assert "/sign-in" in Visit(app).fetch(where).headers["Location"]


def test_instructors_of_any_academy_preview_the_courses_they_teach(published: Shelf, visit: Visits):
    hayes = visit("hayes")
    overview = hayes.get("/preview/published/")
    assert "what is published now: nothing is recorded" in overview.words
    assert hayes.get(f"/preview/published/{UNDER}/first-steps").status == 200
    assert hayes.fetch("/preview/published/learn/other").status_code == 404
    assert "See it as a student" in visit("clarke").get("/teach").words


def test_a_preview_is_forgotten_when_nobody_uses_it(database: Database):
    at = datetime(2026, 3, 2, tzinfo=UTC)
    with database.writing() as session:
        previews.keep(session, "person 1, published", Trial().with_page("a", "b"), at=at)
        previews.keep(session, "person 2, published", Trial(), at=at + timedelta(days=2))
        assert previews.trial_of(session, "person 1, published", at=at).read == {("a", "b")}
        assert previews.trial_of(session, "person 1, published", at=at + previews.KEPT) == Trial()
        previews.purge(session, at=at + previews.KEPT)
        assert session.scalars(select(PreviewState.owner)).all() == ["person 2, published"]


def test_a_preview_holds_only_so_much(database: Database):
    answers = {"essay": ("word " * (LONGEST // 5),)}
    full = Trial().with_quiz("long", QuizTrial("0" * 64, answers=answers))
    with (
        database.writing() as session,
        pytest.raises(Invalid, match=r"This preview is full\. Start it again"),
    ):
        previews.keep(session, "person 1, published", full, at=datetime(2026, 3, 2, tzinfo=UTC))
