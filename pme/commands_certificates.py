"""The commands on an academy's certificates: what became of every number, and which certificates end soon."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.expiry import due_by
from pme.certificates.numbering import YearOfNumbers, numbers_by_year
from pme.config import Settings
from pme.db import opened
from pme.errors import Invalid
from pme.people.models import Academy, Personnel

NO_NAME = "name no longer kept"


def gaps(given: argparse.Namespace) -> int:
    """List the numbers that stand on no certificate, and why: 1 where nothing tells of one."""
    lost = False
    with opened(Settings.from_environment()) as database, database.session() as session:
        for academy in _academies(session, given.academy):
            years = numbers_by_year(session, academy.id)
            print(f"{academy.slug}: {academy.name}")
            print("\n".join(line for year in years for line in _told(year)) or "  No number was drawn yet.")
            lost = lost or any(year.unexplained for year in years)
    return 1 if lost else 0


def expiring(given: argparse.Namespace) -> int:
    """List the completions whose last valid day comes within some days, or is over: the earliest first."""
    by = datetime.now(UTC).date() + timedelta(days=given.within)
    with opened(Settings.from_environment()) as database, database.session() as session:
        (academy,) = _academies(session, given.academy)
        found = due_by(session, academy.id, by=by)
        names = dict(
            session.execute(
                select(Personnel.person_id, Personnel.name).where(
                    Personnel.academy_id == academy.id,
                    Personnel.person_id.in_({each.person_id for each in found}),
                )
            ).all()
        )
    for each in found:
        print(f"{each.valid_until}  {each.course}  {names.get(each.person_id, NO_NAME)}")
    print(f"{academy.name}: {len(found)} valid until {by:%d %B %Y} at the latest.")
    return 0


def _told(year: YearOfNumbers) -> list[str]:
    """What became of the numbers of a year, a line each."""
    return [
        f"  {year.year}: {year.drawn} drawn, {year.issued} of them on certificates.",
        *(
            f"  {each.number}  {each.drawn_at:%Y-%m-%d %H:%M} UTC  {each.explanation}"
            for each in year.explained
        ),
        *(f"  NOT ACCOUNTED FOR: number {number} of {year.year}." for number in year.unexplained),
    ]


def _academies(session: Session, slug: str | None) -> Sequence[Academy]:
    """One academy, or all. Raises Invalid where there is none of that name."""
    found = session.scalars(
        select(Academy).where(Academy.slug == slug if slug else Academy.slug != "").order_by(Academy.slug)
    ).all()
    if slug and not found:
        raise Invalid(f"There is no academy “{slug}”. To see all: pme keys list")
    return found
