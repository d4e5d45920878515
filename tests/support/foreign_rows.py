"""Rows that an academy keeps, one of each kind, as others must never see them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.authoring.models_tasks import ReviewTask
from pme.certificates.designs.design import Design
from pme.certificates.designs.models import DesignImage, DesignVersion, PictureKind
from pme.content.models import CourseEdition, Publication
from pme.jobs.models import Job, JobStatus
from pme.keys.models import SigningKey
from pme.keys.public import KeyKind
from pme.notebook.models import Entry, EntryKind
from pme.outbox.models import Letter, LetterState
from pme.people.factors_models import Passkey
from pme.people.factors_seal import Seal
from pme.people.models import BrowserSession
from pme.progress.models_requalify import EditionCall
from pme.reports.files.form import Form
from pme.reports.models import ReportSchedule
from pme.reports.rhythm import Covers, Rhythm, Way
from pme.returns.models import ReturnSchedule, SealedReturn
from pme.returns.rhythm import Turn
from pme.rosters.models import Roster, RosterStatus
from pme.undoing.models import Change, Did
from pme.web.academy.bulk import ACTS
from tests.support.cast import START

SHA = "ab" * 32
NOW = datetime.now(UTC)


def an_entry(academy: int, person: int, name: str) -> Entry:
    return Entry(
        academy_id=academy,
        person_id=person,
        kind=EntryKind.NOTE,
        course="core",
        module="basics",
        page="first",
        page_title="Page first",
        language="en",
        text=f"CANARY-{name}",
        made_at=NOW,
        changed_at=NOW,
    )


def a_design(academy: int, name: str) -> DesignVersion:
    return DesignVersion(
        academy_id=academy,
        number=1,
        content=Design().as_json(),
        sha256=SHA,
        note=f"CANARY-{name}",
        published_at=START,
    )


def an_image(academy: int, name: str) -> DesignImage:
    return DesignImage(
        academy_id=academy,
        kind=PictureKind.CREST,
        says=f"CANARY-{name}",
        sha256=SHA,
        width=1,
        height=1,
        png=f"CANARY-{name}".encode(),
        added_at=START,
    )


def a_schedule(academy: int, view: int, staff: int) -> ReportSchedule:
    return ReportSchedule(
        academy_id=academy,
        view_id=view,
        person_id=staff,
        rhythm=Rhythm.WEEKLY,
        covers=Covers.BEFORE,
        form=Form.CSV,
        way=Way.LETTER,
        marking="",
        created_at=START,
        next_at=NOW + timedelta(days=7),
    )


def a_return_schedule(academy: int, staff: int) -> ReturnSchedule:
    return ReturnSchedule(
        academy_id=academy,
        person_id=staff,
        turn=Turn.MONTHLY,
        courses=["core"],
        names_nobody=False,
        hides_few=False,
        marking="",
        way=Way.LETTER,
        created_at=START,
        next_at=NOW + timedelta(days=7),
    )


def a_roster(academy: int, staff: int, name: str) -> Roster:
    return Roster(
        academy_id=academy,
        person_id=staff,
        name=f"{name}.csv",
        sha256=SHA,
        encoding="utf-8",
        separator=",",
        ignored=[],
        table_rows=[["email", "name"]],
        changes=[],
        problems=[[2, "email", f"CANARY-{name}"]],
        counts=dict.fromkeys(ACTS, 0) | {"problems": 1},
        digest=SHA,
        status=RosterStatus.LOOKED_THROUGH,
        sent_at=START,
    )


def a_return(academy: int, staff: int, seal: Seal) -> SealedReturn:
    return SealedReturn(
        academy_id=academy,
        number=1,
        since=date(2026, 1, 1),
        until=date(2026, 3, 31),
        courses=["core"],
        pseudonyms=seal.seal("ab" * 32, about=f"pseudonyms {academy}"),
        by_id=staff,
        asked_at=START,
        counts={},
        file_sha256=SHA,
    )


def a_job(academy: int, staff: int, folder: Path, name: str) -> Job:
    (folder / f"{name}.csv").write_text(f"CANARY-{name}", encoding="utf-8")
    return Job(
        academy_id=academy,
        person_id=staff,
        kind="report-file",
        title=f"Report {name}",
        key=None,
        payload={},
        status=JobStatus.DONE,
        created_at=START,
        not_before=START,
        ended_at=NOW,
        result_name="report.csv",
        result_type="text/csv",
        result_file=f"{name}.csv",
        result_size=1,
        result_sha256=SHA,
        result_expires_at=NOW + timedelta(days=5),
    )


def a_letter(academy: int, person: int, name: str) -> Letter:
    return Letter(
        academy_id=academy,
        person_id=person,
        key=f"{academy} {name}",
        template="due-soon",
        language="en",
        address=f"{name}@mail.example",
        subject=f"CANARY-{name}",
        body="Text.",
        sent_id=name,
        state=LetterState.FAILED,
        problem="Refused.",
        created_at=START,
        not_before=START,
        not_after=NOW + timedelta(days=9),
    )


def a_change(academy: int, staff: int) -> Change:
    return Change(
        academy_id=academy,
        did=Did.MOVED,
        course="core",
        people=0,
        by_id=staff,
        at=START,
        until=START + timedelta(days=3650),
    )


def a_call(session: Session, academy: int, staff: int) -> EditionCall:
    edition = session.scalars(select(CourseEdition.id).where(CourseEdition.course == "core")).first()
    return EditionCall(
        academy_id=academy,
        course="core",
        edition_id=edition,
        due_on=date(2026, 12, 1),
        by=staff,
        at=START,
    )


def a_task(session: Session, academy: int, author: int, name: str) -> ReviewTask:
    publication = session.scalars(select(Publication.id).order_by(Publication.id.desc())).first()
    return ReviewTask(
        academy_id=academy,
        publication_id=publication,
        source_key="GUIDE-2020",
        path=f"modules/{name}/10-first.md",
        title="First",
        module="basics",
        places=1,
        authors="The team",
        holder_id=author,
        due_on=date(2026, 12, 1),
        opened_at=START,
    )


def a_passkey(person: int, name: str) -> Passkey:
    return Passkey(
        person_id=person,
        site="localhost",
        credential=f"credential-{name}",
        public_key=b"k",
        name=name,
        made_at=START,
    )


def a_browser(academy: int, person: int, name: str) -> BrowserSession:
    return BrowserSession(
        token_sha256=(name * 64)[:64], person_id=person, academy_id=academy, started_at=NOW, renewed_at=NOW
    )


def an_old_key(academy: int) -> SigningKey:
    """A key that signs no more, by a name that no key of the home academy has."""
    return SigningKey(
        academy_id=academy,
        kind=KeyKind.ED25519,
        label="key-7",
        public=b"7" * 32,
        private_sealed="",
        created_at=START,
        retired_at=START,
    )
