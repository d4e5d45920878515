"""Reading aids: chosen without a script, kept for the person or in the browser, and never by somebody else."""

from http import HTTPStatus

import pytest
from flask import Flask

from pme.people.look import MOST_CHARACTERS, Look, look_of
from pme.web.looks import as_wanted
from tests.conftest import Visits

pytestmark = pytest.mark.alike

DARK_AND_LARGE = {"theme": "dark", "size": "large", "spacing": "", "measure": "", "data": ""}


def root_of(page_text: str) -> str:
    return page_text[page_text.index("<html") : page_text.index(">", page_text.index("<html"))]


def test_what_a_person_chose_holds_on_every_device(visit: Visits):
    adams = visit("adams")
    kept = adams.get("/reading-aids?back=/learn").press("Save", **DARK_AND_LARGE)
    assert "This is how pages look to you from now on." in kept.words
    elsewhere = visit("adams").get("/learn")
    assert 'data-theme="dark" data-size="large"' in root_of(elsewhere.text)
    assert "data-" not in root_of(visit("baker").get("/learn").text)


def test_somebody_who_is_not_signed_in_keeps_it_in_the_browser(visit: Visits):
    nobody = visit("nobody")
    nobody.get("/reading-aids").press(
        "Save", theme="light", spacing="wide", size="", measure="narrow", data=""
    )
    root = root_of(nobody.get("/verify").text)
    assert 'data-theme="light" data-spacing="wide" data-measure="narrow"' in root
    assert "data-" not in root_of(visit("nobody").get("/verify").text)


def test_the_way_back_leads_within_the_platform_only(visit: Visits):
    page = visit("adams").get("/reading-aids?back=https://elsewhere.example/")
    assert "elsewhere.example" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert 'href="/learn?x=1"' in visit("adams").get("/reading-aids?back=/learn%3Fx%3D1").text


def test_a_choice_that_is_not_offered_is_refused_with_the_others_kept(visit: Visits):
    adams = visit("adams")
    refused = adams.post("/reading-aids", theme="dark", size="vast")
    assert refused.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="dark" checked' in refused.text


@pytest.mark.parametrize("kept", ["", "theme=dark size=larger", "spacing=wide measure=broad data=sparing"])
def test_a_kept_line_tells_the_same_look_again(kept: str):
    assert look_of(kept).kept == kept


def test_a_look_of_which_everything_was_chosen_fits_where_it_is_kept():
    wanted = Look("light", "larger", "wide", "narrow", "sparing", "off")
    assert len(wanted.kept) <= MOST_CHARACTERS
    assert look_of(wanted.kept) == wanted


def test_whoever_turns_single_keys_off_still_finds_their_list(visit: Visits):
    adams = visit("adams")
    assert " data-keys>Keyboard" in adams.get("/learn").text
    adams.get("/reading-aids").press("Save", keys="off")
    listed = adams.get("/learn").follow("Keyboard")
    assert "Opens this list" in listed.words
    assert "data-keys" not in listed.text


@pytest.mark.parametrize("kept", [None, "theme=<script>", "size", "=", "x=y theme=vast", "a" * 500])
def test_what_was_never_offered_is_not_taken_from_a_cookie(kept: str | None):
    assert look_of(kept) == Look()


PAGE = '<figure><img src="/media/abc/figure.png" alt="A gate &amp; a road" width="9" loading="lazy"></figure>'


def test_pictures_wait_until_somebody_who_saves_data_asks_for_them(app: Flask):
    with app.test_request_context(headers={"Cookie": "pme_look=data=sparing"}):
        shown = as_wanted(PAGE + '<video controls preload="metadata"></video>')
    assert "<img" not in shown
    assert '<a href="/media/abc/figure.png">Show the picture: A gate &amp; a road</a>' in shown
    assert 'preload="none"' in shown
    with app.test_request_context():
        assert as_wanted(PAGE) == PAGE


def test_the_way_to_the_reading_aids_does_not_grow_from_page_to_page(visit: Visits):
    page = visit("nobody").get("/reading-aids?back=/verify")
    ways = page.tree.xpath("//footer//a[contains(@href, 'reading-aids')]/@href")
    assert ways == ["/reading-aids"]
