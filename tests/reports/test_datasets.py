"""What the datasets tell: the rows of one academy, narrowed, in order, under columns that never change."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.levels import Level
from pme.assessment.models import Attempt
from pme.assessment.models_regrade import Revision
from pme.assessment.service import begin
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.people.models import Academy, Person
from pme.progress.models_requalify import CourseValidity
from pme.reports.datasets.filters import Filters, from_kept
from pme.reports.datasets.read import Reading, rows
from pme.reports.datasets.registry import DATASETS
from tests.reports.told import NOW, PEOPLE, enrolment, home_of, names, read, sit, told
from tests.support.attempts import Class, enrol_many, sit_quiz
from tests.support.belongings import give, take
from tests.support.cast import AWAY, HOME, START
from tests.support.completed import Learner, bring

GOLDEN = Path(__file__).with_name("columns.txt")


def test_the_columns_of_every_dataset_are_those_that_were_promised():
    """A promise to whoever reads the files: raise the version of a dataset when this file has to change."""
    said = "".join(
        f"{shape.name} {shape.version}\n"
        + "".join(
            f"  {column.key}: {column.kind}{', may lack' * column.may_lack}\n" for column in shape.columns
        )
        for shape in (dataset.shape for dataset in DATASETS.values())
    )
    assert said == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DATASETS)
def test_every_column_is_explained_and_its_key_is_fit_for_a_file(name: str):
    shape = DATASETS[name].shape
    assert len(set(shape.keys)) == len(shape.columns)
    assert all(key.replace("_", "").isalpha() and key.islower() for key in shape.keys)
    assert all(column.means.endswith(".") and column.title for column in shape.columns)
    assert shape.column(shape.sort.removeprefix("-"))


def test_completions_are_told_as_the_academy_knows_its_people(session: Session):
    bring(session, PEOPLE)
    bring(session, [Learner("Gil")], academy=AWAY)
    assert names(session) == ["Ana", "Ben", "Cai", "Dor"]
    row = told(session, "completions")[2]
    assert row | {"record": 0, "person": 0, "version": ""} == {
        "record": 0,
        "person": 0,
        "name": "Cai",
        "rank": None,
        "nation": "Nowhere",
        "service": "Navy",
        "unit": "1st",
        "email": "learner2@home.example",
        "external_id": "X-3",
        "course": "core",
        "course_title": "Core course",
        "edition": None,
        "version": "",
        "cohort": None,
        "enrolled_at": START,
        "completed_at": START + timedelta(days=3),
        "percent": 75.0,
        "percent_on_the_day": 75.0,
        "status": "in force",
        "certificate": None,
    }
    assert current(session).courses_by_slug["core"].sha256.startswith(row["version"])


@pytest.mark.parametrize(
    ("narrowed", "left"),
    [
        ({"courses": ("other",)}, ["Dor"]),
        ({"courses": ("core", "other")}, ["Ana", "Ben", "Cai", "Dor"]),
        ({"unit": "1st"}, ["Ana", "Cai"]),
        ({"unit": "1st", "service": "Navy"}, ["Cai"]),
        ({"nation": "Elsewhere"}, ["Ben"]),
        ({"status": "certified"}, []),
        ({"status": "revoked"}, []),
        ({"status": "in force", "unit": "1st"}, ["Ana", "Cai"]),
        ({"status": "uncertified"}, ["Ana", "Ben", "Cai", "Dor"]),
        ({"since": date(2026, 3, 4)}, ["Ben", "Cai", "Dor"]),
        ({"until": date(2026, 3, 4)}, ["Ana", "Ben"]),
        ({"since": date(2026, 3, 4), "until": date(2026, 3, 4)}, ["Ben"]),
        ({"until": date.max}, ["Ana", "Ben", "Cai", "Dor"]),
    ],
)
def test_completions_are_narrowed(session: Session, narrowed: dict[str, Any], left: list[str]):
    bring(session, PEOPLE)
    assert names(session, **narrowed) == left
    reading = Reading(session, DATASETS["completions"], home_of(session), Filters(**narrowed), at=NOW)
    assert reading.count() == len(left)
    assert from_kept(Filters(**narrowed).kept()) == Filters(**narrowed)


def test_a_cohort_and_a_page_of_rows(session: Session):
    bring(session, PEOPLE)
    cohort = session.scalar(select(Enrolment.cohort_id).where(Enrolment.cohort_id.is_not(None)).limit(1))
    assert names(session, cohort=cohort) == ["Ana"]
    reading = Reading(session, DATASETS["completions"], home_of(session), at=NOW, sort="-percent")
    assert [row[2] for row in reading.rows(skip=1, at_most=2)] == ["Ben", "Ana"]


def test_every_dataset_is_in_order_by_every_column_and_what_is_empty_comes_last(
    session: Session, database: Database
):
    mixed(session)
    for name, dataset in DATASETS.items():
        for key in dataset.shape.keys:
            up, down = ([row[key] for row in told(session, name, sort)] for sort in (key, f"-{key}"))
            assert len(up) >= 2, name
            assert sorted(up, key=str) == sorted(down, key=str)
            filled = [cell for cell in up if cell is not None]
            assert up[: len(filled)] == filled, (name, key)
            assert [cell for cell in down if cell is not None] == down[: len(filled)], (name, key)
            if filled and not isinstance(filled[0], str):  # texts are in the order of the database's language
                assert filled == sorted(filled), (name, key)
                assert down[: len(filled)] == sorted(filled, reverse=True), (name, key)


def mixed(session: Session) -> None:
    """Something of everything."""
    bring(session, PEOPLE)
    for who, choices in (("Ana", ("shout", "nothing")), ("Ben", ("listen", "help"))):
        sit(session, who)
        play(session, who, *choices)
    read(session, "Ana", START)
    read(session, "Ben", START + timedelta(days=8))
    evans = session.scalars(select(Person.id).where(Person.email == "evans@home.example")).one()
    for course, months in (("core", 12), ("other", 24)):
        session.add(
            CourseValidity(
                academy_id=home_of(session), course=course, months=months, set_by=evans, set_at=START
            )
        )
    session.flush()


def play(session: Session, name: str, *choices: str) -> Attempt:
    scenario = current(session).scenarios_by_slug["checkpoint"]
    attempt = begin(session, enrolment(session, name), scenario, module="basics", at=START)
    take(session, attempt, *(f"CANARY-{choice}" for choice in choices))
    return attempt


def test_results_by_outcome_rest_on_first_attempts_and_on_what_is_in_force(session: Session):
    bring(session, PEOPLE)
    first, _again, other = sit(session, "Ana"), sit(session, "Ana"), sit(session, "Ben")
    lines = {row["outcome"]: row for row in told(session, "outcomes")}
    assert (lines["LO1"]["students"], lines["LO1"]["mean_percent"], lines["LO1"]["mastered"]) == (2, 0, 0)
    session.add(
        Revision(
            attempt_id=other.id,
            number=1,
            percent=100,
            is_passed=True,
            level=Level.ACCEPTABLE,
            result=dict(other.result or {}) | {"outcomes": [{"outcome": "LO1", "percent": 90.0, "items": 2}]},
            regrades=[],
            is_current=True,
            at=START,
        )
    )
    session.flush()
    line = next(row for row in told(session, "outcomes") if row["outcome"] == "LO1")
    assert (line["students"], line["mean_percent"], line["mastered"]) == (2, 45.0, 1)
    assert line["mastered_percent"] == 50.0
    assert (line["kind"], line["task_title"]) == ("quiz", "A short check")
    assert line["outcome_text"] != "LO1"
    assert told(session, "outcomes", unit="1st")[0]["students"] == 1
    assert told(session, "outcomes", until=date(2026, 3, 1)) == []
    assert first.number == 1


def test_critical_failures_are_counted_for_each_action_failed_at_or_not(session: Session):
    bring(session, PEOPLE)
    play(session, "Ana", "shout", "nothing")
    play(session, "Ben", "listen", "nothing")
    play(session, "Cai", "listen", "help")
    lines = {row["action"]: row for row in told(session, "critical-failures")}
    assert {action: (row["students"], row["failures"]) for action, row in lines.items()} == {
        "CA1": (3, 1),
        "CA2": (3, 2),
    }
    assert (lines["CA1"]["rule"], lines["CA2"]["rule"]) == ("must not", "must")
    assert lines["CA2"]["failed_percent"] == pytest.approx(66.67, abs=0.01)
    assert {row["failures"] for row in told(session, "critical-failures", unit="2nd")} == {0, 1}


def test_activity_is_counted_by_weeks_that_begin_on_monday(session: Session):
    bring(session, PEOPLE)
    sunday = datetime(2026, 3, 8, 23, 59, 59, tzinfo=UTC)
    read(session, "Ana", sunday, "first")
    read(session, "Ana", sunday + timedelta(seconds=2), "second")
    sit(session, "Ana", sunday)
    weeks = {row["week"]: row for row in told(session, "activity")}
    assert {
        week: (row["pages_read"], row["tasks_begun"], row["tasks_finished"]) for week, row in weeks.items()
    } == {
        date(2026, 3, 2): (1, 1, 1),
        date(2026, 3, 9): (1, 0, 0),
    }
    assert [row["week"] for row in told(session, "activity", until=date(2026, 3, 8))] == [date(2026, 3, 2)]
    assert told(session, "activity", unit="2nd") == []
    assert Reading(session, DATASETS["activity"], home_of(session), at=NOW).count() == 2


@pytest.mark.parametrize("sort", ["-week", "week", "name"])
@pytest.mark.parametrize("until", [None, date(2026, 3, 12)])
def test_pages_of_activity_are_stretches_of_all_of_it_whatever_is_left_out_to_find_them(
    session: Session, sort: str, until: date | None
):
    bring(session, PEOPLE)
    sunday = datetime(2026, 3, 8, 23, 59, 59, tzinfo=UTC)
    for days, page in ((0, "first"), (3, "second"), (21, "third")):
        for name in ("Ana", "Ben"):
            read(session, name, sunday + timedelta(days=days), page)
    sit(session, "Ana", sunday + timedelta(days=1))
    filters = Filters(until=until)
    whole = list(rows(session, DATASETS["activity"], home_of(session), filters, at=NOW, sort=sort))
    assert len(whole) == (4 if until else 6)
    for size in (1, 2, 3, 10):
        paged: list[tuple[object, ...]] = []
        for skip in range(0, len(whole) + size, size):
            reading = Reading(session, DATASETS["activity"], home_of(session), filters, at=NOW, sort=sort)
            reading.chart()
            assert reading.count() == len(whole)
            paged += reading.rows(skip=skip, at_most=size)
        assert paged == whole


def test_item_quality_is_that_of_the_pages_of_quality(session: Session):
    place = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
    check = current(session).quizzes_by_slug["check"]
    together = Class(place, "core", "basics", START)
    sit_quiz(session, check, together, enrol_many(session, together, 40), random=Random(3))
    lines = {row["item"]: row for row in told(session, "item-quality")}
    assert set(lines) == {item.id for item in check.content.items}
    single = lines["CANARY-single"]
    assert (single["students"], single["critical"], single["kind"]) == (40, True, "quiz")
    assert 0 <= single["facility"] <= 1
    assert -1 <= single["discrimination"] <= 1
    assert told(session, "item-quality", unit="nowhere") == []


def test_nothing_tells_what_people_chose_for_their_own_protection():
    """No pause, alternative, content note or allowance has a column anywhere."""
    said = " ".join(
        f"{column.key} {column.means}" for each in DATASETS.values() for column in each.shape.columns
    ).lower()
    assert not [
        word for word in ("pause", "break", "alternative", "note", "accommodat", "allow") if word in said
    ]


def test_rows_come_in_the_callers_own_snapshot(database: Database):
    give(database, "adams")
    with database.session() as reader:
        academy = home_of(reader)
        assert len(list(rows(reader, "completions", academy, at=NOW))) == 1
