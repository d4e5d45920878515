"""Certificates as staff and holders meet them: found, corrected, revoked, accounted for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pme.audit import AuditEntry
from pme.certificates.models import Certificate
from pme.db import Database
from pme.people.models import Personnel
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.clock import Clock
from tests.support.graduates import graduate

FIRST, SECOND = "HOME-2026-000001", "HOME-2026-000002"


@pytest.fixture(autouse=True)
def _graduated(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        graduate(session, "adams", at=START)
    clock.at = START + timedelta(days=2)


def rename(database: Database, name: str) -> None:
    with database.writing() as session:
        session.scalars(select(Personnel).where(Personnel.name == "Adams Person")).one().name = name


def test_a_registrar_corrects_a_name_after_a_look_at_what_changes(visit: Visits, database: Database):
    irving = visit("irving")
    page = irving.get("/academy").follow("Certificates").follow(FIRST)
    assert "Holder Adams Person" in page.words
    assert "Nothing to correct" in page.follow("Correct it").words
    rename(database, "Adams <i>Personne</i>")
    form = page.follow("Correct it")
    assert "Holder: “Adams Person” becomes “Adams <i>Personne</i>”" in form.words
    nothing = form.press("Issue the corrected certificate", reason="Spelt wrong.", taking=[])
    assert (nothing.status, "Choose at least one line" in nothing.words, "Spelt wrong." in nothing.text) == (
        422,
        True,
        True,
    )
    assert form.press("Issue the corrected certificate", reason="  ").status == 422
    rename_again = form.press  # what was looked at is no longer what would be issued
    with database.writing() as session:
        session.scalars(select(Personnel).where(Personnel.name.startswith("Adams <i>"))).one().rank = "Major"
    moved = rename_again("Issue the corrected certificate", reason="Spelt wrong.")
    assert (moved.status, "check the lines below again" in moved.words, "becomes “Major”" in moved.words) == (
        422,
        True,
        True,
    )
    second = moved.press(
        "Issue the corrected certificate", reason="Spelt <b>wrong</b>.", taking=["holder_name"]
    )
    assert f"Certificate {SECOND} was issued. It replaces {FIRST}." in second.words
    assert "Rank Captain" in second.words
    assert "Reason: Spelt <b>wrong</b>." in second.words
    first = second.follow(FIRST)
    assert "Replaced" in first.words
    assert "Correct it" not in first.words
    late = irving.get(f"/academy/certificates/{FIRST}/correction")
    assert "Nothing to correct" not in late.words
    own = visit("adams").get("/certificates")
    assert f"number {SECOND}" in own.words
    assert "Earlier certificates of this course (1)" in own.words
    told = own.follow("See what others see")
    assert f"Replaces no. {FIRST}" in told.words
    assert "Spelt" not in told.text
    with database.session() as session:
        first_code = session.scalars(select(Certificate.code).where(Certificate.number == FIRST)).one()
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "certificate reissued"))
    assert entry.detail == {"course": "core", "replaces": FIRST, "fields": ["holder_name"]}
    old = visit("nobody").get(f"/verify/{first_code}")
    assert ("The corrected one counts" in old.words, f"Replaced by {SECOND}" in old.words) == (True, True)


def test_a_revocation_says_its_ground_to_all_and_its_reason_to_the_holder(visit: Visits, database: Database):
    form = visit("irving").get(f"/academy/certificates/{FIRST}").follow("Revoke it")
    wrong = form.press("Revoke the certificate", reason="It was not Adams.")
    assert (wrong.status, "Choose why" in wrong.words, "It was not Adams." in wrong.text) == (422, True, True)
    page = form.press("Revoke the certificate", ground="holder", reason="It was not Adams.")
    assert "Revoked" in page.words
    assert "Revoke it" not in page.words
    again = form.press("Revoke the certificate", ground="holder", reason="Again.")
    assert "revoked already" in again.words
    anew = page.follow("Correct it")
    assert "says the same and replaces it" in anew.words
    adams = visit("adams")
    own = adams.get("/certificates")
    assert "Reason: It was not Adams." in own.words
    told = own.follow("See what others see")
    assert "It was issued to the wrong person" in told.words
    assert "It was not Adams" not in told.text
    listed = visit("keller").get("/academy/certificates?state=revoked&words=adams%20home-2026")
    assert "1 certificate" in listed.words
    assert "No certificate found" in visit("keller").get("/academy/certificates?state=valid").words
    assert "No certificate yet" in visit("frost").get("/academy/certificates").words
    assert (
        "1 number assigned, 1 of them on certificates" in listed.follow("What happened to every number").words
    )
    second = anew.press("Issue the corrected certificate", reason="It was Adams after all.")
    assert f"Certificate {SECOND} was issued" in second.words
    assert "it is valid" in second.follow("See what others see").words
    assert "It is no longer valid" in adams.get(told.path).words


def test_a_director_states_credits_and_levels_that_stand_on_the_next_certificate_only(
    visit: Visits, database: Database
):
    page = visit("jensen").get("/academy/courses").follow("What certificates state: Core course")
    wrong = page.press("Save", hours_per_credit="24", eqf_level="9")
    assert (wrong.status, "from 25 to 30" in wrong.words, "from 1 to 8" in wrong.words) == (422, True, True)
    kept = page.press("Save", hours_per_credit="25", eqf_level="5", milof_level="2")
    assert "It applies to certificates from now on" in kept.words
    assert "Nothing was changed: it was like this already" in kept.press("Save").words
    assert "Not stated" in visit("keller").get("/academy/course-statements/other").words
    first = visit("irving").get(f"/academy/certificates/{FIRST}")
    assert "Levels in frameworks Not stated" in first.words
    form = first.follow("Correct it")
    assert "Levels in frameworks: “Not stated” becomes “EQF 5; SQF-MILOF 2”" in form.words
    second = form.press("Issue the corrected certificate", reason="The level was left out.")
    assert "Levels in frameworks EQF 5; SQF-MILOF 2" in second.words
    with database.session() as session:
        code = session.scalars(select(Certificate.code).where(Certificate.number == SECOND)).one()
    assert "Levels EQF 5; SQF-MILOF 2" in visit("nobody").get(f"/verify/{code}").words
