"""The people of an academy as the rows of a file: all that a search asks for, in stable columns."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.people.counting import standing_of
from pme.people.members import Search, last_day_of, memberships_of, scope_of
from pme.people.models import Person, Personnel, Role

HEADINGS = (
    "number",
    "rank",
    "name",
    "email",
    "nation",
    "service",
    "unit",
    "language",
    "roles",
    "standing",
    "last_day",
)
COLUMNS = (
    Personnel.external_id,
    Personnel.rank,
    Personnel.name,
    Person.email,
    Personnel.nation,
    Personnel.service,
    Personnel.unit,
    Personnel.language,
)
"""The first of these columns."""
BATCH = 500


def people_rows(session: Session, academy_id: int, search: Search, *, day: date) -> Iterator[tuple[str, ...]]:
    """Everybody whom a search asks for, in the order in which they were added, some at a time."""
    scope, after = scope_of(academy_id, search, day), 0
    while True:
        rows = session.execute(
            select(Personnel.id, Personnel.person_id, *COLUMNS)
            .join(Person, Person.id == Personnel.person_id)
            .where(scope, Personnel.id > after)
            .order_by(Personnel.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        held = memberships_of(session, academy_id, [row.person_id for row in rows])
        for row in rows:
            theirs = held.get(row.person_id, [])
            last_day = last_day_of(theirs)
            yield (
                *(text or "" for text in row[2:]),
                " ".join(role.value for role in Role if any(each.role is role for each in theirs)),
                standing_of(theirs, day).value,
                last_day.isoformat() if last_day else "",
            )
        after = rows[-1].id
