"""Somebody is exported whole and erased whole: by the page, by the worker's proposal, and again after a backup."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.models import Accommodation, Attempt, RefusedResponse, Response
from pme.certificates.models import Certificate
from pme.db import Database
from pme.errors import Conflict, Invalid, NotFound
from pme.jobs.registry import DUTIES, Round, load
from pme.marking.models import Mark, Script
from pme.outbox.models import Letter
from pme.people.models import Academy, Membership, Person, Personnel, Role, Standing
from pme.people.models_history import Fact, PersonnelChange
from pme.people.service import grant
from pme.privacy import journal
from pme.privacy.classes import CLASSES, Kept
from pme.privacy.due import propose, waiting
from pme.privacy.erasing import Erased, erase, is_erased
from pme.privacy.finding import count_of, known, of_account
from pme.privacy.models import ErasureProposal, RetentionRule
from pme.privacy.replaying import replay
from pme.privacy.retention import rules_of, stays_of
from pme.progress.models import CompletionEvent, CourseCompletion, EventKind
from pme.reports.completions import count_completions
from pme.rosters.models import Roster, RosterStatus
from pme.schema import every_table
from pme.stores.folder import Folder
from tests.conftest import Visits
from tests.support.belongings import Belongings, give, keep_pdf
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.essays import TEXT, give_script, person_of
from tests.support.student import BASICS

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


@pytest.fixture
def own(app: Flask, database: Database, visit: Visits) -> Belongings:
    """All that Adams, under a name that nobody else has, may own at the academy."""
    with database.writing() as session:
        adams = person_of(session, "adams")
        adams.name, adams.rank = NAME, RANK
        session.execute(
            update(Personnel)
            .where(Personnel.person_id == adams.id)
            .values(name=NAME, rank=RANK, external_id=NUMBER, unit=UNIT, nation="Quiet Isles")
        )
    found = give(database, "adams")
    code = give_script(database, "adams")
    keep_pdf(app, found)
    adams_visit = visit("adams")
    debrief = adams_visit.get(f"/attempts/scenario/{found.debrief}/debrief")
    debrief.press("Save and share it with my instructors", prompt_0=THOUGHT)
    adams_visit.get(f"{BASICS}/first").press("Keep the note", text=MARGIN)
    adams_visit.post("/news/seen")
    clarke = visit("clarke")
    clarke.get(f"/teach/attempts/{found.debrief}")
    with database.writing() as session:
        _more(session, found, code)
    return found


def _more(session: Session, own: Belongings, code: str) -> None:
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


def test_everything_of_a_person_is_in_the_file_and_nothing_that_gives_a_key_away(
    own: Belongings, visit: Visits, database: Database
):
    irving = visit("irving")
    with database.session() as session:
        adams, academy = person_of(session, "adams").id, home(session).id
        counts = {
            table.name: count_of(session, table, adams, academy, whole=True)
            for table, holding in [*known(), *of_account()]
            if not holding.is_own_only
        }
    response = irving.send(f"/academy/people/{adams}/data.zip")
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.get_data())) as archive:
        names = set(archive.namelist())
        data = json.loads(archive.read("data.json"))
        essays = [archive.read(name).decode() for name in names if name.startswith("essays/")]
        assert archive.read(f"certificates/{own.number}.pdf").startswith(b"%PDF")
        assert CLASSES[Kept.RESULTS].basis in archive.read("READ-ME.txt").decode()
    told = {**data["account"], **data["at the academy"]}
    # The download is itself on record, and may have made the alias that it tells of.
    assert {name: len(rows) for name, rows in told.items()} == counts | {"audit_alias": 1}
    empty = {name for name, many in counts.items() if not many}
    assert len(counts) - len(empty) >= 20, empty
    assert TEXT in essays
    whole = json.dumps(data, ensure_ascii=False)
    assert all(word in whole for word in (NAME, RANK, NUMBER, UNIT, THOUGHT, email_of("adams")))
    assert "password_hash" not in whole
    assert MARGIN not in whole, "notes are nobody else's to read"
    assert "notebook_entry" in data["not in this file"]
    assert REMARK not in whole, "what a marker wrote is theirs until it is released"
    reached = "CANARY-later: what should you offer?"
    assert "CANARY" not in whole.replace(reached, ""), (
        "neither a key nor an author's id nor an unreached node"
    )
    assert [d["chosen"] for d in told_of(data, own.debrief)["decisions"]] != []
    assert "Download my data" in visit("adams").get("/account").text
    own_file = visit("adams").send("/account/data.zip")
    with zipfile.ZipFile(io.BytesIO(own_file.get_data())) as archive:
        mine = json.loads(archive.read("data.json"))
    assert [each["text"] for each in mine["at the academy"]["notebook_entry"]] == [MARGIN]
    assert mine["attempts in words"] == data["attempts in words"]
    assert mine["account"]["person"] == data["account"]["person"]
    for name in ("clarke", "jensen", "keller", "adams", "lund"):
        assert visit(name).send(f"/academy/people/{adams}/data.zip").status_code == 403
    assert visit("frost").send(f"/academy/people/{adams}/data.zip").status_code == 404


def told_of(data: dict[str, Any], attempt: int) -> dict[str, Any]:
    found: list[dict[str, Any]] = data["attempts in words"]
    return next(each for each in found if each["attempt_id"] == attempt)


def test_after_an_erasure_nothing_names_the_person_and_what_counts_still_counts(
    own: Belongings, app: Flask, database: Database, visit: Visits
):
    evans, nobody = visit("evans"), visit("nobody")
    with database.session() as session:
        adams, academy = person_of(session, "adams").id, home(session).id
        everyone = CourseCompletion.academy_id == academy
        completions = count_completions(session, everyone)
        results = _results(session, adams)
        assert len(standing_in(session)) > 10, "before, the name stands all over"
    page = evans.get(f"/academy/people/{adams}/erase")
    assert "Stays without a name until" in page.words
    assert NAME in page.words
    refused = page.press("Erase for good", email="somebody@home.example")
    assert refused.status == 422
    assert "Type the e-mail address of this person exactly" in refused.words
    erased = page.press("Erase for good", email=email_of("adams"))
    assert "Nothing here names this person any more" in erased.words
    with database.session() as session:
        assert standing_in(session) == set()
        assert audit.first_broken(session, academy_id=academy) is None
        assert audit.alias_of(session, adams, academy_id=academy) is None
        assert count_completions(session, everyone) == completions
        assert _results(session, adams) == results
        standings = set(session.scalars(select(Membership.standing).where(Membership.person_id == adams)))
        assert standings == {Standing.ERASED}
    assert not any((app.extensions["pme_settings"].instance_dir / "certificates").glob(f"{own.code}*"))
    form = nobody.get("/sign-in")
    assert form.submit(email=email_of("adams"), password="a long walk by the river").status == 422
    verified = nobody.get(f"/verify/{own.code}")
    assert "this certificate" in verified.words.lower()
    assert "name is no longer kept" in verified.words
    assert evans.fetch(f"/academy/people/{adams}/erase").status_code == 404
    assert evans.send(f"/academy/people/{adams}/data.zip").status_code == 404
    clarke = visit("clarke")
    assert clarke.get("/teach/core").status == 200
    assert clarke.get(f"/teach/attempts/{own.finished_quiz}").status == 200


def _results(session: Session, person_id: int) -> list[tuple[object, ...]]:
    rows = session.execute(
        select(Attempt.id, Attempt.percent, Attempt.is_passed, func.count(Response.id))
        .outerjoin(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id)
        .group_by(Attempt.id)
        .order_by(Attempt.id)
    )
    return [tuple(row) for row in rows]


def test_who_is_known_elsewhere_is_forgotten_here_and_nowhere_else(
    own: Belongings, app: Flask, database: Database
):
    with database.writing() as session:
        adams, away = person_of(session, "adams").id, home(session, AWAY).id
        grant(session, adams, away, Role.STUDENT)
        session.execute(
            update(Personnel)
            .where(Personnel.academy_id == away, Personnel.person_id == adams)
            .values(name="Known Elsewhere", rank="Guest")
        )
    assert not done(app, database).account_went
    with database.session() as session:
        person = session.get_one(Person, adams)
        assert (person.name, person.email) == (NAME, email_of("adams")), (
            "the account is the other academy's too"
        )
        assert not is_erased(session, away, adams)
        left = {each.partition(":")[0] for each in standing_in(session)}
        assert left <= {"person.name", "person.rank", "person.email", "account_link.email"}
        assert (
            session.scalars(select(Personnel.name).where(Personnel.academy_id == away))
            .all()
            .count("Known Elsewhere")
        )


def test_nobody_erases_themselves_the_last_administrator_or_who_holds_more(
    app: Flask, database: Database, visit: Visits
):
    with database.session() as session:
        evans = person_of(session, "evans").id
        adams = person_of(session, "adams").id
    with pytest.raises(Conflict, match="themselves"):
        done(app, database, "evans", by="evans")
    with pytest.raises(Conflict, match="without an administrator"):
        done(app, database, "evans", by="irving")
    assert visit("irving").send(f"/academy/people/{evans}/erase", email=email_of("evans")).status_code == 403
    done(app, database)
    with pytest.raises(NotFound):
        done(app, database, adams)
    with database.session() as session:
        assert is_erased(session, home(session).id, adams)


def test_an_academy_sets_how_long_it_keeps_what_and_where_nothing_may_stay_nothing_does(
    own: Belongings, app: Flask, database: Database, visit: Visits
):
    irving: Visit = visit("irving")
    page: Page = irving.get("/academy/retention")
    assert CLASSES[Kept.CERTIFICATES].basis in page.words
    for kind in ("certificates", "results"):
        rule = irving.get(f"/academy/retention/{kind}")
        for typed, says in (({"years": "ten"}, "whole years"), ({"basis": " "}, "on what basis")):
            refused = rule.press("Save", **typed)
            assert (refused.status, says in refused.words) == (422, True)
        kept = rule.press("Save", years="5", basis="Law 7, Art. 3", is_kept=[])
        assert "Law 7, Art. 3" in kept.words
    assert irving.fetch("/academy/retention/nothing").status_code == 404
    assert visit("frost").get("/academy/retention/results").words.count("Law 7") == 0
    with database.session() as session:
        assert session.scalar(select(func.count(RetentionRule.id))) == 2
        adams = person_of(session, "adams").id
    done(app, database)
    with database.session() as session:
        for model in (Attempt, Certificate, Script):
            assert session.scalar(select(func.count(model.id)).where(model.person_id == adams)) == 0
        assert standing_in(session) == set()


def test_the_worker_proposes_and_only_staff_erase(
    own: Belongings, database: Database, visit: Visits, clock: Clock
):
    with database.writing() as session:
        academy = home(session).id
        assert propose(session, academy, at=LATER) == 0
    at = clock.move(minutes=60 * 24 * 366 * 3)
    irving = visit("irving")
    with database.writing() as session:
        assert propose(session, academy, at=at) >= 5
        assert propose(session, academy, at=at) == 0, "once"
        names = [each.name for each in waiting(session, academy)]
    assert "Captain Irving Person" not in names, "who signs in is not forgotten"
    page = irving.get("/academy/retention")
    assert all(name in page.words for name in names)
    with database.session() as session:
        person = session.scalars(select(ErasureProposal.person_id)).first()
    irving.post(f"/academy/people/{person}/keep")
    with database.writing() as session:
        assert len(waiting(session, academy)) == len(names) - 1
        assert propose(session, academy, at=at + timedelta(days=300)) == 0, "kept for a year"
        assert propose(session, academy, at=at + timedelta(days=400)) == 1
    assert visit("frost").send(f"/academy/people/{person}/keep").status_code == 404


def test_what_stayed_goes_when_its_years_are_over_and_completions_stay(
    own: Belongings, app: Flask, database: Database
):
    erased = done(app, database)
    person, years = erased.line.person_id, CLASSES[Kept.RESULTS].years
    load()
    daily = DUTIES["keep personal data no longer"].act
    for at, attempts in (
        (LATER + timedelta(days=366 * (years - 1)), True),
        (LATER + timedelta(days=367 * years), False),
    ):
        daily(Round(database, app.extensions["pme_settings"], Clock(at)))
        with database.session() as session:
            for model in (Attempt, Certificate, Script):
                many = session.scalar(select(func.count(model.id)).where(model.person_id == person))
                assert bool(many) is attempts, (model, at)
            assert session.scalar(select(func.count(CourseCompletion.id))) == 1
    with database.session() as session:
        acts = session.scalars(select(audit.AuditEntry.act)).all()
        assert acts.count("kept data let go") == 1
        assert audit.first_broken(session, academy_id=home(session).id) is None


def test_a_backup_that_is_restored_erases_again_and_a_changed_journal_is_found(
    own: Belongings, app: Flask, database: Database, tmp_path: Path
):
    before = _snapshot(database)
    erased = done(app, database)
    journal.keep(tmp_path, [erased.line])
    journal.keep(tmp_path, [erased.line])
    assert len(journal.read(tmp_path)) == 1
    _restore(database, before)
    with database.session() as session:
        assert standing_in(session), "the backup knows the name again"
    report = replay(database, tmp_path, Folder(tmp_path), at=LATER + timedelta(days=2))
    assert [line.person_id for line in report.again] == [erased.line.person_id]
    with database.session() as session:
        assert standing_in(session) == set()
        assert audit.first_broken(session, academy_id=home(session).id) is None
    again = replay(database, tmp_path, Folder(tmp_path), at=LATER + timedelta(days=3))
    assert (again.again, again.foreign, again.kept) == ([], [], 1)
    file = tmp_path / journal.NAME
    assert NAME not in file.read_text()
    _restore(database, before)
    with database.writing() as session:
        session.execute(update(Person).values(created_at=START + timedelta(days=1)))
    stranger = replay(database, tmp_path, Folder(tmp_path), at=LATER)
    assert (stranger.again, len(stranger.foreign)) == ([], 1), (
        "another person with the same number is not erased"
    )
    file.write_text(file.read_text().replace(f'"person_id": {erased.line.person_id}', '"person_id": 3'))
    with pytest.raises(Invalid, match="Line 1"):
        replay(database, tmp_path, Folder(tmp_path), at=LATER)


Rows = dict[str, list[dict[str, object]]]


def _snapshot(database: Database) -> Rows:
    """What a backup would hold."""
    with database.session() as session:
        return {
            table.name: [dict(row._mapping) for row in session.execute(select(table))]
            for table in every_table().metadata.sorted_tables
        }


def _restore(database: Database, rows: Rows) -> None:
    """Put a backup back, as whoever owns the database may."""
    from tests.support.tampering import unguarded  # noqa: PLC0415

    tables = every_table().metadata.sorted_tables
    with database.writing() as session, unguarded(session):
        for table in reversed(tables):
            session.execute(table.delete())
        for table in tables:
            if rows[table.name]:
                session.execute(table.insert(), rows[table.name])
