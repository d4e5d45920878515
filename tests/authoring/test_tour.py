"""The tour: everybody may try everything once, and no record, report or count knows of it."""

import pytest

from pme.content import catalogue
from pme.content.check import check
from pme.content.files import read_tree
from pme.content.publish import publish
from pme.db import Database
from tests.authoring.test_preview import decide, differing, everything
from tests.conftest import Visits
from tests.content.small_library import COURSE, TODAY, Shelf
from tests.support.cast import START

pytestmark = pytest.mark.alike

TOUR = "modules/a-tour.course.yaml"
OFFER = "New here? Five minutes"


def set_up_tour(shelf: Shelf, database: Database) -> None:
    """Publish a tour through the module of the small library."""
    text = (
        shelf.text(COURSE)
        .replace("title: Core", "title: A walk around")
        .replace("level:", "counts: no\nlevel:")
    )
    begin = text.index("certificate:")
    shelf.write(TOUR, text[:begin] + text[text.index("authors:") :])
    tree = read_tree(shelf.root / "modules", shelf.root / "quizzes")
    library = check(tree, shelf.renderer, today=TODAY).require()
    with database.writing() as session:
        publish(session, library, by_id=None, at=START, note="with a tour")


def test_a_newcomer_takes_the_tour_from_the_first_page_and_nothing_of_it_is_recorded(
    published: Shelf, database: Database, visit: Visits
):
    set_up_tour(published, database)
    evans = visit("evans")
    home = evans.get("/academy")
    assert OFFER in home.words
    before = everything(database)
    page = home.press("Show me how this works")
    assert page.title == "First steps"
    assert "This is the tour: nothing is recorded, and nothing counts." in page.words
    page = page.press("Mark as read and continue").press("Mark as read and continue")
    assert page.title == "A check"
    scenario = evans.get("/preview/tour/learn/a-tour/listening/scenario/gate").press("Begin the scenario")
    debrief = decide(scenario, "Listen", "Offer help", "Hand over")
    assert "in a course it is kept" in debrief.press("Finish the debrief", prompt_0="I would listen.").words
    changed = differing(before, everything(database))
    assert changed == {"person", "preview_state"}
    assert OFFER not in evans.get("/academy").words
    first = evans.get("/preview/tour/")
    assert "Go on with the tour" in first.words
    assert "3 of 4 steps of the tour tried" in first.words


def test_whoever_refuses_the_tour_is_not_offered_it_again_and_still_finds_it(
    published: Shelf, database: Database, visit: Visits
):
    set_up_tour(published, database)
    for name, home in (
        ("adams", "/learn"),
        ("clarke", "/author"),
        ("evans", "/academy"),
    ):
        visitor = visit(name)
        page = visitor.get(home)
        assert OFFER in page.words, name
        page = page.press("Do not offer this again")
        assert "You find it under Help" in page.words
        assert OFFER not in visitor.get(home).words
        assert "Begin the tour" in visitor.get("/preview/tour/").words


def test_a_course_that_does_not_count_can_be_offered_taken_and_reported_by_nobody(
    published: Shelf, database: Database, visit: Visits
):
    set_up_tour(published, database)
    with database.session() as session:
        known = catalogue.current(session)
    assert [each.content.slug for each in known.tours] == ["a-tour"]
    assert "a-tour" not in {each.content.slug for each in known.courses}
    evans, adams = visit("evans"), visit("adams")
    for address in ("/academy/courses", "/academy/enrolments", "/academy/reports", "/academy/boards"):
        assert "A walk around" not in evans.get(address).words, address
    assert "A walk around" not in visit("nobody").get("/").words
    assert "A walk around" not in adams.get("/courses").words
    assert adams.get("/learn/a-tour").status == 404
    assert "A walk around" in visit("clarke").get("/preview/published/").words


def test_the_tour_shows_no_course_that_counts_and_is_nowhere_where_none_is_published(
    published: Shelf, database: Database, visit: Visits
):
    adams = visit("adams")
    assert OFFER not in adams.get("/learn").words
    assert adams.get("/preview/tour/").status == 404
    set_up_tour(published, database)
    assert adams.get("/preview/tour/learn/core").status == 404
    assert visit("nobody").get("/preview/tour/").title.startswith("Sign in")


def test_a_course_that_does_not_count_gives_no_certificate(shelf: Shelf):
    shelf.change(COURSE, "level:", "counts: no\nlevel:")
    [problem] = [each for each in shelf.check().problems if each.severity == "error"]
    assert "gives no certificate" in problem.says
