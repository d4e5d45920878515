"""Lists are narrowed by their address, say what narrows them, and are come back to as they were left; and the
language that an academy speaks.
"""

import pytest

from tests.conftest import Visits
from tests.support.cast import NOBODY
from tests.support.people import link_on


def test_every_way_back_leads_to_the_list_as_it_was_left(visit: Visits):
    irving = visit("irving")
    listed = irving.get("/academy/people").press("Search", words="Adams", role="student")
    assert "1 person, by name" in listed.words
    person = listed.follow("Captain Adams Person")
    saved = person.press("Set the last day", until="2099-01-01")
    back = saved.follow("People")
    assert "words=Adams" in back.response.request.full_path
    assert "1 person, by name" in back.words
    wider = back.follow("Take away: Words: Adams ×")
    assert "words" not in wider.response.request.full_path
    assert "role=student" in wider.response.request.full_path
    assert "Take away: Words" not in wider.words
    whole = wider.follow("Take away: Role: Student ×")
    assert (
        whole.follow("Captain Evans Person").follow("People").response.request.full_path == "/academy/people?"
    )


@pytest.mark.parametrize(
    ("who", "address", "chip", "kept"),
    [
        (
            "evans",
            "/academy/audit?subject=person+1&since=2020-01-01",
            "To what: person 1",
            "since=2020-01-01",
        ),
        (
            "evans",
            "/academy/reports/completions?courses=core&sort=-name",
            "Courses: Core course",
            "sort=-name",
        ),
        ("clarke", "/author/sources?q=law&used=no", "Look for: law", "used=no"),
    ],
)
def test_what_narrows_a_list_can_be_taken_away_alone(
    visit: Visits, who: str, address: str, chip: str, kept: str
):
    tree = visit(who).get(address).tree
    chips = {
        " ".join(str(one.xpath("string()")).split()): one.get("href")
        for one in tree.xpath("//nav[@class='chips']//a")
    }
    without = chips[f"Take away: {chip} ×"]
    assert kept in without
    assert chip.rpartition(": ")[2].replace(" ", "+") not in without


def test_a_list_with_nothing_in_it_says_whether_that_is_the_filter(visit: Visits):
    irving = visit("irving")
    assert "Nobody takes a course yet" not in irving.get("/academy/enrolments?q=nobody+like+this").words
    assert "Nobody here" in irving.get("/academy/enrolments?q=nobody+like+this").words
    clarke = visit("clarke")
    assert "No draft yet" in clarke.get("/author").words
    assert "No draft is like this" in clarke.get("/author?q=nothing+like+this").words


def test_an_academy_speaks_its_language_to_whom_it_invites(visit: Visits):
    evans = visit("evans")
    saved = evans.get("/academy/settings").press("Keep", language="fr")
    assert "Kept. It counts from now on." in saved.words
    assert evans.get("/academy/settings").tree.xpath("string(//option[@selected])") == "Français"
    shown = evans.get("/academy/people/new?lang=en").press(
        "Add and invite", email="new@home.example", name="New Person"
    )
    link = link_on(shown)
    assert visit(NOBODY).get(link).tree.get("lang") == "fr"
    asked = visit(NOBODY).fetch(link, headers={"Accept-Language": "uk"})
    assert asked.headers["Content-Language"] == "uk"
    assert evans.post("/academy/settings", name="Home", nation="Nowhere", language="xx").status == 422


def test_the_account_shows_the_language_of_pages_and_changes_it(visit: Visits):
    adams = visit("adams")
    page = adams.get("/account")
    assert "you chose none yet" in page.words
    french = page.press("Use this language", to="fr")
    assert (french.path, french.tree.get("lang")) == ("/account", "fr")
    assert french.tree.xpath("string(//select[@id='to']/option[@selected])") == "Français"
