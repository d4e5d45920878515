"""Cohorts: instructors make and name them, say who is in which, and look at one at a time."""

import pytest
from sqlalchemy import select

from pme import cli
from pme.audit import AuditEntry
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.service import cohort_of_name, enrol
from pme.people.models import Academy, Person, Role
from pme.people.queries import person_by_email
from pme.people.service import grant
from tests.conftest import Visits
from tests.support.belongings import give
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page

MARKUP = "<script>alert(1)</script>"
COHORTS = "/teach/core/cohorts"


def join(database: Database, name: str, *, academy: str = HOME) -> int:
    """One more student of the core course."""
    with database.writing() as session:
        place = session.scalars(select(Academy).where(Academy.slug == academy)).one()
        person = Person(email=f"{name}@{academy}.example", name=name, password_hash="x", created_at=START)
        session.add(person)
        session.flush()
        grant(session, person.id, place.id, Role.STUDENT)
        return enrol(session, person.id, place.id, course="core", at=START).id


def cohort_named(database: Database, name: str) -> list[str]:
    """The names of the people in a cohort."""
    with database.session() as session:
        people = select(Person.name).join(Enrolment, Enrolment.person_id == Person.id).join(Cohort)
        return list(session.scalars(people.where(Cohort.name == name).order_by(Person.name)))


def ticked(page: Page, *names: str) -> list[str]:
    boxes = page.choices("student")
    return [boxes[name] for name in names]


def test_an_instructor_makes_a_cohort_and_says_who_is_in_it(visit: Visits, database: Database):
    join(database, "Ivory")
    clarke = visit("clarke")
    empty = clarke.get("/teach/core").follow("Manage cohorts")
    assert "No cohort yet" in empty.words
    page = empty.press("Create the cohort", name="  Spring   2026 ")
    assert page.title == "Spring 2026"
    page = page.press("Add the chosen students", student=ticked(page, "Captain Adams Person"))
    assert "1 student moved into “Spring 2026”." in page.words
    assert cohort_named(database, "Spring 2026") == ["Adams Person"]
    assert "In no cohort: 1 student." in clarke.get(COHORTS).words
    page = page.press("Remove the chosen students", student=ticked(page, "Captain Adams Person"))
    assert "1 student moved out of “Spring 2026”." in page.words
    assert cohort_named(database, "Spring 2026") == []
    with database.session() as session:
        acts = session.scalars(
            select(AuditEntry.act).where(AuditEntry.act.like("%cohort%")).order_by(AuditEntry.id)
        ).all()
    assert acts == ["cohort made", "students put into cohort", "students taken out of cohort"]


def test_moving_from_one_cohort_to_another_says_where_a_student_is_now(visit: Visits, database: Database):
    give(database, "adams")
    clarke = visit("clarke")
    page = clarke.get(COHORTS).press("Create the cohort", name="Autumn")
    (who,) = (text for text in page.choices("student") if text.startswith("Captain Adams"))
    assert "Now in Spring." in who
    page.press("Add the chosen students", student=ticked(page, who))
    assert (cohort_named(database, "Spring"), cohort_named(database, "Autumn")) == ([], ["Adams Person"])


def test_the_students_page_shows_one_cohort_at_a_time(visit: Visits, database: Database):
    join(database, "Ivory")
    own = give(database, "adams")
    clarke = visit("clarke")
    every = clarke.get("/teach/core")
    assert "2 students" in every.words
    spring = every.follow("Spring")
    assert "1 student" in spring.words
    assert "Adams" in spring.words
    assert "Ivory" not in spring.words
    assert "2 students" in spring.follow("All").words
    for odd in ("x", "", "-1", "9" * 40):
        assert "2 students" in clarke.get(f"/teach/core?cohort={odd}").words
    assert clarke.get(f"/teach/core?cohort={own.cohort + 1000}").status == 404
    assert visit("hayes").get(f"/teach/core?cohort={own.cohort}").status == 404


def test_a_cohort_is_renamed_and_its_old_name_is_free_again(visit: Visits, database: Database):
    give(database, "adams")
    clarke = visit("clarke")
    page = clarke.get(COHORTS).follow("Spring").press("Rename", name="Class 12")
    assert page.title == "Class 12"
    assert clarke.get(COHORTS).press("Create the cohort", name="Spring").status == 200


@pytest.mark.alike
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Give the cohort a name"),
        ("   ", "Give the cohort a name"),
        ("x" * 81, "Keep the name under 80 characters."),
        ("Spring", "There is already a cohort “Spring” in this course."),
        (f"a\x00{MARKUP}", "characters that cannot be kept"),
    ],
)
def test_a_name_that_cannot_be_is_refused_beside_its_field(
    visit: Visits, database: Database, name: str, says: str
):
    give(database, "adams")
    clarke = visit("clarke")
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        cohort_of_name(session, academy, course="core", name="Other", at=START)
    for page in (
        clarke.get(COHORTS).press("Create the cohort", name=name),
        clarke.get(COHORTS).follow("Other").press("Rename", name=name),
    ):
        assert page.status == 422
        assert page.words.count(says) == 2
        assert "Error: " in page.text.partition("</title>")[0]
        assert page.form("Rename" if page.title == "Other" else "Create the cohort") is not None
    with database.session() as session:
        assert set(session.scalars(select(Cohort.name))) == {"Spring", "Other"}


def test_a_name_that_is_markup_is_shown_as_written(visit: Visits, database: Database):
    give(database, "adams")
    clarke = visit("clarke")
    assert clarke.get(COHORTS).press("Create the cohort", name=MARKUP).title == MARKUP
    for where in (COHORTS, "/teach/core"):
        assert MARKUP in clarke.get(where).words


def test_nobody_is_moved_who_is_not_the_instructors_to_move(visit: Visits, database: Database):
    own, stranger = give(database, "adams"), give(database, "gray")
    with database.session() as session:
        baker = session.scalars(select(Enrolment.id).where(Enrolment.course == "other")).one()
    clarke = visit("clarke")
    for ids in ([], [str(stranger.enrolment)], [str(baker)], ["x", "-1", "9" * 40, "٣"]):
        page = clarke.post(f"{COHORTS}/{own.cohort}/students", student=ids, go="in")
        assert "Nobody was moved" in page.words
    with database.session() as session:
        assert session.get_one(Enrolment, stranger.enrolment).cohort_id == stranger.cohort
        assert session.get_one(Enrolment, baker).cohort_id is None


def test_an_academys_cohorts_are_its_own(visit: Visits, database: Database):
    give(database, "adams")
    hayes = visit("hayes")
    assert "Spring" not in hayes.get(COHORTS).words
    assert hayes.get(COHORTS).press("Create the cohort", name="Spring").title == "Spring"
    assert join(database, "Yates", academy=AWAY)
    assert "Yates" in hayes.get(COHORTS).follow("Spring").words
    assert "Yates" not in visit("clarke").get(COHORTS).follow("Spring").words


def test_an_owner_puts_people_into_a_cohort_from_the_command_line(
    environment: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    adams = ["person", email_of("adams"), "--academy", HOME, "--role", "student", "--cohort", "Autumn"]
    assert cli.main(adams) == 1
    assert "A cohort is for a student in a course" in capsys.readouterr().err
    for _ in range(2):
        assert cli.main([*adams, "--course", "core"]) == 0
    assert cohort_named(database, "Autumn") == ["Adams Person"]
    with database.session() as session:
        assert session.scalars(select(Cohort.name)).all() == ["Autumn"]
        assert person_by_email(session, email_of("adams")) is not None
