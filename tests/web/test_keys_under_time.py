"""No key is told early by what time does: breaks, late answers, questions that were not drawn, an end that passed."""

import pytest
from flask import Flask

from pme.db import Database
from tests.conftest import Visits
from tests.support.clock import Clock
from tests.support.timed import arrange, publish_timed
from tests.web.test_answer_keys import CHOSEN_RIGHT, JSON, SECRETS, Watched, begun, holds

FEEDBACK = frozenset(secret for secret in SECRETS if secret.startswith("CANARY feedback"))


@pytest.fixture
def adams(app: Flask, visit: Visits, database: Database, clock: Clock) -> Watched:
    """Adams, watched, with a timed quiz and breaks."""
    publish_timed(database)
    arrange(database, "adams", 150, 20, at=clock.at)
    return Watched(app, visit("adams"))


def test_a_break_tells_nothing_and_hides_every_question(adams: Watched):
    page = begun(adams, 2)
    page.press("Save and take a break", answer="1")
    adams.seen.clear()
    adams.autosave(page.path, answer="1", order=["1", "2", "3"])
    adams.visit.post(page.path, answer="2")
    adams.crawl()
    assert {"attempts.question", "attempts.check"} <= adams.reached
    assert adams.leaks(set()) == set()
    stems = (
        "Which one?",
        "Is it so?",
        "Which ones?",
        "What belongs together?",
        "In which order?",
        "Answer alpha",
    )
    assert [where for where, text in adams.seen for stem in stems if stem in text] == []


def test_what_comes_late_or_was_not_drawn_tells_nothing(adams: Watched, clock: Clock):
    page = begun(adams, 2)
    base = page.path.rpartition("/")[0]
    adams.autosave(f"{base}/99", answer="1")
    clock.move(minutes=46)
    adams.crawl()
    assert adams.leaks(set()) == set(), "time is over, and nothing is handed in yet"
    answer = adams.visit.send(page.path, headers=JSON, answer="1", order=["1", "2", "3"])
    assert answer.status_code == 409
    assert adams.leaks(set()) == set()


def test_after_the_end_only_the_feedback_on_what_was_saved_is_told(adams: Watched, clock: Clock):
    page = begun(adams, 2)
    clock.move(minutes=46)
    adams.autosave(page.path, answer="1")
    adams.crawl()
    assert adams.leaks(CHOSEN_RIGHT) == set()
    assert any(holds(text, secret) for _, text in adams.seen for secret in FEEDBACK)
