"""The notebook in a browser: a passage highlighted in one press, and every page of it in every look."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from pme.db import Database
from tests.browser.album import Album
from tests.browser.conftest import Tabs
from tests.browser.hands import Pointer
from tests.browser.looking import faults_of
from tests.browser.stories_notes import PAGE, noted
from tests.browser.test_every_page import faults_in, none_of
from tests.support.client import Visit
from tests.support.html import html_validate

pytestmark = pytest.mark.browser
SELECT = """() => { const p = document.querySelector("article p"); const range = document.createRange();
    range.selectNodeContents(p); getSelection().removeAllRanges(); getSelection().addRange(range); }"""


def test_what_is_selected_is_highlighted_in_one_press(browse: Tabs, address: str):
    baker = Pointer(browse(), address)
    baker.sign_in("baker")
    baker.open(PAGE)
    baker.page.evaluate(SELECT)
    baker.page.get_by_role("button", name="Teal, dotted line").click()
    marked = baker.page.locator("article mark")
    expect(marked.first).to_have_text("A claim")
    expect(marked.first).to_have_class("teal")
    expect(baker.page.locator(".card mark")).to_have_text("A claim about a word.")


@pytest.mark.soak  # the album of the cast looks at these pages in every run
def test_pages_of_the_notebook_have_no_fault_in_any_look(app: Flask, database: Database, chromium: Browser):
    album = Album(app)
    noted(album, Visit(app, "baker"), database)
    pictures = list(enumerate(album.pictures))
    none_of(faults_in(pictures, album, chromium, faults_of))
    none_of(html_validate({picture.name: picture.html for _, picture in pictures}))
    none_of(album.dead_ends)
