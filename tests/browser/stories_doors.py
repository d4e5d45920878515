"""The doors: a demonstration that lets anybody look around, and pages in another language from the switch on."""

from dataclasses import replace

from pme.db import Database
from pme.people.service import add_academy
from tests.browser.album import Album
from tests.support.cast import START
from tests.support.client import Visit

ACCOUNT = ("/account", "/account/browsers", "/account/opened", "/account/password")
"""A guest's own pages; the last leads to the first."""


def entered(album: Album, database: Database) -> None:
    """Somebody looks around at a demonstration; somebody reads in Arabic, and Gray for a while in French."""
    stranger = Visit(album.app)
    page = album.take(stranger.get("/language?back=/&to=ar"), "from the switch on")
    assert 'dir="rtl"' in page.text
    album.walk(stranger, ["/sign-in", "/verify"], "who reads Arabic")
    gray = Visit(album.app, "gray")
    album.take(gray.post("/language", back="/learn", to="fr"), "from the switch on")
    gray.post("/language", back="/learn", to="en")
    _look_around(album, database)


def _look_around(album: Album, database: Database) -> None:
    with database.writing() as session:
        add_academy(session, slug="demo", name="Demo Academy", nation="Demonstration", at=START)
    shut = album.app.extensions["pme_settings"]
    album.app.extensions["pme_settings"] = replace(shut, demo_door=True)
    try:
        guest = Visit(album.app)
        guest.name = "a guest"
        door = album.take(guest.get("/"), "with a door open")
        album.take(door.press("Look around as a student"), "let in")
        album.walk(guest, ["/learn", *ACCOUNT], "who looks around")
    finally:
        album.app.extensions["pme_settings"] = shut
