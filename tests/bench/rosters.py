"""What a spreadsheet of 10,000 people costs: looked through, carried out, and looked through again.

Half of them are known and come with another unit, half are new and are enrolled. Run in a process of its own: it
prints one JSON object, with seconds by the clock and of the processor.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TypeVar

from sqlalchemy import text

from pme.db import Database
from pme.people.memberships import By
from pme.people.models import Role
from pme.rosters.carrying_out import carry_out
from pme.rosters.service import looked_through, take
from tests.bench import people

KNOWN, NEW = 5_000, 5_000
TITLES = {"core": "Core course"}
MEMBERS = """INSERT INTO membership (person_id, academy_id, role, standing)
SELECT id, :academy, 'student', 'active' FROM person"""
OFFERED = "INSERT INTO academy_course (academy_id, course, chosen_at, takes_requests) VALUES (:academy, 'core', :at, 1)"
Figures = dict[str, float]
T = TypeVar("T")


def measure() -> dict[str, Figures]:
    """Seconds of each step."""
    found: dict[str, Figures] = {}
    with TemporaryDirectory(prefix="pme-bench-rosters-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'rosters.sqlite3'}")
        academy = people.build(database, KNOWN)
        with database.writing() as session:
            session.execute(text(MEMBERS), {"academy": academy})
            session.execute(
                text(OFFERED), {"academy": academy, "at": people.AT.strftime("%Y-%m-%d %H:%M:%S.%f")}
            )
        by = By(1, frozenset((Role.REGISTRAR,)), people.AT)
        table = _table()

        def look() -> int:
            with database.writing() as session:
                roster = take(
                    session, academy, by, table=table, titles=TITLES, name="people.csv", sha256="0" * 64
                )
                return roster.counts["problems"] + roster.counts["create"] + roster.counts["update"]

        def carry() -> int:
            with database.writing() as session:
                _, planned = looked_through(session, academy, by, table=table, titles=TITLES)
                return len(carry_out(session, academy, planned.changes, by))

        for name, act, expected in (
            ("dry run", look, KNOWN + NEW),
            ("carried out", carry, NEW),
            ("again", look, 0),
        ):
            done, found[name] = _timed(act)
            assert done == expected, (name, done)
        database.dispose()
    return found


def describe(found: dict[str, Figures]) -> str:
    """The figures as a line of the bench."""
    told = ", ".join(
        f"{name} {one['seconds']:.1f} s ({one['cpu']:.1f} s of processor)" for name, one in found.items()
    )
    return f"\nSpreadsheet of {KNOWN + NEW:,} people, {NEW:,} of them new: {told}."


def _table() -> list[list[str]]:
    known = [
        [f"person{n}@bench.example", f"Person {n}", "Moved Battalion", "", ""] for n in range(1, KNOWN + 1)
    ]
    new = [[f"new{n}@bench.example", f"New {n}", "Fresh Battalion", "core", "Class 1"] for n in range(NEW)]
    return [["email", "name", "unit", "course", "cohort"], *known, *new]


def _timed(act: Callable[[], T]) -> tuple[T, Figures]:
    began, cpu = perf_counter(), process_time()
    done = act()
    return done, {"seconds": perf_counter() - began, "cpu": process_time() - cpu}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()))
