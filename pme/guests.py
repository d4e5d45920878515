"""Guests of the demonstration: whoever wants to look around gets a student of their own, for a day.

Only where the setting says so. A guest is a person of the demo academy like any other, without a password that
anybody knows; a day later the person and all that they did is erased.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.content import catalogue as published
from pme.enrolment.service import cohort_of_name, enrol
from pme.errors import Conflict, NotFound
from pme.jobs.registry import Round, periodic
from pme.later import later
from pme.people.models import Person, Role
from pme.people.passwords import Hashing
from pme.people.queries import academy_by_slug
from pme.people.service import Seen, SignedIn, add_person, begin_session, grant
from pme.privacy import journal
from pme.privacy.classes import CLASSES
from pme.privacy.erasing import erase, remove
from pme.privacy.journal_shared import share
from pme.stores.chosen import store_of
from pme.words.speech import _

if TYPE_CHECKING:
    from pme import demo
else:  # few installations have one
    demo = later("pme.demo")

STAYS = timedelta(days=1)
MOST_AN_HOUR = 200
AT_ONCE = 20  # guests erased in one round
ADDRESS = "guest-{}@demo.example"
LIKE = ADDRESS.format("%")
STAYING = frozenset(kind for kind, each in CLASSES.items() if each.always)
"""What the records of an academy keep of anybody, without a name."""


def let_in(session: Session, hashing: Hashing, *, at: datetime, seen: Seen) -> SignedIn:
    """Make a guest and sign their browser in.

    Raises NotFound where there is no demo academy, Conflict where too many came within the last hour.
    """
    academy = academy_by_slug(session, demo.ACADEMY)
    if academy is None:
        raise NotFound(_("There is no demonstration here."))
    came = session.scalar(
        select(func.count())
        .select_from(Person)
        .where(Person.email.like(LIKE), Person.created_at > at - timedelta(hours=1))
    )
    if (came or 0) >= MOST_AN_HOUR:
        raise Conflict(_("Many people are looking around just now. Try again in an hour."))
    guest = add_person(
        session,
        hashing,
        email=ADDRESS.format(secrets.token_hex(6)),
        name=_("Guest"),
        rank="",
        password=None,
        at=at,
    )
    grant(session, guest.id, academy.id, Role.STUDENT)
    for course in published.current(session).courses:
        taken = course.content.slug
        if taken not in demo.FOR_INSTRUCTORS:
            enrolment = enrol(session, guest.id, academy.id, course=taken, at=at)
            enrolment.cohort_id = cohort_of_name(
                session, academy.id, course=taken, name=demo.COHORT, at=at
            ).id
    session.flush()
    signed_in = begin_session(session, guest.id, at=at, seen=seen)
    if signed_in is None:
        raise NotFound(_("There is no demonstration here."))
    return signed_in


def is_guest(email: str) -> bool:
    """Whether this is the made-up address of a guest."""
    return fnmatchcase(email, ADDRESS.format("*"))


def gone(session: Session, *, at: datetime) -> Sequence[int]:
    """The guests whose day is over, the first first."""
    return session.scalars(
        select(Person.id)
        .where(Person.email.like(LIKE), Person.created_at < at - STAYS)
        .order_by(Person.id)
        .limit(AT_ONCE)
    ).all()


@periodic("erase guests of the demonstration", every=timedelta(hours=1))
def see_off(given: Round) -> None:
    """Erase every guest whose day is over."""
    store = store_of(given.settings)
    with given.database.session() as session:
        academy = academy_by_slug(session, demo.ACADEMY)
        guests = gone(session, at=given.at()) if academy else ()
    for guest in guests:
        with given.database.writing() as session:
            assert academy is not None  # noqa: S101  (without it there are no guests)
            erased = erase(session, academy.id, guest, stays=STAYING, by=None, at=given.at(), store=store)
        journal.keep(given.settings.instance_dir, [erased.line])
        share(store, [erased.line])
        remove(store, erased.files)
