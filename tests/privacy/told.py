"""Adams under a name that nobody else has, what is told of them anywhere, and an erasure."""

import json
from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.models import Accommodation, RefusedResponse
from pme.db import Database
from pme.marking.models import Mark, Script
from pme.outbox.models import Letter
from pme.people.models import Academy, Person
from pme.people.models_history import Fact, PersonnelChange
from pme.privacy.erasing import Erased, erase
from pme.privacy.retention import rules_of, stays_of
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind
from pme.rosters.models import Roster, RosterStatus
from pme.schema import every_table
from pme.stores.folder import Folder
from tests.support.belongings import Belongings
from tests.support.cast import HOME, START, email_of
from tests.support.essays import TEXT, person_of

NAME, RANK, NUMBER, UNIT = "Aloysia Quenneville", "Ensign-Archivist", "SVC-77-0042", "Ninth Lantern Company"
THOUGHT, REMARK = "I was thinking of the lighthouse keeper.", "Zealously argued, candidate."
MARGIN = "Between me and this margin."
TOLD = (
    NAME,
    "Quenneville",
    RANK,
    NUMBER,
    UNIT,
    email_of("adams"),
    THOUGHT,
    REMARK,
    MARGIN,
    TEXT[:20],
    "Aloysia",
)
"""What must stand nowhere afterwards."""
LATER = START + timedelta(days=30)


def home(session: Session, slug: str = HOME) -> Academy:
    return session.scalars(select(Academy).where(Academy.slug == slug)).one()


def give_more(session: Session, own: Belongings, code: str) -> None:
    """What Adams owns beside what `give` gives: facts, letters, marks, and a line of a roster."""
    adams, clarke = person_of(session, "adams").id, person_of(session, "clarke").id
    academy = home(session).id
    script = session.scalars(select(Script).where(Script.code == code)).one()
    earned = session.scalars(select(CourseCompletion).where(CourseCompletion.academy_id == academy)).one()
    session.add_all(
        [
            CompletionEvent(
                academy_id=academy,
                enrolment_id=earned.enrolment_id,
                course="core",
                kind=EventKind.REVOKED,
                percent=90.0,
                reason=f"{NAME} asked for it.",
                at=LATER,
            ),
            Roster(
                academy_id=academy,
                person_id=clarke,
                name="people.csv",
                sha256="0" * 64,
                encoding="utf-8",
                separator=",",
                ignored=[],
                table_rows=[["name", "email"], [NAME, email_of("adams").upper()]],
                changes=[{"email": email_of("adams")}],
                problems=[],
                counts={},
                digest="0" * 64,
                status=RosterStatus.LOOKED_THROUGH,
                sent_at=START,
            ),
            Accommodation(person_id=adams, academy_id=academy, time_percent=150, set_by=clarke, set_at=START),
            PersonnelChange(
                academy_id=academy,
                person_id=adams,
                fact=Fact.NAME,
                was="A. Quenneville",
                became=NAME,
                at=START,
            ),
            RefusedResponse(
                attempt_id=own.open_quiz, item="CANARY-single", answer=[THOUGHT], reason="Too late.", at=LATER
            ),
            Mark(
                script_id=script.id,
                marker_id=clarke,
                place=1,
                judgement={
                    "levels": {"CANARY-care": 1},
                    "comments": {"CANARY-care": REMARK},
                    "comment": REMARK,
                },
                reason=REMARK,
                claimed_until=LATER,
            ),
            Letter(
                academy_id=academy,
                person_id=adams,
                key="a letter",
                template="invitation",
                language="en",
                address=email_of("adams"),
                subject=f"Dear {NAME}",
                body=f"Dear {RANK} {NAME}, well met.",
                sent_id="<1@here>",
                created_at=START,
                not_before=START,
                not_after=LATER,
            ),
        ]
    )
    audit.record(
        session,
        "roles changed",
        actor=f"person {clarke}",
        subject=f"person {adams}",
        at=START,
        academy_id=academy,
    )


def every_text(session: Session) -> Iterator[tuple[str, str]]:
    """Every text, list and table in the database as (where, text)."""
    for table in every_table().metadata.sorted_tables:
        kinds = [
            column for column in table.columns if not str(column.type).startswith(("INT", "BIG", "DATE"))
        ]
        for column in kinds:
            for value in session.scalars(select(column)):
                if isinstance(value, bytes):
                    yield f"{table.name}.{column.name}", value.decode("utf-8", "replace")
                elif value is not None:
                    yield f"{table.name}.{column.name}", json.dumps(value, ensure_ascii=False, default=str)


def standing_in(session: Session, words: tuple[str, ...] = TOLD) -> set[str]:
    """Where any of these words stand."""
    return {
        f"{where}: {word}"
        for where, text in every_text(session)
        for word in words
        if word.lower() in text.lower()
    }


def done(app: Flask, database: Database, name: str | int = "adams", *, by: str = "irving") -> Erased:
    """Erase somebody by the rules of the academy, as the page does."""
    instance = app.extensions["pme_settings"].instance_dir
    with database.writing() as session:
        academy = home(session).id
        return erase(
            session,
            academy,
            person_of(session, name).id if isinstance(name, str) else name,
            stays=stays_of(rules_of(session, academy)),
            by=session.scalars(select(Person.id).where(Person.email == email_of(by))).one(),
            at=LATER,
            store=Folder(instance),
        )
