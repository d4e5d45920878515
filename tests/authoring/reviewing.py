"""Reviewers for the stories of review: members of the cast who are given the role."""

from sqlalchemy import select

from pme.authoring import approvals
from pme.db import Database
from pme.people.models import Academy, Person, Role
from pme.people.service import grant
from tests.conftest import Visits
from tests.support.cast import HOME, START, email_of
from tests.support.client import Visit


def person_id(database: Database, name: str) -> int:
    """The id of a member of the cast."""
    with database.session() as session:
        return session.scalars(select(Person.id).where(Person.email == email_of(name))).one()


def let_review(database: Database, name: str, academy: str = HOME) -> None:
    """Make a member of the cast a reviewer of an academy."""
    with database.writing() as session:
        found = session.scalars(select(Academy.id).where(Academy.slug == academy)).one()
        grant(session, person_id(database, name), found, Role.REVIEWER)


def require(database: Database, function: str, *names: str) -> None:
    """Let an academy require a function, held by these reviewers."""
    ids = [person_id(database, name) for name in names]
    with database.writing() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        made = approvals.add_function(session, home, function)
        for each in ids:
            approvals.hold(session, made, each, is_held=True, day=START.date())
        approvals.require_function(session, made, is_required=True, day=START.date())


def reviewer(database: Database, visit: Visits, name: str = "baker", *functions: str) -> Visit:
    """A reviewer in a browser of their own, who holds these functions, all of them required."""
    let_review(database, name)
    for function in functions:
        require(database, function, name)
    return visit(name)
