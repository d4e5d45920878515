"""Every address for every member of the cast: who passes, who does not, and what strangers learn from it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.people.models import Membership, Person, Role, Standing
from tests.conftest import Visits
from tests.support.belongings import Belongings, give, keep_pdf
from tests.support.cast import CAST, email_of
from tests.support.client import Visit
from tests.support.essays import SLUG, give_script

EXPECTED = (Path(__file__).parent / "permissions.txt").read_text(encoding="utf-8")
"""What the cast gets where the ids are those of what Adams owns."""

AWAY = {"adams": "gray", "clarke": "hayes", "evans": "frost"}
MIRROR = AWAY | {away: home for home, away in AWAY.items()}
"""Who stands in whose place when the ids are those of what Gray owns, at the other academy."""

ONLY_AT_HOME = ("irving", "jensen", "keller", "lund")
"""They have nobody in their place at the other academy: where Evans and Frost differ, its things are closed to them."""

OF_COURSES = "course save_course add_module move_module remove_module"
OF_OUTCOMES = "add_outcome save_outcome move_outcome remove_outcome"
OF_MODULES = f"module save_module teaching save_teaching {OF_OUTCOMES}"
OF_PAGES = "remove_module move_module move_page rename_page save_page_name remove_page"
OUTLINED_AT = {f"author.{name}": "modules/core.course.yaml" for name in OF_COURSES.split()}
OUTLINED_AT |= {f"author.{name}": "modules/basics/module.md" for name in OF_MODULES.split()}
"""The files that the forms of courses and modules edit."""
SLUGS = {"author.matrix": "core", "author.matrix_file": "core"}
SLUGS |= {"public.status_list": "home"}
SLUGS |= {f"author.{name}": "basics" for name in OF_PAGES.split()}
SLUGS |= dict.fromkeys(
    ("issuers.did", "issuers.published_keys", "issuers.issuer", "issuers.single_file"), "home"
)
OF_SCENARIOS = {
    f"attempts.{name}" for name in ("scenario", "decide", "close", "take_back", "carry", "carried")
}
NAMES = {"student.notes_file": "my-notes.md"}
KEEPER = ("author.", "academy.approvals")
"""What only the academy that keeps the content has."""
FIELDS = {
    "answer": "1",
    "step": "1",
    "choice": "1",
    "prompt_0": "I would listen.",
    "title": "A draft",
    "reason": "It was wrong.",
}
FIELDS |= {"month": "", "task": "quiz", "slug": "check", "language": "fr", "offered": "core", "form": "csv"}
FIELDS |= {"guide": "students"}
LETTERS = {
    "links.activate": "activate",
    "links.accept": "activate",
    "links.reset": "reset",
    "links.choose": "reset",
    "links.address": "address",
    "links.confirm": "address",
}
"""The address of each page that a link opens, and of what its form is sent to."""
PLAYED = {
    f"preview.{name}"
    for name in ("situation", "debriefing", "decide", "take_back", "close", "finish_debrief")
}
VARIES = re.compile(r'name="csrf_token"[^>]*value="[^"]+"|<span class="code">[0-9a-f]{12}</span>')
UNKNOWN = Belongings(
    enrolment=999_999,
    person=999_999,
    letters="unknown",
    academy=999_999,
    cohort=999_999,
    request=999_999,
    draft=999_999,
    regrade=999_999,
    version=999_999,
    open_quiz=999_999,
    finished_quiz=999_999,
    open_scenario=999_999,
    debrief=999_999,
    panel=999_999,
    panellist=999_999,
    link="unknown",
    judged=999_999,
    number="HOME-2020-000001",
    code="2" * 24,
    script="ZZZZ",
)


def expected_of(owner: str) -> dict[tuple[str, str], dict[str, str]]:
    """(method, endpoint) -> what each of the cast gets, for ids of what this student owns."""
    heading, *lines = EXPECTED.strip().splitlines()
    names = heading.split()
    mirrored = names if owner == "adams" else [MIRROR.get(name, name) for name in names]
    rows = [line.split() for line in lines]
    # One academy keeps the content for all: its drafts are the same whoever's things are named.
    table = {
        (row[0], row[1]): dict(zip(names if row[1].startswith(KEEPER) else mirrored, row[2:], strict=True))
        for row in rows
    }
    if owner == "gray":
        for (_, endpoint), row in table.items():
            if not endpoint.startswith(KEEPER) and row["evans"] != row["frost"]:
                row.update(dict.fromkeys(ONLY_AT_HOME, "closed"))
        table["POST", "instructor.adopt_panel"]["hayes"] = "403"  # for the same reason
    return table


def asked_of(owner: str) -> dict[tuple[str, str], dict[str, str]]:
    """What is worth asking of the table: all of it once, and of the other academy what is not refused at the door
    whatever the ids are.
    """
    table, home = expected_of(owner), expected_of("adams")
    if owner == "adams":
        return table
    return {
        act: {
            name: cell
            for name, cell in row.items()
            if cell != home[act][name] or cell not in ("403", "sign-in")
        }
        for act, row in table.items()
    }


def every_act(app: Flask) -> Iterator[tuple[str, str]]:
    """Every (method, endpoint) of the application."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, rule.endpoint


def address(app: Flask, endpoint: str, own: Belongings, *, course: str = "core") -> str:
    """The address of an endpoint, for what somebody owns."""
    known = named(app, endpoint, own, course=course)
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    with app.test_request_context():
        return app.url_for(endpoint, **{name: known[name] for name in rule.arguments})


def named(app: Flask, endpoint: str, own: Belongings, *, course: str = "core") -> dict[str, Any]:
    """What each part of an endpoint's address is, for what somebody owns."""
    attempt = own.open_quiz
    if endpoint in OF_SCENARIOS:
        attempt = own.open_scenario
    if endpoint in (
        "attempts.debriefing",
        "attempts.finish_debrief",
        "attempts.share",
        "attempts.keep_private",
    ):
        attempt = own.debrief
    if endpoint == "attempts.result":
        attempt = own.finished_quiz
    is_marking = endpoint.startswith("instructor.") and ("mark" in endpoint or "script" in endpoint)
    known: dict[str, Any] = {
        "attempt_id": attempt,
        "guide": "students",
        "code": own.script if "script" in endpoint else own.code,
        "call_id": 999_999,
        "change_id": 999_999,
        "cohort_id": own.cohort,
        "panel_id": own.judged if endpoint.endswith(("figures", "file", "adopt_panel")) else own.panel,
        "panellist_id": own.panellist,
        "token": f"{LETTERS[endpoint]}-{own.letters}" if endpoint in LETTERS else own.link,
        "person_id": own.person,
        "academy_id": own.academy,
        "passkey_id": 999_999,
        "session_id": 999_999,
        "course": course,
        "draft_id": own.draft,
        "dataset": "completions",
        "view_id": 999_999,
        "schedule_id": 999_999,
        "return_schedule_id": 999_999,
        "design_id": 999_999,
        "image_id": 999_999,
        "digest": app.extensions["pme_assets"]["app.css"].digest,
        "enrolment_id": own.enrolment,
        "entry_id": 999_999,
        "job_id": 999_999,
        "letter_id": 999_999,
        "kind": "void",
        "key_kind": "ed25519",
        "label": "key-1",
        "data_class": "results",
        "roster_id": 999_999,
        "return_id": 999_999,
        "key": "published",
        "link_id": 999_999,
        "request_id": own.request,
        "secret": "unknown",
        "form": "epub",
        "module": "basics",
        "name": NAMES.get(endpoint, "d1" if endpoint.startswith("author.") else "app.css"),
        "number": own.number if "certificate" in endpoint else own.cohort if is_marking else 1,
        "page": "first",
        "place": "nowhere",
        "item_type": "single",
        "language": "fr",
        "outcome": "LO1",
        "part": "nodes",
        "path": "quizzes/gate.scenario.yaml"
        if endpoint.endswith(("_part", "_name", "author.scenario", "_settings"))
        else "quizzes/check.quiz.yaml"
        if "question" in endpoint or "translation" in endpoint
        else OUTLINED_AT.get(endpoint, "modules/basics/10-first.md"),
        "regrade_id": own.regrade,
        "sha256": "0" * 64,
        "source": "NOBODY-1900",
        "task_id": 999_999,
        "slug": "checkpoint"
        if "scenario" in endpoint or endpoint in PLAYED
        else SLUG
        if is_marking
        else "check",
        "version_id": own.version,
        "task": "quiz",
    }
    known["slug"] = SLUGS.get(endpoint, known["slug"])
    return known


def outcome(response: TestResponse) -> str:
    """What a response amounts to, in the words of the table."""
    if response.status_code == 401:  # asked to sign in on the spot, with what was sent kept
        return "sign-in"
    if response.status_code == 303:
        return "sign-in" if response.headers["Location"].startswith("/sign-in") else "ok"
    # 409: allowed, but what the others of the cast did before has moved things on
    return "ok" if response.status_code in (200, 409) else str(response.status_code)


def give_all(database: Database, name: str) -> Belongings:
    """One of everything, and an essay that waits for its marks."""
    return replace(give(database, name), script=give_script(database, name))


@pytest.fixture(params=["adams", "gray"])
def owner(request: pytest.FixtureRequest) -> str:
    """Whose things the addresses name: a student of the one academy, then of the other.

    PostgreSQL, where the database itself keeps academies apart, is asked for the things of the other alone.
    """
    name: str = request.param
    if name == "adams" and request.node.callspec.params.get("database_url") == "postgresql":
        pytest.skip("asked on SQLite")
    return name


@pytest.mark.database("sqlite")
def test_every_address_is_in_the_table_and_nothing_else_is(app: Flask):
    assert set(every_act(app)) == set(expected_of("adams"))


AT_LEAST = {"gray", "evans"}
"""Whose the things are, and who runs the other academy: asked on PostgreSQL in each run."""


def wrong_answers(app: Flask, database: Database, visit: Visits, owner: str, names: set[str]) -> list[str]:
    """What these people get for the things of a student, where it is not what the table says."""
    own = give_all(database, owner)
    keep_pdf(app, own)
    visits = {name: visit(name) for name in CAST}
    tokens = {name: one.token() for name, one in visits.items()}
    wrong = []
    for (method, endpoint), row in asked_of(owner).items():
        where = address(app, endpoint, own)
        for name in (each for each in row if each in names):
            data = FIELDS | {"csrf_token": tokens[name]} if method == "POST" else None
            got = outcome(visits[name].http.open(where, method=method, data=data))
            if got not in (("403", "404") if row[name] == "closed" else (row[name],)):
                wrong.append(f"{method} {endpoint} ({where}): {name} gets {got}, not {row[name]}")
    return wrong


def test_everybody_gets_what_the_table_says(app: Flask, database: Database, visit: Visits, owner: str):
    names = set(CAST) if database.is_sqlite else AT_LEAST
    assert wrong_answers(app, database, visit, owner, names) == []


@pytest.mark.soak
@pytest.mark.database("postgresql")
@pytest.mark.parametrize("of", ["adams", "gray"])
def test_everybody_gets_what_the_table_says_on_postgresql_too(
    app: Flask, database: Database, visit: Visits, of: str
):
    assert wrong_answers(app, database, visit, of, set(CAST)) == []


def told(visit: Visit, token: str, method: str, where: str) -> tuple[int, dict[str, str], str]:
    """All that a person learns from an answer: status, headers and body, but for what is always new."""
    data = FIELDS | {"csrf_token": token} if method == "POST" else None
    response = visit.http.open(where, method=method, data=data)
    headers = {name: value for name, value in response.headers if name not in ("X-Request-Id", "Set-Cookie")}
    return response.status_code, headers, VARIES.sub("", response.get_data(as_text=True))


@pytest.mark.database("sqlite")
def test_what_belongs_to_others_answers_exactly_like_what_does_not_exist(
    app: Flask, database: Database, visit: Visits
):
    own = give_all(database, "adams")
    compared = 0
    for name in ("baker", "davis", "gray", "hayes"):
        visitor = visit(name)
        token = visitor.token()
        for (method, endpoint), row in expected_of("adams").items():
            if row[name] != "404" or endpoint == "assets.media":
                continue
            if name == "hayes" and endpoint.startswith(
                "author."
            ):  # test_foreign_ids asks for a draft elsewhere
                continue
            # what the visitor is not part of is a course that is not there, or an id that nobody has
            where = [address(app, endpoint, own), address(app, endpoint, UNKNOWN)]
            where.append(address(app, endpoint, UNKNOWN, course="nowhere"))
            theirs, *gone = (told(visitor, token, method, each) for each in dict.fromkeys(where))
            compared += 1
            assert all(each == theirs for each in gone), (name, endpoint)
    assert compared >= 40


def test_another_kind_of_task_and_an_unknown_part_answer_like_what_does_not_exist(
    database: Database, visit: Visits
):
    own, adams = give(database, "adams"), visit("adams")
    get = partial(told, adams, adams.token(), "GET")
    nothing = get("/attempts/quiz/999999")
    assert nothing[0] == 404
    for where in (
        f"/attempts/quiz/{own.open_scenario}",
        f"/attempts/scenario/{own.open_quiz}",
        f"/attempts/quiz/{own.open_quiz}/questions/6",
        f"/attempts/quiz/{own.open_quiz}/questions/0",
        "/learn/other",
        "/learn/nowhere",
        "/learn/core/elsewhere/",
        "/learn/core/basics/third",
        "/learn/core/further/quiz/check",
        "/learn/core/basics/scenario/check",
        "/no/such/page",
    ):
        assert get(where) == nothing, where


def test_who_left_a_course_is_told_so_and_who_left_the_academy_has_to_sign_in(
    database: Database, visit: Visits
):
    adams = visit("adams")
    with database.writing() as session:
        person = select(Person.id).where(Person.email == email_of("adams")).scalar_subquery()
        session.execute(
            update(Enrolment).where(Enrolment.person_id == person).values(status=EnrolmentStatus.WITHDRAWN)
        )
    left = adams.get("/learn/core")
    assert left.status == 403
    assert "no longer enrolled" in left.words
    assert "not enrolled in a course yet" in adams.get("/learn").words
    assert adams.send("/learn/core/basics/first").status_code == 403
    with database.writing() as session:
        session.execute(
            update(Membership).where(Membership.person_id == person).values(standing=Standing.SUSPENDED)
        )
    assert outcome(adams.fetch("/learn")) == "sign-in"


def test_a_role_at_one_academy_opens_nothing_at_another(database: Database, visit: Visits):
    give(database, "adams")
    with database.writing() as session:  # Frost, staff of the other academy, also learns at this one
        home, frost = (
            session.scalars(select(Membership).join(Person).where(Person.email == email_of(name))).first()
            for name in ("evans", "frost")
        )
        assert home is not None
        assert frost is not None
        session.add(Membership(person_id=frost.person_id, academy_id=home.academy_id, role=Role.STUDENT))
    away = visit("frost")
    assert "Home Academy" not in away.get("/academy").words
    assert "Adams" not in away.get("/academy").words
    assert away.fetch("/learn").status_code == 403
