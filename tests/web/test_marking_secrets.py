"""Nothing of marks or comments reaches a student before release, wherever they look; and then only what is theirs."""

from collections.abc import Sequence

import pytest
from flask import Flask

from pme.db import Database
from pme.marking.plan import Plan, Second
from tests.conftest import Visits
from tests.support.client import Visit
from tests.support.essays import Desk, set_up
from tests.support.marked import FINISH, SAVE, mark, release
from tests.web.test_answer_keys import Watched

TOLD = (
    "CANARY-level",
    "CANARY model",
    "CANARY-care",
    "CANARY-reasons",
    "CANARY comment",
    "CANARY whole",
    "CANARY reason",
    "CANARY note",
)
"""Rubric, model answer, authors' ids, and every kind of text that markers write."""
COMMENTS = {"comment_0": "CANARY comment", "comment": "CANARY whole"}
TWO = Plan(second=Second.ALL, tolerance=0, moderation_percent=100)


@pytest.fixture
def adams(app: Flask, visit: Visits) -> Watched:
    """Adams, watched."""
    return Watched(app, visit("adams"))


def seen(adams: Watched, desk: Desk, secrets: Sequence[str] = TOLD) -> set[str]:
    """What a crawl finds of these, with every address of marking tried on top."""
    adams.crawl()
    for where in ("", "/review", "/claim"):
        adams.visit.fetch(desk.script("adams") + where)
    for where in ("", "/plan", "/release", "/agreement"):
        adams.visit.fetch(desk.address + where)
    adams.visit.fetch("/academy/marking")
    assert "attempts.result" in adams.reached
    return {f"{secret} in {where}" for where, text in adams.seen for secret in secrets if secret in text}


def half(visit: Visit, desk: Desk, **fields: str) -> None:
    mark(visit, desk.script("adams"), **({"level_0": "2", "level_1": "2"} | COMMENTS | fields))


def test_nothing_is_told_while_marks_come_about(adams: Watched, visit: Visits, database: Database):
    desk, clarke, davis = set_up(database, "adams", plan=TWO, asked=True), visit("clarke"), visit("davis")
    where = desk.script("adams")
    assert seen(adams, desk) == set()
    draft = clarke.get(where).press("Mark this script").press(SAVE, level_0="2", **COMMENTS)
    assert seen(adams, desk) == set()
    draft.press(FINISH, level_0="2", level_1="2")
    assert seen(adams, desk) == set()
    half(davis, desk, level_1="1")
    assert seen(adams, desk) == set()
    clarke.get(f"{where}/review").press(
        "Propose this mark", level_0="2", level_1="2", reason="CANARY reason", **COMMENTS
    )
    assert seen(adams, desk) == set()
    davis.get(f"{where}/review").press("Agree to this mark")
    assert seen(adams, desk) == set()
    evans = visit("evans")
    evans.get(f"{where}/review").press("Send back", note="CANARY note")
    assert seen(adams, desk) == set()


def test_after_release_levels_reached_and_comments_are_told_and_no_more(
    adams: Watched, visit: Visits, database: Database
):
    desk, clarke = set_up(database, "adams", asked=True), visit("clarke")
    half(clarke, desk, level_0="1", level_1="1")
    assert seen(adams, desk) == set()
    release(clarke, desk)
    hidden = [secret for secret in TOLD if secret not in {"CANARY-level", *COMMENTS.values()}]
    hidden += ["Some care", "Full care", "Some reason", "Full reason", "Clarke"]
    assert seen(adams, desk, hidden) == set()
    text = "".join(text for _, text in adams.seen)
    for secret in ("No care CANARY-level", "No reason CANARY-level", "CANARY comment", "CANARY whole"):
        assert secret in text


def test_another_student_is_told_nothing_at_all(app: Flask, visit: Visits, database: Database):
    desk, clarke = set_up(database, "adams", asked=True), visit("clarke")
    half(clarke, desk)
    release(clarke, desk)
    baker = Watched(app, visit("baker"))
    baker.crawl()
    for number in range(1, 5):
        assert baker.visit.fetch(f"/attempts/quiz/{number}/result").status_code == 404
    assert not {s for s in TOLD for _, text in baker.seen if s in text}
