"""The life of a certificate: issued once, corrected by another, renewed, revoked; nothing of it is ever changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pme import journeys
from pme.certificates.levels import level_of
from pme.certificates.models import (
    Cause,
    Certificate,
    CertificateEvent,
    CertificateNumber,
    Ground,
)
from pme.certificates.numbering import account_for, draw_number, numbers_by_year
from pme.certificates.queries import latest_of, lineage_of, state_column, withdrawn_places
from pme.certificates.service import issue, reissue, restore, revoke, revoke_all
from pme.certificates.state import State, StateFacts, state_of
from pme.certificates.statements import Statement, state
from pme.content.catalogue import current
from pme.content.editions import current_edition
from pme.content.shapes import Outcome
from pme.db import Base, Database
from pme.enrolment.models import Enrolment
from pme.enrolment.service import enrol
from pme.errors import Conflict, Invalid
from pme.people.models import Academy, Person, Personnel
from pme.people.queries import get_academy
from pme.progress.models import CourseCompletion, ModuleCompletion
from pme.progress.requalify import renew
from pme.progress.validity import Term, set_validity
from tests.support.cast import HOME, START
from tests.support.graduates import enrolment_of, graduate, play, sit_quiz

DONE = START + timedelta(days=1)
LATER = START + timedelta(days=30)
HANDS = 32


def certified(session: Session, name: str = "adams") -> Certificate:
    enrolment = graduate(session, name, at=DONE)
    found = latest_of(session, enrolment.academy_id, enrolment.id)
    assert found is not None
    return found


def person(session: Session, name: str) -> int:
    return session.scalars(select(Person.id).where(Person.email.startswith(name))).one()


def known_as(session: Session, certificate: Certificate) -> Personnel:
    return session.scalars(
        select(Personnel).where(
            Personnel.person_id == certificate.person_id, Personnel.academy_id == certificate.academy_id
        )
    ).one()


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (StateFacts(), State.VALID),
        (StateFacts(valid_until=LATER.date()), State.VALID),
        (StateFacts(valid_until=LATER.date() - timedelta(days=1)), State.EXPIRED),
        (StateFacts(LATER.date() - timedelta(days=1), superseded_at=DONE), State.SUPERSEDED),
        (StateFacts(DONE.date(), superseded_at=DONE, revoked_at=DONE), State.REVOKED),
        (
            StateFacts(superseded_at=LATER + timedelta(days=1), revoked_at=LATER + timedelta(days=1)),
            State.VALID,
        ),
    ],
)
def test_a_certificate_stands_as_its_facts_say(facts: StateFacts, state: State):
    assert state_of(facts, LATER) is state


@pytest.mark.parametrize(
    ("term", "since", "end"),
    [
        (Term(month=1, day=1), datetime(2026, 3, 2, tzinfo=UTC), date(2027, 1, 1)),
        (Term(month=1, day=1), datetime(2026, 10, 2, tzinfo=UTC), date(2027, 1, 1)),
        (Term(month=1, day=1), datetime(2026, 10, 3, tzinfo=UTC), date(2028, 1, 1)),
        (Term(month=12, day=31), datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2027, 12, 31)),
        (Term(12), datetime(2024, 2, 29, tzinfo=UTC), date(2025, 2, 28)),
    ],
)
def test_a_term_ends_after_months_or_on_a_fixed_day_that_is_not_too_near(
    term: Term, since: datetime, end: date
):
    assert term.end(since) == end


@pytest.mark.alike
@pytest.mark.parametrize(
    "wrong", [Term(), Term(12, 1, 1), Term(None, 2, 29), Term(None, 13, 1), Term(None, 4, None)]
)
def test_a_term_that_is_none_is_refused(session: Session, wrong: Term):
    with pytest.raises(Invalid):
        set_validity(session, 1, "core", wrong, by=person(session, "evans"), at=DONE)


def test_everything_printed_is_frozen_with_edition_levels_credits_frameworks_and_two_signatories(
    session: Session,
):
    academy = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
    academy.second_signatory_name, academy.second_signatory_role = "Olsen Person", "Commandant"
    by = person(session, "jensen")
    for wrong, says in (
        (Statement(24), "25 to 30"),
        (Statement(None, 9), "1 to 8"),
        (Statement(None, None, "x" * 41), "under 40"),
    ):
        with pytest.raises(Invalid, match=says):
            state(session, academy.id, "core", wrong, by=by, at=DONE)
    assert state(session, academy.id, "core", Statement(25, 5, "2"), by=by, at=DONE)
    assert not state(session, academy.id, "core", Statement(25, 5, "2"), by=by, at=DONE)
    set_validity(session, academy.id, "core", Term(12), by=by, at=DONE)
    kept = certified(session)
    edition = current_edition(session, current(session), "core")
    assert edition is not None
    content = current(session).courses_by_slug["core"].content
    assert kept.ects == round(content.hours / 25, 2)
    assert (kept.edition, kept.edition_sha256, kept.edition_id) == (edition.label, edition.digest, edition.id)
    assert kept.frameworks == [["EQF", "5"], ["SQF-MILOF", "2"]]
    assert kept.outcomes == [[each.id, each.text, level_of(each)] for each in content.outcomes]
    assert kept.signatories == [["Evans Person", "Director of Studies"], ["Olsen Person", "Commandant"]]
    assert (kept.earned_on, kept.valid_until) == (DONE.date(), date(2027, 3, 3))
    assert (kept.cause, kept.replaces_id, kept.is_demo) == (Cause.EARNED, None, False)


@pytest.mark.parametrize(
    ("outcome", "level"),
    [
        (Outcome(id="1", text="Recognise what matters"), "remember"),
        (Outcome(id="1", text="Whatever", verb="Recognize"), "remember"),
        (Outcome(id="1", text="Explain, in words, the rule."), "understand"),
        (Outcome(id="1", text="Keep it out of the fight."), ""),
    ],
)
def test_the_level_of_an_outcome_is_that_of_its_verb(outcome: Outcome, level: str):
    assert level_of(outcome) == level


def test_a_correction_takes_what_was_chosen_and_keeps_its_lineage(session: Session):
    first = certified(session)
    known = known_as(session, first)
    by = person(session, "irving")
    with pytest.raises(Invalid, match="Choose at least one line"):
        reissue(session, first, taking=["holder_name"], reason="Spelt wrong.", by=by, at=LATER)
    known.name, known.rank = "Adamsen Person", "Major"
    session.flush()
    with pytest.raises(Invalid, match="Say why"):
        reissue(session, first, taking=["holder_name"], reason=" ", by=by, at=LATER)
    second = reissue(session, first, taking=["holder_name"], reason="Spelt wrong.", by=by, at=LATER)
    assert (second.holder_name, second.holder_rank) == ("Adamsen Person", "Captain")
    assert (second.replaces_id, second.cause, second.issued_by, second.reason) == (
        first.id, Cause.CORRECTED, by, "Spelt wrong.",
    )  # fmt: skip
    assert second.number == "HOME-2026-000002"
    assert (second.code != first.code, second.earned_on, second.issued_on) == (
        True,
        first.earned_on,
        LATER.date(),
    )
    with pytest.raises(Conflict, match="HOME-2026-000002"):
        reissue(session, first, taking=["holder_rank"], reason="Again.", by=by, at=LATER)
    lineage = lineage_of(session, first, at=LATER)
    assert [(each.certificate.id, each.state) for each in lineage.every] == [
        (second.id, State.VALID), (first.id, State.SUPERSEDED),
    ]  # fmt: skip
    assert lineage.after is lineage.latest is lineage.every[0]
    assert lineage_of(session, second, at=LATER).before == lineage.this
    assert withdrawn_places(session, first.academy_id, 1) == [first.status_index]
    completion = session.scalars(select(CourseCompletion)).one()
    academy = get_academy(session, first.academy_id)
    again = issue(
        session, completion, current(session).courses_by_slug["core"],
        person=session.get_one(Person, first.person_id), academy=academy, at=LATER,
    )  # fmt: skip
    assert again is second


def test_a_renewal_prints_another_certificate_that_leaves_the_first_true(session: Session):
    academy_id, by = enrolment_of(session, "adams").academy_id, person(session, "evans")
    set_validity(session, academy_id, "core", Term(12), by=by, at=DONE)
    first = certified(session)
    enrolment, at = enrolment_of(session, "adams"), DONE + timedelta(days=350)
    edition = current_edition(session, current(session), "core")
    assert edition is not None
    renew(session, enrolment, edition, at=at)
    sit_quiz(session, enrolment, at=at)
    for slug in ("checkpoint", "practice"):
        play(session, enrolment, slug, at=at)
    journeys.complete_if_earned(session, current(session), enrolment, at=at + timedelta(days=1))
    second = latest_of(session, academy_id, enrolment.id)
    assert second is not None
    assert (second.cause, second.replaces_id, second.number) == (Cause.RENEWED, first.id, "HOME-2027-000001")
    assert (first.valid_until, second.valid_until) == (date(2027, 3, 3), date(2028, 2, 16))
    assert withdrawn_places(session, academy_id, 1) == []
    states = dict(session.execute(select(Certificate.id, state_column(at))).all())
    assert states == {first.id: State.SUPERSEDED, second.id: State.VALID}


def test_a_revocation_has_a_ground_and_a_reason_and_stays(session: Session):
    kept, by = certified(session), person(session, "irving")
    with pytest.raises(Invalid, match="Say why"):
        revoke(session, kept, ground=Ground.ERROR, reason="", by=by, at=LATER)
    revoke(session, kept, ground=Ground.ERROR, reason="Printed twice.", by=by, at=LATER)
    with pytest.raises(Conflict, match="revoked already"):
        revoke(session, kept, ground=Ground.OTHER, reason="Again.", by=by, at=LATER)
    this = lineage_of(session, kept, at=LATER).this
    assert this.revoked is not None
    assert (this.state, this.revoked.ground, this.revoked.at) == (State.REVOKED, Ground.ERROR, LATER)
    assert withdrawn_places(session, kept.academy_id, 1) == [kept.status_index]
    assert restore(session, kept.academy_id, kept.enrolment_id, by=by, at=LATER) is None


def test_what_was_revoked_with_its_completion_is_issued_anew_when_that_counts_again(session: Session):
    kept, by = certified(session), person(session, "irving")
    academy_id, enrolment_id = kept.academy_id, kept.enrolment_id
    assert revoke_all(session, academy_id, enrolment_id, reason="Sat by another.", by=by, at=LATER) == [kept]
    assert revoke_all(session, academy_id, enrolment_id, reason="Sat by another.", by=by, at=LATER) == []
    anew = restore(session, academy_id, enrolment_id, by=by, at=LATER)
    assert anew is not None
    assert (anew.cause, anew.replaces_id) == (Cause.RESTORED, kept.id)
    states = [each.state for each in lineage_of(session, anew, at=LATER).every]
    assert states == [State.VALID, State.REVOKED]


@pytest.mark.parametrize("table", [Certificate, CertificateEvent, CertificateNumber])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_database_refuses_to_change_or_delete_what_was_issued(
    session: Session, table: type[Base], act: str
):
    kept = certified(session)
    revoke(session, kept, ground=Ground.OTHER, reason="A reason.", by=person(session, "irving"), at=LATER)
    column = "percent" if table is Certificate else "at" if table is CertificateEvent else "explanation"
    value = {"percent": 1.0, "at": DONE, "explanation": "None."}[column]
    statement = update(table).values({column: value}) if act == "change" else delete(table)
    with pytest.raises(DBAPIError, match="never change"), session.begin_nested():
        session.execute(statement.execution_options(synchronize_session=False))


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("table", ["certificate_event", "certificate_number"])
def test_the_tables_cannot_be_emptied_at_once_either(session: Session, table: str):
    with pytest.raises(DBAPIError, match="never change"):
        session.execute(text(f"TRUNCATE {table}"))


def test_a_number_that_was_drawn_for_nothing_is_explained(session: Session):
    kept = certified(session)
    academy = get_academy(session, kept.academy_id)
    known = known_as(session, kept)
    taken = draw_number(session, academy, year=2026)
    account_for(session, taken, explanation="Drawn by hand for a test.", at=LATER)
    draw_number(session, academy, year=2026)  # and nobody says what became of it
    known.name = "Adamsen Person"
    session.flush()
    by = person(session, "irving")
    reissue(session, kept, taking=["holder_name"], reason="Spelt wrong.", by=by, at=LATER)
    (year,) = numbers_by_year(session, academy.id)
    assert (year.year, year.drawn, year.issued, list(year.unexplained)) == (2026, 4, 2, [3])
    assert [each.explanation for each in year.explained] == ["Drawn by hand for a test."]
    assert numbers_by_year(session, academy.id + 1) == []


def test_thirty_two_issuers_at_once_leave_no_number_unaccounted_for(database: Database):
    """Half of them issue to sixteen people, the other half to the same sixteen without their row held."""
    with database.writing() as session:
        academy_id = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        enrolled = [_ready(session, academy_id, number) for number in range(HANDS // 2)]
    together = Barrier(HANDS)

    def finish(enrolment_id: int) -> str:
        together.wait()
        with database.writing() as session:
            enrolment = session.get_one(Enrolment, enrolment_id)
            completion = session.scalars(
                select(CourseCompletion).where(CourseCompletion.enrolment_id == enrolment_id)
            ).one()
            return issue(
                session,
                completion,
                current(session).courses_by_slug["core"],
                person=session.get_one(Person, enrolment.person_id),
                academy=get_academy(session, academy_id),
                at=LATER,
            ).number

    with ThreadPoolExecutor(HANDS) as hands:
        given = list(hands.map(finish, enrolled * 2))
    assert len(set(given)) == HANDS // 2
    assert given[: HANDS // 2] == given[HANDS // 2 :]
    with database.session() as session:
        (year,) = numbers_by_year(session, academy_id)
        issued = session.scalars(select(Certificate.number)).all()
        places = session.scalars(select(Certificate.status_index)).all()
    assert sorted(issued) == sorted(set(given))
    assert (year.issued, year.issued + len(year.explained), list(year.unexplained)) == (
        HANDS // 2,
        year.drawn,
        [],
    )
    assert len(set(places)) == HANDS // 2


def _ready(session: Session, academy_id: int, number: int) -> int:
    person = Person(
        email=f"student{number}@home.example",
        name=f"Student {number}",
        password_hash="none",
        created_at=START,
    )
    session.add(person)
    session.flush()
    enrolment = enrol(session, person.id, academy_id, course="core", at=START)
    version = current(session).courses_by_slug["core"].version_id
    session.add(
        ModuleCompletion(enrolment_id=enrolment.id, module="basics", version_id=version, completed_at=DONE)
    )
    session.add(
        CourseCompletion(
            enrolment_id=enrolment.id, academy_id=academy_id, course="core", version_id=version,
            percent=75.0, completed_at=DONE,
        )
    )  # fmt: skip
    session.flush()
    return enrolment.id
