"""A panel from the first form to the last, told in pages: Clarke runs it, panellists follow their links."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from pme.content.publish import publish
from pme.content.render import Renderer
from pme.db import Database
from pme.judging import service
from pme.judging.models import Panel, Trade
from pme.judging.publication import judged
from pme.judging.queries import find_seat
from tests.content.small_library import Shelf
from tests.support.cast import START
from tests.support.client import Page, Visit

PANELS = "/teach/core/panels"
DUE, SECOND_DUE = "2099-03-14", "2099-04-14"
LINK = re.compile(r"/panel/[A-Za-z0-9_-]{40,}")
BEST = ("Listen", "Offer help", "Hand over")
Rates = Callable[[str], str]


def best(option: str) -> str:
    """How somebody rates who finds the best choices best."""
    return "4" if option.startswith(BEST) else "1"


def published_shelf(database: Database, folder: Path) -> Shelf:
    """The small library of files, published."""
    with Renderer() as renderer:
        shelf = Shelf(folder, renderer)
        with database.writing() as session:
            publish_files(session, shelf)
    return shelf


def publish_files(session: Session, shelf: Shelf) -> None:
    """Let students be served from files, as an installation is."""
    publish(session, shelf.check().require(), by_id=None, at=START, note="files")


def open_panel(clarke: Visit, subject: str = "rating/scenario/gate") -> Page:
    """Round one is open."""
    page = clarke.get(PANELS).follow("Open a panel")
    return page.press(
        "Open round one", subject=subject, title="The gate", purpose="To check the key.", due=DUE
    )


def invite(page: Page, number: int, trade: Trade) -> tuple[Page, str]:
    """One more panellist, and the path of their link."""
    page = page.press(
        "Invite and show the link",
        name=f"Panellist {number}",
        email=f"p{number}@panel.example",
        trade=trade.value,
        years=str(number),
    )
    found = LINK.search(page.words)
    assert found, page.words
    return page, found[0]


def invited(page: Page, count: int) -> tuple[Page, list[str]]:
    """So many panellists, of all trades in turn."""
    links = []
    trades = list(Trade)
    for number in range(count):
        page, link = invite(page, number, trades[number % len(trades)])
        links.append(link)
    return page, links


def seated(database: Database, page: Page, count: int) -> list[str]:
    """So many panellists of all trades in turn, invited without a page; gives the paths of their links."""
    trades = list(Trade)
    with database.writing() as session:
        panel = session.get_one(Panel, int(page.path.rpartition("/")[2]))
        return [
            "/panel/"
            + service.invite(
                session,
                panel,
                name=f"Panellist {number}",
                email=f"p{number}@panel.example",
                trade=trades[number % len(trades)],
                years=None,
                by_id=panel.opened_by,
                at=datetime.now(UTC),
            ).token
            for number in range(count)
        ]


def all_answer(database: Database, links: list[str], rates: Rates) -> None:
    """All of them rate everything, by the option's text, and send the round, without a page."""
    with database.writing() as session:
        for link in links:
            seat = find_seat(session, link.rpartition("/")[2])
            assert seat is not None
            panellist, panel = seat
            subjects = service.subjects_of(panel.method, judged(session, panel).content)
            for subject in subjects:
                values = {option: int(rates(html)) for option, html in subject.options or (("", ""),)}
                service.save_ratings(
                    session, panel, panellist, subject.id, values=values, reason="", at=datetime.now(UTC)
                )
            service.hand_in(session, panel, panellist, subjects, at=datetime.now(UTC))


def answer_round(app: Flask, link: str, rates: Rates) -> Page:
    """A panellist rates everything and sends the round."""
    visit = Visit(app)
    page = visit.get(link)
    parts = page.tree.xpath("//ol[@class='tasks']//a/@href")
    page = visit.get(parts[0])
    for _ in parts:
        page = page.press("Save and continue", **ratings_on(page, rates))
        assert page.status == 200, page.words
    assert page.path == link
    return page.press("Send round 2" if "Round 2 of 2" in page.words else "Send round 1")


def ratings_on(page: Page, rates: Rates) -> dict[str, str]:
    """What to send: for each option (by its text), or for the whole question."""
    assert page.tree is not None
    options = page.tree.xpath("//fieldset//fieldset[.//input]")
    if not options:
        return {"rate-1": rates(page.title)}
    return {
        option.xpath(".//input/@name")[0]: rates(" ".join(option.xpath("string(./legend)").split()))
        for option in options
    }
