"""The story of a panel behind the albums: every page of it, in each state."""

from pme.db import Database
from tests.browser.album import Album
from tests.support.client import Page, Visit
from tests.support.panels import PANELS, SECOND_DUE, all_answer, open_panel, seated

SUBJECTS = ("rating/scenario/checkpoint", "angoff/quiz/check")
LONG = "A reason that goes on for quite some time, as reasons do. " * 6


def played(
    album: Album, clarke: Visit, database: Database, *, subjects: tuple[str, str] = SUBJECTS, count: int = 4
) -> None:
    """A panel of each method, from nothing to its figures; with 10 people on files also adopted."""
    album.walk(clarke, [PANELS, f"{PANELS}/new"], "no panel yet")
    album.take(clarke.get(f"{PANELS}/new").press("Open round one"), "nothing entered")
    for subject in subjects:
        _panel(album, clarke, database, subject, count)
    given_up = open_panel(clarke, subjects[0])
    (link,) = seated(database, given_up, 1)
    album.take(clarke.get(given_up.path).press("End the panel"), "given up")
    nobody = Visit(album.app)
    album.take(nobody.get(link), "given up")
    album.take(nobody.get("/panel/unknown"), "a link of nobody")
    album.walk(clarke, [PANELS], "with panels")


def _panel(album: Album, clarke: Visit, database: Database, subject: str, count: int) -> None:
    page = album.take(open_panel(clarke, subject), "nobody invited")
    album.take(page.press("Invite and show the link"), "nobody entered")
    links = seated(database, page, count)
    nobody = Visit(album.app)
    start = album.take(nobody.get(links[0]), f"round one of {subject}")
    album.take(start.press("Send round 1"), "nothing rated")
    first = album.take(nobody.get(f"{links[0]}/1"), f"round one of {subject}")
    album.take(first.press("Save and continue", **{"rate-1": "999", "reason": LONG}), "out of range")
    album.take(first.press("Save and back to the list", **{"rate-1": "2", "reason": LONG}), "begun")
    for number in range(2, len(start.tree.xpath("//ol[@class='tasks']/li")) + 1):
        album.take(nobody.get(f"{links[0]}/{number}"), f"round one of {subject}")
    album.take(clarke.get(page.path), "round one under way")
    all_answer(database, links, _hesitant)
    album.take(nobody.get(links[0]), "round one sent")
    page = album.take(clarke.get(page.path).press("Close round 1"), "between the rounds")
    album.take(nobody.get(links[0]), "between the rounds")
    album.take(page.press("Open round two"), "no day given")
    album.take(page.follow("Figures of round 1"), f"after round one of {subject}")
    page = album.take(page.press("Open round two", due=SECOND_DUE), "round two")
    album.take(nobody.get(links[0]), f"round two of {subject}")
    album.take(nobody.get(f"{links[0]}/1"), f"round two of {subject}")
    all_answer(database, links, _firm)
    page = album.take(clarke.get(page.path).press("Close round 2"), "closed")
    album.take(nobody.get(links[0]), "closed")
    figures = album.take(page.follow("Figures of round 2"), f"after round two of {subject}")
    _adopted(album, figures)


def _adopted(album: Album, figures: Page) -> None:
    assert figures.tree is not None
    if figures.tree.xpath("//button[.='Publish it']"):
        album.take(figures.press("Publish it"), "adopted")


def _hesitant(text: str) -> str:
    return "3" if len(text) % 2 else "2"


def _firm(text: str) -> str:
    return "4" if text in ("Do listen", "Do help", "Listen", "Offer help", "Hand over") else "1"
