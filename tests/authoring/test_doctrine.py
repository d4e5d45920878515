"""A source from where it is cited to what has to be looked at again once it is superseded."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from pme.audit import AuditEntry
from pme.authoring.models_tasks import ReviewTask, TaskStatus
from pme.authoring.tasks import after_publishing
from pme.certificates.service import issue
from pme.content import catalogue
from pme.content.catalogue import current
from pme.content.models import VersionSource
from pme.content.parse_sources import SOURCES
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.enrolment.service import enrol
from pme.people.models import Academy, Person
from pme.progress.models import CourseCompletion, ModuleCompletion
from tests.authoring.reviewing import let_review
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import COURSE, MODULE, PAGE, QUIZ, SCENARIO, Shelf
from tests.support.cast import START, email_of
from tests.support.client import Page, Visit
from tests.web.test_resilience import at_once, sending

pytestmark = pytest.mark.alike

BECAUSE = "The institute has withdrawn it."
NOTES, GUIDE = "NOTES-2021", "GUIDE-2020"
FILES_CITING_THE_NOTES = [PAGE, QUIZ]
FILES_CITING_THE_GUIDE = [MODULE, PAGE, SCENARIO, QUIZ]


def publish(visit: Visit, draft: str) -> None:
    """Publish a draft that needs nobody's approval."""
    done = visit.get(f"{draft}/publish").press("Publish")
    assert "Students see it from now on" in done.words, done.words


def supersede(visit: Visit, draft: str, key: str, **more: str) -> Page:
    """Mark a source as superseded in a draft: fill in, look at what it touches, confirm."""
    form = visit.get(f"{draft}/source/{key}")
    look = form.press("Save in the draft", status="superseded", superseded_because=BECAUSE, **more)
    assert look.title == "What this touches"
    return look.press("Mark it as superseded in this draft")


def tasks(database: Database, *, status: TaskStatus | None = TaskStatus.OPEN) -> list[tuple[str, str]]:
    """The tasks as (source, file)."""
    with database.session() as session:
        rows = session.scalars(select(ReviewTask).order_by(ReviewTask.path))
        return [(task.source_key, task.path) for task in rows if status in (None, task.status)]


def certify(database: Database, name: str, *, again: int = 0) -> str:
    """Let somebody complete the core course on what is published now; gives the certificate's number."""
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.email == email_of(name))).one()
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.course == "core")
        ).one()
        published = current(session)
        course, module = published.courses_by_slug["core"], published.modules_by_slug["listening"]
        done = {"enrolment_id": enrolment.id, "completed_at": START}
        session.add(ModuleCompletion(module="listening", version_id=module.version_id, **done))
        completion = CourseCompletion(
            academy_id=enrolment.academy_id, course="core", version_id=course.version_id, percent=90.0, **done
        )
        session.add(completion)
        session.flush()
        academy = session.get_one(Academy, enrolment.academy_id)
        at = START + timedelta(days=again)
        return issue(session, completion, course, person=person, academy=academy, at=at).number


def test_the_bibliography_tells_each_place_that_cites_a_source(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    page = clarke.get("/author").follow("Bibliography")
    assert "2 sources" in page.words
    assert "2 places in 2 files" in page.words
    page = page.follow(NOTES)
    shown = [" ".join(link.xpath("string()").split()) for link in page.tree.xpath("//main//li//a")]
    assert "Paragraph 2" in shown
    assert any(each.startswith("Question ") for each in shown)
    assert "You ask for consent before you act" in page.words
    spot = page.follow("Paragraph 2")
    assert spot.tree.xpath("string(//*[@class='card'])").strip().startswith("You ask for [[consent]]")
    guide = clarke.get(f"/author/sources/{GUIDE}")
    for says in ("Decision ", "choice ", "Critical action CA1", "citing §2", "Listening is work"):
        assert says in guide.words
    assert "Added" in guide.words
    assert "from the files" in guide.words


@pytest.mark.alike
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=listening", 1),
        ("q=guide+institute", 1),
        ("q=nothing+like+it", 0),
        ("status=seen", 2),
        ("status=superseded", 0),
        ("used=yes", 2),
        ("used=no", 0),
        ("body=An+institute", 1),
        ("page=999999", 2),
        ("q=%00%3Cscript%3E", 0),
    ],
)
def test_sources_are_looked_for(published: Shelf, visit: Visits, query: str, count: int):
    words = visit("clarke").get(f"/author/sources?{query}").words
    assert f"{count} source{'' if count == 1 else 's'}" in words


def test_a_draft_tells_what_it_adds_and_takes_away(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "; @NOTES-2021]", "]")
    change(clarke, draft, SCENARIO, "refs: [guide §2]", "refs: [guide §2, NOTES-2021]")
    number = draft.rpartition("/")[2]
    words = clarke.get(f"/author/sources/{NOTES}?draft={number}").words
    assert "New in this draft" in words
    assert "Cited there in what is published, and not in this draft" in words
    assert "New in this draft" not in clarke.get(f"/author/sources/{NOTES}").words


def test_a_source_is_changed_in_place_and_its_history_told(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    page = clarke.get(f"/author/sources/{NOTES}").press("Change it in a new draft")
    draft = page.path.rpartition("/source/")[0]
    saved = page.press("Save in the draft", title="Notes, second edition", status="to-verify")
    assert "Saved in the draft" in saved.words
    text = clarke.get(f"{draft}/file/{SOURCES}").tree.xpath("string(//textarea)")
    assert "  title: Notes, second edition\n  body: Another institute\n  date: May 2021\n" in text
    assert 'date: "2020"\n  url: https://guide.example/listening\nNOTES-2021' in text
    publish(clarke, draft)
    words = clarke.get(f"/author/sources/{NOTES}").words
    assert "Title: Notes Notes, second edition" in words
    assert "Status: seen to-verify" in words
    assert "by Clarke Person" in words


def test_a_source_is_added_from_the_bibliography(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"/author/sources?draft={draft.rpartition('/')[2]}").follow(
        "Add a source to this draft"
    )
    fields = {"key": "UN-2030", "title": "A resolution", "body": "The UN", "date": "2030", "status": "seen"}
    added = page.press("Add to the bibliography", **fields)
    assert added.title == "A resolution"
    assert "Nowhere in this draft" in added.words
    assert "It is not published yet" in added.words
    assert clarke.get("/author/sources/UN-2030").status == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "Give the title"),
        ({"url": "javascript:alert(1)"}, "is not a web address"),
        ({"status": "superseded"}, "Say why it does not count any more"),
        (
            {"status": "superseded", "superseded_because": "Old.", "superseded_by": "GUIDE-2O2O"},
            "Did you mean",
        ),
        (
            {"status": "superseded", "superseded_because": "Old.", "superseded_by": NOTES},
            "is no other source",
        ),
        ({"status": "gone"}, "Not a valid choice"),
    ],
)
def test_a_source_that_cannot_be_so_is_refused_beside_its_field(
    published: Shelf, visit: Visits, fields: dict[str, str], says: str
):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/source/{NOTES}").press("Save in the draft", **fields)
    assert page.status == 422
    assert says in page.words
    assert "Nothing changed yet" in clarke.get(draft).words


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
    assert "1 certificate of your academy rests on it, 1 of other academies" in look.words
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
    kept = task.press("Keep this", holder=value_of(task, "holder", "Davis Person"), due_on="2099-01-31")
    assert "Until 31 January 2099, by Davis Person" in kept.words
    assert "Choose today or a later day" in kept.press("Keep this", due_on="2001-01-31").words
    assert "Choose somebody of the list" in kept.press("Keep this", holder="999999").words
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


def test_certificates_rest_on_the_versions_they_were_earned_on(
    published: Shelf, database: Database, visit: Visits
):
    old = certify(database, "adams")
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "; @NOTES-2021]", "]")
    publish(clarke, draft)
    with database.writing() as session:
        other = session.scalars(select(Person).where(Person.email == email_of("baker"))).one()
        home = session.scalars(select(Academy.id).where(Academy.slug == "home")).one()
        enrol(session, other.id, home, course="core", at=START)
    new = certify(database, "baker")
    away = certify(database, "gray")
    page = clarke.get(f"/author/sources/{NOTES}")
    assert "1 certificate of your academy rests on it, 0 of other academies" in page.words
    assert (old in page.words, new in page.words) == (True, False)
    page = clarke.get(f"/author/sources/{GUIDE}")
    assert "2 certificates of your academy rest on it, 1 of other academies" in page.words
    assert (old in page.words, new in page.words, away in page.words) == (True, True, False)
    assert "Gray Person" not in page.words
    elsewhere = visit("davis").get(f"/author/sources/{GUIDE}")
    assert "2 certificates of your academy rest" in elsewhere.words
    assert "Names are shown for the courses that you teach" in elsewhere.words
    assert "Adams Person" not in elsewhere.words


def test_every_version_keeps_what_it_cites(published: Shelf, database: Database):
    with database.session() as session:
        modules = current(session).modules_by_slug
        kept = session.scalars(
            select(VersionSource.source_key).where(
                VersionSource.version_id == modules["listening"].version_id
            )
        ).all()
    assert sorted(kept) == [GUIDE, NOTES]


def test_a_day_of_review_is_set_through_a_draft(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    due = clarke.get("/author/reviews-due?days=365")
    form = due.follow("Listening")
    assert form.press("Set the day", day="2001-01-01").status == 422
    draft = form.press("Set the day", day="2028-05-01", reviewer="Major Somebody, legal office")
    assert "counts once the draft is published" in draft.words
    text = clarke.get(f"{draft.path}/file/{MODULE}").tree.xpath("string(//textarea)")
    assert "reviewer: Major Somebody, legal office\nreview_date: 2028-05-01\n---\nListening is work" in text
    course = due.follow("Core").press("Set the day", day="2028-05-01", draft=draft.path.rpartition("/")[2])
    assert course.path == draft.path
    assert "review_date: 2028-05-01" in clarke.get(f"{draft.path}/file/{COURSE}").text
    publish(clarke, draft.path)
    with database.session() as session:
        module = catalogue.current(session).module("listening")
        assert module is not None
        assert module.content.review_date == "2028-05-01"
    assert "Nothing is due" in clarke.get("/author/reviews-due?days=365").words


@pytest.mark.alike
@pytest.mark.parametrize(
    "query",
    [
        "sort=module&module=listening",
        "sort=kind&what=source",
        "sort=title&days=0",
        "sort=x&days=y&what=z&module=%00",
    ],
)
def test_the_list_of_work_takes_any_order(published: Shelf, visit: Visits, query: str):
    assert "to look at" in visit("clarke").get(f"/author/reviews-due?{query}").words


def test_a_reviewer_reads_all_of_it_and_changes_nothing(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    supersede(clarke, draft, NOTES)
    publish(clarke, draft)
    let_review(database, "baker")
    baker = visit("baker")
    task = baker.get("/author/reviews-due").follow("First steps")
    assert "Close the task" not in task.words
    assert "Change it in a new draft" not in baker.get(f"/author/sources/{NOTES}").words
    for address in (f"{task.path}/close", f"{task.path}/arrange", f"/author/sources/{NOTES}/change"):
        assert baker.post(address, status="done", outcome="x", due_on="2099-01-31", holder="0").status == 404
    assert baker.post(f"/author/reviews-due/next/{MODULE}", day="2028-01-01", draft="0").status == 404
    for name in ("hayes", "frost", "gray"):
        other = visit(name)
        for address in ("/author/sources", f"/author/sources/{NOTES}", task.path, "/author/reviews-due"):
            assert other.fetch(address).status_code in (403, 404)


def test_the_pages_ask_a_bounded_number_of_questions(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    clarke.get(f"/author/sources/{GUIDE}")
    asked: list[str] = []
    app_database: Database = clarke.http.application.extensions["pme_database"]

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    counts = []
    event.listen(app_database.engine, "before_cursor_execute", note)
    try:
        for step in range(2):
            asked.clear()
            for address in ("/author/sources", f"/author/sources/{GUIDE}", "/author/reviews-due", "/author"):
                clarke.get(address)
            counts.append(len(asked))
            if step == 0:
                draft = begin(clarke)
                supersede(clarke, draft, GUIDE)
                publish(clarke, draft)
                for name in ("adams", "gray"):
                    certify(database, name)
                clarke.get("/author/sources")
    finally:
        event.remove(app_database.engine, "before_cursor_execute", note)
    # One more question for each open draft would be seen here; four more tasks and certificates ask nothing.
    assert counts[1] <= counts[0] + 2, counts


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
