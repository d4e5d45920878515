"""The record of acts, for who audits: searched, verified, taken away as a file; and nothing of another academy."""

import csv
import io
import json
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from pme.audit import Act, AuditEntry, alias_of, record_all
from pme.db import Database
from pme.people.models import Academy, Person
from pme.trail.queries import Sought, aliases_meant, head_of, search
from tests.conftest import Visits
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.tampering import unguarded


def academy(session: Session, slug: str = HOME) -> int:
    return session.scalars(select(Academy.id).where(Academy.slug == slug)).one()


def person(session: Session, name: str) -> int:
    return session.scalars(select(Person.id).where(Person.email == email_of(name))).one()


def acted(database: Database, *, many: int = 60) -> int:
    """Acts of Evans on Adams and of Irving on Baker, in turn, an hour apart; gives the academy's id."""
    with database.writing() as session:
        here = academy(session)
        evans, adams, irving, baker = (
            person(session, each) for each in ("evans", "adams", "irving", "baker")
        )
        for number in range(many):
            by, to = (evans, adams) if number % 2 else (irving, baker)
            change = {"before": {"role": "student"}, "after": {"role": "instructor"}}
            act = Act(
                "roles changed" if number % 3 else "person suspended", f"person {by}", f"person {to}", change
            )
            record_all(session, [act], at=START + timedelta(hours=number), academy_id=here)
        record_all(
            session, [Act("secret act", "platform", "elsewhere")], at=START, academy_id=academy(session, AWAY)
        )
    return here


def test_an_auditor_finds_acts_by_what_whom_subject_and_day_and_leafs_through_them(
    visit: Visits, database: Database
):
    acted(database)
    keller = visit("keller")
    page = keller.get("/academy").follow("Audit trail")
    assert "Captain Adams Person" in page.words
    assert "role: student → instructor" in page.words
    assert "secret act" not in page.text.lower()
    older = page.follow("Next")
    assert "10" in older.words
    assert [row.xpath("string(th)") for row in older.tree.xpath("//tbody/tr")] == [
        str(n) for n in range(10, 0, -1)
    ]
    assert older.follow("Previous").tree.xpath("count(//tbody/tr)") == 50
    found = page.press(
        "Search", person="Baker", act="person suspended", since="2026-03-03", until="2026-03-03"
    )
    numbers = [int(row.xpath("string(th)")) for row in found.tree.xpath("//tbody/tr")]
    assert numbers == [n + 1 for n in range(39, 15, -1) if n % 6 == 0]
    for field, typed, says in (
        ("person", "Nobody At All", "This matches nobody at your academy"),
        ("person", email_of("frost"), "This matches nobody at your academy"),
        ("since", "yesterday", "Give the day like"),
        ("head", "12", "A head looks like"),
    ):
        refused = page.press("Verify the record" if field == "head" else "Search", **{field: typed})
        assert (refused.status, says in refused.words) == (422, True)
        assert typed in refused.text


def test_the_files_hold_codes_for_people_and_the_download_is_on_record(visit: Visits, database: Database):
    here = acted(database)
    keller = visit("keller")
    page = keller.get("/academy/audit").press("Search", person="Adams")
    response = keller.http.post(
        "/academy/audit/file", data={"csrf_token": keller.token(), "kind": "csv", "person": "Adams"}
    )
    rows = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"))))
    assert len(rows) == 30
    assert {row["subject"] for row in rows} == {alias_of_of(database, "adams", here)}
    assert "Adams" not in response.get_data(as_text=True)
    whole = json.loads(page.press("Download as JSON", person="").text)
    assert whole["length"] == len(whole["entries"]) == 62
    assert whole["entries"][-1]["act"] == "audit trail exported"
    assert whole["entries"][-1]["sha256"] == whole["sha256"]


def alias_of_of(database: Database, name: str, academy_id: int) -> str:
    with database.session() as session:
        return str(alias_of(session, person(session, name), academy_id=academy_id))


def test_the_page_says_whether_the_record_is_whole_and_a_kept_head_finds_one_written_anew(
    visit: Visits, database: Database
):
    here = acted(database, many=5)
    with database.session() as session:
        kept = str(head_of(session, here))
    keller = visit("keller")
    whole = keller.get("/academy/audit").press("Verify the record", head=kept)
    assert "The record is intact" in whole.words
    assert kept in whole.words
    with database.writing() as session, unguarded(session):
        session.execute(text("DELETE FROM audit_entry WHERE position > 3"))
        end = session.scalars(select(AuditEntry.sha256).where(AuditEntry.position == 3)).first()
        session.execute(text("UPDATE audit_chain SET length = 3, sha256 = :end"), {"end": end})
    assert "The record is intact" in keller.get("/academy/audit").press("Verify the record").words
    assert (
        "The head is not in the record"
        in keller.get("/academy/audit").press("Verify the record", head=kept).words
    )
    with database.writing() as session, unguarded(session):
        session.execute(update(AuditEntry).where(AuditEntry.position == 2).values(act="nothing"))
    assert "does not match is number 2" in keller.get("/academy/audit").press("Verify the record").words


@pytest.mark.soak
def test_two_hundred_thousand_entries_are_searched_at_once(database: Database):
    with database.writing() as session:
        here, people = academy(session), list(session.scalars(select(Person.id)))
        for batch in range(20):
            acts = [
                Act(f"act {n % 37}", f"person {people[n % len(people)]}", f"enrolment {n % 5000}", {"n": n})
                for n in range(10_000)
            ]
            record_all(session, acts, at=START + timedelta(days=batch), academy_id=here)
    with database.session() as session:
        meant = aliases_meant(session, here, "Adams")
        for sought in (
            Sought(),
            Sought(act="act 7"),
            Sought(aliases=meant),
            Sought(subject="enrolment 77"),
            Sought(since=START + timedelta(days=3), until=START + timedelta(days=4)),
            Sought(
                act="act 7", aliases=meant, since=START + timedelta(days=1), until=START + timedelta(days=2)
            ),
        ):
            began = time.perf_counter()
            assert search(session, here, sought).lines
            took = time.perf_counter() - began
            print(f"{took * 1000:.0f} ms: {sought}")
            assert took < 1
