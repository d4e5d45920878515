"""The stage of the bench: the shipped content, students by the hundred, and open scenario attempts."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from pme import create_app, schema
from pme.assessment.draw import Draw
from pme.assessment.service import begin
from pme.config import Settings
from pme.content import catalogue as published
from pme.content.check import check_tree
from pme.content.publish import publish
from pme.content.shapes import Scenario
from pme.db import Database
from pme.enrolment.service import enrol
from pme.people.models import Person, Role
from pme.people.service import add_academy, begin_session, grant

COURSE = "human-security-core"
SCENARIO = "checkpoint-disclosure"


@dataclass(frozen=True)
class Player:
    """A signed-in student with an open attempt: the cookie, a form token, the decisions to take."""

    cookie: str
    token: str
    attempt_id: int
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """Everything the bench plays on."""

    settings: Settings
    players: tuple[Player, ...]
    page: str


def build(environment: dict[str, str], *, players: int) -> Stage:
    """Publish the shipped content and bring students in, each with an open attempt at the scenario."""
    settings = Settings.from_environment(environment)
    database = Database(settings.database_url)
    schema.upgrade(database)
    at = datetime.now(UTC)
    app = create_app(settings)
    with database.writing() as session:
        publish(
            session,
            check_tree(settings.modules_dir, settings.quizzes_dir).require(),
            by_id=None,
            at=at,
            note="",
        )
        academy = add_academy(session, slug="bench", name="Bench Academy", nation="Nowhere", at=at)
        catalogue = published.current(session)
        module = next(
            m.content
            for m in catalogue.modules_by_slug.values()
            if SCENARIO in m.content.completion.scenarios
        )
        cast = tuple(_player(session, app, academy.id, n, module.slug, at) for n in range(players))
    database.dispose()
    return Stage(settings, cast, f"/learn/{COURSE}/{module.slug}/{module.pages[1].slug}")


def _player(session: Session, app: Flask, academy_id: int, number: int, module: str, at: datetime) -> Player:
    person = Person(
        email=f"s{number}@bench.example", name=f"Student {number}", password_hash="none", created_at=at
    )
    session.add(person)
    session.flush()
    grant(session, person.id, academy_id, Role.STUDENT)
    enrolment = enrol(session, person.id, academy_id, course=COURSE, at=at)
    scenario = published.current(session).scenario(SCENARIO)
    signed_in = begin_session(session, person.id, at=at)
    assert scenario is not None
    assert signed_in is not None
    attempt = begin(session, enrolment, scenario, module=module, at=at)
    cookie, token = cookie_of(app, signed_in.token)
    return Player(cookie, token, attempt.id, _positions(scenario.content, Draw.from_json(attempt.draw)))


def _positions(scenario: Scenario, draw: Draw) -> tuple[int, ...]:
    return tuple(list(draw.options[node]).index(choice) + 1 for node, choice in scenario.debrief.expert_path)


def cookie_of(app: Flask, secret: str) -> tuple[str, str]:
    """A browser's cookie for a session, and a form token that goes with it."""
    with app.test_request_context():
        from flask import session as browser  # noqa: PLC0415  (only lives in a request)

        token = generate_csrf()
        browser["_user_id"], browser["_fresh"] = secret, True
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        return f"pme={signer.dumps(dict(browser))}", token


def resident(pids: list[int]) -> list[float]:
    """Resident memory of processes, in MB (1,000,000 bytes)."""
    return [
        int(found[1]) * 1024 / 1e6
        for pid in pids
        if (found := re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii")))
    ]


def processor(pids: list[int]) -> float:
    """Seconds of processor that processes have taken so far."""
    ticks = 0
    for pid in pids:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The child processes of a process."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(number) for number in listed.split()]
