"""Windows of cohorts, further attempts, and what a person needs: set by instructors and staff, told to students."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from pme import invigilation
from pme.assessment.models import Accommodation, Attempt, AttemptStatus, FurtherAttempt, Window
from pme.audit import AuditEntry, first_broken
from pme.content.publish import publish
from pme.db import Database
from pme.people.models import Academy, Membership, Role
from pme.people.queries import person_by_email
from tests.conftest import Visits
from tests.support import student
from tests.support.belongings import Belongings, give
from tests.support.cast import START, email_of
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.library import library, scenario
from tests.support.student import BASICS
from tests.support.timed import arrange, publish_timed, timed

QUIZ = f"{BASICS}/quiz/check"
MARKUP = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _timed(database: Database, clock: Clock) -> None:
    publish_timed(database)


@pytest.fixture
def own(database: Database) -> Belongings:
    return give(database, "adams")


def typed(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def shown(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def window(visit: Visit, own: Belongings, task: str = "quiz", slug: str = "check") -> Page:
    return visit.get(f"/teach/core/cohorts/{own.cohort}/windows/{task}/{slug}")


def hand_in(visit: Visit, own: Belongings) -> None:
    """Be done with the attempt that is open, so that another can begin."""
    visit.post(f"/attempts/quiz/{own.open_quiz}/finish")


def minute(clock: Clock) -> datetime:
    clock.at = clock.at.replace(second=0)
    return clock.at


def test_an_instructor_sets_the_dates_and_the_student_sees_them(
    visit: Visits, database: Database, clock: Clock, own: Belongings
):
    opens, closes = minute(clock) + timedelta(days=1), clock.at + timedelta(days=2)
    adams, clarke = visit("adams"), visit("clarke")
    hand_in(adams, own)
    page = window(clarke, own).press("Set the dates", opens=typed(opens), closes=typed(closes))
    assert "the dates of this cohort are set" in page.words
    assert f"From {shown(opens)} until {shown(closes)}" in page.words
    start = adams.get(QUIZ)
    assert f"Opens {shown(opens)}" in start.words
    assert f"Closes {shown(closes)}" in start.words
    assert f"You can begin from {shown(opens)}" in start.words
    assert start.tree.xpath("//main//form") == []
    told = adams.post(QUIZ)
    assert f"“A short check” opens on {shown(opens)}. Come back then." in told.words
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "window set")).one()
        assert entry.detail == {
            "task": "quiz check",
            "opens": opens.isoformat(),
            "closes": closes.isoformat(),
        }
    again = window(clarke, own)
    assert again.tree.xpath("//input[@name='opens']/@value") == [typed(opens)]
    emptied = again.press("Set the dates", opens="", closes="")
    assert "At any time" in emptied.words
    assert adams.post(QUIZ).title.startswith("Question")
    with database.session() as session:
        kept = session.scalars(select(Window)).one()
        assert (kept.opens_at, kept.closes_at) == (None, None)


def test_closing_stops_beginning_and_leaves_a_timed_attempt_its_whole_time(
    visit: Visits, database: Database, clock: Clock, own: Belongings
):
    adams = visit("adams")
    hand_in(adams, own)
    closes = minute(clock) + timedelta(minutes=5)
    window(visit("clarke"), own).press("Set the dates", closes=typed(closes))
    page = adams.get(QUIZ).press("Take it again")
    assert f"Ends at {clock.time(30)}" in page.words
    clock.move(minutes=6)
    start = adams.get(QUIZ)
    assert "Go on with your attempt" in start.words
    check = student.answer_all(adams)
    check.press("Hand in")
    closed = adams.get(QUIZ)
    assert f"This closed on {shown(closes)}" in closed.words
    assert f"“A short check” closed on {shown(closes)}." in adams.post(QUIZ).words


def test_an_untimed_attempt_ends_at_closing_and_a_later_closing_moves_it(
    visit: Visits, database: Database, clock: Clock, own: Belongings
):
    publish_timed(database, None)
    adams, clarke = visit("adams"), visit("clarke")
    hand_in(adams, own)
    closes = minute(clock) + timedelta(minutes=60)
    window(clarke, own).press("Set the dates", closes=typed(closes))
    assert "You can work on it until it closes." in adams.get(QUIZ).words
    page = adams.get(QUIZ).press("Take it again")
    assert f"Ends at {clock.time(60)}" in page.words
    assert "break" not in page.words
    window(clarke, own).press("Set the dates", closes=typed(closes + timedelta(minutes=30)))
    assert f"Ends at {clock.time(90)}" in adams.get(page.path).words
    window(clarke, own).press("Set the dates", closes=typed(closes - timedelta(minutes=30)))
    assert f"Ends at {clock.time(90)}" in adams.get(page.path).words, "an end never moves earlier"
    clock.move(minutes=91)
    window(clarke, own).press("Set the dates", closes=typed(closes + timedelta(minutes=300)))
    assert "Time is over" in adams.get(page.path).words
    invigilation.close_overdue(database, at=clock.at)
    with database.session() as session:
        done = session.scalars(
            select(Attempt).order_by(Attempt.id.desc()).where(Attempt.slug == "check")
        ).first()
        assert done is not None
        assert done.status is AttemptStatus.FINISHED, "what is over stays over"
        assert done.finished_at == closes + timedelta(minutes=30)


def test_an_untimed_attempt_goes_on_when_its_closing_is_taken_away(
    visit: Visits, database: Database, clock: Clock, own: Belongings
):
    publish_timed(database, None)
    adams, clarke = visit("adams"), visit("clarke")
    hand_in(adams, own)
    window(clarke, own).press("Set the dates", closes=typed(minute(clock) + timedelta(minutes=9)))
    page = adams.get(QUIZ).press("Take it again")
    window(clarke, own).press("Set the dates", closes="")
    assert "Ends at" not in adams.get(page.path).words
    assert invigilation.close_overdue(database, at=clock.move(minutes=60)) == 0


def test_a_scenario_that_is_begun_in_time_may_be_ended_in_peace(
    visit: Visits, database: Database, clock: Clock, own: Belongings
):
    adams, clarke = visit("adams"), visit("clarke")
    page = window(clarke, own, "scenario", "practice")
    assert "may be finished without hurry" in page.words
    page.press("Set the dates", closes=typed(minute(clock) + timedelta(minutes=9)))
    clock.move(minutes=10)
    assert "Go on with your attempt" in adams.get(f"{BASICS}/scenario/practice").words
    student.decide(student.decide(student.begin_scenario(adams, "practice"), "Do listen"), "Do help")
    student.reflect(adams.get(f"/attempts/scenario/{own.open_scenario}").press("Go on to the debrief"))
    closed = adams.get(f"{BASICS}/scenario/practice")
    assert "This closed on" in closed.words
    assert "closed on" in adams.post(f"{BASICS}/scenario/practice").words


def test_a_window_is_of_one_cohort_only(visit: Visits, database: Database, clock: Clock, own: Belongings):
    window(visit("clarke"), own).press("Set the dates", opens=typed(clock.at + timedelta(days=9)))
    gray = visit("gray").get(QUIZ)
    assert "Opens" not in gray.words
    assert gray.press("Begin").title.startswith("Question")


@pytest.mark.alike
@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "2026-02-30T08:00",
        "2026-03-02",
        "1999-01-01T00:00",
        "2101-01-01T00:00",
        "9" * 5000,
        MARKUP,
        "٢٠٢٦-03-02T08:00x",
        "2026-03-02T25:00",
        "\x00x",
    ],
)
def test_a_date_that_is_none_is_refused_beside_its_field(visit: Visits, own: Belongings, text: str):
    page = window(visit("clarke"), own).press("Set the dates", opens=text, closes="2026-03-02T08:00")
    assert page.status == 422
    assert page.words.count("Give a date and a time like 2026-03-02 08:00") == 2
    assert page.tree.xpath("//input[@name='closes']/@value") == ["2026-03-02T08:00"]
    assert "Error: " in page.text.partition("</title>")[0]


def test_closing_before_opening_is_refused(visit: Visits, database: Database, own: Belongings):
    for closes in ("2030-03-02 08:00", "2030-03-02T08:01"):
        page = window(visit("clarke"), own).press("Set the dates", opens="2030-03-02T08:01", closes=closes)
        assert page.status == 422
        assert page.words.count("The window must close after it opens. Correct one of the two.") == 2
        assert page.tree.xpath("//input[@name='opens']/@value") == ["2030-03-02T08:01"]
    with database.session() as session:
        assert session.scalar(select(func.count(Window.id))) == 0


def test_dates_may_be_written_as_the_house_writes_them(visit: Visits, own: Belongings):
    page = window(visit("clarke"), own).press(
        "Set the dates", opens=" 2 March 2030, 08:00 UTC ", closes="2030-03-02T08:01"
    )
    assert "From 2 March 2030, 08:00 UTC until 2 March 2030, 08:01 UTC" in page.words


def test_a_task_that_the_course_does_not_have_has_no_window(visit: Visits, own: Belongings):
    clarke = visit("clarke")
    for task, slug in (
        ("quiz", "checkpoint"),
        ("scenario", "check"),
        ("essay", "check"),
        ("quiz", "nowhere"),
    ):
        assert window(clarke, own, task, slug).status == 404


def test_an_instructor_gives_one_student_a_further_attempt(
    visit: Visits, database: Database, own: Belongings
):
    with database.writing() as session:
        publish(session, library(timed(attempts=2)), by_id=None, at=START, note="two attempts")
    adams, clarke = visit("adams"), visit("clarke")
    hand_in(adams, own)
    assert "You have used all your attempts." in adams.get(QUIZ).words
    page = clarke.get(f"/teach/core/students/{own.enrolment}").follow("Time and further attempts")
    assert "2 attempts of 2 used" in page.words
    given = page.press("Give one more attempt")
    assert "One more attempt at “A short check” is given." in given.words
    assert "2 attempts of 3 used" in given.words
    twice = clarke.post(f"/teach/core/students/{own.enrolment}/further-attempts", task="quiz", slug="check")
    assert "still has an attempt left" in twice.words
    start = adams.get(QUIZ)
    assert "Up to 3" in start.words
    assert start.press("Take it again").title.startswith("Question")
    adams.post(f"/attempts/quiz/{own.open_quiz + 100}/finish")
    with database.session() as session:
        assert session.scalar(select(func.count(FurtherAttempt.id))) == 1
        acts = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "further attempt given").order_by(AuditEntry.id)
        ).all()
        assert [act.detail for act in acts] == [{"task": "quiz check"}]
        assert first_broken(session, academy_id=None) is None


def test_a_further_attempt_at_a_scenario(visit: Visits, database: Database, own: Belongings):
    with database.writing() as session:
        publish(session, library(scenario(attempts=1)), by_id=None, at=START, note="one attempt")
    adams = visit("adams")
    student.reflect(adams.get(f"/attempts/scenario/{own.debrief}/debrief"))
    assert "You have used all your attempts." in adams.get(f"{BASICS}/scenario/checkpoint").words
    where = f"/teach/core/students/{own.enrolment}/further-attempts"
    visit("clarke").post(where, task="scenario", slug="checkpoint")
    assert "Decision 1" in student.begin_scenario(adams).words


@pytest.mark.alike
@pytest.mark.parametrize(
    ("percent", "breaks", "says"),
    [
        ("1000", "0", "Give a whole number from 100 to 400"),
        ("99", "0", "Give a whole number from 100 to 400"),
        ("", "0", "Give a whole number from 100 to 400"),
        ("1.5", "0", "Give a whole number from 100 to 400"),
        ("٢٠٠", "0", "Give a whole number from 100 to 400"),
        ("-150", "0", "Give a whole number from 100 to 400"),
        ("150", "241", "Give whole minutes from 0 (no breaks) to 240."),
        ("150", "x", "Give whole minutes from 0"),
        ("150", "9" * 5000, "Give whole minutes from 0"),
        (MARKUP, "\x00", "Give a whole number from 100 to 400"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_stays_typed(
    visit: Visits, database: Database, own: Belongings, percent: str, breaks: str, says: str
):
    fields = {"time_percent": percent, "break_minutes": breaks}
    by_instructor = (
        visit("clarke").get(f"/teach/core/students/{own.enrolment}/time").press("Set the time", **fields)
    )
    by_staff = visit("evans").get("/academy/time").press("Set the time", email=email_of("adams"), **fields)
    for page in (by_instructor, by_staff):
        assert page.status == 422
        assert page.words.count(says) >= 2
        if "\x00" not in breaks:
            assert page.tree.xpath("//input[@name='time_percent']/@value") == [percent]
            assert page.tree.xpath("//input[@name='break_minutes']/@value") == [breaks]
    with database.session() as session:
        assert session.scalar(select(func.count(Accommodation.id))) == 0


def test_staff_set_the_time_of_a_student_once_for_every_task(visit: Visits, database: Database, clock: Clock):
    evans = visit("evans")
    page = evans.get("/academy").follow("Time and breaks in timed tasks")
    assert "No times are set yet" in page.words
    page = page.press("Set the time", email=email_of("adams"), time_percent="150", break_minutes="10")
    assert "Captain Adams Person adams@home.example 150 % 10 min" in page.words
    assert f"Ends at {clock.time(45)}" in visit("adams").get(QUIZ).press("Begin").words
    assert "Adams" not in visit("frost").get("/academy/time").words
    again = evans.get("/academy/time").press("Set the time", email=email_of("adams"), time_percent="100")
    assert "No times are set yet" in again.words
    with database.session() as session:
        acts = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "time in tasks arranged").order_by(AuditEntry.id)
        ).all()
    assert [act.detail for act in acts] == [{}, {}], "the record says who did it for whom, and no more"


@pytest.mark.alike
@pytest.mark.parametrize(
    "email", ["gray@away.example", "nobody@home.example", "evans@home.example", "clarke@home.example"]
)
def test_staff_arrange_nothing_for_who_is_not_their_student(visit: Visits, database: Database, email: str):
    page = visit("evans").get("/academy/time").press("Set the time", email=email, time_percent="150")
    assert page.status == 422
    assert page.words.count("No other student of your academy has this address.") == 2
    with database.session() as session:
        assert session.scalar(select(func.count(Accommodation.id))) == 0


def test_nobody_arranges_their_own_time(visit: Visits, database: Database):
    with database.writing() as session:
        person = person_by_email(session, email_of("adams"))
        assert person is not None
        home = session.scalars(select(Academy.id).where(Academy.slug == "home")).one()
        session.add(Membership(person_id=person.id, academy_id=home, role=Role.ADMINISTRATOR))
    page = (
        visit("adams").get("/academy/time").press("Set the time", email=email_of("adams"), time_percent="150")
    )
    assert page.status == 422


def test_what_a_person_needs_shows_in_no_report_and_no_export(
    visit: Visits, database: Database, clock: Clock, own: Belongings
):
    clarke, evans = visit("clarke"), visit("evans")

    def reports() -> list[str]:
        where = [
            "/teach/core",
            f"/teach/core?cohort={own.cohort}",
            f"/teach/core/students/{own.enrolment}",
            f"/teach/attempts/{own.finished_quiz}",
            f"/teach/attempts/{own.open_quiz}",
            "/teach/core/cohorts",
            f"/teach/core/cohorts/{own.cohort}",
            "/teach/marking/core",
        ]
        pages = [clarke.get(one).text for one in where] + [evans.get("/academy").text]
        pages.append(evans.send("/academy/completions.csv").get_data(as_text=True))
        return [re.sub(r'value="[^"]{40,}"|<span class="code">\w+</span>', "", page) for page in pages]

    arrange(database, "adams", at=clock.at)  # which hands in what is over
    before = reports()
    arrange(database, "adams", 237, 41, at=clock.at)
    for report, earlier in zip(reports(), before, strict=True):
        assert report == earlier
    assert "237" in clarke.get(f"/teach/core/students/{own.enrolment}/time").text
    assert not any("237" in page for page in before)
