"""Delivering to an LRS that runs, in every kind of trouble: nothing is lost, nothing is there twice, and what keeps
it from going on is said in a sentence.
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme.db import Database
from pme.errors import Invalid
from pme.keys.keyring import Keyring
from pme.people.models import Academy, Person
from pme.xapi import delivering, service
from pme.xapi.delivering import Delivery, deliver
from pme.xapi.models import Lrs, LrsState, LrsStatement
from pme.xapi.queries import Standing, standing_of
from pme.xapi.service import Wanted, connect
from pme.xapi.telling import tell
from pme.xapi.tries import next_try
from tests.support.cast import START, email_of
from tests.support.clock import Clock
from tests.support.graduates import graduate
from tests.support.keys import KEYS_SECRET
from tests.support.lrs import PASSWORD, USER, SmallLrs, small_lrs
from tests.support.work import run_duty

DUTY = "xapi statements"


@pytest.fixture
def home(app: Flask, database: Database, lrs: SmallLrs, clock: Clock) -> int:
    """Adams's academy with this LRS; Adams has completed the core course. Gives the academy's id."""
    clock.at = START + timedelta(days=1)
    with database.writing() as session:
        graduate(session, "adams", at=START)
        academy = session.scalars(select(Academy).where(Academy.slug == "home")).one()
        evans = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
        wanted = Wanted(lrs.address, USER, PASSWORD, names_certificates=True)
        connect(session, academy, wanted, app.extensions["pme_settings"], by_id=evans, at=clock.at)
    return academy.id


def standing(database: Database, academy_id: int) -> Standing:
    with database.session() as session:
        return standing_of(session, academy_id)


def lrs_of(database: Database, academy_id: int) -> Lrs:
    with database.session() as session:
        return session.scalars(select(Lrs).where(Lrs.academy_id == academy_id)).one()


def sent(app: Flask, academy_id: int, clock: Clock) -> Delivery:
    return deliver(app.extensions["pme_database"], app.extensions["pme_settings"], academy_id, at=clock())


def test_all_is_delivered_in_batches_and_nothing_is_sent_again(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivering, "AT_ONCE", 10)
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused) == (0, 0)
    assert counted.delivered == len(lrs.kept) > 10
    assert max(lrs.batches) == 10
    assert "earned" in lrs.verbs()
    asked = len(lrs.asked)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    assert lrs_of(database, home).succeeded_at == clock()
    assert PASSWORD not in lrs_of(database, home).secret_sealed


def test_a_worker_that_dies_before_it_could_note_the_answer_leaves_nothing_twice(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    def die(*_args: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "_keep", die)
        with pytest.raises(KeyboardInterrupt):
            run_duty(app, DUTY)
    first = len(lrs.kept)
    assert first
    assert standing(database, home).delivered == 0
    lrs.breaks_off = True  # now the LRS takes them, and hangs up before it says so
    sent(app, home, clock)
    assert "closed the connection before it answered" in lrs_of(database, home).problem
    lrs.breaks_off = False
    clock.move(minutes=2)
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused) == (0, 0)
    assert counted.delivered == len(lrs.kept) >= first


def test_what_the_lrs_refuses_is_found_among_many_and_told_in_its_words(
    app: Flask, database: Database, home: int, lrs: SmallLrs
):
    def picky(statements: list[dict[str, Any]]) -> tuple[int, str] | None:
        if any(each["verb"]["display"]["en-US"] == "earned" for each in statements):
            return 400, "no <b>badges</b>\x00\n here " + "x" * 1000
        return None

    lrs.trouble = picky
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused) == (0, 1)
    assert counted.delivered == len(lrs.kept)
    with database.session() as session:
        refused = session.scalars(select(LrsStatement).where(LrsStatement.state == "refused")).one()
    assert refused.verb == "earned"
    assert "(400): no <b>badges</b> here xxx" in refused.problem
    assert len(refused.problem) < 400


def test_a_conflict_is_told_truthfully_and_too_large_a_batch_is_halved(
    app: Flask, database: Database, home: int, lrs: SmallLrs
):
    run_duty(app, DUTY)
    changed = min(lrs.kept)
    lrs.kept[changed]["timestamp"] = "2020-01-01T00:00:00.000Z"
    lrs.most_at_once = 7
    with database.writing() as session:
        service.replay(session, home, by_id=None, at=START)
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused, counted.delivered) == (0, 1, len(lrs.kept) - 1)
    with database.session() as session:
        refused = session.scalars(select(LrsStatement).where(LrsStatement.state == "refused")).one()
    assert refused.statement_id == changed
    assert refused.problem.startswith("The LRS has another statement under this id (409)")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((503, "closed for the night"), "reports an error of its own (503). It says: closed for the night"),
        ((429, ""), "asks to try again later (429)."),
        ((404, "what?"), "does not understand what was sent (404). Check that the address"),
        ((302, ""), "redirects to another address (302), which the platform does not follow"),
    ],
)
def test_an_lrs_in_trouble_is_left_alone_for_longer_each_time_and_nothing_is_lost(
    app: Flask,
    database: Database,
    home: int,
    lrs: SmallLrs,
    clock: Clock,
    answer: tuple[int, str],
    says: str,
):
    lrs.trouble = lambda _statements: answer
    lrs.more_headers = {"Retry-After": "600", "Location": "http://127.0.0.1:9/elsewhere"}
    run_duty(app, DUTY)
    kept = lrs_of(database, home)
    assert says in kept.problem
    assert kept.state is LrsState.ON
    assert kept.failures == 1
    assert kept.next_try_at == clock() + timedelta(minutes=10)
    assert standing(database, home).waiting > 0
    asked = len(lrs.asked)
    clock.move(minutes=9)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    lrs.trouble = lambda _statements: None
    clock.move(minutes=2)
    run_duty(app, DUTY)
    assert standing(database, home).waiting == 0
    assert (lrs_of(database, home).failures, lrs_of(database, home).problem) == (0, "")


def test_a_refused_sign_in_stops_it_until_somebody_corrects_it(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    lrs.password = "another"
    run_duty(app, DUTY)
    kept = lrs_of(database, home)
    assert kept.state is LrsState.STOPPED
    assert "refuses the sign-in (401). Nothing is sent until" in kept.problem
    asked = len(lrs.asked)
    clock.move(minutes=60 * 24)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    with database.writing() as session:
        academy = session.get_one(Academy, home)
        wanted = Wanted(lrs.address, USER, "another", names_certificates=True)
        connect(session, academy, wanted, app.extensions["pme_settings"], by_id=kept.set_by, at=clock())
    run_duty(app, DUTY)
    assert standing(database, home).waiting == 0


def test_waits_grow_spread_and_honour_what_the_lrs_asks_for():
    waits = [(next_try(n, at=START, die=0.0) - START).total_seconds() / 60 for n in range(1, 9)]
    assert waits == [1, 5, 15, 60, 180, 360, 360, 360]
    assert next_try(1, at=START, die=1.0) == START + timedelta(seconds=75)
    assert next_try(1, at=START, die=0.0, asked=3600) == START + timedelta(hours=1)
    assert next_try(1, at=START, die=0.0, asked=10**9) == START + timedelta(days=1)


def test_a_password_goes_nowhere_but_where_it_was_given_for(app: Flask, database: Database, home: int):
    settings = app.extensions["pme_settings"]
    with database.writing() as session:
        academy = session.get_one(Academy, home)
        wanted = Wanted("https://other.example/xapi", USER, "", names_certificates=True)
        with pytest.raises(Invalid) as refused:
            connect(session, academy, wanted, settings, by_id=1, at=START)
        assert refused.value.field == "secret"


def test_another_address_is_told_everything_from_the_start(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    run_duty(app, DUTY)
    first = dict(lrs.kept)
    with small_lrs() as other:
        with database.writing() as session:
            academy, wanted = (
                session.get_one(Academy, home),
                Wanted(other.address, USER, PASSWORD, names_certificates=True),
            )
            connect(session, academy, wanted, app.extensions["pme_settings"], by_id=1, at=clock())
        run_duty(app, DUTY)
        assert other.kept == first


def test_what_was_delivered_long_ago_is_forgotten_but_not_that_it_was(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    run_duty(app, DUTY)
    clock.move(minutes=60 * 24 * 31)
    run_duty(app, "old xapi statements")
    with database.session() as session:
        assert set(session.scalars(select(LrsStatement.body))) == {""}
    asked = len(lrs.asked)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    with database.writing() as session:
        session.execute(update(Lrs).where(Lrs.academy_id == home).values(state="paused"))
        service.replay(session, home, by_id=None, at=clock())
    run_duty(app, DUTY)
    assert standing(database, home).waiting == len(lrs.kept)
    with database.session() as session:
        bodies = [json.loads(body) for body in session.scalars(select(LrsStatement.body))]
    assert {each["id"]: each for each in bodies} == lrs.kept


def test_the_password_is_sealed_anew_with_the_keys_when_their_secret_changes(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    new = "another-secret-of-keys-" + "n" * 32
    with database.writing() as session:
        done = service.reseal_stores(session, Keyring(new, old=KEYS_SECRET))
    assert (done.anew, done.fresh, done.unopened) == (1, 0, ())
    with database.writing() as session:
        assert service.reseal_stores(session, Keyring(new)).fresh == 1
        lost = service.reseal_stores(session, Keyring(KEYS_SECRET))
    assert lost.unopened == (f"the password of the LRS of academy {home}",)
    tell(app.extensions["pme_database"], app.extensions["pme_settings"], home, at=clock())
    assert "was sealed with another secret" in sent(app, home, clock).problem
    assert standing(database, home).waiting > 0
    assert not lrs.asked
