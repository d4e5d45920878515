"""Every address with an id in it, asked with the ids of another academy's rows: each answers as for no row at all.

The addresses come from the application's own map, so that a new one fails here until somebody says which row of
another academy it could name (`tests/support/foreign.py`), or why there is none (`OPEN`, `NO_ROW`).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from pme import correcting
from pme.assessment.corrections import CorrectionKind
from pme.db import Database, sqlite_build
from pme.schema import every_table
from tests.conftest import Visits
from tests.regrade.every_type import (
    BRAVO,
    answers,
    correction,
    enrolment_of,
    publish_quiz,
    quiz,
    scope,
    sit,
)
from tests.support.foreign import MOVED, Half, furnish, move_to_visitors
from tests.support.foreign_rows import NOW
from tests.support.people import id_of
from tests.web.test_permissions import FIELDS, UNKNOWN, VARIES, expected_of, named

NEVER = 999_999
NOWHERE = "nowhere"
OPEN = {
    "assets.": "the platform's own files and pictures of published content, the same for everybody",
    "author.begin_source_change": "the bibliography of published content, which all academies share",
    "author.course_package": "a published course, which all academies share",
    "author.kept_picture": "a picture of published content, by the hash of its bytes",
    "author.published_matrix": "a published course, which all academies share",
    "author.published_matrix_file": "a published course, which all academies share",
    "author.review_date": "a file of published content, which all academies share",
    "author.save_review_date": "a file of published content, which all academies share",
    "author.source_page": "the bibliography of published content, which all academies share",
    "author.spot": "a file of published content, which all academies share",
    "feeds.": "the secret in the address is the key: whoever holds it may read that calendar",
    "install.": "whoever runs the installation sees every academy, and no student",
    "issuers.": "an academy's name and public keys, for whoever checks what it signed",
    "links.": "the secret in the address is the key of the one letter it was sent in",
    "panel.": "the secret in the address is the key of one panellist, who has no account",
    "public.guide": "the guides of the platform are the same for everybody",
    "public.credential": "anybody may check any certificate whose code they were shown",
    "public.status_list": "what an academy withdrew is published, without a word on whose it was",
    "public.supplement": "anybody may read what a certificate stands for whose code they were shown",
    "public.token": "anybody may check any certificate whose code they were shown",
    "public.verified": "anybody may check any certificate whose code they were shown",
}
"""Addresses that name nothing that one academy keeps from another, and why."""
NO_ROW = {
    "data_class": "a class of data of the retention table, by its name",
    "dataset": "a report, by its name",
    "form": "a kind of file of the module that the address names beside it",
    "item_type": "a type of question",
    "key_kind": "a kind of key",
    "kind": "a kind of file or of correction",
    "language": "a language",
    "name": "a part of the file that the address names beside it",
    "number": "a place within what the address names beside it, or an edition of a shared course",
    "outcome": "a part of the file that the address names beside it",
    "page": "a page of the module that the address names beside it",
    "part": "a part of the file that the address names beside it",
    "sha256": "a picture of published content, by the hash of its bytes",
    "task": "a kind of task",
}
"""Parts of an address that name no row that an academy has, and why."""
ALL_KNOW = {
    "academy.commander": "an academy chooses from all published courses, so its staff know of them",
    "academy.commander_file": "an academy chooses from all published courses, so its staff know of them",
    "academy.course_board": "an academy chooses from all published courses, so its staff know of them",
    "academy.course_statement": "an academy says what a course is worth before it chooses it",
    "academy.save_course_statement": "an academy says what a course is worth before it chooses it",
    "academy.editions": "an academy chooses from all published courses, so its staff know of them",
    "academy.course_supplement": "an academy chooses from all published courses, so its staff know of them",
    "academy.edition_changes": "an academy chooses from all published courses, so its staff know of them",
    "academy.ask_holders": "an academy chooses from all published courses, so its staff know of them",
    "academy.save_validity": "an academy says how long a course counts before it chooses it",
    "local.places": "an academy writes its own texts into a course before it chooses it",
    "preview.course": "who writes drafts sees every published course",
}
"""Where `course` may be one that only the other academy offers, and why."""
OWN_DOES_NOT_OPEN = {
    "instructor.correction_work": "the job of the tests makes a report; a test below asks for one of these",
    "local.save_place": "the courses of the tests have no places any more: what stands there can be taken away",
    "preview.comment": "only the secret of a reviewer outside opens it, never the number of a draft",
    "preview.media": "the courses of the tests have no pictures",
    "preview.send_comment": "only the secret of a reviewer outside opens it, never the number of a draft",
}
"""Where one's own row cannot show that the probe would have found something, and why."""
FINDS_BY_CHANGING = ("account.end_browser",)
"""What is not there is found out by a change that changes no row."""
WHO = ("evans", "clarke", "adams", "davis", "jensen", "irving", "keller", "lund")
"""The people of the home academy, the strongest first."""
REVIEWED = ("author.approve", "author.ask_for_changes")
"""What Davis does, who reviews besides."""
FILES = {
    "quiz.yaml": "quizzes/{}.quiz.yaml",
    "scenario.yaml": "quizzes/{}.scenario.yaml",
    "course.yaml": "modules/{}.course.yaml",
    "module.md": "modules/{}/module.md",
    ".md": "modules/basics/90-{}.md",
    ".svg": "modules/basics/media/{}.svg",
}
"""Where the other academy's draft alone has files of each kind."""
TASKS = {"check": "their-check", "written": "their-check", "checkpoint": "their-gate"}
"""What stands in the other academy's course in the place of these tasks."""
PICTURES = ("author.draft_picture", "author.medium", "author.save_medium", "author.remove_media")
OF_PERSONS = {
    "view_id",
    "schedule_id",
    "roster_id",
    "job_id",
    "letter_id",
    "attempt_id",
    "number",
    "request_id",
}
OF_PERSONS |= {"enrolment_id"}
"""Ids of rows that belong to one person at one academy."""
SECRETS = re.compile("CANARY-theirs|CANARY-foreign|Gray|Frost|Hayes|away.example|Away Academy")
"""What only the other academy knows."""


@dataclass(frozen=True)
class Probe:
    """An address in which `parts` are another academy's in one request, and nobody's in the other."""

    method: str
    endpoint: str
    who: str
    parts: tuple[str, ...]
    own: str
    foreign: str
    unknown: str
    echoes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} as {self.who} with foreign {' and '.join(self.parts)}"


@dataclass(frozen=True)
class Answer:
    """All that a visitor learns, but for what is always new and what only repeats the address."""

    status: int
    said: str
    headers: str
    written: tuple[str, ...]


def is_open(endpoint: str) -> bool:
    """Whether an address names nothing that is kept apart."""
    return any(endpoint.startswith(name) if name.endswith(".") else endpoint == name for name in OPEN)


def owned(app: Flask, endpoint: str, half: Half, *, is_home: bool) -> dict[str, Any]:
    """What each part of an address is for what one academy owns."""
    found = named(app, endpoint, half.belongings, course="core" if is_home else "theirs") | half.more
    if endpoint in PICTURES:
        found["path"] = "modules/basics/media/steps.svg"
    if found["slug"] == "check" and endpoint.startswith("author."):
        found["slug"] = "basics"
    if endpoint == "student.take_request_back":
        found["course"] = "other" if is_home else "theirs"
    if is_home:
        return found | ({"key": "published"} if endpoint not in OWN_DOES_NOT_OPEN else {})
    form = next(form for end, form in FILES.items() if found["path"].endswith(end))
    slug = "theirs" if endpoint.startswith("author.") else TASKS[found["slug"]]
    return found | {"path": form.format("theirs"), "slug": slug, "module": "afar"}


def nobodys(app: Flask, endpoint: str, theirs: dict[str, Any]) -> dict[str, Any]:
    """The same for what nobody owns."""
    found = theirs | named(app, endpoint, UNKNOWN, course=NOWHERE)
    found |= dict.fromkeys((name for name in theirs if name.endswith("_id")), NEVER)
    found |= dict.fromkeys(("slug", "module", "place", "source", "label"), NOWHERE)
    return found | {"key": f"draft-{NEVER}", "path": theirs["path"].replace("theirs", NOWHERE)}


def strongest(method: str, endpoint: str) -> str:
    """Whom the table of permissions lets in: rather who gets something of their own than who gets anything."""
    row = table()[method, endpoint]
    if endpoint in REVIEWED:
        return "davis"
    for wanted in (("ok", "422"), ("404",)):
        for name in WHO:
            if row[name] in wanted:
                return name
    raise AssertionError(f"nobody at home may use {method} {endpoint}")


@cache
def table() -> dict[tuple[str, str], dict[str, str]]:
    """The table of permissions."""
    return expected_of("adams")


def telling(rule: Rule, mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """The parts of an address that are others at the other academy. Fails where one is not known of."""
    shared = {*NO_ROW, *(["course"] if rule.endpoint in ALL_KNOW else [])}
    found = [name for name in sorted(rule.arguments) if mine.get(name) != theirs.get(name)]
    unknown = rule.arguments - set(found) - shared
    assert not unknown, f"{rule.endpoint}: no {' nor '.join(unknown)} of another academy is known"
    return [name for name in found if name not in shared or name == "number"]


def probes(app: Flask, home: Half, away: Half) -> Iterator[Probe]:
    """Every rule with a part, each part foreign in its turn, and all of them."""
    for rule in app.url_map.iter_rules():
        if not rule.arguments or is_open(rule.endpoint):
            continue
        mine = owned(app, rule.endpoint, home, is_home=True)
        theirs = owned(app, rule.endpoint, away, is_home=False)
        none = nobodys(app, rule.endpoint, theirs)
        others = telling(rule, mine, theirs)
        for parts in dict.fromkeys([*((name,) for name in others), tuple(others)] if others else []):
            with app.test_request_context():
                own, foreign, unknown = (
                    app.url_for(rule.endpoint, **{n: (v if n in parts else mine)[n] for n in rule.arguments})
                    for v in (mine, theirs, none)
                )
            words = [str(v[n]) for n in parts for v in (theirs, none) if isinstance(v[n], str)]
            if "path" in parts:
                words += ["90-theirs", f"90-{NOWHERE}", "theirs", NOWHERE]
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                who = strongest(method, rule.endpoint)
                yield Probe(method, rule.endpoint, who, parts, own, foreign, unknown, tuple(words))


class Asker:
    """The people of the home academy in their browsers."""

    def __init__(self, visit: Visits) -> None:
        self.visits = {name: visit(name) for name in WHO}
        self.tokens = {name: each.token() for name, each in self.visits.items()}
        self.fields: dict[str, dict[str, Any]] = {}

    def know(self, own: dict[str, Any]) -> None:
        """Fill the forms in that look for something else of one's own before they refuse."""
        self.fields = {
            "author.add_part": {"kind": "decision"},
            "author.close_comment": {"reply": own["comment"]},
            "author.close_outside_comment": {"reply": own["remark"]},
            "instructor.confirm_equal_work": {"module": "basics"},
        }

    def ask(self, probe: Probe, where: str, **more: Any) -> Answer:
        """What the one who asks learns of an address, with `more` in the form that is sent there."""
        http = self.visits[probe.who].http
        data = FIELDS | self.fields.get(probe.endpoint, {}) | more | {"csrf_token": self.tokens[probe.who]}
        response = http.open(where, method=probe.method, data=data if probe.method == "POST" else None)
        said = response.get_data().decode(errors="replace")
        written = tuple(sorted(http.written))
        response.close()
        headers = {
            n: v for n, v in response.headers if n not in ("X-Request-Id", "Set-Cookie", "Content-Length")
        }
        if response.status_code != 404:  # what it says comes on the next page, which is another probe's
            with http.session_transaction() as session:
                said += str(session.pop("_flashes", ""))
        said = plain(VARIES.sub("", said), probe, where)
        assert not SECRETS.search(said), f"{probe}: {SECRETS.findall(said)} at {where}"
        return Answer(
            response.status_code,
            plain(VARIES.sub("", said), probe, where),
            plain(str(headers), probe, where),
            written,
        )


def plain(text: str, probe: Probe, where: str) -> str:
    """A text without what only repeats the address."""
    for echo in (where, *sorted(probe.echoes, key=len, reverse=True)):
        text = text.replace(echo, "ECHO")
    return text


def differing(asker: Asker, found: Iterable[Probe]) -> list[str]:
    """The probes that tell a foreign row from none, and those that wrote to one."""
    wrong = []
    for probe in found:
        foreign, unknown = asker.ask(probe, probe.foreign), asker.ask(probe, probe.unknown)
        wrote = foreign.status == 404 and foreign.written and probe.endpoint not in FINDS_BY_CHANGING
        if foreign != unknown or wrote:
            wrong.append(f"{probe}: {foreign.status} and {unknown.status} ({probe.foreign}, {probe.unknown})")
    return wrong


def rows_of(database: Database, academy: int) -> dict[str, list[Any]]:
    """Every row of an academy."""
    tables = [each for each in every_table().metadata.sorted_tables if "academy_id" in each.c]
    with database.session() as session:
        return {
            each.name: sorted(map(repr, session.execute(select(each).where(each.c.academy_id == academy))))
            for each in tables
        }


def test_every_id_of_another_academy_answers_like_one_that_nobody_has(
    app: Flask, database: Database, visit: Visits
):
    asker = Asker(visit)
    home, away = furnish(app, database)
    asker.know(home.more)
    found = list(probes(app, home, away))
    if not database.is_sqlite:  # where the database itself keeps academies apart, once for each address
        found = list({(each.method, each.endpoint): each for each in found}.values())
    before = rows_of(database, away.belongings.academy)
    assert "\n".join(differing(asker, found)) == ""
    assert rows_of(database, away.belongings.academy) == before
    assert len(found) >= 250
    with database.writing() as session:
        move_to_visitors(session, home, away)
    number = away.belongings.number
    persons = [
        replace(each, foreign=each.foreign.replace(number, MOVED))
        for each in found
        if OF_PERSONS & set(each.parts)
    ]
    assert "\n".join(differing(asker, persons)) == ""


@pytest.mark.database("sqlite")
def test_the_same_addresses_answer_to_those_whose_rows_they_name(
    app: Flask, database: Database, visit: Visits
):
    asker = Asker(visit)
    home, away = furnish(app, database)
    asker.know(home.more)
    wrong = []
    with kept(database) as put_back:
        for probe in {(each.method, each.endpoint): each for each in probes(app, home, away)}.values():
            is_proven = table()[probe.method, probe.endpoint].get(probe.who) in ("ok", "422")
            if is_proven or probe.endpoint in OWN_DOES_NOT_OPEN:  # test_permissions asks the others
                continue
            if asker.ask(probe, probe.own).status in (403, 404):
                wrong.append(f"{probe}: {probe.own}")
            if probe.method == "POST":
                put_back()
    assert not wrong, "\n".join(wrong)


def test_a_correction_that_a_job_looks_at_is_seen_at_its_own_academy_by_whoever_asked(
    database: Database, visit: Visits
):
    with database.writing() as session:
        version = publish_quiz(session, quiz())
        sit(session, enrolment_of(session, "adams"), version, answers(single=(BRAVO,)))
        clarke, evans = id_of(session, "clarke"), id_of(session, "evans")
        places = [scope(session, version, academy=slug) for slug in ("home", "away")]
        key = correction(CorrectionKind.KEY, "single")
        own, of_another, foreign = (
            correcting.ask(
                session, correcting.LOOK, correcting.Asked(where, key, reason="Why"), by=who, at=NOW
            ).id
            for where, who in ((places[0], clarke), (places[0], evans), (places[1], clarke))
        )
    browser, address = visit("clarke"), f"/teach/core/corrections/check/{version.version_id}/work"
    assert browser.get(f"{address}/{own}").title == "What a correction would change"

    def told(where: str, number: int) -> tuple[int, str]:
        response = browser.fetch(f"{where}/{number}")
        return response.status_code, VARIES.sub("", response.get_data(as_text=True)).replace(
            f"{where}/{number}", ""
        )

    for where in (address, "/academy/jobs"):
        status, said = told(where, NEVER)
        assert status in (403, 404)
        for number in (of_another, foreign):
            assert told(where, number) == (status, said)


@contextmanager
def kept(database: Database) -> Iterator[Callable[[], None]]:
    """Keep what the database holds now; gives what puts it back."""
    driver = sqlite_build().driver
    memory, file = driver.connect(":memory:"), driver.connect(str(database.url.database))
    file.backup(memory)
    try:
        yield lambda: memory.backup(file)
    finally:
        memory.close()
        file.close()
