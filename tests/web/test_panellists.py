"""A panellist follows a link: rates as it suits, sees what a round shows, is refused in words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from pme.db import Database
from pme.judging.models import Panellist, Trade
from pme.web.wrong_links import MOST_WRONG
from tests.conftest import Visits
from tests.content.small_library import Shelf
from tests.support.client import Visit
from tests.support.panels import (
    PANELS,
    SECOND_DUE,
    all_answer,
    best,
    invite,
    open_panel,
    published_shelf,
    ratings_on,
    seated,
)


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    return published_shelf(database, tmp_path)


def test_a_panellist_rates_as_it_suits_and_loses_nothing(app: Flask, shelf: Shelf, visit: Visits):
    _, link = invite(open_panel(visit("clarke")), 1, Trade.LEGAL)
    someone = Visit(app)
    start = someone.get(link)
    assert "Nobody sees your ratings while round one is open" in start.words
    refused = start.press("Send round 1")
    assert refused.status == 422
    assert "9 of 9 ratings are still open" in refused.words
    first = someone.get(f"{link}/1")
    half = first.press("Save and continue", **{"rate-1": "3", "reason": "Because."})
    assert half.status == 422
    assert "2 options are still open. What you rated is saved." in half.words
    assert "Because." in half.text
    assert half.tree.xpath("//input[@name='rate-1'][@checked]/@value") == ["3"]
    again = Visit(app).get(f"{link}/1")  # another device
    assert again.tree.xpath("//input[@name='rate-1'][@checked]/@value") == ["3"]
    assert "1 of 3" in again.press("Save and back to the list").words
    wrong = again.press("Save and continue", **{"rate-1": "2", "rate-2": "9", "reason": "Kept."})
    assert wrong.status == 422
    assert "Choose from 1 to 4" in wrong.words
    assert "Kept." in wrong.text
    for bad in ("x", "٣", "4.0", "99999"):
        assert "is not a whole number" in again.press("Save and continue", **{"rate-2": bad}).words, bad
    long = again.press("Save and continue", reason="x" * 2001)
    assert "Keep the reason under 2,000 characters" in long.words
    assert "are taken out" in again.press("Save and continue", reason="a\x00b").words
    assert Visit(app).get(f"{link}/4").status == 404


def test_round_two_shows_ones_own_rating_beside_everybodys_without_names(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    page = open_panel(visit("clarke"))
    links = seated(database, page, 3)
    all_answer(database, links[:1], lambda _: "1")
    all_answer(database, links[1:], best)
    page = page.visit.get(page.path).press("Close round 1")
    waiting = Visit(app).get(links[0])
    assert "Your link opens again for round two" in waiting.words
    page.press("Open round two", due=SECOND_DUE)
    first = Visit(app).get(f"{links[0]}/1")
    (told,) = first.tree.xpath("//fieldset[legend='Listen']/p/text()")
    assert told == (
        "In round one you gave 1. Of 3 panellists 1 gave 1, 0 gave 2, 0 gave 3, 2 gave 4; mean 3.00, SD 1.73."
    )
    assert "Panellist 1" not in first.words
    assert ratings_on(first, lambda _: "1").keys() == {"rate-1", "rate-2", "rate-3"}
    assert len(first.tree.xpath("//input[@type='radio'][@checked]")) == 3


def test_while_a_round_is_open_the_instructor_only_sees_who_has_answered(
    shelf: Shelf, database: Database, visit: Visits
):
    page = open_panel(visit("clarke"))
    all_answer(database, seated(database, page, 3)[:1], best)
    page = page.visit.get(page.path)
    assert "1 of 3 have sent it" in page.words
    assert "Figures" not in page.words
    assert page.visit.fetch(f"{page.path}/results").status_code == 409
    assert page.visit.fetch(f"{page.path}/file").status_code == 409
    told = page.press("Close round 1")
    assert "Only 1 panellists have finished this round" in told.words


def test_links_that_open_nothing_say_so_in_one_sentence(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    page, link = invite(open_panel(clarke), 1, Trade.LEGAL)
    nobody = Visit(app)
    assert "belongs to no panel" in nobody.get("/panel/" + "a" * 43).words
    renewed = page.press("New link: Panellist 1")
    assert nobody.get(link).status == 404
    fresh = next(iter({word for word in renewed.words.split() if "/panel/" in word})).rpartition("/")[2]
    link = f"/panel/{fresh}"
    assert nobody.get(link).status == 200
    with database.writing() as session:
        session.execute(update(Panellist).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    ended = nobody.get(link)
    assert (ended.status, "This link has ended" in ended.words) == (410, True)
    assert nobody.send(f"{link}/1", go="next").status_code == 410
    assert nobody.send(link).status_code == 410
    page = clarke.get(page.path).press("New link: Panellist 1")
    link = "/panel/" + next(word for word in page.words.split() if "/panel/" in word).rpartition("/")[2]
    page = page.press("Withdraw link: Panellist 1")
    assert "invitation has been withdrawn" in nobody.get(f"{link}/1").words
    page = page.press("New link: Panellist 1")
    link = "/panel/" + next(word for word in page.words.split() if "/panel/" in word).rpartition("/")[2]
    assert nobody.get(link).status == 200
    page.press("End the panel")
    assert "was ended" in nobody.get(link).words


def test_a_link_is_kept_by_nobody_and_listed_nowhere(app: Flask, shelf: Shelf, visit: Visits):
    page, link = invite(open_panel(visit("clarke")), 1, Trade.LEGAL)
    assert link not in page.visit.get(page.path).text
    for where in (link, f"{link}/1", "/panel/unknown"):
        headers = Visit(app).fetch(where).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex' in Visit(app).get(link).text
    assert "Disallow: /panel/" in Visit(app).fetch("/robots.txt").get_data(as_text=True)


def test_whoever_tries_many_wrong_links_has_to_wait(app: Flask, visit: Visits):
    nobody = Visit(app)
    for number in range(MOST_WRONG):
        assert nobody.fetch(f"/panel/guess-{number}").status_code == 404
    told = nobody.fetch("/panel/guess")
    assert told.status_code == 429
    assert "quarter of an hour" in told.get_data(as_text=True)


def test_forms_of_a_panel_say_what_is_wrong_and_keep_what_was_typed(shelf: Shelf, visit: Visits):
    clarke = visit("clarke")
    empty = clarke.get(f"{PANELS}/new").press("Open round one", purpose="Kept words.", due="soon")
    assert empty.status == 422
    for says in ("Choose what the panel should judge.", "Give the panel a title", "Give a day, such as"):
        assert says in empty.words
    assert "Kept words." in empty.text
    past = clarke.get(f"{PANELS}/new").press(
        "Open round one", subject="angoff/quiz/listening-check", title="T", purpose="P", due="2020-01-01"
    )
    assert "Choose a day that is still to come." in past.words
    page = open_panel(clarke)
    bad = page.press("Invite and show the link", name="", email="kim", trade="cook", years="many")
    assert bad.status == 422
    for says in ("Give the name", "Choose from the list", "Give whole years from 0 to 70"):
        assert says in bad.words
    page, _ = invite(page, 1, Trade.LEGAL)
    twice = page.press(
        "Invite and show the link", name="Kim", email="p1@panel.example", trade="legal", years=""
    )
    assert "already on the panel" in twice.words
    assert (
        "e-mail address like"
        in page.press("Invite and show the link", name="Kim", email="p1", trade="legal", years="").words
    )
