"""A source from where it is cited to what has to be looked at again once it is superseded."""

import pytest
from sqlalchemy import event, select

from pme.content import catalogue
from pme.content.catalogue import current
from pme.content.models import VersionSource
from pme.content.parse_sources import SOURCES
from pme.db import Database
from pme.enrolment.service import enrol
from pme.people.models import Academy, Person
from tests.authoring.reviewing import let_review
from tests.authoring.superseding import certify, publish, supersede
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import COURSE, MODULE, PAGE, SCENARIO, Shelf
from tests.support.cast import START, email_of
from tests.web.test_lists import column

pytestmark = pytest.mark.alike
NOTES, GUIDE = "NOTES-2021", "GUIDE-2020"


def test_the_bibliography_tells_each_place_that_cites_a_source(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    page = clarke.get("/author").follow("Bibliography")
    assert "2 sources" in page.words
    assert "2 places in 2 files" in page.words
    for head, first in (
        ("Source", GUIDE),
        ("Title", GUIDE),
        ("Issued by", GUIDE),
        ("Date", GUIDE),
        ("Cited", NOTES),
    ):
        up = page.follow(head)
        assert column(up, 0)[0] == first, head
        assert column(up.follow(f"{head} ▲"), 0) == column(up, 0)[::-1]
    assert (
        "sort=-date"
        in page.follow("Date").follow("Date ▲").press("Show", used="yes").response.request.full_path
    )
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
        ({"status": "superseded"}, "Say why it is no longer valid"),
        (
            {"status": "superseded", "superseded_because": "Old.", "superseded_by": "GUIDE-2O2O"},
            "Did you mean",
        ),
        (
            {"status": "superseded", "superseded_because": "Old.", "superseded_by": NOTES},
            "” is not another source of this file",
        ),
        ({"status": "gone"}, "Choose from what is offered here"),
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
    assert "1 certificate of your academy depends on it, 0 of other academies" in page.words
    assert (old in page.words, new in page.words) == (True, False)
    page = clarke.get(f"/author/sources/{GUIDE}")
    assert "2 certificates of your academy depend on it, 1 of other academies" in page.words
    assert (old in page.words, new in page.words, away in page.words) == (True, True, False)
    assert "Gray Person" not in page.words
    elsewhere = visit("davis").get(f"/author/sources/{GUIDE}")
    assert "2 certificates of your academy depend" in elsewhere.words
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
    assert form.press("Set the date", day="2001-01-01").status == 422
    draft = form.press("Set the date", day="2028-05-01", reviewer="Major Somebody, legal office")
    assert "It applies once the draft is published" in draft.words
    text = clarke.get(f"{draft.path}/file/{MODULE}").tree.xpath("string(//textarea)")
    assert "reviewer: Major Somebody, legal office\nreview_date: 2028-05-01\n---\nListening is work" in text
    course = due.follow("Core").press("Set the date", day="2028-05-01", draft=draft.path.rpartition("/")[2])
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
    assert "to review" in visit("clarke").get(f"/author/reviews-due?{query}").words


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
