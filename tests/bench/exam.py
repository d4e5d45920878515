"""An exam that everybody begins at the same moment: how many simulated students two server processes carry.

Each student begins a quiz of sixteen questions, reads each page, thinks, and sends the answer, which is saved
durably before it is acknowledged. Think time is scaled down, so that a few hundred simulated students send what
thousands would. A number of students is carried when the 95th percentile of all answers is under 500 ms and every
acknowledged answer stands in the database.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from sqlalchemy import func, select

from pme import create_app, schema
from pme.assessment.models import Attempt, AttemptStatus, Response
from pme.config import Settings
from pme.content.library import Entry, Library
from pme.content.publish import publish
from pme.content.shapes import Completion, Quiz, QuizPass, SingleItem
from pme.db import Database
from pme.enrolment.service import enrol
from pme.people.models import Person, Role
from pme.people.service import add_academy, begin_session, grant
from tests.bench.load import TIMEOUT, request
from tests.bench.serving import served
from tests.bench.stage import children, cookie_of, processor
from tests.support.library import OUTCOMES, course, module, option

QUESTIONS = 16
THINKS, SCALED = 45.0, 30
"""Seconds that somebody thinks about a question, and by what that is divided here."""
STEPS = (50, 100, 200, 300, 400, 600, 800)
BEFORE = 8
"""Students who sit it before the clock runs, so that each server process has made such pages already."""
ENOUGH = 500.0
"""Milliseconds, of the 95th percentile."""
PORT = 8793
FOUND = 303


@dataclass(frozen=True)
class Seat:
    """A signed-in student: the cookie and a form token."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Run:
    """What a number of students measured; times are milliseconds. `lost` are acknowledged answers that are not kept."""

    students: int
    p50: float
    p95: float
    begin_p95: float
    rate: float
    failed: int
    lost: int
    processor: float
    """Seconds of the server processes for each student."""

    @property
    def is_carried(self) -> bool:
        """Whether so many students were served well."""
        return self.p95 < ENOUGH and not self.failed and not self.lost


def exam() -> Quiz:
    """Sixteen questions with one right option of four."""
    items = tuple(
        SingleItem(
            id=f"q{number}",
            type="single",
            outcome="LO1",
            difficulty="medium",
            stem_html=f"<p>Question {number}: which of these is the first thing to do at this place?</p>",
            options=tuple(option(f"{number}-{which}", correct=which == 0) for which in range(4)),
        )
        for number in range(QUESTIONS)
    )
    return Quiz(
        slug="check",
        title="An exam",
        summary="Sixteen questions.",
        language="en",
        module="basics",
        minutes=30,
        pass_rule=QuizPass(min_percent=75),
        outcomes=OUTCOMES,
        items=items,
    )


def build(settings: Settings, seats: int) -> list[Seat]:
    """A fresh database with the exam and so many students who are signed in."""
    database = Database(settings.database_url)
    schema.upgrade(database)
    app, at = create_app(settings), datetime.now(UTC)
    completion = Completion(quizzes=("check",))
    contents = (course("core", "Core course", ("basics",)), module("basics", "Basics", completion), exam())
    made = []
    with database.writing() as session:
        entries = tuple(Entry(content, {"file": "bench"}) for content in contents)
        publish(session, Library(entries=entries), by_id=None, at=at, note="")
        academy = add_academy(session, slug="bench", name="Bench Academy", nation="Nowhere", at=at)
        for number in range(seats):
            email = f"seat{number}@bench.example"
            person = Person(email=email, name=f"Student {number}", password_hash="none", created_at=at)
            session.add(person)
            session.flush()
            grant(session, person.id, academy.id, Role.STUDENT)
            enrol(session, person.id, academy.id, course="core", at=at)
            signed_in = begin_session(session, person.id, at=at)
            assert signed_in is not None
            made.append(Seat(*cookie_of(app, signed_in.token)))
    database.dispose()
    app.extensions["pme_renderer"].close()
    return made


def sit(seats: Sequence[Seat], database: Database, pid: int) -> Run:
    """Let all of them take the exam at once, but for the first few, who took it before."""
    early, seats = seats[:BEFORE], seats[BEFORE:]
    _, _, unready = _together(early)
    if unready:
        raise RuntimeError(unready[0])
    began, before = time.perf_counter(), processor(children(pid))
    times, begins, failed = _together(seats)
    seconds, used = time.perf_counter() - began, processor(children(pid)) - before
    for says in sorted(set(failed))[:3]:
        print(says, file=sys.stderr)
    with database.session() as session:
        kept = session.scalar(select(func.count()).select_from(Response)) or 0
        ended = select(func.count()).where(Attempt.status == AttemptStatus.FINISHED)
        finished = session.scalar(ended) or 0
    done = len(seats) - len(failed) + len(early)
    lost = done * QUESTIONS - kept + done - finished if not failed else 0
    every = [each * 1000 for each in times]
    return Run(
        students=len(seats),
        p50=quantiles(every, n=100)[49],
        p95=quantiles(every, n=100)[94],
        begin_p95=quantiles([each * 1000 for each in begins], n=100)[94],
        rate=len(times) / seconds,
        failed=len(failed),
        lost=max(0, lost),
        processor=used / len(seats),
    )


def _together(seats: Sequence[Seat]) -> tuple[list[float], list[float], list[str]]:
    """Seconds of all answers, seconds of the first of each, and what failed."""
    times: list[float] = []
    begins: list[float] = []
    failed: list[str] = []

    async def everybody() -> None:
        await asyncio.gather(
            *(_student(seat, number, times, begins, failed) for number, seat in enumerate(seats))
        )

    asyncio.run(everybody())
    return times, begins, failed


async def _student(
    seat: Seat, number: int, times: list[float], begins: list[float], failed: list[str]
) -> None:
    dice = Random(number)
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)

    async def ask(method: str, path: str, **form: str) -> tuple[int, str]:
        body = urlencode(form | {"csrf_token": seat.token}) if method == "POST" else ""
        began = time.perf_counter()
        writer.write(request(method, path, port=PORT, cookie=seat.cookie, body=body))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TIMEOUT)
        lines = head.decode("latin-1").split("\r\n")
        told = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)
        }
        await reader.readexactly(int(told.get("content-length", "0")))
        times.append(time.perf_counter() - began)
        return int(lines[0].split()[1]), urlsplit(told.get("location", "")).path

    try:
        status, place = await ask("POST", "/learn/core/basics/quiz/check")
        begins.append(times[-1])
        for _ in range(QUESTIONS):
            _expect(status, FOUND, place)
            status, further = await ask("GET", place)
            if status == FOUND:  # an attempt leads to the question where it stands
                place = further
                status, _ = await ask("GET", place)
            _expect(status, 200, place)
            await asyncio.sleep(dice.uniform(0.5, 1.5) * THINKS / SCALED)
            status, place = await ask("POST", place, answer=str(dice.randint(1, 4)))
        await ask("GET", place)
        status, place = await ask("POST", place.removesuffix("/check") + "/finish")
        _expect(status, FOUND, place)
    except (OSError, EOFError, TimeoutError, RuntimeError) as error:
        failed.append(f"{type(error).__name__}: {error}")
    finally:
        writer.close()


def _expect(status: int, wanted: int, place: str) -> None:
    if status != wanted:
        raise RuntimeError(f"{place} answered {status}")


def describe(kind: str, runs: Sequence[Run]) -> str:
    """The runs as lines, and the largest number that was carried."""
    lines = [
        (
            f"\nExam of {QUESTIONS} questions on {kind}, begun at once, {THINKS / SCALED:g} s of thinking "
            f"({THINKS:g} s divided by {SCALED}), two processes, four threads each, after {BEFORE} others:"
        ),
        f"{'students':>10}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'begin p95':>11}{'failed':>8}{'lost':>6}",
    ]
    lines += [
        f"{run.students:10}{run.rate:9.0f}{run.p50:9.0f}{run.p95:9.0f}{run.begin_p95:11.0f}{run.failed:8}{run.lost:6}"
        for run in runs
    ]
    carried = max((run.students for run in runs if run.is_carried), default=0)
    lines.append(
        f"Carried (p95 under {ENOUGH:g} ms, none lost): {carried} simulated students, whose requests are those of "
        f"about {carried * SCALED:,} who think {THINKS:g} s."
    )
    best = min(run.processor for run in runs)
    lines.append(
        f"A student takes {best * 1000:.0f} ms of the servers' processor at the best, of {QUESTIONS * THINKS / 60:g} "
        f"minutes: a core holds {QUESTIONS * THINKS / best:,.0f} of them (aim: 1,000)."
    )
    return "\n".join(lines)


def measure(kind: str, url: str, *, steps: Sequence[int] = STEPS) -> str:
    """Take the steps until one is not carried."""

    runs: list[Run] = []
    for students in steps:
        with tempfile.TemporaryDirectory(prefix="pme-exam-") as folder:
            own = url or f"sqlite:///{Path(folder) / 'exam.sqlite3'}"
            environment = {
                **os.environ,
                "PME_INSTANCE_DIR": folder,
                "PME_DATABASE_URL": own.format(students=students),
                "PME_SECRET_KEY": "bench" * 10,
                "PME_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
                "PME_WORKER": "off",
            }
            settings = Settings.from_environment(environment)
            seats = build(settings, BEFORE + students)
            database = Database(settings.database_url)
            with served("pme.upkeep:serving", PORT, environment) as pid:
                runs.append(sit(seats, database, pid))
            database.dispose()
        if not runs[-1].is_carried:
            break
    return describe(kind, runs)


def main() -> int:
    """On SQLite, and on PostgreSQL where PME_BENCH_EXAM_POSTGRESQL has an address with {students} in its database."""
    print(measure("SQLite", ""))
    if url := os.environ.get("PME_BENCH_EXAM_POSTGRESQL", ""):
        print(measure("PostgreSQL", url))
    return 0


if __name__ == "__main__":
    sys.exit(main())
