"""Acts on many people are done at once and undone as a whole, except for what somebody changed since."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from pme.audit import AuditEntry, first_broken
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus, Extension
from pme.enrolment.service import cohort_of_name, enrol
from pme.people.models import Academy, Membership, Person, Role, Standing
from pme.people.queries import person_by_email
from pme.people.service import grant
from pme.progress.models import CourseCompletion, PageRead
from pme.undoing.models import Change
from tests.conftest import Visits
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page
from tests.support.clock import Clock

SEVERAL = ("Ivory", "Jasper", "Kestrel")
Kept = dict[str, Any]


def join(database: Database, *names: str, academy: str = HOME, enrolled: bool = True) -> list[int]:
    """More students of the core course; gives their enrolments, or their persons where they take nothing."""
    ids = []
    with database.writing() as session:
        place = session.scalars(select(Academy).where(Academy.slug == academy)).one()
        for name in names:
            email = f"{name.lower()}@{academy}.example"
            person = Person(email=email, name=name, password_hash="x", created_at=START)
            session.add(person)
            session.flush()
            grant(session, person.id, place.id, Role.STUDENT)
            taken = enrol(session, person.id, place.id, course="core", at=START).id if enrolled else 0
            ids.append(taken or person.id)
    return ids


def as_stored(database: Database) -> Kept:
    """All that these acts may change, by table."""
    with database.session() as session:
        return {
            "enrolments": sorted(
                map(tuple, session.execute(select(Enrolment.id, Enrolment.status, Enrolment.cohort_id)))
            ),
            "extensions": sorted(map(tuple, session.execute(select(Extension.id, Extension.due_on)))),
            "memberships": sorted(
                map(
                    tuple, session.execute(select(Membership.id, Membership.standing, Membership.valid_until))
                ),
                key=str,
            ),
        }


def ticked(page: Page, name: str, *who: str) -> list[str]:
    return [value for text, value in page.choices(name).items() if any(each in text for each in who)]


def cohort(database: Database, name: str) -> int:
    with database.writing() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        return cohort_of_name(session, home, course="core", name=name, at=START).id


@pytest.mark.parametrize("act", ["withdraw", "readmit", "move", "extend", "enrol", "suspend", "last day"])
def test_every_act_on_many_is_undone_to_the_row(visit: Visits, database: Database, clock: Clock, act: str):
    own, spring = join(database, *SEVERAL), cohort(database, "Spring")
    fresh = join(database, "Linden", "Maple", enrolled=False)
    if act == "readmit":
        with database.writing() as session:
            session.execute(
                update(Enrolment).where(Enrolment.id.in_(own)).values(status=EnrolmentStatus.WITHDRAWN)
            )
    before, irving = as_stored(database), visit("irving")
    status = "withdrawn" if act == "readmit" else "active"
    page = irving.get(f"/academy/enrolments?course=core&status={status}")
    if act in ("withdraw", "readmit", "move", "extend"):
        button = {
            "withdraw": "Withdraw those chosen",
            "readmit": "Enrol those chosen again",
            "move": "Move",
            "extend": "Give the later date",
        }[act]
        day = (clock.at + timedelta(days=30)).date().isoformat()
        more = (
            {"to": str(spring)}
            if act == "move"
            else {"due": day, "reason": "On duty."}
            if act == "extend"
            else {}
        )
        done = page.press(button, enrolment=ticked(page, "enrolment", *SEVERAL), **more)
    elif act == "enrol":
        done = irving.post("/academy/enrol", course="core", person=[str(one) for one in fresh])
    else:
        page = irving.get("/academy/people")
        people = ticked(page, "person", *SEVERAL, "Linden")
        if act == "suspend":
            done = page.press("Suspend", person=people)
        else:
            done = page.press("Set the last day", person=people, until=clock.at.date().isoformat())
    assert done.status == 200
    assert as_stored(database) != before
    undone = done.press("Undo")
    assert "Undone:" in undone.words
    assert undone.path == done.path
    assert as_stored(database) == before
    with database.session() as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc()).limit(2)).all()
        home = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        assert acts == ["changes undone", "change undone"]
        assert first_broken(session, academy_id=home) is None


def test_whoever_was_changed_since_is_left_and_named_with_the_reason(visit: Visits, database: Database):
    own, spring = join(database, *SEVERAL, "Linden"), cohort(database, "Spring")
    irving = visit("irving")
    page = irving.get("/academy/enrolments?course=core")
    done = page.press("Move", to=str(spring), enrolment=ticked(page, "enrolment", *SEVERAL, "Linden"))
    with database.writing() as session:  # one is moved on by a colleague, one completes the course
        autumn = Cohort(
            academy_id=session.get_one(Enrolment, own[0]).academy_id,
            course="core",
            name="Autumn",
            created_at=START,
        )
        session.add(autumn)
        session.flush()
        session.get_one(Enrolment, own[0]).cohort_id = autumn.id
        session.add(completion(session.get_one(Enrolment, own[1])))
    left = done.press("Undo")
    assert "Undone: 2 people are as before. 2 people were left as they are" in left.words
    rows = {
        row.xpath("string(th)").strip(): " ".join(row.xpath("string(.)").split())
        for row in left.tree.xpath("//tbody/tr")
    }
    assert "somebody else has changed it since" in rows["Ivory"]
    assert "the course was completed, which stays" in rows["Jasper"]
    assert "As before" in rows["Kestrel"]
    with database.session() as session:
        kept = {
            one.id: one.cohort_id for one in session.scalars(select(Enrolment).where(Enrolment.id.in_(own)))
        }
        assert [kept[one] for one in own] == [autumn.id, spring, None, None]


def completion(enrolment: Enrolment) -> CourseCompletion:
    return CourseCompletion(
        academy_id=enrolment.academy_id,
        enrolment_id=enrolment.id,
        course="core",
        completed_at=START + timedelta(days=400),
        percent=90,
        version_id=1,
    )


def test_an_enrolment_that_was_begun_stays(visit: Visits, database: Database):
    fresh = join(database, "Linden", "Maple", enrolled=False)
    done = visit("irving").post("/academy/enrol", course="core", person=[str(one) for one in fresh])
    with database.writing() as session:
        begun = session.scalars(select(Enrolment).where(Enrolment.person_id == fresh[0])).one()
        session.add(PageRead(version_id=1, enrolment_id=begun.id, module="basics", page="one", read_at=START))
    left = done.press("Undo")
    assert "the course was begun, which stays" in left.words
    with database.session() as session:
        rows = session.scalars(select(Enrolment.person_id).where(Enrolment.person_id.in_(fresh))).all()
    assert rows == fresh[:1]


def test_undoing_happens_once_within_a_day_by_whoever_may(visit: Visits, database: Database, clock: Clock):
    join(database, *SEVERAL)
    irving, clarke = visit("irving"), visit("clarke")
    page = irving.get("/academy/enrolments?course=core")
    page.press("Withdraw those chosen", enrolment=ticked(page, "enrolment", *SEVERAL))
    with database.session() as session:
        change = session.scalars(select(Change.id)).one()
    listed = irving.get("/academy/people").follow("Recent changes")
    assert "Withdrawn from a course: 3 people" in listed.words
    assert clarke.get("/changes").words.count("Nothing was changed recently") == 1
    assert clarke.get(f"/changes/{change}").status == 404
    assert visit("frost").post(f"/changes/{change}/undo").status == 404
    assert visit("keller").post(f"/changes/{change}/undo").status == 403
    clock.at += timedelta(hours=25)
    irving = visit("irving")
    assert "can no longer be undone" in irving.post(f"/changes/{change}/undo").words
    clock.at -= timedelta(hours=2)
    irving = visit("irving")
    assert "Undone: 3 people are as before." in irving.post(f"/changes/{change}/undo").words
    assert "undone before" in irving.post(f"/changes/{change}/undo").words


def test_an_instructor_undoes_their_own_moves_only(visit: Visits, database: Database):
    join(database, *SEVERAL)
    cohort(database, "Spring")
    clarke = visit("clarke")
    page = clarke.get("/teach/core/cohorts").follow("Spring")
    done = page.press("Add the chosen students", student=ticked(page, "student", *SEVERAL))
    assert "3 students moved into" in done.words
    back = done.press("Undo")
    assert (back.path, "Undone: 3 people are as before." in back.words) == (done.path, True)
    assert "Undone" in clarke.get("/changes").words


def test_all_that_match_are_meant_where_that_is_said(visit: Visits, database: Database):
    people = join(database, *(f"Oak{number:02}" for number in range(55)), enrolled=False)
    irving = visit("irving")
    page = irving.get("/academy/people?words=Oak&role=student")
    assert "All 55 that match, on every page" in page.words
    done = page.press("Suspend", all="yes")
    assert "55 people suspended" in done.words
    assert "words=Oak" in done.response.request.full_path
    with database.session() as session:
        stand = session.scalars(select(Membership.standing).where(Membership.person_id.in_(people))).all()
        assert set(stand) == {Standing.SUSPENDED}
        evans = person_by_email(session, email_of("evans"))
        assert evans is not None
    refused = irving.post("/academy/people/many", go="suspend", person=str(evans.id))
    assert "Nothing was changed" in refused.words


def test_people_of_another_academy_are_out_of_reach(visit: Visits, database: Database):
    away = join(database, "Pine", academy=AWAY, enrolled=False)
    enrolment = join(database, "Rowan", academy=AWAY)
    before = as_stored(database)
    irving = visit("irving")
    irving.post("/academy/people/many", go="suspend", person=str(away[0]))
    irving.post("/academy/enrolments", go="withdraw", enrolment=str(enrolment[0]))
    assert as_stored(database) == before
