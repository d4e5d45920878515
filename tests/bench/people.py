"""A database with so many people who completed a course, written by the thousand in some seconds.

For measuring; never part of the product. Names are made of numbers, places are invented.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from pme import schema
from pme.certificates.models import Certificate
from pme.content.library import Entry, Library
from pme.content.models import ContentVersion
from pme.content.publish import publish
from pme.content.shapes import Completion
from pme.db import Base, Database
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Person, Personnel
from pme.people.service import add_academy
from pme.progress.models import CourseCompletion
from tests.support.library import course, module

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PART = 10_000
UNITS = tuple(f"{number} Battalion" for number in range(1, 21))
SERVICES = ("Army", "Navy", "Air Force")


def build(database: Database, people: int) -> int:
    """Fill a new database; gives the id of its academy."""
    schema.upgrade(database)
    with database.writing() as session:
        academy = add_academy(session, slug="bench", name="Bench Academy", nation="Nowhere", at=AT).id
        contents = (course("core", "Core course", ("basics",)), module("basics", "Basics", Completion()))
        entries = tuple(Entry(content, {"file": "bench"}) for content in contents)
        publish(session, Library(entries=entries), by_id=None, at=AT, note="")
        version = session.scalars(select(ContentVersion.id).where(ContentVersion.slug == "core")).one()
        cohorts = [
            Cohort(academy_id=academy, course="core", name=f"Class {number}", created_at=AT)
            for number in range(50)
        ]
        session.add_all(cohorts)
        session.flush()
        ids = [cohort.id for cohort in cohorts]
        for first in range(1, people + 1, PART):
            numbers = range(first, min(first + PART, people + 1))
            for model, rows in _rows(numbers, academy, version, ids):
                session.connection().execute(insert(model.__table__), rows)  # type: ignore[arg-type]
    return academy


def _rows(
    numbers: range, academy: int, version: int, cohorts: list[int]
) -> Iterator[tuple[type[Base], list[dict[str, Any]]]]:
    yield (
        Person,
        [
            {
                "id": n,
                "email": f"person{n}@bench.example",
                "name": f"Person {n}",
                "rank": "Captain",
                "password_hash": "none",
                "created_at": AT,
            }
            for n in numbers
        ],
    )
    yield (
        Personnel,
        [
            {
                "person_id": n,
                "academy_id": academy,
                "name": f"Person {n}",
                "rank": "Captain",
                "nation": "Nowhere",
                "service": SERVICES[n % 3],
                "unit": UNITS[n % len(UNITS)],
                "external_id": f"N{n:08}",
            }
            for n in numbers
        ],
    )
    yield (
        Enrolment,
        [
            {
                "id": n,
                "person_id": n,
                "academy_id": academy,
                "course": "core",
                "cohort_id": cohorts[n % len(cohorts)],
                "status": "active",
                "enrolled_at": AT,
            }
            for n in numbers
        ],
    )
    yield (
        CourseCompletion,
        [
            {
                "enrolment_id": n,
                "academy_id": academy,
                "course": "core",
                "version_id": version,
                "percent": 70.0 + n % 31,
                "completed_at": AT + timedelta(seconds=n * 7919 % 20_000_000),
            }
            for n in numbers
        ],
    )
    yield Certificate, [_certificate(n, academy) for n in numbers]


def _certificate(n: int, academy: int) -> dict[str, Any]:
    return {
        "enrolment_id": n,
        "person_id": n,
        "academy_id": academy,
        "number": f"BENCH-2026-{n:08}",
        "code": f"code{n:016}",
        "holder_name": f"Person {n}",
        "holder_rank": "Captain",
        "academy_name": "Bench Academy",
        "academy_nation": "Nowhere",
        "course": "core",
        "course_title": "Core course",
        "course_sha256": "0" * 64,
        "certificate_title": "Certificate",
        "statement": "has completed",
        "outcomes": [],
        "hours": 2.5,
        "percent": 80.0,
        "language": "en",
        "signatories": [],
        "issued_on": AT.date(),
        "issued_at": AT,
    }


if __name__ == "__main__":
    build(Database(sys.argv[1]), int(sys.argv[2]))
