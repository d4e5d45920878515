"""The audit trail: whole when it is whole, and found out when anything in it was touched."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pme.audit import (
    SOURCE,
    AuditAlias,
    AuditChain,
    AuditEntry,
    Entry,
    alias_of,
    chain_of,
    cut,
    first_broken,
    record,
)
from pme.audit import START as NOTHING_YET
from pme.db import Database
from tests.support.cast import START
from tests.support.tampering import unguarded

ACADEMY = 1
CHANGES: dict[str, Any] = {
    "actor": "person 99",
    "act": "nothing happened",
    "subject": "someone else",
    "detail": {"course": "other"},
    "at": START + timedelta(seconds=1),
    "sha256": "0" * 64,
    "position": 99,
    "source": "198.51.100.0/24",
}


def keep(session: Session, number: int, *, academy_id: int | None = ACADEMY) -> Entry:
    return record(
        session,
        "certificate issued",
        actor=f"person {number}",
        subject=f"HOME-{number} “é”",
        at=START + timedelta(seconds=number),
        academy_id=academy_id,
        detail={"course": "core", "number": number, "names": ["Ελένη"]},
    )


@pytest.fixture
def trail(database: Database) -> Database:
    """A database in which five acts are on record, in two transactions."""
    for numbers in ((1, 2, 3), (4, 5)):
        with database.writing() as session:
            for number in numbers:
                keep(session, number)
    return database


def broken_at(database: Database) -> int | None:
    with database.session() as session:
        return first_broken(session, academy_id=ACADEMY)


def entry_at(position: int) -> Any:
    chain = select(AuditChain.id).where(AuditChain.name == chain_of(ACADEMY)).scalar_subquery()
    return (AuditEntry.chain_id == chain) & (AuditEntry.position == position)


def test_a_trail_that_nobody_touched_is_whole(trail: Database):
    assert broken_at(trail) is None
    with trail.session() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "certificate issued").order_by(AuditEntry.id)
        ).all()
        assert [(entry.position, entry.subject) for entry in entries] == [
            (n, f"HOME-{n} “é”") for n in range(1, 6)
        ]
        assert len({entry.sha256 for entry in entries}) == 5


def test_a_trail_that_was_never_begun_is_whole(database: Database):
    assert broken_at(database) is None


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_entry_is_found(trail: Database, column: str):
    with trail.writing() as session, unguarded(session):
        session.execute(update(AuditEntry).where(entry_at(3)).values({column: CHANGES[column]}))
    assert broken_at(trail) == 3


@pytest.mark.parametrize("position", [1, 3, 5])
def test_a_missing_entry_is_found(trail: Database, position: int):
    with trail.writing() as session, unguarded(session):
        session.execute(delete(AuditEntry).where(entry_at(position)))
    assert broken_at(trail) == position


def test_entries_that_changed_places_are_found(trail: Database):
    with trail.writing() as session, unguarded(session):
        for old, new in ((2, 9), (4, 2), (9, 4)):
            session.execute(update(AuditEntry).where(entry_at(old)).values(position=new))
    assert broken_at(trail) == 2


def test_an_entry_that_was_changed_with_its_hash_breaks_the_next(trail: Database):
    with trail.writing() as session, unguarded(session):
        second, third = (session.scalars(select(AuditEntry).where(entry_at(n))).one() for n in (2, 3))
        third.actor = "person 99"
        names = ("position", "actor", "act", "subject", "detail", "source")
        facts = {name: getattr(third, name) for name in names} | {"at": third.at.isoformat()}
        canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        third.sha256 = hashlib.sha256((second.sha256 + canonical).encode()).hexdigest()
    assert broken_at(trail) == 4


def test_an_end_that_was_cut_off_is_found(trail: Database):
    with trail.writing() as session, unguarded(session):
        session.execute(delete(AuditEntry).where(entry_at(5) | entry_at(4)))
    assert broken_at(trail) == 4


def test_a_chain_that_was_set_back_is_found(trail: Database):
    with trail.writing() as session, unguarded(session):
        session.execute(
            update(AuditChain).where(AuditChain.name == chain_of(ACADEMY)).values(sha256=NOTHING_YET)
        )
    assert broken_at(trail) == 6


def test_each_academy_has_a_chain_of_its_own(trail: Database):
    with trail.writing() as session, unguarded(session):
        other = keep(session, 1, academy_id=2)
        install = keep(session, 1, academy_id=None)
        assert other.position == install.position == 1
        session.execute(update(AuditEntry).where(entry_at(1)).values(actor="person 99"))
        assert first_broken(session, academy_id=2) is None
        assert first_broken(session) is None


def test_an_act_that_was_rolled_back_leaves_no_gap(trail: Database):
    with trail.writing() as session:
        assert keep(session, 6).position == 6
        session.rollback()
    with trail.writing() as session:
        assert keep(session, 7).position == 6
    assert broken_at(trail) is None


@pytest.mark.parametrize("is_begun", [True, False])
def test_many_who_write_at_once_make_one_chain(database: Database, is_begun: bool):
    if is_begun:
        with database.writing() as session:
            keep(session, 0)
    together = Barrier(8)

    def write(hand: int) -> None:
        together.wait()
        for number in range(5):
            with database.writing() as session:
                keep(session, 10 * hand + number)

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(write, range(8)))
    assert broken_at(database) is None
    with database.session() as session:
        chain = session.scalars(select(AuditChain).where(AuditChain.name == chain_of(ACADEMY))).one()
        assert chain.length == 40 + is_begun


@pytest.mark.parametrize("table", [AuditEntry, AuditChain])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_database_itself_refuses_to_change_or_delete_what_is_on_record(
    trail: Database, table: type[AuditEntry | AuditChain], act: str
):
    tamper = delete(table) if act == "delete" else update(table).values(sha256=NOTHING_YET)
    with pytest.raises(DBAPIError, match="append-only"), trail.writing() as session:
        session.execute(tamper)
    assert broken_at(trail) is None


def test_people_are_named_by_an_alias_that_can_be_cut(database: Database):
    with database.writing() as session:
        session.info[SOURCE] = "198.51.100.0/24"
        entry = record(
            session,
            "roles changed",
            actor="person 12",
            subject="person 7",
            at=START,
            academy_id=ACADEMY,
            detail={"before": {"holders": [12, 9]}, "after": {"by": 7, "people": 12}, "says": "as person 12"},
        )
        twelve, seven, nine = (str(alias_of(session, n, academy_id=ACADEMY)) for n in (12, 7, 9))
        assert (entry.actor, entry.subject, entry.source) == (twelve, seven, "198.51.100.0/24")
        assert entry.detail == {
            "before": {"holders": [twelve, nine]},
            "after": {"by": seven, "people": 12},
            "says": f"as {twelve}",
        }
        assert keep(session, 12).actor == twelve
        assert keep(session, 12, academy_id=None).actor not in (twelve, "person 12")
        cut(session, 12, academy_id=ACADEMY)
    assert broken_at(database) is None
    with database.writing() as session:
        assert session.scalars(select(AuditAlias.alias).where(AuditAlias.alias == twelve)).all() == []
        assert keep(session, 12).actor != twelve
