"""The questions of a quiz on its page of quality: found by words, flag and kind, and sorted by their figures."""

from sqlalchemy import select

from pme.assessment.models import Attempt
from pme.db import Database
from tests.conftest import Visits
from tests.support.client import Page
from tests.web.test_quality import QUIZ, SCENARIO, rows_of, sat


def listed(page: Page) -> list[str]:
    return [row[0].partition(".")[0] for row in rows_of(page, "item-figures")]


def test_the_questions_are_found_by_words_flag_and_kind_and_every_way_back_keeps_it(
    visit: Visits, database: Database
):
    sat(database, 60)
    with database.writing() as session:
        for attempt in session.scalars(select(Attempt).where(Attempt.slug == "check")):
            items = attempt.result["items"] if attempt.result else {}
            attempt.result = {"items": items | {"CANARY-truth": 1.0}}
    clarke = visit("clarke")
    page = clarke.get(QUIZ)
    assert listed(page) == ["1", "2", "3", "4", "5"]
    easy = clarke.get(f"{QUIZ}?flag=easy")
    assert "2" in listed(easy)
    assert all("Very easy" in row[5] for row in rows_of(easy, "item-figures"))
    assert f"with flags: {len(listed(easy))} of 5" in easy.words
    assert listed(clarke.get(f"{QUIZ}?flag=critical")) == ["1"]
    one = clarke.get(f"{QUIZ}?kind=true-false&flag=easy&sort=-facility")
    assert listed(one) == ["2"]
    back = one.follow("2. Is it so?").follow("A short check")
    for part in ("kind=true-false", "flag=easy", "sort=-facility"):
        assert part in back.response.request.full_path
    wider = back.follow("Remove: Very easy ×")
    assert "flag" not in wider.response.request.full_path
    assert "kind=true-false" in wider.response.request.full_path
    words = clarke.get(f"{QUIZ}?q=WHICH+one")
    assert "1" in listed(words)
    assert all("Which one" in row[0] for row in rows_of(words, "item-figures"))
    nothing = clarke.get(f"{QUIZ}?q=no+such+words")
    assert "None is like that." in nothing.words
    assert listed(nothing.follow("Show all")) == ["1", "2", "3", "4", "5"]


def test_the_questions_are_sorted_by_their_figures_with_those_without_one_last(
    visit: Visits, database: Database
):
    sat(database, 60)
    with database.writing() as session:
        for attempt in session.scalars(select(Attempt).where(Attempt.slug == "check")):
            items = attempt.result["items"] if attempt.result else {}
            attempt.result = {"items": items | {"CANARY-truth": 1.0}}
    page = visit("clarke").get(QUIZ).follow("Facility")
    up = [int(row[2].partition("\u202f")[0].split()[0].rstrip("%")) for row in rows_of(page, "item-figures")]
    assert up == sorted(up)
    down = page.follow("Facility ▲")
    assert listed(down)[0] == "2"
    assert down.tree.xpath("//table//th[@aria-sort='descending']")
    for sort in ("discrimination", "-discrimination"):
        of_total = visit("clarke").get(f"{QUIZ}?sort={sort}")
        assert rows_of(of_total, "item-figures")[-1][3] == "not defined"
    scenario = visit("clarke").get(f"{SCENARIO}?sort=-number")
    assert listed(scenario) == sorted(listed(scenario), reverse=True)
    assert visit("clarke").get(f"{QUIZ}?sort=odd&flag=odd&kind=odd").status == 200
