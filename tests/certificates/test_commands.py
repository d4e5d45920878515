"""What the owner of an installation asks of certificates: what became of every number, and what ends soon."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pme import cli
from pme.certificates.numbering import account_for, draw_number
from pme.db import Database
from pme.people.models import Academy, Person
from pme.progress.models_requalify import CourseValidity
from tests.support.cast import HOME, email_of
from tests.support.graduates import graduate


@pytest.fixture
def owner(environment: dict[str, str], database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner of the installation whose database this is."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PME_DATABASE_URL", database.url.render_as_string(hide_password=False))


@pytest.mark.usefixtures("owner")
def test_numbers_on_no_certificate_are_told_with_the_reason_and_lost_ones_fail(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime.now(UTC)
    with database.writing() as session:
        academy = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
        account_for(session, draw_number(session, academy, year=2026), explanation="A dry run.", at=at)
    assert cli.main(["certificates", "gaps", HOME]) == 0
    said = capsys.readouterr().out
    assert "2026: 1 drawn, 0 of them on certificates." in said
    assert f"{HOME.upper()}-2026-000001" in said
    assert "A dry run." in said
    with database.writing() as session:
        draw_number(session, academy, year=2026)  # and nobody says what became of it
    assert cli.main(["certificates", "gaps"]) == 1
    assert "NOT ACCOUNTED FOR: number 2 of 2026." in capsys.readouterr().out
    assert cli.main(["certificates", "gaps", "no-such"]) == 1
    assert "There is no academy “no-such”" in capsys.readouterr().err


@pytest.mark.usefixtures("owner")
def test_what_ends_soon_is_told_with_the_day(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        academy = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
        by = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
        session.add(CourseValidity(academy_id=academy.id, course="core", months=1, set_by=by, set_at=now))
        graduate(session, "adams", at=now - timedelta(days=10))
    assert cli.main(["certificates", "expiring", HOME]) == 0
    said = capsys.readouterr().out
    assert "Adams" in said
    assert ": 1 valid until" in said
    assert cli.main(["certificates", "expiring", HOME, "--within", "3"]) == 0
    assert "Adams" not in capsys.readouterr().out
