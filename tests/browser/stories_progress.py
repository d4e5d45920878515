"""The stories of progress behind the album: boards, what holders are asked, validity, a completion revoked."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from pme.content.publish import publish
from pme.content.shapes import Completion
from pme.db import Database
from tests.browser.album import Album
from tests.support.client import Visit
from tests.support.graduates import enrolment_of
from tests.support.library import library, module

BOARD, OWN, EDITIONS = "/teach/core/board", "/learn/core/my-progress", "/academy/editions/core"


def watched(album: Album, cast: dict[str, Visit], database: Database) -> None:
    """Clarke and Keller look at boards, Irving asks holders for a changed page, Adams reads it again."""
    boards = (BOARD, f"{BOARD}?show=stuck&sort=last&way=down", f"{BOARD}?show=complete")
    album.walk(cast["clarke"], boards, "at the end")
    album.walk(cast["keller"], ("/academy/boards", "/academy/boards/core", EDITIONS), "at the end")
    album.walk(cast["adams"], (OWN,), "complete")
    with database.writing() as session:
        record = f"/academy/records/{enrolment_of(session, 'adams').id}"
        _change_a_page(session)
    irving, adams = cast["irving"], cast["adams"]
    changes = album.take(irving.get(EDITIONS).follow(_what_changed(irving)), "a page changed")
    album.take(changes.press("Ask them", due_on="2020-01-01", parts=[]), "a day that is over, and no parts")
    album.take(changes.press("Ask them", due_on="2099-12-31", note="The law changed."), "asked")
    album.walk(adams, ("/learn", "/learn/core/basics/second", OWN), "asked for a changed page")
    page = irving.get(EDITIONS)
    album.take(page.press("Save", months="never"), "no number of months")
    album.take(page.press("Save", months="1"), "valid for a month")
    page = album.take(irving.get(record), "in force")
    album.take(page.press("Revoke", reason=" "), "no reason")
    album.take(page.press("Revoke", reason="Sat by somebody else."), "revoked")
    album.walk(adams, (OWN,), "revoked")
    told = adams.get("/certificates").follow("See what others see")
    album.take(told, "revoked")


def _what_changed(visit: Visit) -> str:
    """The first link to what changed since an edition that somebody holds."""
    tree = visit.get(EDITIONS).tree
    texts = (" ".join(link.xpath("string()").split()) for link in tree.xpath("//main//a"))
    return next(text for text in texts if text.startswith("See what changed"))


def _change_a_page(session: Session) -> None:
    basics = module(
        "basics", "The basics", Completion(quizzes=("check",), scenarios=("checkpoint", "practice"))
    )
    html = f"{basics.pages[1].html}<p>Anew.</p>"
    second = basics.pages[1].model_copy(update={"html": html, "outcomes": ("LO1",)})
    anew = basics.model_copy(update={"pages": (basics.pages[0], second)})
    publish(session, library(anew), by_id=None, at=datetime.now(UTC), note="a page changed")
