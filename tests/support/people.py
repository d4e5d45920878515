"""The people of an academy in stories: ids by name, a person as the academy knows them, the link of a page."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.people.members import Member, find_member
from pme.people.memberships import By
from pme.people.models import Academy, Person, Role
from tests.support.cast import HOME, PEOPLE, START, email_of
from tests.support.client import Page


def id_of(session: Session, name: str) -> int:
    """The person of this name, of the cast or by address."""
    email = email_of(name) if name in PEOPLE else name
    return session.scalars(select(Person.id).where(Person.email == email)).one()


def academy_id_of(session: Session, slug: str = HOME) -> int:
    """The academy of this slug."""
    return session.scalars(select(Academy.id).where(Academy.slug == slug)).one()


def member_of(session: Session, name: str, slug: str = HOME) -> Member:
    """A person as an academy knows them."""
    member = find_member(session, academy_id_of(session, slug), id_of(session, name))
    assert member is not None
    return member


def by(session: Session, name: str) -> By:
    """A member of the cast as the one who acts."""
    return By(id_of(session, name), frozenset({PEOPLE[name][1]}), START)


def administrator(session: Session) -> By:
    """Evans as the one who acts."""
    return By(id_of(session, "evans"), frozenset({Role.ADMINISTRATOR}), START)


def link_on(page: Page) -> str:
    """The path of the link that a page shows once."""
    assert page.tree is not None, page.status
    (address,) = page.tree.xpath("//p[@class='code']/a/@href")
    return "/" + str(address).split("/", 3)[3]
