"""All certificates of a cohort: the signed originals and one file for the printer, whatever happens on the way."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select, update

from pme.audit import AuditEntry
from pme.bundles import making
from pme.bundles.index import file_name
from pme.certificates import sheet
from pme.certificates.models import Certificate, Ground
from pme.certificates.service import issue, revoke
from pme.certificates.sheet import Paper, pdf_of
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Cohort
from pme.jobs.models import Job, JobStatus
from pme.jobs.tries import LEASE
from pme.people.models import Academy, Person
from pme.progress.models import CourseCompletion
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.completed import Learner, bring
from tests.support.people import id_of
from tests.support.work import run_jobs

NAMES = ("=Łucja Adams", "Олена Бейкер", "中 Clarke", "Davis/../Person")
"""The third has a letter that no font of certificates has."""
PUT = "Put the certificates together"


@pytest.fixture
def cohort(database: Database, clock: Clock) -> int:
    """A cohort in which four hold a certificate and one does not."""
    with database.writing() as session:
        learners = [Learner(name, cohort="Spring") for name in NAMES]
        ids = bring(session, [*learners, Learner("Evans Person", cohort="Spring", after=None)])
        course = current(session).courses_by_slug["core"]
        done = select(CourseCompletion).where(CourseCompletion.enrolment_id.in_(ids)).order_by("id")
        for each in session.scalars(done).all():
            person = session.scalars(
                select(Person).where(Person.email == f"learner{ids.index(each.enrolment_id)}@home.example")
            ).one()
            academy = session.get_one(Academy, each.academy_id)
            issue(session, each, course, person=person, academy=academy, at=START + timedelta(days=2))
        found = session.scalars(select(Cohort.id).where(Cohort.name == "Spring")).one()
    clock.at = START + timedelta(days=3)
    return found


def asked(visitor: Visit, cohort: int) -> int:
    page = visitor.get(f"/academy/cohorts/{cohort}").press(PUT)
    return int(page.path.rpartition("/")[2])


def job_of(database: Database, job_id: int) -> Job:
    with database.session() as session:
        return session.get_one(Job, job_id)


def opened(visitor: Visit, job_id: int) -> zipfile.ZipFile:
    sent = visitor.fetch(f"/academy/jobs/{job_id}/result", buffered=True)
    return zipfile.ZipFile(io.BytesIO(sent.get_data()))


def note_printed(monkeypatch: pytest.MonkeyPatch, act: Callable[[Paper], None]) -> None:
    """Do something before each certificate is asked of the press or of what is kept."""

    def seen(paper: Paper, **about: object) -> bytes:
        act(paper)
        return pdf_of(paper, **about)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "pdf_of", seen)


def test_a_registrar_gets_the_signed_originals_a_list_and_one_file_for_the_printer(
    app: Flask, database: Database, visit: Visits, cohort: int
):
    irving = visit("irving")
    assert "4 certificates are in force" in irving.get(f"/academy/cohorts/{cohort}").words
    job_id = asked(irving, cohort)
    run_jobs(app)
    page = irving.get(f"/academy/jobs/{job_id}")
    assert "3 certificates are in the ZIP" in page.words
    assert "it holds no signatures" in page.words
    assert "Not printed: 1" in page.words
    assert "no shape for 中" in page.words
    with opened(irving, job_id) as archive:
        assert archive.testzip() is None
        lines = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
        files = [each for each in archive.namelist() if each.startswith("certificates/")]
        originals = [archive.read(each) for each in files]
        merged = archive.read("for-printing.pdf")
    assert files == [each["file"] for each in lines if each["file"]]
    assert files == [
        "certificates/HOME-2026-000001-Łucja-Adams.pdf",
        "certificates/HOME-2026-000002-Олена-Бейкер.pdf",
        "certificates/HOME-2026-000004-Davis-Person.pdf",
    ]
    assert lines[0]["holder"] == "'=Łucja Adams", "no spreadsheet runs it"
    assert [bool(each["problem"]) for each in lines] == [False, False, True, False]
    for each in originals:
        reader = PdfFileReader(io.BytesIO(each))
        assert len(reader.embedded_signatures) == 1
        assert "/EmbeddedFiles" in reader.root["/Names"]
    assert not PdfFileReader(io.BytesIO(merged)).embedded_signatures
    whole, own = pypdfium2.PdfDocument(merged), [pypdfium2.PdfDocument(each) for each in originals]
    pages = [page for document in own for page in document]
    assert len(whole) == len(pages) == 6
    for printed, original in zip(whole, pages, strict=True):
        assert printed.get_size() == original.get_size()
        assert (
            printed.render(scale=0.5).to_numpy().tobytes() == original.render(scale=0.5).to_numpy().tobytes()
        )
    assert len(merged) < sum(map(len, originals)) / 2, "what they share is written once"
    with database.session() as session:
        acts = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == f"cohort {cohort}").order_by(AuditEntry.id)
        ).all()
        assert [(each.act, each.detail) for each in acts] == [
            ("certificates asked for", {"count": 4}),
            ("certificates put together", {"printed": 3, "not printed": 1}),
        ]


def test_after_a_crash_it_goes_on_where_it_was_and_what_is_kept_is_not_printed_again(
    app: Flask,
    database: Database,
    clock: Clock,
    visit: Visits,
    cohort: int,
    monkeypatch: pytest.MonkeyPatch,
):
    class Killed(BaseException):
        """The worker dies."""

    seen: list[str] = []
    numbers = [f"HOME-2026-00000{n}" for n in (1, 2, 3, 4)]

    def dies(paper: Paper) -> None:
        seen.append(paper.sheet.number)
        if seen.count(numbers[2]) == 1 and seen[-1] == numbers[2]:
            raise Killed

    monkeypatch.setattr(making, "CHECK_EVERY", 1)
    monkeypatch.setattr(making, "AT_ONCE", 1)
    note_printed(monkeypatch, dies)
    irving = visit("irving")
    job_id = asked(irving, cohort)
    with pytest.raises(Killed):
        run_jobs(app)
    after, before = job_of(database, job_id).state["after"], len(seen)
    with database.session() as session:
        assert session.get_one(Certificate, after).number == numbers[1]
    clock.at += LEASE + timedelta(seconds=1)
    run_jobs(app)
    assert seen[before:] == [*numbers[2:], *numbers], "it begins with the one that was under way"
    assert job_of(database, job_id).status is JobStatus.DONE
    with opened(irving, job_id) as archive:
        first = {each: archive.read(each) for each in archive.namelist() if each != "index.csv"}
    monkeypatch.setattr(sheet, "sign_pdf", lambda *_, **__: pytest.fail("printed again"))
    again = asked(irving, cohort)
    run_jobs(app)
    with opened(irving, again) as archive:
        assert {each: archive.read(each) for each in archive.namelist() if each != "index.csv"} == first


def test_what_was_revoked_meanwhile_is_left_out_and_of_an_erased_holder_nothing_is_printed(
    app: Flask, database: Database, clock: Clock, visit: Visits, cohort: int
):
    irving = visit("irving")
    job_id = asked(irving, cohort)
    with database.writing() as session:
        first, second, *_ = session.scalars(select(Certificate).order_by(Certificate.id)).all()
        by = id_of(session, "irving")
        revoke(session, first, ground=Ground.ERROR, reason="It was wrong.", by=by, at=clock())
        erased = update(Certificate).where(Certificate.id == second.id)
        session.execute(erased.values(holder_name="", holder_rank=""))
    run_jobs(app)
    assert "The name of the holder is no longer kept" in irving.get(f"/academy/jobs/{job_id}").words
    with opened(irving, job_id) as archive:
        assert [each[13:29] for each in archive.namelist() if each[:13] == "certificates/"] == [
            "HOME-2026-000004"
        ]
        assert b"HOME-2026-000001" not in archive.read("index.csv")
        assert b"HOME-2026-000002" in archive.read("index.csv")


def test_it_is_cancelled_and_leaves_nothing_behind(
    app: Flask,
    database: Database,
    visit: Visits,
    cohort: int,
    monkeypatch: pytest.MonkeyPatch,
):
    seen: list[str] = []
    irving = visit("irving")
    job_id = asked(irving, cohort)

    def cancels(paper: Paper) -> None:
        if not seen:
            irving.post(f"/academy/jobs/{job_id}/cancel")
        seen.append(paper.sheet.number)

    monkeypatch.setattr(making, "CHECK_EVERY", 1)
    monkeypatch.setattr(making, "AT_ONCE", 1)
    note_printed(monkeypatch, cancels)
    run_jobs(app)
    assert len(seen) <= 2
    job = job_of(database, job_id)
    assert (job.status, job.result_file) == (JobStatus.CANCELLED, None)


def test_of_a_foreign_cohort_there_is_nothing_and_without_certificates_it_is_said(
    visit: Visits, database: Database, cohort: int
):
    frost = visit("frost")
    foreign = frost.send(f"/academy/cohorts/{cohort}/certificates")
    assert foreign.status_code == 404
    assert visit("keller").send(f"/academy/cohorts/{cohort}/certificates").status_code == 403
    assert PUT not in visit("jensen").get(f"/academy/cohorts/{cohort}").words
    with database.writing() as session:
        empty = Cohort(
            academy_id=session.get_one(Cohort, cohort).academy_id,
            course="core",
            name="Empty",
            created_at=START,
        )
        session.add(empty)
        session.flush()
        number = empty.id
    irving = visit("irving")
    assert "Nobody in this cohort" in irving.get(f"/academy/cohorts/{number}").words
    said = irving.post(f"/academy/cohorts/{number}/certificates")
    assert "there is nothing to put together" in said.words


def test_names_of_files_are_safe_in_any_script():
    assert file_name("HOME-2026-000001", "../..\\a:b*?\u202e") == "HOME-2026-000001-a-b.pdf"
    assert file_name("HOME-2026-000001", "") == "HOME-2026-000001.pdf"
    assert len(file_name("N-1", "أ" * 500)) < 80
