"""Roles, standing and last days: what each act leaves behind, and that one administrator always stays."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.audit import AuditAlias, AuditEntry
from pme.db import Database
from pme.errors import Conflict, Invalid
from pme.people import memberships
from pme.people.members import Member, Search, find_member, history_of, people_found, standings_counted
from pme.people.models import Membership, Role, Standing, Teaching
from pme.people.models_history import Fact
from pme.people.personnel import Facts, add_member, correct, readdress
from tests.support.cast import AWAY, HOME, PEOPLE, START
from tests.support.people import academy_id_of, administrator, by, id_of, member_of

TODAY = START.date()
Act = Callable[[Session, Member], object]


def invited(session: Session, email: str = "new@home.example", **facts: str) -> Member:
    """Somebody new, invited by Evans as a student."""
    return add_member(
        session,
        academy_id_of(session),
        email=email,
        facts=Facts(**({"name": "New Person"} | facts)),
        roles={Role.STUDENT},
        by=administrator(session),
    )


ENDS: dict[str, Act] = {
    "removed": lambda s, m: memberships.set_roles(s, m, {Role.STUDENT}, administrator(s)),
    "suspended": lambda s, m: memberships.suspend(s, m, by(s, "jensen")),
    "expired": lambda s, m: memberships.set_last_day(s, m, TODAY + timedelta(days=400), by(s, "jensen")),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_last_administrator_stays(session: Session, end: str):
    with pytest.raises(Conflict, match="without an administrator"):
        ENDS[end](session, member_of(session, "evans"))


@pytest.mark.parametrize("end", ENDS)
def test_an_administrator_may_go_once_there_is_another_whose_account_is_in_use(session: Session, end: str):
    memberships.set_roles(session, member_of(session, "keller"), {Role.ADMINISTRATOR}, administrator(session))
    ENDS[end](session, member_of(session, "evans"))
    with pytest.raises(Conflict, match="without an administrator"):
        memberships.suspend(session, member_of(session, "keller"), administrator(session))


def test_an_administrator_who_is_only_invited_or_has_a_last_day_does_not_count(session: Session):
    add_member(
        session,
        academy_id_of(session),
        email="new@home.example",
        facts=Facts(name="New Person"),
        roles={Role.ADMINISTRATOR},
        by=administrator(session),
    )
    keller = member_of(session, "keller")
    memberships.set_last_day(session, keller, TODAY, administrator(session))
    memberships.set_roles(session, member_of(session, "keller"), {Role.ADMINISTRATOR}, administrator(session))
    with pytest.raises(Conflict, match="without an administrator"):
        memberships.suspend(session, member_of(session, "evans"), by(session, "jensen"))


def test_two_administrators_who_suspend_each_other_at_once_leave_one(database: Database):
    with database.writing() as session:
        memberships.set_roles(
            session, member_of(session, "keller"), {Role.ADMINISTRATOR}, administrator(session)
        )
    start, outcomes = Barrier(2), []

    def suspend(whom: str, who: str) -> None:
        start.wait()
        try:
            with database.writing() as session:
                memberships.suspend(session, member_of(session, whom), by(session, who))
            outcomes.append("done")
        except Conflict:
            outcomes.append("refused")

    threads = [Thread(target=suspend, args=pair) for pair in (("evans", "keller"), ("keller", "evans"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


def test_every_change_of_standing_is_kept_with_what_it_was(session: Session):
    memberships.suspend(session, member_of(session, "adams"), by(session, "irving"), why="Left the class.")
    memberships.reinstate(session, member_of(session, "adams"), by(session, "irving"))
    until = TODAY + timedelta(days=30)
    memberships.set_last_day(session, member_of(session, "adams"), until, by(session, "irving"))
    adams = member_of(session, "adams")
    told = [
        (change.fact, change.was, change.became, name)
        for change, name in history_of(session, adams.academy_id, adams.person_id, at_most=9)
    ]
    assert told == [
        (Fact.ENDS, "", until.isoformat(), "Irving Person"),
        (Fact.STANDING, "suspended", "active", "Irving Person"),
        (Fact.STANDING, "active", "suspended", "Irving Person"),
    ]
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.act.endswith(" changed")).order_by(AuditEntry.id)
    )
    assert [(entry.act, entry.detail) for entry in entries] == [
        ("standing changed", {"before": {"standing": "active"}, "after": {"standing": "suspended"}}),
        ("standing changed", {"before": {"standing": "suspended"}, "after": {"standing": "active"}}),
        ("last day changed", {"before": {"until": ""}, "after": {"until": until.isoformat()}}),
    ]


def test_a_last_day_counts_to_its_end_and_a_later_one_lets_in_again(session: Session):
    memberships.set_last_day(session, member_of(session, "adams"), TODAY, by(session, "irving"))
    adams = member_of(session, "adams")
    assert adams.standing(TODAY) is Standing.ACTIVE
    assert adams.standing(TODAY + timedelta(days=1)) is Standing.EXPIRED
    session.get_one(Membership, adams.memberships[0].id).standing = Standing.EXPIRED
    session.flush()
    assert member_of(session, "adams").standing(TODAY) is Standing.EXPIRED
    memberships.set_last_day(session, member_of(session, "adams"), None, by(session, "irving"))
    assert member_of(session, "adams").standing(TODAY + timedelta(days=900)) is Standing.ACTIVE


def test_nobody_shuts_themselves_out_and_nobody_is_left_without_a_role(session: Session):
    evans = member_of(session, "evans")
    with pytest.raises(Conflict, match="cannot remove your own access"):
        memberships.suspend(session, evans, administrator(session))
    with pytest.raises(Conflict, match="cannot remove your own access"):
        memberships.set_last_day(session, evans, date(2030, 1, 1), administrator(session))
    with pytest.raises(Invalid, match="at least one role"):
        memberships.set_roles(session, member_of(session, "adams"), (), administrator(session))


def test_who_is_no_instructor_any_more_teaches_nothing_also_when_made_one_again(session: Session):
    memberships.set_roles(session, member_of(session, "clarke"), {Role.REVIEWER}, by(session, "jensen"))
    clarke = id_of(session, "clarke")
    assert session.scalars(select(Teaching).where(Teaching.person_id == clarke)).all() == []
    with pytest.raises(Conflict, match="Only an instructor"):
        memberships.appoint_to(session, member_of(session, "clarke"), {"core"}, by(session, "jensen"))
    memberships.set_roles(session, member_of(session, "clarke"), {Role.INSTRUCTOR}, by(session, "jensen"))
    memberships.appoint_to(session, member_of(session, "clarke"), {"core", "other"}, by(session, "jensen"))
    assert member_of(session, "clarke").teaches == {"core", "other"}


@pytest.mark.parametrize(
    ("who", "wanted"),
    [("irving", Role.INSTRUCTOR), ("jensen", Role.ADMINISTRATOR), ("keller", Role.REVIEWER)],
)
def test_a_role_beyond_ones_reach_changes_nothing(session: Session, who: str, wanted: Role):
    with pytest.raises(Invalid, match="You may not give"):
        memberships.set_roles(session, member_of(session, "baker"), {Role.STUDENT, wanted}, by(session, who))
    with pytest.raises(Invalid, match="You may not give"):
        add_member(
            session,
            academy_id_of(session),
            email="new@home.example",
            facts=Facts(name="New Person"),
            roles={wanted},
            by=by(session, who),
        )
    assert member_of(session, "baker").roles == {Role.STUDENT}


def test_people_are_found_by_words_role_and_standing_and_never_those_of_another_academy(session: Session):
    home = academy_id_of(session)
    invited(session, name="Łucja Święta", unit="3rd Signals", external_id="N-77")

    def names(**asked: object) -> list[str]:
        search = Search(**asked)  # type: ignore[arg-type]
        found = people_found(session, home, search, day=TODAY, page=1, at_most=50)
        assert found.total == len(found.lines)
        return [line.called for line in found.lines]

    assert names(words="ADAMS person") == ["Captain Adams Person"]
    assert names(words="n-77") == names(words="signals 3rd") == names(words="łucja") == ["Łucja Święta"]
    assert names(words="100%") == names(words="_") == []
    assert names(role=Role.REGISTRAR) == ["Captain Irving Person"]
    assert names(standing=Standing.INVITED) == ["Łucja Święta"]
    assert names(words="gray") == []
    here = sum(slug == HOME for slug, _, _ in PEOPLE.values())
    assert len(names()) == here + 1
    assert standings_counted(session, home, TODAY) == {
        Standing.ACTIVE: here,
        Standing.INVITED: 1,
        Standing.SUSPENDED: 0,
        Standing.EXPIRED: 0,
        Standing.ERASED: 0,
    }


def test_an_address_known_elsewhere_is_added_like_any_other_and_keeps_its_own_name_there(session: Session):
    gray = invited(session, email="Gray@away.example", name="G. Person", rank="Major")
    assert gray.called == "Major G. Person"
    assert gray.standing(TODAY) is Standing.INVITED
    assert member_of(session, "gray", AWAY).called == "Captain Gray Person"
    correct(session, gray, Facts(name="Gray-Smith"), administrator(session), why="Married.")
    assert member_of(session, "gray", AWAY).holder.name == "Gray Person"
    with pytest.raises(Invalid, match="has this address already"):
        invited(session, email="gray@away.example")


def test_a_wrong_address_of_an_invitation_is_put_right_with_all_that_hangs_on_it(session: Session):
    wrong = invited(session, email="wrnog@home.example", external_id="N-1")
    moved = readdress(session, wrong, "gray@away.example", by(session, "irving"))
    assert moved.person_id == id_of(session, "gray")
    assert moved.record.external_id == "N-1"
    assert find_member(session, wrong.academy_id, wrong.person_id) is None
    assert session.get(type(wrong.holder), wrong.person_id) is None
    meant = set(session.scalars(select(AuditAlias.person_id)))
    assert wrong.person_id not in meant, "whoever gets that number next is somebody else"
    assert moved.person_id in meant
    again = readdress(session, moved, "right@home.example", by(session, "irving"))
    assert member_of(session, "gray", AWAY).called == "Captain Gray Person"
    assert again.called == "New Person"
