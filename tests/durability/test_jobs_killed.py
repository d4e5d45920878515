"""A worker is killed at each step of each kind of job, and another goes on: what there is in the end is what there
would have been without it. Nothing is done twice and nothing half.
"""

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit, completing, correcting, inviting
from pme.assessment.corrections import CorrectionKind
from pme.bundles import making as bundling
from pme.bundles import service as bundles
from pme.certificates.service import issue
from pme.certificates.sheet import Paper
from pme.config import Settings
from pme.content.catalogue import current, pinned
from pme.content.shapes import Quiz
from pme.db import Database
from pme.doctor import full_check, seen_machine
from pme.doctor.facts import Printing
from pme.enrolment.models import Cohort
from pme.jobs import registry
from pme.jobs.models import Job, JobStatus
from pme.offprints import making as binding
from pme.offprints import service as offprints
from pme.offprints.gather import Reader, course_copy
from pme.people import personnel
from pme.people.models import Academy, Person, Role
from pme.progress.models import CourseCompletion
from pme.reports import export, kept, scheduled
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.registry import DATASETS
from pme.reports.files.form import Form, Head
from pme.reports.models import ReportSchedule, ReportView
from pme.reports.regrade_dry_run import try_correction
from pme.reports.rhythm import Covers, Rhythm, Way
from pme.returns import making as sealing
from pme.returns import schedules
from pme.returns import service as returns
from pme.returns.rhythm import Turn
from pme.rosters import service as rosters
from pme.rosters import work as roster_work
from pme.rosters.carrying_out import carry_out
from pme.rosters.keeping import before_it, keep_it
from pme.stores.home import CERTIFICATES, Store, read
from pme.undoing import work as undoing
from tests.durability.steps import Scene, State, killed_at
from tests.regrade.every_type import BRAVO, answers, correction, publish_quiz, quiz, scope, sit, student
from tests.regrade.test_acts import Class, read_all
from tests.support.cast import START
from tests.support.completed import Learner, bring
from tests.support.earned import asks_for_less, have_earned
from tests.support.graduates import enrolment_of, sit_quiz
from tests.support.people import academy_id_of, by, id_of

AT = START + timedelta(days=3)
LEARNERS = [Learner(f"Learner {n}", cohort="Spring") for n in range(3)]
MOST_STEPS = 200
LEFT_BEHIND = re.compile(r"\.part$|/probe/|/\.(doctor|clock)-")
ROSTER = [["email", "name", "course"], *([f"new{n}@home.example", f"New {n}", "core"] for n in range(5))]

registry.load()


def ask_for_export(session: Session) -> None:
    """A report of everybody's progress as a file."""
    head = Head("Home Academy", "home", AT)
    asked = export.Export("progress", Form.CSV, Filters(), "", head)
    export.ask(session, asked, academy_id=academy_id_of(session), person_id=id_of(session, "evans"), at=AT)


def ask_for_scheduled(session: Session) -> None:
    """Two reports that are made by themselves: one comes by letter, the other into a folder."""
    academy, evans = session.get_one(Academy, academy_id_of(session)), id_of(session, "evans")
    about: dict[str, Any] = {"academy_id": academy.id, "person_id": evans, "created_at": AT}
    view = ReportView(dataset="progress", name="All", filters={}, sort="", is_shared=False, **about)
    session.add(view)
    session.flush()
    for way in Way:
        schedule = ReportSchedule(
            view_id=view.id,
            rhythm=Rhythm.DAILY,
            covers=Covers.VIEW,
            form=Form.CSV,
            way=way,
            marking="",
            next_at=AT,
            **about,
        )
        session.add(schedule)
        session.flush()
        scheduled._ask(session, schedule.id, academy.id, at=AT)


def ask_for_returns(session: Session) -> None:
    """Two sealed returns of schedules: one comes by letter, the other into a folder."""
    academy, irving = academy_id_of(session), id_of(session, "irving")
    wanted = schedules.Wanted(courses=["core"], names_nobody=False, hides_few=False, marking="")
    for way in Way:
        made = schedules.add(session, academy, wanted, turn=Turn.MONTHLY, way=way, by_id=irving, at=AT)
        returns.ask(
            session,
            academy,
            since=date(2026, 3, 1),
            until=date(2026, 3, 31),
            courses=["core"],
            secret="",
            hides_few=False,
            marking="",
            by_id=irving,
            at=AT,
            schedule_id=made.id,
        )


def ask_for_invitations(session: Session) -> None:
    """Letters to everybody who was added and has no account yet."""
    academy, who = academy_id_of(session), by(session, "evans")
    for number in range(5):
        facts = personnel.Facts(name=f"New {number}")
        email = f"new{number}@home.example"
        personnel.add_member(session, academy, email=email, facts=facts, roles=[Role.STUDENT], by=who)
    inviting.ask_for_all(session, academy, who, wait=0)


def ask_for_people(session: Session) -> None:
    """A spreadsheet of people who are all new, and are invited."""
    academy, who = academy_id_of(session), by(session, "irving")
    titles = {c.content.slug: c.content.title for c in current(session).courses}
    roster = rosters.take(
        session, academy, who, table=ROSTER, titles=titles, name="people.csv", sha256="0" * 64
    )
    assert roster.problems == []
    rosters.order(session, roster, who, is_inviting=True)


def ask_for_certificates(session: Session) -> None:
    """The certificates of a cohort."""
    ids, course = bring(session, LEARNERS), current(session).courses_by_slug["core"]
    done = (
        select(CourseCompletion).where(CourseCompletion.enrolment_id.in_(ids)).order_by(CourseCompletion.id)
    )
    for number, each in enumerate(session.scalars(done).all()):
        person = session.get_one(Person, id_of(session, f"learner{number}@home.example"))
        issue(
            session, each, course, person=person, academy=session.get_one(Academy, each.academy_id), at=START
        )
    cohort = session.scalars(select(Cohort).where(Cohort.name == "Spring")).one()
    bundles.ask(session, cohort, by_id=id_of(session, "irving"), at=AT)


def ask_for_figures(session: Session) -> None:
    """How often each answer was chosen, worked out from attempts of two students."""
    for name in ("adams", "gray"):
        sit_quiz(session, enrolment_of(session, name), at=START)
    name = next(name for name, each in sorted(DATASETS.items()) if each.at_most is not None)
    subject = kept.Subject(academy_id_of(session), name, Filters().kept())
    kept.ask(session, subject, title="Figures", person_id=id_of(session, "evans"), at=AT)


def ask_for_files(session: Session) -> None:
    """A course as files to take along, and each of its modules."""
    published, academy = current(session), academy_id_of(session)
    copy = course_copy(
        session, published, published.courses_by_slug["core"], Reader(None, academy, ""), is_dated=True
    )
    modules = tuple(each.module.slug for each in copy.modules)
    offprints.ask(session, academy, copy, language=None, modules=modules, at=AT)


def ask_for_undoing(session: Session) -> None:
    """What a spreadsheet of new people did, undone."""
    academy, who = academy_id_of(session), replace(by(session, "irving"), at=AT)
    titles = {c.content.slug: c.content.title for c in current(session).courses}
    _read, planned = rosters.looked_through(session, academy, who, table=ROSTER, titles=titles)
    before = before_it(session, academy, planned.changes)
    added = carry_out(session, academy, planned.changes, who)
    change = keep_it(session, before, sorted(added.values()), who)
    assert change is not None
    undoing.ask(session, change, who)


def ask_for_completions(session: Session) -> None:
    """Courses that became complete when their cohort asked for less."""
    with patch.object(completing, "HERE", 1):
        cohort, ids = have_earned(session, 5)
        asks_for_less(session, cohort, at=AT)
        academy = academy_id_of(session)
        completing.complete_what_is_earned(session, current(session), academy, ids, about="change 1", at=AT)


def the_key_was_wrong(session: Session) -> correcting.Asked:
    """What corrects the key of a question: one student rises by it and completes the course, another falls."""
    version = publish_quiz(session, quiz())
    taught = Class(session, version, scope(session, version), current(session), id_of(session, "clarke"))
    for number, given in enumerate((answers(single=(BRAVO,), many=(), match=()), answers(many=(), match=()))):
        enrolment = student(session, number)
        read_all(taught, enrolment)
        sit(session, enrolment, version, given)
    return correcting.Asked(
        taught.scope, correction(CorrectionKind.KEY, "single"), reason="Both sources name it."
    )


def ask_for_a_look(session: Session) -> None:
    """What another key would do."""
    correcting.ask(session, correcting.LOOK, the_key_was_wrong(session), by=id_of(session, "clarke"), at=AT)


def ask_for_a_correction(session: Session) -> None:
    """Another key, as it was looked at."""
    asked = the_key_was_wrong(session)
    assert asked.correction is not None
    clarke = id_of(session, "clarke")
    audit.record(
        session,
        "signed in",
        actor=f"person {clarke}",
        subject="browser session",
        at=AT,
        academy_id=asked.scope.academy_id,
    )
    content = pinned(session, asked.scope.version_id, Quiz).content
    seal = try_correction(session, current(session), asked.scope, content, asked.correction).seal
    correcting.ask(session, correcting.ACT, replace(asked, seal=seal), by=clarke, at=AT)


def ask_for_a_full_check(session: Session) -> None:
    """Everything that the doctor looks at."""
    full_check.ask(session, by=id_of(session, "lund"), at=AT)


CASES: dict[str, Callable[[Session], None]] = {
    export.KIND: ask_for_export,
    scheduled.KIND: ask_for_scheduled,
    returns.JOB: ask_for_returns,
    inviting.KIND: ask_for_invitations,
    rosters.JOB: ask_for_people,
    bundles.JOB: ask_for_certificates,
    kept.KIND: ask_for_figures,
    offprints.JOB: ask_for_files,
    undoing.KIND: ask_for_undoing,
    completing.KIND: ask_for_completions,
    correcting.LOOK: ask_for_a_look,
    correcting.ACT: ask_for_a_correction,
    full_check.KIND: ask_for_a_full_check,
}
"""How each kind of job is asked for."""
EXPECTED: dict[str, dict[str, int]] = {
    export.KIND: {"letter": 0},
    scheduled.KIND: {"letter": 1},
    returns.JOB: {"letter": 1, "sealed_return": 2},
    inviting.KIND: {"letter": 5, "account_link": 5},
    rosters.JOB: {"letter": 5, "account_link": 5},
    bundles.JOB: {"letter": 0, "certificate": 3},
    kept.KIND: {"letter": 0, "kept_figures": 1},
    offprints.JOB: {"letter": 0, "offprint": 4},
    undoing.KIND: {"letter": 0, "change": 1},
    completing.KIND: {"course_completion": 5, "certificate": 5},
    correcting.LOOK: {"regrade": 0, "revision": 0},
    correcting.ACT: {"regrade": 1, "revision": 2, "certificate": 1},
    full_check.KIND: {"job": 1, "letter": 0},
}
"""How many rows there are in the end, so that a case that does nothing is none."""


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done some at a time is done two at a time, and paper is not printed anew for each run."""
    for room, name in (
        (inviting, "AT_ONCE"),
        (roster_work, "AT_ONCE"),
        (completing, "PART"),
        (export, "PART"),
        (bundling, "CHECK_EVERY"),
    ):
        monkeypatch.setattr(room, name, 2)
    free = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: free)
    monkeypatch.setattr(seen_machine, "printing", lambda: Printing("", (), 6))
    blank = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 100)
    document.save(blank)

    def pdf_of(paper: Paper, *, store: Store, **_: object) -> bytes:
        name = f"{CERTIFICATES}{paper.code}-{paper.digest}.pdf"
        return read(store, name) or store.put_once(name, blank.getvalue())

    monkeypatch.setattr(bundling, "pdf_of", pdf_of)
    monkeypatch.setattr(binding, "printed", lambda _copy: b"%PDF")
    monkeypatch.setattr(sealing, "_print", lambda _sums, _head: b"%PDF")


def contents(path: Path) -> Any:
    """A file as it is read: what stands in a ZIP, without when it was put there."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def seen(scene: Scene) -> State:
    """What there is, but for what a killed run may leave behind to be tidied away."""
    found = scene.state(read=contents)
    return {name: each for name, each in found.items() if not LEFT_BEHIND.search(name)}


def differences(found: State, expected: State) -> list[str]:
    """What is not the same, told for people."""
    told = []
    for name, wanted in expected.items():
        given = found[name]
        if given == wanted:
            continue
        if isinstance(wanted, list):
            told += [f"{name} missing: {row}" for row in wanted if row not in given]
            told += [f"{name} too many: {row}" for row in given if row not in wanted]
        told.append(f"{name} is another")
    return told


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize(
    "stride", [pytest.param(3, id="some"), pytest.param(1, id="all", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("kind", sorted(registry.HANDLERS))
def test_a_worker_that_is_killed_at_any_step_leaves_what_the_next_one_ends(
    database: Database, environment: dict[str, str], tmp_path: Path, kind: str, stride: int
):
    assert kind in CASES, "a new kind of job needs a case here"
    with database.writing() as session:
        CASES[kind](session)
    more = {
        "PME_INSTANCE_DIR": str(tmp_path / "instance"),
        "PME_EXPORT_DIR": str(tmp_path / "export"),
        "PME_SMTP_HOST": "mail.example",
    }
    scene = Scene.of(database, Settings.from_environment(environment | more), AT)
    scene.again()
    scene.work()
    undisturbed, step = seen(scene), 1
    assert {name: len(undisturbed[name]) for name in EXPECTED[kind]} == EXPECTED[kind]
    with scene.database.session() as session:
        assert set(session.scalars(select(Job.status))) == {JobStatus.DONE}
    while step < MOST_STEPS:
        scene.again()
        if not killed_at(step, scene.work, scene):
            break
        scene.let_leases_run_out()
        scene.work()
        found = seen(scene)
        assert found.keys() == undisturbed.keys(), step
        told = differences(found, undisturbed)
        assert told == [], "\n".join([str(step), *told])
        step += stride
    print(f"{kind}: about {step - 1} steps")
    assert 4 < step < MOST_STEPS
    scene.database.dispose()
