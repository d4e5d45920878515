"""A page of a module is found by the short way where that is there, and by the session elsewhere: it is one page."""

import re

import pytest

from pme.web import session as web_session
from tests.conftest import Visits
from tests.support import student

PAGE = f"{student.BASICS}/first"
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
pytestmark = pytest.mark.database("sqlite")


def test_a_page_is_the_same_by_the_short_way_and_by_the_session(
    visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    adams = visit("adams")

    def both() -> str:
        """The page by the short way, which the long way has to equal."""
        short = TOKEN.sub("", adams.fetch(PAGE).get_data(as_text=True))
        with monkeypatch.context() as patch:
            patch.setattr(web_session, "is_at_once", lambda: False)
            assert TOKEN.sub("", adams.fetch(PAGE).get_data(as_text=True)) == short
        return short

    new = both()
    assert "Mark as read and continue" in new
    adams.get(PAGE).press("Mark as read and continue")
    read = both()
    assert "Go on" in read
    adams.get(PAGE).press("Bookmark this page")
    marked = both()
    assert "Remove the bookmark" in marked
    adams.get(PAGE).press("Save the note", text="Asked by Adams alone.")
    assert "Asked by Adams alone." in both()
    adams.get(PAGE).press("Delete: Asked by Adams alone.")
    assert "Asked by Adams alone." not in both().partition("Deleted")[0]
    adams.get(PAGE).press("Remove the bookmark")
    assert "Bookmark this page" in both()


def test_what_one_reader_typed_or_kept_is_shown_to_nobody_else(visit: Visits):
    adams, other = visit("adams"), visit("clarke")
    page = adams.get(PAGE).press("Highlight", quote="zebrawood", text="Only Adams typed this.")
    assert page.status == 422
    assert "Only Adams typed this." in page.words
    assert "Only Adams typed this." not in adams.get(PAGE).words
    adams.get(PAGE).press("Save the note", text="Only Adams keeps this.")
    adams.get(PAGE).press("Bookmark this page")
    bare = adams.get(PAGE).press("Delete: Only Adams keeps this.")
    assert bare.status == 200
    assert other.fetch(PAGE).status_code in (403, 404)


def test_somebody_whom_no_enrolment_leads_there_is_told_so_by_both_ways(
    visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    baker = visit("baker")
    told = [baker.get(PAGE)]
    monkeypatch.setattr(web_session, "is_at_once", lambda: False)
    told.append(baker.get(PAGE))
    for each in told:
        assert each.status == 404
        assert "nothing that your account can see" in each.words
