"""A student saves a page as PDF: who may, what it says, in which language, and what a browser keeps."""

import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pypdf
import pytest
from werkzeug.test import TestResponse

from pme.db import Database
from pme.handouts import pdf
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.in_french import publish_in_french
from tests.support.library import library
from tests.support.student import BASICS

FIRST = f"{BASICS}/first"


@pytest.fixture(scope="module", autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    pdf.close()


def read(response: TestResponse) -> Any:
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.mimetype == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(response.get_data()))


def words_of(reader: Any) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_page_offers_its_pdf_with_everything_that_stands_on_it(visit: Visits):
    adams = visit("adams")
    reader = read(adams.get(FIRST).follow("Save this page as PDF").response)
    words = words_of(reader)
    assert "Page first" in reader.metadata.title
    assert "A claim[1] about a word" in words
    assert "An institute, A guide, 2020, §2." in words
    assert "https://guide.example/a" in words
    assert "Terms on this page aid Help that is given." in words
    assert f"Version of {START.day} {START:%B %Y}." in words
    assert FIRST in words
    assert f"Page 1 of {len(reader.pages)}" in words
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_a_browser_keeps_it_for_itself_and_asks_whether_it_is_still_so(visit: Visits, database: Database):
    adams = visit("adams")
    first = adams.fetch(f"{FIRST}.pdf")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert 'filename="basics-first.pdf"' in first.headers["Content-Disposition"]
    known = {"If-None-Match": first.headers["ETag"]}
    again = adams.fetch(f"{FIRST}.pdf", headers=known)
    assert (again.status_code, again.get_data()) == (304, b"")
    assert visit("baker").fetch(f"{FIRST}.pdf", headers=known).status_code == 404
    publish_in_french(database, library())
    adams.get(f"{BASICS}/").press("Français")
    in_french = adams.fetch(f"{FIRST}.pdf", headers=known)
    assert in_french.headers["ETag"] != first.headers["ETag"]
    reader = read(in_french)
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    words = words_of(reader)
    assert "FR Page first" in words
    assert "Références" in words
    assert "Version du" in words
    assert "Page 1 sur" in words


def test_what_is_not_there_is_not_found(visit: Visits):
    adams = visit("adams")
    for where in (
        f"{BASICS}/nothing.pdf",
        "/learn/core/nothing/first.pdf",
        "/learn/nothing/basics/first.pdf",
    ):
        assert adams.fetch(where).status_code == 404


def test_questions_are_printed_without_their_answers(visit: Visits):
    adams = visit("adams")
    before = words_of(read(adams.fetch(f"{FIRST}.pdf")))
    assert "Check 1 Which of the checks?" in before
    assert "Choose papa" in before
    assert "Answer it on the page" in before
    assert "CANARY" not in before
    page = adams.get(FIRST)
    form = page.tree.xpath("//section[@id='check-1']//form")[0]
    fields = {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='radio']")}
    asked = form.xpath(".//input[@name='asked']/@value")[0]
    adams.post(form.get("action"), asked=asked, **fields)
    assert "CANARY check" in adams.get(FIRST).words
    assert words_of(read(adams.fetch(f"{FIRST}.pdf"))) == before


def test_a_page_that_cannot_be_printed_says_what_to_do_instead(
    visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    adams, views = visit("adams"), import_module("pme.web.student.reading")
    monkeypatch.setattr(views, "local_in", lambda *_: lambda html: html + "<div>" * 300)
    page = adams.get(f"{FIRST}.pdf")
    assert page.status == 422
    assert "print it from your browser" in page.words


def test_an_author_sees_a_page_of_the_preview_on_paper(visit: Visits):
    clarke = visit("clarke")
    response = clarke.fetch("/preview/published/learn/core/basics/first.pdf")
    assert "Draft of" in words_of(read(response))
    assert response.headers["Cache-Control"] == "no-store"
    assert (
        "/preview/published/learn/core/basics/first.pdf"
        in clarke.get("/preview/published/learn/core/basics/first").text
    )
