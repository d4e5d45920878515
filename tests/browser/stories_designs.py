"""Evans designs the academy's certificates: a refusal beside each field, pictures taken in, two versions."""

import io

from tests.browser.album import Album
from tests.support.client import Page, Visit
from tests.support.designs import as_file, crest

DESIGN = "/academy/certificate-design"


def designed(album: Album, evans: Visit) -> None:
    """The draft before and after, with faults in it; pictures; publishing; a version looked at and begun from."""
    album.take(evans.get(f"{DESIGN}/publish"), "no draft yet")
    pictures = album.take(evans.get(f"{DESIGN}/pictures"), "none yet")
    album.take(pictures.press("Add the picture"), "nothing chosen")
    album.take(_sent(evans, b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "a drawing")
    _sent(evans, as_file(crest()))
    album.take(evans.get(f"{DESIGN}/pictures"), "one that nothing shows")
    page = album.take(evans.get(DESIGN), "the house's")
    wrong = {
        "accent": "#ffcc00",
        "name_2": "",
        "rank_2": "Colonel",
        "statement_ar": "{holder}",
        "heading_en": "東",
    }
    album.take(page.press("Save and preview", **wrong), "with faults")
    page = album.take(page.press("Save and preview", accent="#5a1a2b", layout="open"), "kept")
    page = album.take(page.follow("Publish it"), "to publish")
    album.take(page.press("Publish as version 1", note="n" * 201), "too long a note")
    page = album.take(page.press("Publish as version 1", note="Our colours"), "published")
    version = album.take(page.follow("Version 1"), "the version of now")
    album.take(version.press("Make it the draft again"), "begun again")


def _sent(evans: Visit, body: bytes) -> Page:
    fields = {
        "kind": "crest",
        "says": "A shield with a wave",
        "file": (io.BytesIO(body), "crest.png"),
        "csrf_token": evans.token(),
    }
    return Page(evans, evans.http.post(f"{DESIGN}/pictures", data=fields))
