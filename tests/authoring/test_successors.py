"""A source is superseded: what it touches is shown first, tasks are opened, given, closed and listed."""

import pytest
from flask import Flask
from sqlalchemy import select

from pme.audit import AuditEntry
from pme.authoring.models_tasks import ReviewTask, TaskStatus
from pme.authoring.tasks import after_publishing
from pme.content.parse_sources import SOURCES
from pme.db import Database
from pme.people.models import Academy
from tests.authoring.superseding import BECAUSE, certify, publish, supersede
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import COURSE, MODULE, PAGE, QUIZ, SCENARIO, Shelf
from tests.support.cast import START
from tests.support.client import Page
from tests.web.test_lists import column
from tests.web.test_resilience import at_once, sending

pytestmark = pytest.mark.alike
NOTES, GUIDE = "NOTES-2021", "GUIDE-2020"
FILES_CITING_THE_NOTES = [PAGE, QUIZ]
FILES_CITING_THE_GUIDE = [MODULE, PAGE, SCENARIO, QUIZ]


def tasks(database: Database, *, status: TaskStatus | None = TaskStatus.OPEN) -> list[tuple[str, str]]:
    """The tasks as (source, file)."""
    with database.session() as session:
        rows = session.scalars(select(ReviewTask).order_by(ReviewTask.path))
        return [(task.source_key, task.path) for task in rows if status in (None, task.status)]


def test_superseding_shows_everything_it_touches_before_anything_is_saved(
    published: Shelf, database: Database, visit: Visits
):
    certify(database, "adams")
    certify(database, "gray")
    clarke = visit("clarke")
    draft = begin(clarke)
    form = clarke.get(f"{draft}/source/{NOTES}")
    look = form.press(
        "Save in the draft", status="superseded", superseded_because=BECAUSE, superseded_by=GUIDE
    )
    assert "2 places cite it, in 2 files" in look.words
    assert [
        " ".join(code.text.split()) for code in look.tree.xpath("//main//p/code")
    ] == FILES_CITING_THE_NOTES
    assert "1 certificate of your academy depends on it, 1 of other academies" in look.words
    assert "Nothing changed yet" in clarke.get(draft).words
    saved = look.press("Mark it as superseded in this draft")
    assert f"Superseded by {GUIDE}" in saved.words
    assert tasks(database) == []
    publish(clarke, draft)
    assert tasks(database) == [(NOTES, path) for path in FILES_CITING_THE_NOTES]


def test_tasks_are_opened_once_and_closed_when_the_source_counts_again(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    supersede(clarke, draft, GUIDE)
    publish(clarke, draft)
    assert tasks(database) == [(GUIDE, path) for path in sorted(FILES_CITING_THE_GUIDE)]
    later = begin(clarke, "Other words")
    change(clarke, later, PAGE, "before you act", "before you ever act")
    change(clarke, later, SOURCES, "title: Notes", "title: Other notes")
    publish(clarke, later)
    assert len(tasks(database, status=None)) == len(FILES_CITING_THE_GUIDE)
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == "home")).one()
        for _ in range(2):  # the same step told again, as by somebody else at the same moment
            assert after_publishing(session, academy_id=academy, before=2, after=3, at=START) == 0
    assert len(tasks(database, status=None)) == len(FILES_CITING_THE_GUIDE)
    again = begin(clarke, "It counts again")
    clarke.get(f"{again}/source/{GUIDE}").press("Save in the draft", status="seen")
    text = clarke.get(f"{again}/file/{SOURCES}").tree.xpath("string(//textarea)")
    assert "superseded" not in text
    publish(clarke, again)
    assert tasks(database) == []
    assert "The source is not superseded any more" in clarke.get("/author/reviews-due").words


def test_a_file_that_cites_the_successor_already_opens_no_task(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    supersede(clarke, draft, NOTES, superseded_by=GUIDE)
    change(clarke, draft, PAGE, "; @NOTES-2021]", "]")
    publish(clarke, draft)
    assert tasks(database) == [(NOTES, QUIZ)]


def test_tasks_are_arranged_and_closed_together_and_that_is_undone_but_for_what_was_done_since(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    supersede(clarke, draft, GUIDE)
    publish(clarke, draft)
    due = clarke.get("/author/reviews-due?what=task&sort=title")
    number = len(tasks(database))
    assert len(column(due, 0)) == number
    boxes = due.tree.xpath("//td[@class='pick']//input/@value")
    holder = due.tree.xpath("//select[@id='holder']/option[last()]")[0]
    for go, says in (
        ("Arrange them", "choose at least one task"),
        ("Close them", "choose at least one task"),
    ):
        assert says in due.press(go, until="2027-06-01", outcome="Read.").words
    assert "choose who does the tasks" in due.press("Arrange them", due=boxes).words
    assert "Choose today or a later day" in due.press("Arrange them", due=boxes, until="2001-01-01").words
    assert "Give the day like" in due.press("Arrange them", due=boxes, until="soon").words
    assert "Choose somebody from the list" in due.press("Arrange them", due=boxes, holder="999999").words
    given = due.press("Arrange them", due=boxes, holder=holder.get("value"), until="2027-06-01")
    assert f"{number} tasks are arranged." in given.words
    assert "sort=title" in given.response.request.full_path
    assert column(given, 4) == ["1 June 2027"] * number
    assert set(column(given, 3)) == {" ".join(holder.xpath("string()").split())}
    back = given.press("Undo")
    assert f"Undone: {number} tasks are as before." in back.words
    assert (column(back, 3), column(back, 4)) == (column(due, 3), column(due, 4))
    assert "Nothing was undone" in given.press("Undo").words
    assert "Say what you did" in back.press("Close them", due=boxes).words
    closed = back.press("Close them", due=boxes, status="not-needed", outcome="The text says it itself.")
    assert f"{number} tasks are closed." in closed.words
    assert tasks(database) == []
    assert visit("davis").post("/author/reviews-due/undo", what="closed", at="x").status == 200
    opened = closed.press("Undo")
    assert f"Undone: {number} tasks are as before." in opened.words
    assert len(tasks(database)) == number


def test_review_dates_of_courses_and_modules_are_set_in_one_draft_and_undone_as_one(
    published: Shelf, visit: Visits
):
    clarke = visit("clarke")
    due = clarke.get("/author/reviews-due?days=365")
    boxes = due.tree.xpath("//td[@class='pick']//input/@value")
    assert boxes == [COURSE, MODULE]
    assert "choose at least one course or module" in due.press("Set the date", day="2028-05-01").words
    assert "Choose the next review date" in due.press("Set the date", due=boxes).words
    assert "Choose a day after today" in due.press("Set the date", due=boxes, day="2001-01-01").words
    draft = due.press("Set the date", due=boxes, day="2028-05-01")
    assert "The next review date of 2 courses and modules is in this draft." in draft.words
    for path in (COURSE, MODULE):
        assert "review_date: 2028-05-01" in clarke.get(f"{draft.path}/file/{path}").text
    undone = draft.press("Undo")
    assert "as before." in undone.words
    assert "Nothing changed yet" in undone.words


def test_a_task_is_given_to_somebody_and_closed_with_what_was_done(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    supersede(clarke, draft, NOTES)
    publish(clarke, draft)
    home = clarke.get("/author")
    assert "2 tasks" in home.words
    task = home.follow("Reviews due").follow("First steps")
    assert BECAUSE in task.words
    assert "Authors of the module: The team" in task.words
    kept = task.press("Save", holder=value_of(task, "holder", "Davis Person"), due_on="2099-01-31")
    assert "Until 31 January 2099, by Davis Person" in kept.words
    assert "Choose today or a later day" in kept.press("Save", due_on="2001-01-31").words
    assert (
        "Choose somebody from the list: they write content at your academy"
        in kept.press("Save", holder="999999").words
    )
    mine = davis.get(kept.path)
    assert "Say what you did" in mine.press("Close the task", outcome=" ").words
    closed = mine.press("Close the task", outcome="The guide says the same; it is cited now.")
    assert "The task is closed" in closed.words
    late = clarke.post(f"{kept.path}/close", status="not-needed", outcome="No.")
    assert "Somebody has closed this task" in late.words
    assert "The guide says the same" in late.words
    assert tasks(database) == [(NOTES, QUIZ)]


def value_of(page: Page, name: str, text: str) -> str:
    """The value of a choice with this text."""
    return str(
        page.tree.xpath(f"//select[@name='{name}']/option[normalize-space()='{text}']")[0].get("value")
    )


@pytest.mark.database("sqlite", "postgresql")
def test_many_hands_open_each_task_once_and_close_it_once(
    app: Flask, published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    supersede(clarke, draft, NOTES)
    acts = [sending(app, each, f"{draft}/publish") for each in (clarke, davis, clarke)]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    assert tasks(database, status=None) == [(NOTES, path) for path in FILES_CITING_THE_NOTES]
    address = clarke.get("/author/reviews-due").follow("First steps").path
    acts = [
        sending(app, each, f"{address}/close", status="done", outcome=f"Done by {each.name}.")
        for each in (clarke, davis, clarke, davis)
    ]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    with database.session() as session:
        closed = session.scalars(select(ReviewTask).where(ReviewTask.status == TaskStatus.DONE)).one()
        trail = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "review task closed").order_by(AuditEntry.id)
        ).all()
    assert closed.outcome in ("Done by clarke.", "Done by davis.")
    assert len(trail) == 1


@pytest.mark.database("sqlite", "postgresql")
def test_answers_and_sources_changed_at_once_are_all_kept(
    app: Flask, published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    same = {"body": "A body", "date": "2020", "url": "", "note": "", "status": "seen"}
    acts = [
        sending(app, clarke, f"{draft}/source/{NOTES}", title="Notes by Clarke", act="save", **same),
        sending(app, davis, f"{draft}/source/{GUIDE}", title="A guide by Davis", act="save", **same),
    ]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    text = clarke.get(f"{draft}/file/{SOURCES}").tree.xpath("string(//textarea)")
    assert "Notes by Clarke" in text
    assert "A guide by Davis" in text
