"""The quality pages with a class behind them: in every look, with larger text, valid, and mirrored."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from pme.db import Database
from tests.browser import stories
from tests.browser.album import Album
from tests.browser.looking import faults_of
from tests.browser.test_every_page import faults_in, none_of
from tests.support.client import Visit
from tests.support.html import html_validate

pytestmark = pytest.mark.browser
CHARTS = """() => [...document.querySelectorAll(".chart svg")]
    .map(svg => getComputedStyle(svg).transform).filter(t => !t.startsWith("matrix(-1"))"""


@pytest.fixture
def album(app: Flask, database: Database) -> Album:
    """The quality pages of the core course, for its teacher."""
    album = Album(app)
    stories.judged(album, Visit(app, "clarke"), database)
    return album


def mirrored(page: Page) -> Iterator[str]:
    """Charts that do not run from right to left where the page does."""
    page.evaluate("document.documentElement.dir = 'rtl'")
    yield from (f"a chart is not mirrored: {how}" for how in page.evaluate(CHARTS))


def test_the_charts_of_quality_pages_are_mirrored(album: Album, chromium: Browser):
    pictures = list(enumerate(album.pictures))
    assert {picture.name.split(" for ")[0] for _, picture in pictures} >= set(stories.JUDGED)
    none_of(faults_in(pictures, album, chromium, mirrored))


@pytest.mark.soak  # the album of the cast looks at these pages in every run
def test_quality_pages_have_no_fault_in_any_look(album: Album, chromium: Browser):
    pictures = list(enumerate(album.pictures))
    none_of(faults_in(pictures, album, chromium, faults_of))
    none_of(html_validate({picture.name: picture.html for _, picture in pictures}))
    none_of(album.dead_ends)


def test_no_quality_page_is_larger_than_fifty_kilobytes(album: Album):
    assert max(len(picture.body) for picture in album.pictures) < 50_000
