"""Notes, highlights and bookmarks: kept, shown where they were made, found again, and nobody else's to see."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from pme.content.catalogue import current
from pme.content.publish import publish
from pme.content.shapes import Module
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.jobs.work import Round
from pme.notebook import service
from pme.notebook.daily import forget
from pme.notebook.models import Entry
from tests.conftest import Visits
from tests.support.client import Page
from tests.support.clock import Clock
from tests.support.library import library
from tests.support.student import BASICS

FIRST, SECOND = f"{BASICS}/first", f"{BASICS}/second"
PASSAGE = "A claim about a word."
NOTE = "CANARY of my own: ask the <b>liaison</b>.\nTwice."


def marks(page: Page) -> list[str]:
    return [str(each) for each in page.tree.xpath("//article//mark/text()")]


def keep(page: Page, quote: str = PASSAGE, **more: str) -> Page:
    return page.press("Highlight", quote=quote, **more)


def edited(database: Database, change: Callable[[Module], Module], at: datetime) -> None:
    """Publish the library with another edition of the basics."""
    with database.writing() as session:
        module = current(session).modules_by_slug["basics"].content
        publish(session, library(change(module)), by_id=None, at=at, note="Say it better")


def unzipped(body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_note_is_kept_shown_changed_deleted_and_put_back(visit: Visits):
    adams = visit("adams")
    page = adams.get(FIRST).press("Save the note", text=NOTE)
    assert page.path == FIRST
    assert "ask the <b>liaison</b>. Twice." in page.words
    assert "liaison" not in adams.get(SECOND).words, "it stands on the page where it was made"
    form = adams.get("/notes/1")
    changed = form.press("Save", text="Ask the liaison officer.")
    assert "Your note is changed." in changed.words
    assert "Ask the liaison officer." in changed.words
    gone = adams.post("/notes/1/delete")
    assert "Save the note" in gone.words
    assert not gone.tree.xpath("//*[@id='note-1']")
    back = adams.get(f"{FIRST}?deleted=1").press("Undo")
    assert "It is back." in back.words
    assert back.tree.xpath("//*[@id='note-1']")


def test_a_highlight_is_marked_in_the_text_with_a_way_to_its_note_and_back(visit: Visits):
    adams = visit("adams")
    page = keep(adams.get(FIRST), "A claim[1] about a word", colour="teal", text="Why?")
    assert marks(page) == ["A claim", " about a ", "word"]
    assert set(page.tree.xpath("//article//mark/@class")) == {"teal"}
    number = page.tree.xpath("//article//a[starts-with(@href, '#note-')]/@href")[0].removeprefix("#note-")
    assert page.tree.xpath(f"//*[@id='note-{number}']//a[@href='#mark-{number}']")
    again = keep(page, "A claim about a word", colour="clear")
    assert set(again.tree.xpath("//article//mark/@class")) == {"clear"}
    assert len(again.tree.xpath("//*[starts-with(@id, 'note-') and contains(@class, 'card')]")) == 1
    assert "Why?" in again.words, "the same passage again keeps its note"
    selected = adams.post(
        f"{FIRST}/highlights", quote="Text", before="More ", after=". ", mark="amber", colour="teal"
    )
    assert selected.tree.xpath("//article//mark[@class='amber']/text()") == ["Text"]


def test_a_passage_is_chosen_from_a_list_without_copying_anything(visit: Visits):
    adams = visit("adams")
    chosen = adams.get(SECOND).follow("Or choose it from a list of the sentences")
    refused = chosen.press("Highlight", colour="clear", text="Kept while I choose")
    assert refused.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a passage." in refused.words
    assert "Kept while I choose" in refused.text
    page = refused.press("Highlight", passage=chosen.choices("passage")[PASSAGE])
    assert page.path == SECOND
    assert marks(page)[0] == "A claim"
    assert "Kept while I choose" in page.words
    stale = adams.post(f"{SECOND}/highlights", passage="0" * 12, **{"from": "list"})
    assert "This passage has changed since you opened the list." in stale.words


def test_a_page_is_bookmarked_once_and_the_bookmark_taken_away(visit: Visits):
    adams = visit("adams")
    page = adams.get(FIRST).press("Bookmark this page")
    adams.post(f"{FIRST}/bookmark")
    assert adams.get("/notes").words.count("Bookmarked") == 1
    page.press("Remove the bookmark")
    assert "Bookmark this page" in adams.get(FIRST).words
    adams.post(f"{FIRST}/bookmark")
    assert "Remove the bookmark" in adams.get(FIRST).words


@pytest.mark.alike
@pytest.mark.parametrize(
    ("where", "sent", "says"),
    [
        ("notes", {"text": " \n "}, "Write your note first."),
        ("notes", {"text": "long " * 801}, "A note has at most 4000 characters, and yours has 4004."),
        ("notes", {"text": "bell\x07"}, "characters that cannot be kept"),
        ("highlights", {"quote": "", "text": "typed"}, "Paste the passage that you want to highlight"),
        (
            "highlights",
            {"quote": "zebrawood forest", "text": "typed"},
            "These words do not stand on this page.",
        ),
        ("highlights", {"quote": PASSAGE, "text": "long " * 801}, "A note has at most"),
    ],
)
def test_a_no_says_what_to_do_and_keeps_what_was_typed(
    visit: Visits, where: str, sent: dict[str, str], says: str
):
    adams = visit("adams")
    page = adams.post(f"{FIRST}/{where}", **sent)
    assert page.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert says in page.words
    assert page.tree.xpath("//details[@open]//*[@aria-invalid='true']")
    field = page.tree.xpath("string(//*[@role='alert']//a/@href)").removeprefix("#")
    assert page.tree.xpath(f"//*[@id='{field}']"), "the summary leads to the field"
    for value in sent.values():
        assert value.replace("\x07", "").strip() in page.text
    assert adams.get("/notes").words.count("Nothing here yet") == 1


def test_a_passage_that_is_too_long_and_a_full_notebook_are_refused(
    visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    adams = visit("adams")
    monkeypatch.setattr(service, "LONGEST_QUOTE", 10)
    assert "has at most 10 characters, and this passage has 21" in keep(adams.get(FIRST)).words
    monkeypatch.setattr(service, "MOST", 1)
    adams.get(FIRST).press("Save the note", text="One")
    full = adams.get(FIRST).press("Save the note", text="Two")
    assert full.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Your notebook is full" in full.words
    assert "Two" in full.text
    assert "Your notebook is full" in adams.get(FIRST).press("Bookmark this page").words


def test_a_new_edition_keeps_what_still_stands_and_says_what_does_not(
    visit: Visits, database: Database, clock: Clock
):
    adams = visit("adams")
    keep(adams.get(SECOND))
    keep(adams.get(SECOND), "More Text.", text="My thought")
    adams.get(FIRST).press("Save the note", text="On a page that goes")
    keep(adams.get(FIRST), "A claim about a word.", colour="clear")

    def change(module: Module) -> Module:
        kept = module.pages[1]
        html = "<p>New at the top.</p>" + kept.html.replace("Text.", "Other words.")
        return module.model_copy(update={"pages": (kept.model_copy(update={"html": html}),)})

    edited(database, change, clock())
    page = adams.get(SECOND)
    assert marks(page)[:2] == ["A claim", " about a "]
    assert "The text has changed" in page.words
    assert "More Text." in page.words, "the old words are kept"
    assert "My thought" in page.words
    mine = adams.get("/notes").words
    assert "The text has changed. It stood there as follows: More Text." in mine
    assert "This page is no longer there." in mine
    assert "On a page that goes" in mine
    assert adams.post("/notes/1/delete").path == SECOND
    assert adams.post("/notes/3/delete").path == "/notes", "where its page is gone, it goes back to the list"


def test_all_notes_stand_on_one_page_by_course_and_in_a_file(visit: Visits, database: Database):
    adams = visit("adams")
    keep(adams.get(SECOND), text="Why this?")
    adams.get(FIRST).press("Save the note", text=NOTE)
    page = adams.get("/notes")
    assert page.words.index("Page first") < page.words.index("Page second")
    assert page.press("Show", course="core").words.count("Why this?") >= 1
    assert "Nothing here yet" in adams.get("/notes?course=other").words
    markdown = page.follow("Save as a Markdown file")
    assert markdown.response.mimetype == "text/markdown"
    assert "attachment" in markdown.response.headers["Content-Disposition"]
    assert "## Core course" in markdown.text
    assert f"> {PASSAGE}" in markdown.text
    assert "ask the &lt;b>liaison&lt;/b>.  \nTwice." in markdown.text
    text = page.follow("Save as a text file").text
    assert f"“{PASSAGE}”\nWhy this?" in text
    assert adams.fetch("/notes?page=99999999999999999999").status_code == HTTPStatus.OK
    with database.writing() as session:
        session.execute(update(Enrolment).values(status="withdrawn"))
    left = adams.get("/notes")
    assert "Why this?" in left.words, "the notes stay one's own after leaving the course"
    assert not left.tree.xpath(f"//main//a[@href='{FIRST}']")
    assert adams.get("/notes/1").press("Save", text="Still mine").path == "/notes"


def test_what_is_deleted_can_be_put_back_for_a_day_and_is_then_gone_for_good(
    visit: Visits, database: Database, clock: Clock, app: Flask
):
    adams = visit("adams")
    adams.get(FIRST).press("Save the note", text=NOTE)
    listed = adams.post("/notes/1/delete", back="notes")
    assert listed.path == "/notes"
    assert "Deleted within the last day: 1" in listed.words
    assert "liaison" in listed.press("Undo").words
    adams.post("/notes/1/delete")
    with database.writing() as session:
        session.execute(update(Entry).values(deleted_at=clock() - timedelta(hours=25)))
    assert adams.send("/notes/1/put-back").status_code == HTTPStatus.NOT_FOUND
    forget(Round(database, app.extensions["pme_settings"], clock))
    with database.session() as session:
        assert session.scalar(select(func.count(Entry.id))) == 0


def test_nobody_else_ever_sees_what_somebody_keeps_for_themselves(visit: Visits, database: Database):
    adams = visit("adams")
    keep(adams.get(FIRST), text=NOTE)
    with database.session() as session:
        person = session.scalars(select(Entry.person_id)).one()
    for name in ("baker", "gray"):
        other = visit(name)
        assert other.fetch("/notes/1").status_code == HTTPStatus.NOT_FOUND
        assert other.fetch("/notes/1").get_data() != b""
        assert other.send("/notes/1/delete").status_code == HTTPStatus.NOT_FOUND
        assert other.send("/notes/1/put-back").status_code == HTTPStatus.NOT_FOUND
        assert other.send("/notes/1", text="taken over").status_code == HTTPStatus.NOT_FOUND
        assert "liaison" not in other.get("/notes").text
    assert "liaison" not in visit("gray").get(FIRST).text
    for name in ("clarke", "evans", "irving"):
        assert visit(name).fetch("/notes").status_code == HTTPStatus.FORBIDDEN
    for who, address in (("adams", "/account/data.zip"), ("irving", f"/academy/people/{person}/data.zip")):
        assert (b"liaison" in unzipped(visit(who).send(address).get_data())) is (who == "adams")


@pytest.mark.database("sqlite")
def test_who_keeps_nothing_pays_no_statement_for_it_and_who_does_pays_one(visit: Visits, app: Flask):
    sent: list[str] = []
    engine = app.extensions["pme_database"].engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.extend([] if statement.startswith("BEGIN") else [statement])

    adams = visit("adams")
    adams.get(SECOND)
    event.listen(engine, "before_cursor_execute", note)
    try:
        adams.fetch(SECOND)
        without, sent[:] = len(sent), []
        adams.post(f"{FIRST}/notes", text="Anything")
        sent.clear()
        adams.fetch(SECOND)
        assert (len(sent) - without, without) == (1, len(sent) - 1)
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_whole_module_shows_the_marks_of_its_reader_and_of_nobody_else(visit: Visits):
    adams = visit("adams")
    keep(adams.get(FIRST), text=NOTE).press("Bookmark this page")
    page = adams.get(f"{BASICS}/whole-module")
    marked = page.tree.xpath("//section[@aria-labelledby='page-first']//mark/text()")
    assert "".join(map(str, marked)) == PASSAGE
    assert "Your notes Bookmarked ✎1 To the passage CANARY of my own: ask the <b>liaison</b>." in page.words
    targets = {f"#{each}" for each in page.tree.xpath("//@id")}
    assert {str(link) for link in page.tree.xpath("//main//a/@href[starts-with(., '#')]")} <= targets
    assert adams.get(page.tree.xpath("//a[starts-with(., 'Change')]/@href")[0]).status == HTTPStatus.OK
    others = visit("baker").get(f"{BASICS}/whole-module")
    assert "liaison" not in others.words
    assert others.tree.xpath("//main//mark") == []


def test_the_titles_over_notes_say_their_language_where_the_page_speaks_another(visit: Visits):
    adams = visit("adams")
    adams.get(FIRST).press("Save the note", text=NOTE)
    assert not adams.get("/notes").tree.xpath("//main//*[self::h2 or self::h3 or self::h4]//span[@lang]")
    page = adams.get("/notes?lang=ar")
    for heading in ("h2", "h3", "h4"):
        assert page.tree.xpath(f"//main//{heading}//span[@lang='en'][@dir='ltr']"), heading
    assert page.tree.xpath("//option[@value!=''][@lang='en'][@dir='ltr']")
