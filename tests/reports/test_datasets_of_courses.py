"""Datasets of progress and of completions: who is where, what stands and stood, and what is due again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.expiry import due_by
from pme.certificates.service import issue
from pme.content.catalogue import current
from pme.enrolment.models import Enrolment
from pme.people.models import Academy, Person, Personnel
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind, ModuleCompletion
from pme.progress.models_requalify import CourseValidity
from pme.progress.validity import Term, set_validity
from pme.reports.datasets.filters import Filters, from_kept
from pme.reports.datasets.read import Reading, rows
from pme.reports.datasets.registry import DATASETS
from tests.reports.told import NOW, PEOPLE, enrolment, home_of, names, read, sit, told
from tests.support.cast import START
from tests.support.completed import Learner, bring


def test_progress_tells_who_waits_is_under_way_is_done_or_has_left(session: Session):
    bring(session, PEOPLE)
    read(session, "Eve", START + timedelta(days=2))
    attempt = sit(session, "Eve", START + timedelta(days=5))
    version = current(session).modules_by_slug["basics"].version_id
    for module in ("basics", "gone"):  # one that the course no longer asks for does not count
        session.add(
            ModuleCompletion(
                enrolment_id=attempt.enrolment_id, module=module, version_id=version, completed_at=START
            )
        )
    session.flush()
    told_of = {row["name"]: row for row in told(session, "progress")}
    statuses = {name: row["status"] for name, row in told_of.items()}
    assert statuses == {
        "Ana": "completed",
        "Ben": "completed",
        "Cai": "completed",
        "Dor": "completed",
        "Eve": "under way",
        "Far": "withdrawn",
        "Adams Person": "waiting",
        "Baker Person": "waiting",
    }
    eve = told_of["Eve"]
    assert (eve["modules_done"], eve["modules"], eve["percent_done"]) == (1, 2, 50.0)
    assert eve["last_active_at"] == START + timedelta(days=5)
    assert told_of["Adams Person"]["percent_done"] == 0.0
    assert told_of["Ana"]["percent_done"] == 100.0
    for status in ("waiting", "under way", "completed", "withdrawn"):
        left = [name for name, its in statuses.items() if its == status]
        assert sorted(names(session, "progress", status=status)) == sorted(left)
    reading = Reading(session, DATASETS["progress"], home_of(session), at=NOW)
    assert reading.count() == len(statuses)


def happened(session: Session, name: str, kind: EventKind, percent: float, at: datetime = START) -> None:
    """Something more happened to a completion."""
    session.add(
        CompletionEvent(
            academy_id=home_of(session),
            enrolment_id=enrolment(session, name).id,
            course="core",
            kind=kind,
            percent=percent,
            reason="It was an error.",
            at=at,
        )
    )
    session.flush()


def test_completions_are_told_as_they_stand_now_and_as_they_were(session: Session):
    bring(session, PEOPLE)
    happened(session, "Ana", EventKind.AMENDED, 85)
    happened(session, "Ben", EventKind.REVOKED, 90)
    ana, ben, *_ = told(session, "completions")
    assert (ana["percent"], ana["percent_on_the_day"], ana["status"]) == (85, 80, "in force")
    assert (ben["percent"], ben["status"]) == (90, "revoked")
    assert names(session, status="revoked") == ["Ben"]
    assert names(session, "progress", status="revoked") == ["Ben"]


def test_recertification_is_due_by_the_calendar(session: Session):
    bring(session, [*PEOPLE, Learner("End", after=29)])  # 31 March; February has no such day
    evans = session.scalars(select(Person.id).where(Person.email == "evans@home.example")).one()
    academy = home_of(session)
    session.add(CourseValidity(academy_id=academy, course="core", months=11, set_by=evans, set_at=START))
    session.flush()
    said = [
        (row["name"], row["valid_until"], row["days_left"], row["status"]) for row in due(session, 2027, 1, 1)
    ]
    assert said == [
        ("Ana", date(2027, 2, 3), 33, "due"),
        ("Ben", date(2027, 2, 4), 34, "due"),
        ("Cai", date(2027, 2, 5), 35, "due"),
        ("End", date(2027, 2, 28), 58, "due"),
    ]
    assert {row["status"] for row in due(session, 2027, 3, 1)} == {"overdue"}
    assert {row["status"] for row in due(session, 2026, 4, 1)} == {"valid"}
    assert [row["status"] for row in due(session, 2027, 2, 3)][:2] == ["due", "due"]  # the last day counts
    renewed = datetime(2027, 1, 15, tzinfo=UTC)
    happened(session, "Ana", EventKind.REQUALIFIED, 80, renewed)
    assert [row["name"] for row in due(session, 2027, 3, 1, status="overdue")] == ["Ben", "Cai", "End"]
    assert [row["name"] for row in due(session, 2027, 3, 1, until=date(2027, 2, 4))] == ["Ben"]
    happened(session, "Ben", EventKind.REVOKED, 90)
    assert "Ben" not in {row["name"] for row in due(session, 2027, 3, 1)}


def test_recertification_tells_what_expires_within_some_days_by_certificate_or_fixed_day(session: Session):
    bring(session, PEOPLE)
    evans = session.scalars(select(Person.id).where(Person.email == "evans@home.example")).one()
    academy = home_of(session)
    set_validity(session, academy, "core", Term(2), by=evans, at=START)
    number = certify(session, "Ana")  # and this certificate keeps the day that it says
    fixed = Term(month=6, day=3)  # 91 days after Ben completed, 90 after Cai
    set_validity(session, academy, "core", fixed, by=evans, at=START)
    said = {row["name"]: (row["valid_until"], row["certificate"]) for row in due(session, 2026, 4, 3)}
    assert said == {
        "Ana": (date(2026, 5, 3), number),
        "Ben": (date(2026, 6, 3), None),
        "Cai": (date(2027, 6, 3), None),
    }
    assert due(session, 2026, 4, 3, within=29) == []
    assert [row["name"] for row in due(session, 2026, 4, 3, within=30)] == ["Ana"]
    assert [row["name"] for row in due(session, 2026, 4, 3, within=61)] == ["Ana", "Ben"]
    assert [row["name"] for row in due(session, 2026, 5, 4, within=61)] == ["Ben"]  # Ana's is over
    found = [(each.enrolment_id, each.valid_until) for each in due_by(session, academy, by=date(2027, 6, 3))]
    assert [day for _, day in found] == [date(2026, 5, 3), date(2026, 6, 3), date(2027, 6, 3)]
    assert [day for _, day in found] == sorted(day for day, _ in said.values())
    assert due_by(session, academy + 1, by=date.max) == []
    assert from_kept(Filters(within=30).kept()) == Filters(within=30)


def certify(session: Session, name: str) -> str:
    """Issue the certificate of somebody who completed the core course; gives its number."""
    completion, person = session.execute(
        select(CourseCompletion, Person)
        .join(Enrolment, Enrolment.id == CourseCompletion.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Personnel, Personnel.person_id == Person.id)
        .where(Personnel.name == name)
    ).one()
    academy = session.get_one(Academy, completion.academy_id)
    course = current(session).courses_by_slug["core"]
    return issue(session, completion, course, person=person, academy=academy, at=START).number


def due(session: Session, *day: int, **narrowed: Any) -> list[dict[str, Any]]:
    """Whose recertification is due, as seen on a day."""
    at = datetime(*day, 12, tzinfo=UTC)  # type: ignore[arg-type, misc]
    found = rows(session, "recertification", home_of(session), Filters(**narrowed), at=at)
    return [dict(zip(DATASETS["recertification"].shape.keys, row, strict=True)) for row in found]
