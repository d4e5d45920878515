"""Links that open accounts: each is good once, also for two who open it at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.db import Database
from pme.errors import Conflict, Invalid
from pme.people import links
from pme.people.models import Person, Personnel, Role, Standing
from pme.people.models_links import AccountLink, Purpose
from pme.people.personnel import Facts, add_member
from tests.support.cast import START
from tests.support.people import academy_id_of, administrator, by, id_of, member_of

NEW = "new@home.example"


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of these came to, done at the same moment: "done", or what it was refused as."""
    start, outcomes = Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes.append("done")
        except (Conflict, Invalid) as error:
            outcomes.append(type(error).__name__)

    threads = [Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def add(session: Session, **facts: str) -> str:
    """Invite somebody new; gives the secret of their link."""
    email = facts.pop("email", NEW)
    member = add_member(
        session,
        academy_id_of(session),
        email=email,
        facts=Facts(**({"name": "New Person"} | facts)),
        roles={Role.STUDENT},
        by=administrator(session),
    )
    return links.invite(session, member, administrator(session)).token


def test_an_invitation_is_accepted_once_also_by_two_at_the_same_moment(database: Database):
    with database.writing() as session:
        token = add(session)

    def accept(new_hash: str) -> None:
        with database.writing() as session:
            link = links.find_link(session, token, Purpose.INVITATION, for_update=True)
            assert link is not None
            links.accept(session, link, new_hash=new_hash, at=START)

    assert at_once(lambda: accept("one"), lambda: accept("two")) == ["Conflict", "done"]
    with database.session() as session:
        member = member_of(session, NEW)
        assert member.standing(START.date()) is Standing.ACTIVE
        assert member.holder.password_hash in ("one", "two")


def test_an_invitation_never_changes_the_password_of_an_account_that_has_one(session: Session):
    token = add(session, email="gray@away.example")
    link = links.find_link(session, token, Purpose.INVITATION)
    assert link is not None
    with pytest.raises(Conflict, match="has a password already"):
        links.accept(session, link, new_hash="stolen", at=START)


def test_a_link_opens_nothing_for_another_purpose_after_its_time_or_once_used(session: Session):
    made = links.send_reset(session, member_of(session, "adams"), by(session, "irving"))
    assert links.find_link(session, made.token, Purpose.INVITATION) is None
    for late in (timedelta(days=1), timedelta(days=400)):
        with pytest.raises(Conflict, match="used or has ended"):
            links.choose_password(session, made.link, new_hash="late", at=START + late)
    links.choose_password(session, made.link, new_hash="new", at=START)
    with pytest.raises(Conflict, match="used or has ended"):
        links.choose_password(session, made.link, new_hash="again", at=START)
    kept = session.scalars(select(Person.password_hash).where(Person.id == id_of(session, "adams"))).one()
    assert kept == "new"


def test_a_new_password_ends_every_other_link_to_one(session: Session):
    adams = member_of(session, "adams")
    own = links.ask_reset(session, adams.holder, START)
    sent = links.send_reset(session, adams, by(session, "irving"))
    assert own.link.is_open(START)
    links.choose_password(session, sent.link, new_hash="new", at=START)
    session.expire_all()
    assert not session.get_one(AccountLink, own.link.id).is_open(START)


def test_the_same_person_added_twice_at_once_is_there_once(database: Database):
    def added(email: str, number: str) -> None:
        with database.writing() as session:
            add(session, email=email, external_id=number)

    for email in (NEW, "gray@away.example"):
        assert at_once(*[lambda e=email: added(e, "") for _ in range(2)]) == ["Invalid", "done"]
    one, two = (lambda: added("a@home.example", "N-1")), (lambda: added("b@home.example", "N-1"))
    assert at_once(one, two) == ["Invalid", "done"]
    with database.session() as session:
        numbers = session.scalars(select(Personnel.external_id).where(Personnel.external_id.is_not(None)))
        assert numbers.all() == ["N-1"]
