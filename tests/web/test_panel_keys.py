"""A panellist's page carries no key: what is sent in either round, and what an instructor's own pages keep back."""

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from pme.db import Database
from tests.conftest import Visits
from tests.support.client import Visit
from tests.support.panels import SECOND_DUE, all_answer, open_panel, seated
from tests.web.test_answer_keys import LEAVE, NEVER, SECRETS, STAY

ASKED = {"rating/scenario/checkpoint": STAY | LEAVE, "angoff/quiz/check": set[str]()}
"""What each kind of panel has to be shown: the decisions with their texts, and nothing of a quiz's keys."""


def sent_to(app: Flask, link: str) -> Iterator[str]:
    """Everything a link shows: its first page, each part, and what comes of sending too little."""
    someone = Visit(app)
    start = someone.get(link)
    yield start.text
    yield start.press("Send round 2" if "2 of 2" in start.words else "Send round 1").text
    assert start.tree is not None
    for part in start.tree.xpath("//ol[@class='tasks']//a/@href"):
        page = someone.get(part)
        yield page.text
        yield page.press("Save and continue", **{"rate-1": "9999"}).text


def leaks(pages: Iterator[str], allowed: set[str]) -> set[str]:
    unearned = SECRETS - allowed | NEVER
    texts = [html.unescape(page) for page in pages]
    return {
        secret for secret in unearned for text in texts if re.search(re.escape(secret) + r"(?![\w-])", text)
    }


@pytest.mark.alike
@pytest.mark.parametrize("subject", ASKED)
def test_a_panellist_is_shown_no_key_in_either_round(
    app: Flask, database: Database, visit: Visits, subject: str
):
    clarke = visit("clarke")
    page = open_panel(clarke, subject)
    links = seated(database, page, 3)
    pages = list(sent_to(app, links[0]))
    assert len(pages) >= 6
    assert leaks(iter(pages), ASKED[subject]) == set()
    all_answer(database, links, lambda _: "3")
    clarke.get(page.path).press("Close round 1").press("Open round two", due=SECOND_DUE)
    assert leaks(sent_to(app, links[0]), ASKED[subject]) == set()


def test_the_look_for_leaks_finds_one(app: Flask, database: Database, visit: Visits):
    links = seated(database, open_panel(visit("clarke"), "rating/scenario/checkpoint"), 1)
    assert leaks(sent_to(app, links[0]), set()) != set()
