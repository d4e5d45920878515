"""Checks within pages: answered on the page, told at once, open again on demand, and never counted."""

from typing import Any

import pytest
from sqlalchemy import func, select

from pme.assessment.models import Attempt
from pme.content.publish import publish
from pme.content.shapes import Module, SingleItem
from pme.db import Database
from pme.practice.models import CheckAnswer
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.client import Page, Visit
from tests.support.library import library
from tests.support.student import BASICS

FIRST = f"{BASICS}/first"


def card(page: Page, number: int) -> str:
    """The words of one check."""
    assert page.tree is not None
    (section,) = page.tree.xpath(f"//section[@id='check-{number}']")
    return " ".join(section.xpath("string()").split())


def asked(page: Page, number: int) -> str:
    """Which item a check asks, as the form says it."""
    assert page.tree is not None
    return str(page.tree.xpath(f"//section[@id='check-{number}']//input[@name='asked']/@value")[0])


def send(visit: Visit, number: int, **fields: object) -> Page:
    """Send the form of a check with these fields, as a browser would."""
    page = visit.get(FIRST)
    data = {"csrf_token": visit.token(), "asked": asked(page, number)}
    named = {
        name if name in ("again", "asked") else f"check-{number}-{name}": value
        for name, value in fields.items()
    }
    response = visit.http.post(f"{FIRST}/checks/{number}", data=data | named, follow_redirects=True)
    return Page(visit, response)


def value_of(page: Page, number: int, text: str, field: str = "answer") -> str:
    return page.choices(f"check-{number}-{field}")[text]


@pytest.fixture
def adams(visit: Visits) -> Visit:
    return visit("adams")


def choose(adams: Visit, text: str, **more: object) -> Page:
    """Choose an option of the first check."""
    return send(adams, 1, answer=value_of(adams.get(FIRST), 1, text), **more)


def test_a_page_shows_its_checks_where_they_stand(adams: Visit):
    page = adams.get(FIRST)
    assert page.tree is not None
    parts = page.tree.xpath("//article/*")
    assert [part.get("id") or part.get("class") for part in parts] == [
        "prose",
        "check-1",
        "prose",
        *(f"check-{number}" for number in range(2, 6)),
    ]
    assert "Correct" not in page.words


def test_an_answer_is_told_at_once_and_stays(adams: Visit, visit: Visits):
    page = choose(adams, "Choose quebec", sure="3")
    told = card(page, 1)
    assert page.path == FIRST
    assert "Not right" in told
    assert "CANARY check papa" in told
    assert "CANARY check quebec" in told
    assert "CANARY check source" in told
    assert "You were very sure" in told
    assert "Check my answer" not in told
    other_device = visit("adams").get(FIRST)
    assert card(other_device, 1) == told


def test_a_right_answer_is_told_to_be_right(adams: Visit):
    told = card(choose(adams, "Choose papa"), 1)
    assert " Right " in told
    assert "You were very sure" not in told


def test_a_check_leads_back_to_where_it_stands(adams: Visit):
    page = adams.get(FIRST)
    fields: dict[str, Any] = {"asked": asked(page, 1), "check-1-answer": "1"}
    response = adams.send(f"{FIRST}/checks/1", **fields)
    assert (response.status_code, response.headers["Location"]) == (303, f"{FIRST}#check-1")


def test_try_again_opens_the_question_anew(adams: Visit, database: Database):
    choose(adams, "Choose quebec")
    page = send(adams, 1, again="1")
    assert "CANARY check" not in card(page, 1)
    assert "Check my answer" in card(page, 1)
    assert " Right " in card(choose(adams, "Choose papa"), 1)
    with database.session() as session:
        assert session.scalar(select(func.count(CheckAnswer.id))) == 1


def test_a_second_click_changes_nothing_that_was_told(adams: Visit):
    first = card(choose(adams, "Choose quebec"), 1)
    assert card(send(adams, 1, answer="1"), 1) == first
    assert card(send(adams, 1, answer="2"), 1) == first
    assert card(send(adams, 1, answer="3"), 1) == first


def test_steps_are_moved_by_buttons_and_told_only_when_asked(adams: Visit):
    def order(page: Page) -> list[str]:
        assert page.tree is not None
        return [str(value) for value in page.tree.xpath("//input[@name='check-2-order']/@value")]

    before = order(adams.get(FIRST))
    moved = send(adams, 2, order=before, move=f"down:{before[0]}")
    assert order(moved) == [before[1], before[0], before[2]]
    assert "CANARY check" not in card(moved, 2)
    told = card(send(adams, 2, order=order(moved)), 2)
    assert "CANARY check sierra" in told


def test_numbers_ratings_and_pairs_are_told(adams: Visit):
    assert "CANARY check number right" in card(send(adams, 3, answer="72 checks"), 3)
    assert "Partly right" in card(send(adams, 4, **{"rate-1": "4", "rate-2": "4"}), 4)
    assert "Belongs to" in card(send(adams, 5, **{"row-1": "1", "row-2": "1"}), 5)


@pytest.mark.alike
@pytest.mark.parametrize(
    ("number", "fields", "says"),
    [
        (1, {}, "Choose one answer"),
        (1, {"answer": "9"}, "does not belong to this question"),
        (1, {"answer": "1", "sure": "9"}, "how sure you are"),
        (2, {"order": ["1"]}, "does not belong to this question"),
        (3, {"answer": "many"}, "cannot be read as a number"),
        (3, {"answer": ""}, "Type a number"),
        (4, {"rate-1": "4"}, "Rate every one"),
        (5, {"row-1": "1"}, "Choose a match for every line"),
    ],
)
def test_what_cannot_be_checked_is_refused_beside_its_field(
    adams: Visit, number: int, fields: dict[str, object], says: str
):
    page = send(adams, number, **fields)
    assert page.status == 422
    assert says in card(page, number)
    assert page.tree is not None
    assert str(page.tree.xpath("string(//title)")).startswith("Error: ")
    (link,) = page.tree.xpath("//section[@role='alert']//a/@href")
    assert page.tree.xpath(f"//*[@id='{link.removeprefix('#')}']"), link
    assert "CANARY" not in page.words


def test_what_was_typed_stays_when_it_is_refused(adams: Visit):
    page = send(adams, 3, answer="many checks")
    assert page.tree is not None
    assert page.tree.xpath("//input[@name='check-3-answer']/@value") == ["many checks"]
    page = send(adams, 4, **{"rate-1": "3"})
    assert page.tree is not None
    assert page.tree.xpath("//input[@name='check-4-rate-1'][@checked]/@value") == ["3"]


def edited(database: Database, **more: object) -> None:
    """Publish the module with the first check's question worded anew; `more` changes other things of it."""
    basics = next(e.content for e in library().entries if e.kind == "module" and e.slug == "basics")
    assert isinstance(basics, Module)
    page = basics.pages[0]
    check = page.checks[0]
    assert isinstance(check.item, SingleItem)
    item = check.item.model_copy(update={"stem_html": "Which one, then?"} | more)
    checks = (check.model_copy(update={"item": item}), *page.checks[1:])
    pages = (page.model_copy(update={"checks": checks}), *basics.pages[1:])
    with database.writing() as session:
        publish(session, library(basics.model_copy(update={"pages": pages})), by_id=None, at=START, note="")


def test_an_answer_to_a_question_that_was_edited_is_not_taken_for_the_new_one(
    adams: Visit, database: Database
):
    choose(adams, "Choose papa")
    before = asked(adams.get(FIRST), 1)
    edited(database)
    page = adams.get(FIRST)
    assert "Which one, then?" in card(page, 1)
    assert "CANARY check" not in card(page, 1)
    page = send(adams, 1, asked=before, answer="1")
    assert "This question has changed" in page.words
    assert "CANARY check" not in card(page, 1)
    assert " Right " in card(choose(adams, "Choose papa"), 1)


def test_a_check_that_is_gone_leads_back_to_its_page(adams: Visit):
    response = adams.send(f"{FIRST}/checks/9", asked="x")
    assert (response.status_code, response.headers["Location"]) == (303, f"{FIRST}#check-9")
    response = adams.send(f"{BASICS}/nowhere/checks/1", asked="x")
    assert (response.status_code, response.headers["Location"]) == (303, f"{BASICS}/")


def test_answers_are_each_students_own(adams: Visit, visit: Visits):
    choose(adams, "Choose papa")
    assert "Check my answer" in card(visit("gray").get(FIRST), 1)


def test_the_order_is_the_students_own_and_stays(adams: Visit, visit: Visits):
    def order(who: Visit) -> list[str]:
        return list(who.get(FIRST).choices("check-1-answer"))

    assert order(adams) == order(visit("adams"))


def test_no_check_is_ever_counted(adams: Visit, database: Database):
    before = adams.get("/learn/core").words
    choose(adams, "Choose papa")
    send(adams, 3, answer="73")
    with database.session() as session:
        assert session.scalar(select(func.count(Attempt.id))) == 0
    assert adams.get("/learn/core").words == before


def test_how_sure_one_is_of_a_check_never_counts_even_where_a_quiz_would_count_it(
    adams: Visit, database: Database
):
    edited(database, confidence="marked")
    assert "This does not change your mark." in card(adams.get(FIRST), 1)
    told = card(choose(adams, "Choose quebec", sure="3"), 1)
    assert "You were very sure, and it is not right." in told
    assert "points" not in told


def test_the_whole_module_shows_questions_and_leads_to_them(adams: Visit):
    page = adams.get(f"{BASICS}/whole-module")
    assert page.tree is not None
    assert "Which of the checks?" in page.words
    assert "Choose quebec" in page.words
    assert "CANARY check" not in page.words
    assert page.tree.xpath("//main//form") == []
    links = page.tree.xpath("//a[contains(@href, '#check-')]/@href")
    assert links == [f"{FIRST}#check-{number}" for number in range(1, 6)]
    choose(adams, "Choose papa")
    page = adams.get(f"{BASICS}/whole-module")
    assert "See your answer" in page.words
    assert "CANARY check" not in page.words


def test_a_page_without_checks_is_as_it_was(adams: Visit):
    assert "never counts" not in adams.get(f"{BASICS}/second").words
