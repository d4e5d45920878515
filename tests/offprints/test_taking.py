"""A student takes a module and a course along: asked for once, made in the background, kept, and theirs to have."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pme.db import Database
from pme.handouts import pdf
from pme.offprints.models import Offprint
from tests.conftest import Visits
from tests.support.in_french import publish_in_french
from tests.support.library import library
from tests.support.student import BASICS, COURSE
from tests.support.work import run_duty, run_jobs

TAKE = "/take/core/basics"
OUTSIDE = re.compile(
    rb"""(?:\bsrc|\bsrcset|\bposter|\bdata|xlink:href)\s*=\s*["'](?!data:)|url\(|@import|<script"""
)


@pytest.fixture(scope="module", autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    pdf.close()


@pytest.fixture
def printing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was printed, in place of printing it: how it looks is tested elsewhere."""
    printed: list[str] = []

    def print_book(handout: Any, *, within: float) -> bytes:
        printed.append(handout.html)
        return b"%PDF-1.7 " + str(len(printed)).encode()

    monkeypatch.setattr("pme.offprints.making.print_book", print_book)
    return printed


def test_files_are_asked_for_once_and_then_there_for_everybody(
    visit: Visits, app: Flask, printing: list[str]
):
    adams = visit("adams")
    page = adams.get(f"{BASICS}/")
    assert "Nobody has asked for them" in page.text
    waiting = page.press("Create the files: The basics")
    assert waiting.path == TAKE
    assert "Waiting for its turn" in waiting.text
    assert adams.get(TAKE).status == 200
    assert run_jobs(app) == 1
    there = adams.get(f"{BASICS}/")
    for told in ("One HTML file", "EPUB 3", "Tagged PDF", "kB"):
        assert told in there.text
    found = there.follow("One HTML file: The basics").response
    assert found.headers["Content-Disposition"] == "attachment; filename=basics.en.html"
    assert found.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": found.headers["ETag"]}
    again = adams.fetch(f"{TAKE}.html", headers=known)
    assert (again.status_code, again.get_data()) == (304, b"")
    assert adams.fetch(f"{TAKE}.epub", headers={"Range": "bytes=0-3"}).get_data() == b"PK\x03\x04"
    adams.send(TAKE)
    assert run_jobs(app) == 0
    assert len(printing) == 1


def test_what_is_read_is_in_it_and_nothing_that_is_asked_or_played(
    visit: Visits, app: Flask, printing: list[str]
):
    adams = visit("adams")
    adams.send(TAKE)
    run_jobs(app)
    html = adams.fetch(f"{TAKE}.html").get_data()
    epub = zipfile.ZipFile(io.BytesIO(adams.fetch(f"{TAKE}.epub").get_data()))
    assert epub.namelist()[0] == "mimetype"
    whole = b"".join(epub.read(name) for name in epub.namelist())
    for text in (html, whole, printing[0].encode()):
        for told in (
            *(
                "Page first",
                "Page second",
                "Help that is given.",
                "https://guide.example/a",
                "Before you begin",
            ),
            *(
                "Violence is mentioned, never described.",
                "Which of the checks?",
                "Choose papa",
                "About this file",
            ),
            "Not reviewed yet; to be reviewed by 1 November 2027.",
            *("Edition of", "English", "No licence to pass this on is stated"),
        ):
            assert told.encode() in text, told
        for kept in (b"CANARY", b"Someone waits", b"What should you do first?", b"Which one?"):
            assert kept not in text, kept
        assert not OUTSIDE.search(text)
    assert html.index(b"never described") < html.index(b"Welcome.") < html.index(b"Page first</h2>")


def test_a_course_is_one_book_and_a_folder_of_its_modules(visit: Visits, app: Flask, printing: list[str]):
    adams = visit("adams")
    adams.get(COURSE).press("Create the files: Core course")
    run_jobs(app)
    page = adams.get(COURSE)
    assert "The course as one EPUB 3" in page.text
    folder = zipfile.ZipFile(io.BytesIO(adams.fetch("/take/core.zip").get_data()))
    names = folder.namelist()
    assert names[0] == "index.html"
    assert len(names) == 1 + 2 * 3
    first = folder.read("index.html").decode()
    assert {f'href="{name}"' in first for name in names[1:]} == {True}
    book = zipfile.ZipFile(io.BytesIO(adams.fetch("/take/core.epub").get_data()))
    assert "EPUB/basics-p-first.xhtml" in book.namelist()
    assert b"../further/" not in b"".join(book.read(name) for name in book.namelist())
    assert adams.fetch("/take/core/further.pdf").status_code == 200  # made on the way
    assert len(printing) == 2


def test_only_who_reads_the_module_has_its_files(visit: Visits, app: Flask, printing: list[str]):
    visit("adams").send(TAKE)
    run_jobs(app)
    for address in (TAKE, f"{TAKE}.html", "/take/core", "/take/core.zip"):
        assert visit("baker").fetch(address).status_code == 404, address
        assert visit("clarke").fetch(address).status_code == 403, address
    gray = visit("gray")  # of another academy, where nobody has asked yet
    assert "Nobody has asked for them" in gray.get(f"{BASICS}/").text
    refused = gray.fetch(f"{TAKE}.html")
    assert (refused.status_code, refused.headers["Location"]) == (303, TAKE)


def test_each_language_and_edition_has_files_of_its_own(
    visit: Visits, app: Flask, database: Database, printing: list[str]
):
    adams = visit("adams")
    adams.send(TAKE)
    run_jobs(app)
    tag = adams.fetch(f"{TAKE}.html").headers["ETag"]
    publish_in_french(database, library())
    assert "Nobody has asked for them" in adams.get(f"{BASICS}/").text  # the edition is another
    adams.get(f"{BASICS}/").press("Français")
    adams.send(TAKE)
    run_jobs(app)
    found = adams.fetch(f"{TAKE}.html", headers={"If-None-Match": tag})
    html = found.get_data(as_text=True)
    assert '<html lang="fr" dir="ltr">' in html
    assert "FR Violence is mentioned" in html
    assert "À propos de ce fichier" in html
    assert found.headers["Content-Language"] == "fr"


def test_old_files_go_and_what_no_row_names(
    visit: Visits, app: Flask, database: Database, printing: list[str]
):
    adams = visit("adams")
    adams.send(TAKE)
    run_jobs(app)
    with database.session() as session:
        row = session.scalars(select(Offprint)).one()
        made_at = row.made_at
    assert made_at is not None
    run_duty(app, "old files of modules", at=made_at + timedelta(days=400))
    assert adams.fetch(f"{TAKE}.html").status_code == 200  # the newest stay
