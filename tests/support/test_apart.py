"""The hook that keeps academies apart in every test: what it lets pass, what it notices, and that it does so."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.enrolment.models import Cohort
from pme.enrolment.queries import find_cohort
from pme.marking import queries
from pme.marking.models import Script
from tests.support import apart
from tests.support.apart_exceptions import EXCEPTIONS

NAMED = """
SELECT attempt.id FROM attempt WHERE attempt.academy_id = ? AND attempt.id = ?
SELECT a.id FROM attempt AS a JOIN enrolment e ON e.id = a.enrolment_id WHERE e.academy_id = %(x)s::INTEGER
SELECT response.item FROM response WHERE response.attempt_id IN (?, ?)
SELECT response.item FROM response JOIN attempt ON attempt.id = response.attempt_id WHERE attempt.academy_id = ?
SELECT enrolment.id FROM enrolment JOIN academy ON academy.id = enrolment.academy_id WHERE academy.slug = ?
SELECT person.id FROM person WHERE person.id = ? AND EXISTS (SELECT 1 FROM membership WHERE membership.academy_id = ?)
SELECT c.id FROM cohort c WHERE c.academy_id = ? AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.cohort_id = c.id)
UPDATE attempt SET status = ? WHERE attempt.academy_id = ? AND attempt.id = ?
DELETE FROM extension WHERE extension.enrolment_id IN (SELECT e.id FROM enrolment e WHERE e.academy_id = ?)
SELECT job.id FROM job WHERE job.academy_id IS NULL
SELECT extract(year FROM x.at) FROM (SELECT cohort.created_at AS at FROM cohort WHERE cohort.academy_id = ?) AS x
INSERT INTO attempt (academy_id, number) VALUES (?, ?) ON CONFLICT (academy_id) DO UPDATE SET number = excluded.number
"""
UNNAMED = """
attempt    | SELECT attempt.academy_id FROM attempt WHERE attempt.id = ?
attempt    | UPDATE attempt SET academy_id = ? WHERE attempt.id = ?
attempt    | DELETE FROM attempt WHERE attempt.person_id = ?
response   | SELECT response.item FROM response WHERE response.id = ?
membership | SELECT m.id FROM membership m JOIN person p ON p.id = m.person_id WHERE p.email = ?
membership | SELECT e.id FROM enrolment e JOIN membership ON membership.person_id = e.person_id WHERE e.academy_id = ?
cohort     | SELECT person.id FROM person WHERE person.id IN (SELECT cohort.id FROM cohort)
enrolment  | SELECT a.id FROM attempt a WHERE a.academy_id = ? UNION SELECT e.id FROM enrolment e WHERE e.course = ?
attempt    | WITH x AS (SELECT attempt.id AS id FROM attempt WHERE attempt.slug = ?) SELECT x.id FROM x
enrolment  | DELETE FROM extension WHERE extension.enrolment_id IN (SELECT e.id FROM enrolment e WHERE e.person_id = ?)
cohort     | SELECT cohort.id FROM cohort WHERE cohort.academy_id != ? FOR UPDATE
"""


@pytest.mark.parametrize("statement", NAMED.strip().splitlines())
def test_a_statement_that_names_its_academy_passes(statement: str):
    assert apart.unnamed(statement) == ()


@pytest.mark.parametrize("line", UNNAMED.strip().splitlines())
def test_a_statement_that_does_not_is_noticed(line: str):
    table, _, statement = line.partition("|")
    assert apart.unnamed(statement.strip()) == (table.strip(),)


@pytest.mark.database("sqlite")
def test_what_the_application_sends_is_noticed_and_what_the_test_sends_is_not(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    find_cohort(session, 1, "core", "Spring")
    session.execute(select(Script))
    assert apart.NOTICED == []
    forgetful = SimpleNamespace(id=Cohort.id, name=Cohort.name, course=Cohort.course, academy_id=Cohort.id)
    monkeypatch.setattr(queries, "Cohort", forgetful)  # never the class itself: its tables would stay so
    queries.cohort_name(session, queries.Group(1, "core", "check", 1))
    (noticed,) = apart.NOTICED
    assert (noticed.sender, noticed.tables) == ("pme.marking.queries:cohort_name", ("cohort",))
    apart.NOTICED.clear()


def test_every_exception_has_its_reason_and_is_there():
    for name, reason in EXCEPTIONS.items():
        module, _, function = name.partition(":")
        path = apart.ROOT / f"{module.replace('.', '/')}.py"
        assert reason
        assert f"def {function.rpartition('.')[2]}" in path.read_text(encoding="utf-8"), name
