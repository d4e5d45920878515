"""What the quality page of a large quiz costs: 10,000 attempts x 20 questions, read and analysed.

Beside it, in the same process and run: the bare SELECT of the same rows, and numpy's mean and variance of
the same matrix. Run in a process of its own, so that its peak memory is its own: it prints one JSON object.
"""

import json
import sys
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from pme import schema
from pme.assessment.models import Attempt
from pme.assessment.statistics import analyse
from pme.assessment.statistics_content import mastery_lines
from pme.content.catalogue import Versioned, current
from pme.content.library import Entry, Library
from pme.content.publish import publish
from pme.content.shapes import Option, Outcome, Quiz, QuizPass, SingleItem
from pme.db import Database
from pme.people.service import add_academy
from pme.reports.quality import quiz_matrix
from tests.support.attempts import Class, enrol_many, sit_quiz

ATTEMPTS, QUESTIONS, ROUNDS = 10_000, 20, 5
BARE = """SELECT r.attempt_id, r.item, r.answer, r.confidence, r.seconds
FROM response r JOIN attempt a ON a.id = r.attempt_id WHERE a.course = 'bench' AND a.number = 1"""


def measure(attempts: int = ATTEMPTS, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Seconds of each round: bare SELECT, reading, analysing, both together by the wall's clock and by the
    processor's, numpy's mean and variance; and the peak memory in MB.
    """
    found: dict[str, list[float]] = {}
    with TemporaryDirectory(prefix="pme-bench-quality-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'quality.sqlite3'}")
        quiz = _prepared(database, attempts)
        for _ in range(rounds):
            _round(found, database, quiz)
        database.dispose()
    return found | {"megabytes": [_peak()]}


def describe(found: dict[str, list[float]]) -> str:
    """The figures as some lines of the bench."""
    told = {
        name: f"{median(times):.2f} s ({min(times):.2f}-{max(times):.2f})" for name, times in found.items()
    }
    bare = 1000 * median(found["numpy"])
    ratio = median(found["read"]) / median(found["select"])
    return (
        f"\nQuality of a quiz, {ATTEMPTS:,} attempts x {QUESTIONS} questions (medians and spread of {ROUNDS}):\n"
        f"reading {told['read']}, beside the bare SELECT {told['select']}, ratio {ratio:.1f};\n"
        f"analysing {told['analyse']}, beside numpy's mean and variance of the matrix {bare:.1f} ms;\n"
        f"together {told['together']}, of the processor {told['processor']}; "
        f"peak memory {found['megabytes'][0]:.0f} MB (aims: under 2 s and 300 MB)."
    )


def _round(found: dict[str, list[float]], database: Database, quiz: Versioned[Quiz]) -> None:
    def note(name: str, since: float) -> float:
        found.setdefault(name, []).append(perf_counter() - since)
        return perf_counter()

    with database.session() as session:
        began = perf_counter()
        deque(session.execute(text(BARE)), maxlen=0)
        note("select", began)
        began, busy = perf_counter(), process_time()
        matrix = quiz_matrix(session, Attempt.course == "bench", quiz.content, quiz.version_id)
    middle = note("read", began)
    analysis = analyse(matrix, mastery_lines(quiz.content))
    note("analyse", middle)
    note("together", began)
    found.setdefault("processor", []).append(process_time() - busy)
    began = perf_counter()
    np.mean(matrix.credits, axis=0), np.var(matrix.credits, axis=0)
    note("numpy", began)
    assert len(analysis.items) == QUESTIONS


def _prepared(database: Database, attempts: int) -> Versioned[Quiz]:
    schema.upgrade(database)
    at = datetime.now(UTC)
    with database.writing() as session:
        academy = add_academy(session, slug="bench", name="Bench Academy", nation="Nowhere", at=at)
        publish(session, Library(entries=(Entry(_quiz(), {"file": "bench"}),)), by_id=None, at=at, note="")
        together = Class(academy, "bench", "bench", at)
        quiz = current(session).quizzes_by_slug["bench"]
        for part in range(0, attempts, 1_000):
            _sit(session, quiz, together, part, min(1_000, attempts - part))
    return quiz


def _sit(session: Session, quiz: Versioned[Quiz], together: Class, part: int, number: int) -> None:
    enrolled = enrol_many(session, together, number, prefix=f"part{part}-")
    sit_quiz(session, quiz, together, enrolled, random=Random(part), confidence=True)


def _quiz() -> Quiz:
    outcomes = tuple(Outcome(id=name, text=name) for name in ("LO1", "LO2", "LO3", "LO4"))
    items = tuple(
        SingleItem(
            id=f"q{number}",
            type="single",
            outcome=outcomes[number % 4].id,
            difficulty="medium",
            stem_html=f"Question {number}",
            options=tuple(
                Option(id=letter, text_html=letter, correct=letter == "a", feedback_html="")
                for letter in "abcd"
            ),
        )
        for number in range(QUESTIONS)
    )
    return Quiz(
        slug="bench",
        title="Bench",
        summary="",
        language="en",
        module="bench",
        minutes=20,
        pass_rule=QuizPass(min_percent=70),
        outcomes=outcomes,
        items=items,
    )


def _peak() -> float:
    # Not ru_maxrss, which a process inherits from the larger one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()))
