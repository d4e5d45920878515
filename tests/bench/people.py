"""A SQLite database with so many people who completed a course, written by SQLite itself in some seconds.

For measuring; never part of the product. Names are made of numbers, places are invented.
"""

import sys
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pme import schema
from pme.content.library import Entry, Library
from pme.content.models import ContentVersion
from pme.content.publish import publish
from pme.content.shapes import Completion
from pme.db import Database
from pme.enrolment.models import Cohort
from pme.people.service import add_academy
from tests.support.library import course, module

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
UNITS, COHORTS = 20, 50
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :people)"
AT_ONCE = "'2026-01-05 08:00:00.000000'"
STATEMENTS = (
    f"""INSERT INTO person (id, email, name, rank, password_hash, created_at) {NUMBERS}
    SELECT n, 'person' || n || '@bench.example', 'Person ' || n, 'Captain', 'none', {AT_ONCE} FROM numbers""",
    f"""INSERT INTO personnel (person_id, academy_id, name, rank, nation, service, unit, external_id) {NUMBERS}
    SELECT n, :academy, 'Person ' || n, 'Captain', 'Nowhere',
        CASE n % 3 WHEN 0 THEN 'Army' WHEN 1 THEN 'Navy' ELSE 'Air Force' END,
        (n % {UNITS} + 1) || ' Battalion', printf('N%08d', n) FROM numbers""",
    f"""INSERT INTO enrolment (id, person_id, academy_id, course, cohort_id, status, enrolled_at) {NUMBERS}
    SELECT n, n, :academy, 'core', n % {COHORTS} + 1, 'active', {AT_ONCE} FROM numbers""",
    f"""INSERT INTO course_completion (enrolment_id, academy_id, course, version_id, percent, completed_at) {NUMBERS}
    SELECT n, :academy, 'core', :version, 70.0 + n % 31,
        strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-05 08:00:00', (n * 7919 % 20000000) || ' seconds')
        FROM numbers""",
    f"""INSERT INTO certificate (enrolment_id, person_id, academy_id, number, code, holder_name, holder_rank,
        academy_name, academy_nation, course, course_title, course_sha256, certificate_title, statement, outcomes,
        hours, percent, language, signatories, issued_on, issued_at, status_list, status_index, cause, reason, is_demo,
        edition, edition_sha256, frameworks, earned_on) {NUMBERS}
    SELECT n, n, :academy, printf('BENCH-2026-%08d', n), printf('code%016d', n), 'Person ' || n, 'Captain',
        'Bench Academy', 'Nowhere', 'core', 'Core course', '', 'Certificate', 'has completed', '[]',
        2.5, 80.0, 'en', '[]', '2026-01-05', {AT_ONCE}, n / 100000 + 1, n % 100000, 'earned', '', 0,
        '1', '', '[]', '2026-01-05' FROM numbers""",
)
"""In the order of what refers to what; the columns that are not named have what their tables give them."""


def build(database: Database, people: int) -> int:
    """Fill a new database; gives the id of its academy."""
    schema.upgrade(database)
    with database.writing() as session:
        academy = add_academy(session, slug="bench", name="Bench Academy", nation="Nowhere", at=AT).id
        contents = (course("core", "Core course", ("basics",)), module("basics", "Basics", Completion()))
        entries = tuple(Entry(content, {"file": "bench"}) for content in contents)
        publish(session, Library(entries=entries), by_id=None, at=AT, note="")
        version = session.scalars(select(ContentVersion.id).where(ContentVersion.slug == "core")).one()
        session.add_all(
            Cohort(academy_id=academy, course="core", name=f"Class {number}", created_at=AT)
            for number in range(COHORTS)
        )
        session.flush()
        for statement in STATEMENTS:
            _run(session, statement, people=people, academy=academy, version=version)
    return academy


def _run(session: Session, statement: str, **known: int) -> None:
    named = {name: value for name, value in known.items() if f":{name}" in statement}
    session.execute(text(statement), named)


if __name__ == "__main__":
    build(Database(sys.argv[1]), int(sys.argv[2]))
