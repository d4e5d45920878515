"""A device keeps opened modules only where its owner asked for it, only for reading, and only for one account."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from pme.assessment.models import Decision
from pme.assessment.stamps import new_key
from pme.content.conditions import told as told_condition
from pme.db import Database
from pme.errors import Invalid
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import NOBODY
from tests.support.client import Visit
from tests.support.student import BASICS, COURSE

pytestmark = [pytest.mark.alike, pytest.mark.by_form]

FIRST = f"{BASICS}/first"
JSON = {"Accept": "application/json"}
READING = (f"{BASICS}/", FIRST, f"{BASICS}/whole-module")
WORKER = re.compile(r'data-worker="/worker\.js\?account=([0-9a-f]{16})&amp;lang=en"')


def asks_for_it(visit: Visit) -> Visit:
    """Somebody who lets this device keep modules."""
    visit.get("/device").press("Keep opened modules on this device")
    return visit


def header(visit: Visit, address: str, name: str) -> str | None:
    return visit.fetch(address).headers.get(name)


def test_nothing_is_kept_before_somebody_asks_for_it(visit: Visits):
    adams = visit("adams")
    assert "data-worker" not in adams.get(FIRST).text
    assert header(adams, FIRST, "X-Keep") is None
    asks_for_it(adams)
    account = header(adams, FIRST, "X-Account")
    found = WORKER.search(adams.get(FIRST).text)
    assert found is not None
    assert found[1] == account
    adams.get("/device").press("Keep nothing more, and remove what is kept")
    assert "data-worker" not in adams.get(FIRST).text


def test_only_what_is_read_may_be_kept(visit: Visits):
    adams = asks_for_it(visit("adams"))
    question = adams.get(f"{BASICS}/quiz/check").submit()
    situation = student.begin_scenario(adams)
    assert [header(adams, where, "X-Keep") for where in READING] == ["reading"] * 3
    others = ("/learn", COURSE, "/certificates", "/account", "/search", "/device", f"{COURSE}/progress")
    for where in (
        question.path,
        situation.path,
        f"{BASICS}/quiz/check",
        f"{BASICS}/scenario/practice",
        *others,
    ):
        assert header(adams, where, "X-Keep") is None, where


def test_a_kept_copy_says_its_day_and_holds_neither_answers_nor_marks(visit: Visits):
    adams = asks_for_it(visit("adams"))
    page = adams.get(FIRST)
    assert page.tree is not None
    asked = page.tree.xpath("//input[@name='asked']/@value")[0]
    value = page.choices("check-1-answer")["Choose quebec"]
    adams.send(f"{FIRST}/checks/1", **{"asked": asked, "check-1-answer": value})
    student.pass_quiz(adams)
    assert "best mark 100" in adams.get(READING[0]).words
    assert "CANARY check quebec" in adams.get(FIRST).words
    for where in READING:
        copy = adams.get(f"{where}?kept=1")
        assert re.search(
            r"You are offline\. This page was kept on this device on \d+ \w+ \d{4}\.", copy.words
        )
        assert "best mark" not in copy.words
        assert "CANARY check" not in copy.words
        assert copy.tree is not None
        assert copy.tree.xpath("//main//input[@checked and starts-with(@name, 'check-')]") == []
    assert "You are offline" not in adams.get("/learn?kept=1").words


def test_signing_out_clears_a_device_that_keeps_and_no_other(visit: Visits):
    plain = visit("adams").send("/sign-out")
    assert "Clear-Site-Data" not in plain.headers
    adams = asks_for_it(visit("adams"))
    gone = adams.send("/sign-out")
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert adams.http.get_cookie("pme_device") is None


def test_a_device_that_keeps_for_one_keeps_for_nobody_else(visit: Visits):
    adams, baker = asks_for_it(visit("adams")), visit("baker")
    cookie = adams.http.get_cookie("pme_device")
    assert cookie is not None
    baker.http.set_cookie("pme_device", cookie.value)
    where = "/learn/other/basics/first"
    assert "data-worker" not in baker.get(where).text
    assert header(baker, where, "X-Keep") is None
    assert len({header(visit(name), "/learn", "X-Account") for name in ("adams", "baker", "gray")}) == 3
    assert header(visit(NOBODY), "/", "X-Account") == "nobody"


@pytest.mark.parametrize(
    ("where", "kind"),
    [("/worker.js", "text/javascript; charset=utf-8"), ("/app.webmanifest", "application/manifest+json")],
)
def test_the_worker_and_the_manifest_are_asked_about_each_time(visit: Visits, where: str, kind: str):
    told = visit(NOBODY).fetch(where)
    assert told.headers["Content-Type"] == kind
    assert told.headers["Cache-Control"] == "no-cache"


def test_the_page_without_a_link_is_about_nobody(visit: Visits):
    assert "Nothing was sent." in visit(NOBODY).get("/without-a-link").words
    assert "Rien n" in visit(NOBODY).get("/without-a-link?lang=fr").words


def test_a_practice_is_carried_only_when_its_button_is_pressed(visit: Visits):
    adams = asks_for_it(visit("adams"))
    situation = student.begin_scenario(adams, "practice")
    where = f"{situation.path}/carried"
    assert adams.fetch(where).headers["Location"] == situation.path
    carried = situation.press("Carry this practice on this device")
    assert carried.path == where
    assert header(adams, where, "X-Keep") == "reading"
    step = student.decide(adams.get(situation.path), "Do wait")
    assert step.tree is not None
    page = adams.get(where)
    assert page.tree is not None
    stage = page.tree.xpath("//*[@data-carried]")[0]
    [[sequence, _place, position]] = json.loads(stage.get("data-path"))
    assert (sequence, stage.get("data-step")) == (1, "1")
    options = page.tree.xpath("//template[@data-place]//*[@data-option]")
    assert len(options) == 5
    assert "You chose: Do wait" in " ".join(options[position - 1].xpath("string()").split())


def test_what_counts_is_never_carried(visit: Visits):
    adams = visit("adams")
    situation = student.begin_scenario(adams)
    assert "Carry this practice" not in situation.words
    told = adams.post(f"{situation.path}/carry")
    assert told.path == situation.path
    assert "This scenario counts, so it stays with the server." in told.words
    assert "they stay" not in adams.get(f"{situation.path}/carried").words


def test_what_a_device_plays_replayed_is_what_the_server_plays(visit: Visits, database: Database):
    adams = visit("adams")
    situation = student.begin_scenario(adams, "practice")
    acts = (("", "1"), ("", "2"), ("/take-back", "2"), ("", "3"))
    sent = [
        {"where": situation.path + act, "step": step, "choice": "1", "key": new_key()} for act, step in acts
    ]
    for _again in range(2):  # all of it is sent once more after a lost answer
        for each in sent:
            fields: dict[str, Any] = {name: each[name] for name in ("step", "choice", "key")}
            assert adams.send(each["where"], headers=JSON, **fields).status_code == 200
    with database.session() as session:
        rows = session.scalars(select(Decision).order_by(Decision.sequence)).all()
        assert [(row.sequence, row.taken_back_at is None) for row in rows] == [
            (1, True),
            (2, False),
            (3, True),
        ]


def test_conditions_are_told_as_they_are():
    numbered = {"trust": 0, "flag": 1}
    assert told_condition("trust >= 2 and not flag", numbered) == [
        "and",
        ["compare", ["value", 0], ">=", 2],
        ["not", ["value", 1]],
    ]
    assert told_condition("-1 < trust <= 3 or trust != 0", numbered) == [
        "or",
        ["compare", ["minus", 1], "<", ["value", 0], "<=", 3],
        ["compare", ["value", 0], "!=", 0],
    ]
    assert told_condition(None, numbered) == 1
    with pytest.raises(Invalid):
        told_condition("unknown", numbered)
