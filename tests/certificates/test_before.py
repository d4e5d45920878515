"""Certificates that were issued before they had a life: they stay as they were, and gain what they lacked."""

from datetime import date, timedelta

from sqlalchemy import select, text

from pme import schema
from pme.certificates.models import Certificate
from pme.certificates.numbering import numbers_by_year
from pme.certificates.queries import held
from pme.certificates.state import State
from pme.db import Database
from pme.people.models import Person
from pme.progress.corrections import revoke
from pme.progress.validity import Term, set_validity
from tests.support.cast import START, email_of
from tests.support.graduates import enrolment_of, graduate

BEFORE = "0032"
LATER = START + timedelta(days=30)


def test_what_was_issued_before_is_kept_with_its_edition_end_place_and_number(database: Database):
    with database.writing() as session:
        adams, gray = (graduate(session, name, at=START) for name in ("adams", "gray"))
        home, away = adams.academy_id, gray.academy_id
        evans = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
        set_validity(session, home, "core", Term(12), by=evans, at=START)
        revoke(session, away, gray.id, reason="Sat by another.", by=evans, at=LATER)
        before = {
            each.number: (each.code, each.holder_name, each.outcome_texts, each.percent)
            for each in session.scalars(select(Certificate))
        }
    schema.downgrade(database, to=BEFORE)
    with database.writing() as session:
        assert session.scalars(text("SELECT count(*) FROM certificate")).one() == 2
        session.execute(
            text("UPDATE certificate_counter SET last = 2 WHERE academy_id = :home"), {"home": home}
        )
    schema.upgrade(database)
    with database.session() as session:
        found = {each.number: each for each in session.scalars(select(Certificate))}
        assert {
            number: (each.code, each.holder_name, each.outcome_texts, each.percent)
            for number, each in found.items()
        } == before
        own, other = found["HOME-2026-000001"], found["AWAY-2026-000001"]
        assert (own.valid_until, other.valid_until) == (date(2027, 3, 2), None)
        assert (own.edition, own.earned_on) == ("Edition 1 (2 March 2026)", START.date())
        assert own.enrolment_id == enrolment_of(session, "adams").id
        (this,), (that,) = held(session, home, [own], at=LATER), held(session, away, [other], at=LATER)
        assert (this.state, that.state) == (State.VALID, State.REVOKED)
        assert that.revoked is not None
        assert (that.revoked.reason, that.revoked.at) == ("Sat by another.", LATER)
        (year,) = numbers_by_year(session, home)
        assert (year.drawn, year.issued, list(year.unexplained)) == (2, 1, [])
        assert [each.number for each in year.explained] == ["HOME-2026-000002"]
