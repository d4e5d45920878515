"""Activity by weeks is what the acts themselves come to, whatever was written, changed, moved or erased meanwhile."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from pme import schema
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Personnel
from pme.privacy.classes import Kept
from pme.privacy.erasing import erase
from pme.progress.models import PageRead
from pme.progress.models_acts import ActsOfDay
from pme.progress.service import mark_read
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import Reading
from pme.reports.datasets.registry import DATASETS
from pme.scope import everywhere
from pme.stores.folder import Folder
from tests.support.cast import AWAY, HOME, START
from tests.support.completed import Learner, bring
from tests.support.people import academy_id_of, id_of

NOW = START + timedelta(days=70)
LEARNERS = [
    Learner(
        f"Learner {n}",
        unit=("1st", "2nd", "")[n % 3],
        cohort=("Spring", "Autumn", "", "Autumn")[n % 4],
        course=("core", "other")[n % 5 == 4],
        after=None,
    )
    for n in range(10)
]
Weeks = Mapping[tuple[int, date], tuple[int, int, int]]
"""By person and the Monday of a week: pages read, tasks begun, tasks finished."""


def moment(random: Random) -> datetime:
    """Some moment of eight weeks, often within seconds of midnight in UTC."""
    at = START + timedelta(days=random.randrange(56))
    if random.random() < 0.5:
        return at + timedelta(seconds=random.randrange(86_400))
    return datetime(at.year, at.month, at.day, tzinfo=UTC) + timedelta(seconds=random.choice((-1, 0, 1)))


def act(session: Session, ids: list[int], random: Random) -> None:
    """Something is done, changed or taken away."""
    enrolment = session.get_one(Enrolment, random.choice(ids))
    module = current(session).modules_by_slug["basics"]
    attempts = select(Attempt.id).where(Attempt.enrolment_id == enrolment.id).order_by(Attempt.id)
    known = session.scalars(attempts).all()
    some = random.choice(known) if known else None
    match random.randrange(9):
        case 0 | 1 | 2:
            mark_read(session, enrolment, module, page=f"page{random.randrange(30)}", at=moment(random))
        case 3 | 4:
            begin(session, enrolment, len(known), random)
        case 5:
            ended = {
                "finished_at": moment(random),
                "status": AttemptStatus.FINISHED,
                "percent": 80.0,
                "is_passed": True,
            }
            session.execute(update(Attempt).where(Attempt.id == some).values(ended))
        case 6:
            session.execute(update(Attempt).where(Attempt.id == some).values(started_at=moment(random)))
        case 7:
            session.execute(delete(Attempt).where(Attempt.id == some))
        case _:
            first = (
                select(PageRead.id)
                .where(PageRead.enrolment_id == enrolment.id)
                .order_by(PageRead.id)
                .limit(1)
            )
            session.execute(delete(PageRead).where(PageRead.id == first.scalar_subquery()))


def begin(session: Session, enrolment: Enrolment, number: int, random: Random) -> None:
    """An attempt that is begun, or a whole one."""
    is_whole = random.random() < 0.5
    session.add(
        Attempt(
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            academy_id=enrolment.academy_id,
            task=Task.QUIZ,
            course=enrolment.course,
            module="basics",
            slug=f"quiz{number}-{random.randrange(10**9)}",
            version_id=current(session).quizzes_by_slug["check"].version_id,
            number=1,
            status=AttemptStatus.FINISHED if is_whole else AttemptStatus.OPEN,
            started_at=moment(random),
            finished_at=moment(random) if is_whole else None,
            percent=50.0 if is_whole else None,
            is_passed=False if is_whole else None,
        )
    )
    session.flush()


def acts(session: Session, academy_id: int, filters: Filters) -> Weeks:
    """The weeks worked out from every act, in Python, without the counts."""
    wanted = session.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.course, Enrolment.cohort_id, Personnel.unit)
        .join(Personnel, Personnel.person_id == Enrolment.person_id)
        .where(Enrolment.academy_id == academy_id, Personnel.academy_id == academy_id)
    )
    people = {
        row.id: row.person_id
        for row in wanted
        if (not filters.unit or row.unit == filters.unit)
        and (not filters.cohort or row.cohort_id == filters.cohort)
        and (not filters.courses or row.course in filters.courses)
    }
    found: dict[int, Counter[tuple[int, date]]] = {place: Counter() for place in range(3)}

    def count(place: int, enrolment_id: int, at: datetime | None) -> None:
        if at is None or enrolment_id not in people:
            return
        day = at.astimezone(UTC).date()
        if (filters.since and day < filters.since) or (filters.until and day > filters.until):
            return
        found[place][people[enrolment_id], day - timedelta(days=day.weekday())] += 1

    with everywhere(session):
        for page in session.execute(select(PageRead.enrolment_id, PageRead.read_at)):
            count(0, page.enrolment_id, page.read_at)
        for one in session.execute(
            select(Attempt.enrolment_id, Attempt.started_at, Attempt.finished_at, Attempt.status)
        ):
            count(1, one.enrolment_id, one.started_at)
            count(2, one.enrolment_id, one.finished_at if one.status is AttemptStatus.FINISHED else None)
    keys = {key for each in found.values() for key in each}
    return {key: (found[0][key], found[1][key], found[2][key]) for key in keys}


def told(session: Session, academy_id: int, filters: Filters) -> Weeks:
    """The weeks as the report tells them, all of its ways to count agreeing."""
    reading = Reading(session, DATASETS["activity"], academy_id, filters, at=NOW)
    keys = reading.shape.keys
    rows: list[dict[str, Any]]
    chart = reading.chart()
    rows = [dict(zip(keys, row, strict=True)) for row in reading.rows()]
    paged = [
        dict(zip(keys, row, strict=True))
        for skip in range(0, len(rows) + 1, 7)
        for row in reading.rows(skip=skip, at_most=7)
    ]
    assert paged == rows
    assert (
        reading.count()
        == len(rows)
        == Reading(session, DATASETS["activity"], academy_id, filters, at=NOW).count()
    )
    weeks: Counter[str] = Counter({str(row["week"]): 0 for row in rows})
    for week, _person in {(row["week"], row["person"]) for row in rows}:
        weeks[str(week)] += 1
    assert {bar.label: bar.value for bar in chart.bars if bar.value} == weeks if chart else not rows
    found: dict[tuple[int, date], tuple[int, int, int]] = {}
    for row in rows:
        was = found.get((row["person"], row["week"]), (0, 0, 0))
        now = (row["pages_read"], row["tasks_begun"], row["tasks_finished"])
        found[row["person"], row["week"]] = (was[0] + now[0], was[1] + now[1], was[2] + now[2])
    return found


def narrowings(session: Session, academy_id: int) -> list[dict[str, Any]]:
    cohort = session.scalars(
        select(Cohort.id).where(Cohort.academy_id == academy_id, Cohort.name == "Autumn")
    ).first()
    return [
        {},
        {"unit": "1st"},
        {"cohort": cohort},
        {"courses": ("other",)},
        {"courses": ("core",), "unit": "2nd"},
        {"since": date(2026, 3, 11)},
        {"since": date(2026, 3, 12), "until": date(2026, 4, 2)},
        {"since": date(2026, 3, 12), "until": date(2026, 3, 12), "cohort": cohort},
    ]


def compare(session: Session) -> int:
    """Every academy, whole and narrowed; tells how many weeks there were."""
    seen = 0
    for slug in (HOME, AWAY):
        academy_id = academy_id_of(session, slug)
        for narrowed in narrowings(session, academy_id):
            filters = Filters(**narrowed)
            expected = acts(session, academy_id, filters)
            assert told(session, academy_id, filters) == expected, (slug, narrowed)
            seen += len(expected)
    return seen


@pytest.mark.parametrize("seed", range(3))
def test_counts_of_days_are_what_the_acts_come_to(session: Session, seed: int):
    random = Random(seed)
    ids = bring(session, LEARNERS) + bring(session, LEARNERS, academy=AWAY)
    for number in range(240):
        act(session, ids, random)
        if number == 120:  # people who are moved take what they did along
            session.execute(update(Enrolment).where(Enrolment.id.in_(ids[:3])).values(cohort_id=None))
            assert compare(session) > 50
    assert compare(session) > 50


def test_whoever_is_erased_leaves_no_count_of_what_went(session: Session, tmp_path: Path):
    random = Random(7)
    ids = bring(session, LEARNERS)
    for _ in range(150):
        act(session, ids, random)
    gone = session.get_one(Enrolment, ids[0])
    for number in range(3):
        mark_read(session, gone, current(session).modules_by_slug["basics"], page=f"more{number}", at=START)
    begin(session, gone, 0, random)
    before = session.scalars(select(ActsOfDay.pages).where(ActsOfDay.enrolment_id == gone.id)).all()
    assert sum(before) >= 3
    for stays in (frozenset({Kept.RESULTS, Kept.COMPLETIONS}), frozenset({Kept.COMPLETIONS})):
        who = session.get_one(Enrolment, ids[0] if Kept.RESULTS in stays else ids[1])
        mark_read(session, who, current(session).modules_by_slug["basics"], page="last", at=START)
        begin(session, who, 0, random)
        who_id, academy_id, by = who.id, who.academy_id, id_of(session, "evans")
        erase(session, academy_id, who.person_id, stays=stays, by=by, at=NOW, store=Folder(tmp_path))
        left = session.execute(
            select(ActsOfDay.pages, ActsOfDay.begun).where(ActsOfDay.enrolment_id == who_id)
        ).all()
        assert sum(row.pages for row in left) == 0
        assert (sum(row.begun for row in left) > 0) == (Kept.RESULTS in stays)
        assert compare_days(session)


def compare_days(session: Session) -> bool:
    """The counts day by day, of every enrolment: no row for a day without an act."""
    kept = {
        (row.enrolment_id, row.day): (row.pages, row.begun, row.finished)
        for row in session.execute(select(ActsOfDay.__table__))
    }
    found: dict[tuple[int, date], list[int]] = {}
    for page in session.execute(select(PageRead.enrolment_id, PageRead.read_at)):
        found.setdefault((page.enrolment_id, page.read_at.date()), [0, 0, 0])[0] += 1
    for one in session.scalars(select(Attempt)):
        found.setdefault((one.enrolment_id, one.started_at.date()), [0, 0, 0])[1] += 1
        if one.status is AttemptStatus.FINISHED and one.finished_at:
            found.setdefault((one.enrolment_id, one.finished_at.date()), [0, 0, 0])[2] += 1
    assert kept == {key: tuple(numbers) for key, numbers in found.items()}
    return bool(kept)


def test_what_was_done_before_the_counts_were_kept_is_counted_by_their_migration(database: Database):
    random = Random(11)
    with database.writing() as session, everywhere(session):
        ids = bring(session, LEARNERS) + bring(session, LEARNERS, academy=AWAY)
        for _ in range(150):
            act(session, ids, random)
        rows = session.execute(
            select(ActsOfDay.__table__).order_by(ActsOfDay.enrolment_id, ActsOfDay.day)
        ).all()
    assert len(rows) > 50
    schema.downgrade(database, to="0049")
    with database.writing() as session, everywhere(session):  # nobody counts
        act_of = "UPDATE page_read SET read_at = read_at WHERE id = (SELECT min(id) FROM page_read)"
        session.execute(text(act_of))
    schema.upgrade(database)
    with database.session() as session, everywhere(session):
        anew = session.execute(
            select(ActsOfDay.__table__).order_by(ActsOfDay.enrolment_id, ActsOfDay.day)
        ).all()
        assert anew == rows
        assert compare(session) > 50
