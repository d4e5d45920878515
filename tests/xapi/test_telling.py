"""What is told: every act that counts, once, in statements that hold to the specification and give nothing away."""

import json
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt
from pme.assessment.models_regrade import Revision
from pme.certificates.models import Certificate, Ground
from pme.certificates.service import revoke
from pme.content.catalogue import current
from pme.db import Database
from pme.people.models import Academy, Person
from pme.privacy.classes import Kept
from pme.privacy.erasing import erase
from pme.progress.models import CompletionEvent, EventKind, PageRead
from pme.stores.folder import Folder
from pme.xapi import statements
from pme.xapi.models import Lrs, LrsActor, LrsCursor, LrsState, LrsStatement
from pme.xapi.telling import begin_anew, tell
from tests.support.cast import START, email_of
from tests.support.graduates import enrolment_of, graduate, sit_quiz
from tests.support.statements import faults

AT = START + timedelta(days=1)


def connected(session: Session, slug: str = "home", **more: Any) -> int:
    """Give an academy an LRS that is paused; gives the academy's id."""
    academy = session.scalars(select(Academy).where(Academy.slug == slug)).one()
    person = session.scalars(select(Person).where(Person.email == email_of("evans"))).one()
    given = {"names_certificates": True, "state": LrsState.PAUSED} | more
    session.add(
        Lrs(
            academy_id=academy.id,
            url="https://lrs.example/xapi",
            user="pme",
            secret_sealed="sealed",
            set_by=person.id,
            set_at=START,
            next_try_at=START,
            **given,
        )
    )
    session.flush()
    return academy.id


def told(app: Flask, academy_id: int, *, at: datetime = AT) -> int:
    return tell(app.extensions["pme_database"], app.extensions["pme_settings"], academy_id, at=at)


def read_page(session: Session, number: int, page: str) -> None:
    enrolment = enrolment_of(session, "adams")
    version_id = current(session).modules_by_slug["basics"].version_id
    row = {"enrolment_id": enrolment.id, "module": "basics", "version_id": version_id, "read_at": START}
    session.add(PageRead(id=number, page=page, **row))
    session.flush()


def cursor_of(database: Database, academy_id: int) -> int | None:
    with database.session() as session:
        return session.scalar(
            select(LrsCursor.after_id).where(LrsCursor.academy_id == academy_id, LrsCursor.source == "page")
        )


def bodies(database: Database, academy_id: int) -> list[dict[str, Any]]:
    with database.session() as session:
        found = select(LrsStatement.body).where(LrsStatement.academy_id == academy_id)
        return [json.loads(body) for body in session.scalars(found.order_by(LrsStatement.id))]


@pytest.fixture
def adams(app: Flask, database: Database) -> int:
    """Adams has completed the core course, Gray at the other academy has sat its quiz; both academies are told of.
    Gives the id of Adams's academy.
    """
    with database.writing() as session:
        graduate(session, "adams", at=START + timedelta(hours=1))
        sit_quiz(session, enrolment_of(session, "gray"), at=START, right=False)
        home, away = connected(session), connected(session, "away")
    told(app, home)
    told(app, away)
    return home


def test_every_act_that_counts_is_told_once_and_holds_to_the_specification(
    app: Flask, database: Database, adams: int
):
    found = bodies(database, adams)
    assert [fault for each in found for fault in faults(each)] == []
    counted = Counter(each["verb"]["display"]["en-US"] for each in found)
    with database.session() as session:
        mine = select(func.count(PageRead.id)).where(
            PageRead.enrolment_id == enrolment_of(session, "adams").id
        )
        pages = session.scalar(mine)
        code = session.scalars(select(Certificate.code)).one()
    assert counted == {
        "progressed": pages,
        "launched": 3,
        "answered": 5,
        "passed": 3,
        "completed": 3,
        "earned": 1,
    }
    (earned,) = (each for each in found if each["verb"]["display"]["en-US"] == "earned")
    assert earned["object"]["id"].endswith(f"/verify/{code}")
    scenarios = [
        next(value for key, value in each["context"]["extensions"].items() if key.endswith("#assessment"))
        for each in found
        if each["object"]["definition"]["type"].endswith("/simulation")
        and each["verb"]["display"]["en-US"] == "passed"
    ]
    assert sorted(scenarios) == ["formative", "summative"]
    assert told(app, adams) == 0
    assert len(bodies(database, adams)) == len(found)


def test_nobody_is_named_and_no_answer_is_told(database: Database, adams: int):
    text = json.dumps(bodies(database, adams))
    assert "adams" not in text.lower()
    for secret in (
        "right",
        "wrong",
        "feedback",
        "CANARY-delta",
        "CANARY-sun",
        "CANARY-listen",
        "I would listen",
    ):
        assert secret not in text, secret
    assert "mbox" not in text
    assert "CANARY" not in text.replace("#question-CANARY-", "")
    with database.session() as session:
        names = {name for (name,) in session.execute(select(LrsActor.name))}
    assert len(names) == 2
    assert len({each["actor"]["account"]["name"] for each in bodies(database, adams)}) == 1


def test_nothing_of_one_academy_is_told_at_another(database: Database, adams: int):
    with database.session() as session:
        away = session.scalars(select(Academy).where(Academy.slug == "away")).one()
    found = bodies(database, away.id)
    assert [each["verb"]["display"]["en-US"] for each in found] == ["launched", "failed"]
    assert all(each["actor"]["account"]["homePage"].endswith("/academies/away") for each in found)


def test_the_end_of_an_attempt_is_told_when_it_is_over_and_not_before(app: Flask, database: Database):
    with database.writing() as session:
        home = connected(session)
        attempt = sit_quiz(session, enrolment_of(session, "adams"), at=START)
        before = {"status": attempt.status, "finished_at": attempt.finished_at}
        session.execute(
            update(Attempt).where(Attempt.id == attempt.id).values(status="open", finished_at=None)
        )
    assert told(app, home) == 1
    with database.writing() as session:
        session.execute(update(Attempt).where(Attempt.id == attempt.id).values(**before))
    assert told(app, home) == 6
    assert told(app, home) == 0


def test_a_row_that_shows_late_is_told_though_the_cursor_has_seen_later_ones(app: Flask, database: Database):
    """On PostgreSQL a transaction may commit a row after another has committed one with a higher id."""
    with database.writing() as session:
        home = connected(session)
        read_page(session, 1_000, "first")
    assert told(app, home) == 1
    assert told(app, home, at=AT + timedelta(minutes=1)) == 0
    with database.writing() as session:
        read_page(session, 900, "second")  # it was begun earlier, and took longer
    assert told(app, home, at=AT + timedelta(minutes=9)) == 1
    told(app, home, at=AT + timedelta(minutes=11))
    assert cursor_of(database, home) == 1_000
    assert told(app, home, at=AT + timedelta(minutes=30)) == 0


def test_a_replay_tells_the_very_same_again(app: Flask, database: Database, adams: int):
    before = {each["id"]: each for each in bodies(database, adams)}
    with database.writing() as session:
        begin_anew(session, adams)
    assert bodies(database, adams) == []
    told(app, adams, at=AT + timedelta(days=40))
    assert {each["id"]: each for each in bodies(database, adams)} == before


def test_what_came_of_it_later_is_told_and_a_certificate_without_its_address_where_the_academy_says_so(
    app: Flask, database: Database
):
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=START + timedelta(hours=1))
        home = connected(session, names_certificates=False)
        kept = session.scalars(select(Certificate)).one()
        evans = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
        revoke(session, kept, ground=Ground.ERROR, reason="CANARY: a private reason", by=evans, at=AT)
        attempt = session.scalars(select(Attempt).where(Attempt.task == "quiz")).one()
        session.add(
            Revision(
                attempt_id=attempt.id,
                number=1,
                percent=50.0,
                is_passed=False,
                level=attempt.level,
                result={"items": {}},
                regrades=[],
                is_current=True,
                at=AT,
            )
        )
        session.add(
            CompletionEvent(
                academy_id=home,
                enrolment_id=enrolment.id,
                course="core",
                kind=EventKind.REVOKED,
                percent=50.0,
                reason="CANARY: another",
                at=AT,
            )
        )
        code = kept.code
    told(app, home)
    found = bodies(database, home)
    assert [fault for each in found for fault in faults(each)] == []
    assert "CANARY: " not in json.dumps(found)
    assert code not in json.dumps(found)
    revoked = [each for each in found if each["verb"]["id"].endswith("/xapi/profile.json#revoked")]
    kinds = sorted(each["object"]["definition"]["type"].rpartition("/")[2] for each in revoked)
    assert kinds == ["course", "profile.json#certificate"]
    again = [each for each in found if "marked-again" in each["context"].get("extensions", {}).values()]
    assert [(each["verb"]["display"]["en-US"], each["result"]["score"]["scaled"]) for each in again] == [
        ("failed", 0.5)
    ]


def test_whoever_is_erased_leaves_the_outbox_and_is_never_told_of_again(
    app: Flask, database: Database, adams: int, tmp_path: Path
):
    with database.writing() as session:
        person = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
        evans = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
        stays = frozenset({Kept.COMPLETIONS, Kept.RESULTS, Kept.CERTIFICATES})
        erase(session, adams, person, stays=stays, by=evans, at=AT, store=Folder(tmp_path))
    assert bodies(database, adams) == []
    with database.session() as session:
        assert session.scalars(select(LrsActor).where(LrsActor.academy_id == adams)).all() == []
        assert session.scalars(select(Certificate)).one().holder_name == ""
    assert told(app, adams) == 0
    with database.writing() as session:
        begin_anew(session, adams)
    assert told(app, adams) == 0


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "PT0S"), (90, "PT90S"), (1.005, "PT1S"), (61.239, "PT61.24S"), (-5, "PT0S")]
)
def test_durations_are_iso_8601(seconds: float, written: str):
    assert statements.duration(seconds) == written


def test_moments_are_in_utc_to_the_millisecond():
    east = timezone(timedelta(hours=3))
    assert statements.moment(datetime(2026, 3, 1, 2, 0, 0, 1999, tzinfo=east)) == "2026-02-28T23:00:00.001Z"
