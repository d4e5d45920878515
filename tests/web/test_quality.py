"""The quality pages of an instructor: numbers with intervals, words where there are none, files that are safe."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt
from pme.assessment.statistics_figures import Estimate, Figure, TooFew, Undefined
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.content.shapes import Module
from pme.db import Database
from pme.enrolment.models import Cohort
from pme.people.models import Academy, Person
from pme.web.figures import cells, place, told
from pme.web.stream import BYTE_ORDER_MARK
from pme.words.times import duration
from tests.conftest import Visits
from tests.support.attempts import Class, enrol_many, play_scenario, sit_quiz
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Page
from tests.support.library import library, module, quiz

QUIZ, SCENARIO = "/teach/core/quizzes/check/quality", "/teach/core/scenarios/checkpoint/quality"


def home(session: Session, academy: str = HOME, cohorts: Sequence[str] = ()) -> Class:
    at = session.scalars(select(Academy).where(Academy.slug == academy)).one()
    named = [Cohort(academy_id=at.id, course="core", name=name, created_at=START) for name in cohorts]
    session.add_all(named)
    session.flush()
    return Class(at, "core", "basics", START, named)


def sat(database: Database, students: int, *, cohorts: Sequence[str] = (), academy: str = HOME) -> None:
    """Let so many students sit the quiz and play the scenario of the core course."""
    with database.writing() as session:
        together = home(session, academy, cohorts)
        enrolled = enrol_many(session, together, students)
        catalogue = current(session)
        check, gate = catalogue.quizzes_by_slug["check"], catalogue.scenarios_by_slug["checkpoint"]
        sit_quiz(session, check, together, enrolled, random=Random(7), confidence=True)
        play_scenario(session, gate, together, enrolled, random=Random(7))


def facts_of(page: Page) -> dict[str, str]:
    """Every fact in pairs on the page, but for what its flags mean."""
    assert page.tree is not None
    return {
        " ".join(pair.xpath("string(./dt)").split()): " ".join(pair.xpath("string(./dd)").split())
        for pair in page.tree.xpath(
            "//dl[@class='facts'][not(ancestor::section[@aria-labelledby='flags'])]/div"
        )
    }


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """The table of this id as texts."""
    assert page.tree is not None
    (table,) = page.tree.xpath(f"//table[caption/@id='{caption}']")
    return [
        [" ".join(cell.xpath("string()").split()) for cell in row.xpath("./th|./td")]
        for row in table.xpath("./tbody/tr")
    ]


def test_the_list_is_linked_from_the_students_and_says_how_often_each_was_taken(
    visit: Visits, database: Database
):
    sat(database, 12)
    listed = visit("clarke").get("/teach/core").follow("Quality of questions")
    assert listed.title == "Quality of questions"
    assert "A short check Quiz · 12 marked attempts" in listed.words
    assert "At the gate Scenario · 12 marked attempts At the gate Scenario · not taken yet" in listed.words
    assert listed.follow("A short check").title == "Quality of “A short check”"


def test_a_course_without_any_task_says_so(visit: Visits):
    assert "No quiz or scenario in this course" in visit("davis").get("/teach/other/quality").words


def test_before_the_first_attempt_pages_say_what_will_be_there_and_from_when(visit: Visits):
    clarke = visit("clarke")
    check, gate = clarke.get(QUIZ), clarke.get(SCENARIO)
    assert "No marked attempt yet" in check.words
    assert "shares from 10 students on" in check.words
    assert "Nobody has taken every decision yet" in gate.words
    assert "n too small: 0 of 10" in clarke.get(f"{QUIZ}/questions/1").words
    assert not check.tree.xpath("//main//table")


def test_with_few_students_there_are_words_and_no_numbers(visit: Visits, database: Database):
    sat(database, 9)
    facts = facts_of(visit("clarke").get(QUIZ))
    assert facts["Mean score"] == facts["Passed"] == "n too small: 9 of 10"
    assert facts["Decision consistency"].startswith("n too small: 9 of 50")
    assert facts["Alpha"].startswith("n too small: 9 of 50")


def test_a_quiz_page_shows_figures_with_their_intervals(visit: Visits, database: Database):
    sat(database, 80, cohorts=("Autumn", "Spring"))
    page = visit("clarke").get(QUIZ)
    facts = facts_of(page)
    assert set(facts) == {
        "Mean score",
        "Standard deviation",
        "Passed",
        "Decision consistency",
        "Kappa",
        "Decision accuracy",
        "Standard error of measurement",
        "Stratified alpha",
        "Alpha",
    }
    assert all("(" in fact and " to " in fact.replace("\xa0", " ") for fact in facts.values()), facts
    assert "Keyed by its author. Pass mark set by its author. From 80 students’ first attempts" in page.words
    (counts,) = rows_of(page, "distribution")
    assert sum(map(int, counts[1:])) == 80
    items = rows_of(page, "item-figures")
    assert [row[0][:2] for row in items] == ["1.", "2.", "3.", "4.", "5."]
    assert items[0][0] == "1. Which one? critical"
    assert [row[1] for row in items] == ["80"] * 5
    assert [row[0] for row in rows_of(page, "outcome-figures")] == [
        "Recognise what matters",
        "Respond with care",
    ]
    assert [row[:2] for row in rows_of(page, "groups-cohort")] == [["Autumn", "40"], ["Spring", "40"]]
    assert [row[0] for row in rows_of(page, "confidence-figures")] == ["Not sure", "Fairly sure", "Very sure"]
    assert rows_of(page, "sure-and-wrong")[0][0] == "Which one?"
    for source in ("Wilson (1927)", "Feldt (1965)", "Livingston & Lewis (1995)", "Cronbach (1951)"):
        assert source in page.words


def test_small_cohorts_are_named_with_their_size_and_not_compared(visit: Visits, database: Database):
    sat(database, 40, cohorts=("Autumn", "Spring"))
    words = visit("clarke").get(QUIZ).words
    assert (
        "Two groups of at least 30 students are needed for a comparison. So far: Autumn 20, Spring 20."
        in words
    )


def test_flags_are_explained_with_what_to_do(visit: Visits, database: Database):
    sat(database, 60)
    with database.writing() as session:
        for attempt in session.scalars(select(Attempt).where(Attempt.slug == "check")):
            items = attempt.result["items"] if attempt.result else {}
            attempt.result = {"items": items | {"CANARY-truth": 1.0}}
    page = visit("clarke").get(QUIZ)
    row = rows_of(page, "item-figures")[1]
    assert row[2].startswith("100")
    assert row[3] == "not defined"
    assert row[5] == "Very easy, perhaps"
    assert (
        "More than 95 % of the credit was earned. Keep it if every student must know this"
        in page.words.replace("\u202f", " ")
    )
    item = page.follow("2. Is it so?")
    assert "Everyone earned the same here" in item.words


def test_a_question_page_shows_who_chose_what(visit: Visits, database: Database):
    sat(database, 60)
    page = visit("clarke").get(QUIZ).follow("1. Which one?")
    assert page.title == "Question 1"
    rows = rows_of(page, "parts")
    assert [row[:2] for row in rows] == [
        ["Answer alpha", "right"],
        ["Answer bravo", "wrong"],
        ["Answer charlie", "wrong"],
    ]
    assert sum(int(row[2]) for row in rows) == 60
    facts = facts_of(page)
    assert facts["Students"] == "60, of whom 0 left it unanswered"
    assert facts["Very sure and wrong"].endswith("of 60")
    pairs = rows_of(page.visit.get(f"{QUIZ}/questions/4"), "parts")
    assert [row[0] for row in pairs] == ["sun → day", "moon → night"]
    assert not page.visit.get(f"{QUIZ}/questions/5").tree.xpath("//table")  # steps are not chosen one by one


def test_a_scenario_page_shows_choices_endings_and_critical_failures(visit: Visits, database: Database):
    sat(database, 60)
    page = visit("clarke").get(SCENARIO)
    first, second = rows_of(page, "choices-1"), rows_of(page, "choices-2")
    assert {row[0] for row in first} == {"Do listen", "Do wait", "Do shout"}
    assert {row[2] for row in first} == {"Decision 2"}
    assert {row[2] for row in second} <= {"CANARY-ending sound", "CANARY-ending gaps", "CANARY-ending harm"}
    assert sum(int(row[3]) for row in first) == sum(int(row[3]) for row in second) == 60
    endings = rows_of(page, "endings")
    assert [row[0] for row in endings] == [
        "CANARY-ending sound",
        "CANARY-ending gaps",
        "CANARY-ending harm (harm)",
    ]
    assert sum(int(row[1]) for row in endings) == 60
    assert [row[1] for row in rows_of(page, "failures")] == ["must not happen", "must happen"]
    assert "Keyed by its author" in page.words


def test_a_version_is_chosen_by_its_link_and_the_published_one_comes_first(visit: Visits, database: Database):
    sat(database, 12)
    with database.writing() as session:
        old = current(session).quizzes_by_slug["check"]
        publish(session, library(quiz(attempts=9)), by_id=None, at=START, note="another")
        newer = current(session).quizzes_by_slug["check"]
    clarke = visit("clarke")
    assert "From 12 students’ first attempts" in clarke.get(QUIZ).words  # nobody took the new one yet
    assert "No marked attempt yet" in clarke.get(f"{QUIZ}?version={newer.version_id}").words
    with database.writing() as session:
        together = home(session)
        sit_quiz(session, newer, together, enrol_many(session, together, 15, prefix="new"), random=Random(1))
    assert "From 15 students’ first attempts" in clarke.get(QUIZ).words
    assert "From 12 students’ first attempts" in clarke.get(f"{QUIZ}?version={old.version_id}").words
    assert "at 2 versions" in clarke.get("/teach/core/quality").words


@pytest.mark.alike
@pytest.mark.parametrize("asked", ["999999", "", "x", "-1"])
def test_a_version_that_is_not_the_quizs_own_is_not_found(visit: Visits, database: Database, asked: str):
    sat(database, 10)
    assert visit("clarke").get(f"{QUIZ}?version={asked}").status == 404


@pytest.mark.alike
@pytest.mark.parametrize(
    "where",
    [
        "/teach/core/quizzes/nowhere/quality",
        "/teach/core/quizzes/checkpoint/quality",
        "/teach/core/scenarios/check/quality",
        f"{QUIZ}/questions/0",
        f"{QUIZ}/questions/6",
    ],
)
def test_what_the_course_does_not_have_is_not_found(visit: Visits, where: str):
    assert visit("clarke").get(where).status == 404


def test_a_quiz_that_left_the_course_keeps_its_page(visit: Visits, database: Database):
    sat(database, 12)
    with database.writing() as session:
        basics = next(
            entry.content
            for entry in library().entries
            if isinstance(entry.content, Module) and entry.content.slug == "basics"
        )
        empty = basics.completion.model_copy(update={"quizzes": ()})
        kept = [
            e for e in library(module("basics", "The basics", empty)).entries if e.content.slug != "check"
        ]
        publish(
            session, replace(library(), entries=tuple(kept)), by_id=None, at=START, note="without the quiz"
        )
    clarke = visit("clarke")
    assert "A short check Quiz · 12 marked attempts" in clarke.get("/teach/core/quality").words
    assert "From 12 students’ first attempts" in clarke.get(QUIZ).words


def test_each_academy_sees_its_own_attempts_only(visit: Visits, database: Database):
    sat(database, 12)
    sat(database, 15, academy=AWAY)
    assert "From 12 students’" in visit("clarke").get(QUIZ).words
    assert "From 15 students’" in visit("hayes").get(QUIZ).words


def test_the_teachers_own_attempts_are_left_out(visit: Visits, database: Database):
    sat(database, 12)
    with database.writing() as session:
        clarke = session.scalars(select(Person.id).where(Person.email == email_of("clarke"))).one()
        first = select(func.min(Attempt.id)).where(Attempt.slug == "check").scalar_subquery()
        session.execute(update(Attempt).where(Attempt.id == first).values(person_id=clarke))
    assert "From 11 students’" in visit("clarke").get(QUIZ).words


def test_later_attempts_are_left_out_and_it_is_said_why(visit: Visits, database: Database):
    with database.writing() as session:
        together, check = home(session), current(session).quizzes_by_slug["check"]
        enrolled = enrol_many(session, together, 12)
        sit_quiz(session, check, together, enrolled, random=Random(7))
        sit_quiz(session, check, together, enrolled[:1], random=Random(8), number=2)
    words = visit("clarke").get(QUIZ).words
    assert "From 12 students’ first attempts at this version; 1 later attempt is left out" in words


def test_the_file_of_questions_holds_plain_numbers_and_no_formula(visit: Visits, database: Database):
    with database.writing() as session:
        check = quiz()
        evil = check.outcomes[0].model_copy(update={"text": "=1+1"})
        changed = check.model_copy(update={"outcomes": (evil, *check.outcomes[1:])})
        publish(session, library(changed), by_id=None, at=START, note="a formula")
    sat(database, 60)
    response = visit("clarke").fetch("/teach/core/quizzes/check/quality.csv")
    assert response.mimetype == "text/csv"
    text = response.get_data(as_text=True).removeprefix(BYTE_ORDER_MARK)
    heading, *rows = list(csv.reader(io.StringIO(text, newline="")))
    lines = [dict(zip(heading, row, strict=True)) for row in rows]
    assert [line["Number"] for line in lines] == ["1", "2", "3", "4", "5"]
    assert lines[0]["Outcome"] == "'=1+1"
    assert (
        0
        <= float(lines[0]["Facility, low"])
        <= float(lines[0]["Facility"])
        <= float(lines[0]["Facility, high"])
    )
    assert {line["Students"] for line in lines} == {"60"}
    scenario = visit("clarke").fetch("/teach/core/scenarios/checkpoint/quality.csv").get_data(as_text=True)
    assert len(list(csv.reader(io.StringIO(scenario)))) == 3


def test_the_file_says_why_a_figure_is_missing(visit: Visits, database: Database):
    sat(database, 12)
    text = visit("clarke").fetch("/teach/core/quizzes/check/quality.csv").get_data(as_text=True)
    assert "item-total: n too small (12 of 30)" in text


@pytest.mark.parametrize(
    ("figure", "unit", "words"),
    [
        (Estimate(0.5, 0.4, 0.6, 90), "share", "50 % (40 to 60)"),
        (Estimate(0.999, 0.99, 1.0, 900), "share", "99.9 % (99 to 100)"),
        (Estimate(71.25, 70.0, 72.5, 90), "percent", "71.2 % (70.0 to 72.5)"),
        (Estimate(-0.05, -0.3, 0.2, 90), "coefficient", "−0.05 (−0.30 to 0.20)"),
        (Estimate(6.0, None, None, 90), "points", "6.0 points"),
        (Estimate(34.4, 30.0, 531.0, 90), "seconds", "34 s (30 s to 8 min 51 s)"),
        (TooFew(9, 10), "share", "n too small: 9 of 10"),
        (Undefined("Because.", 90), "share", "not defined"),
    ],
)
def test_figures_are_written_in_words(figure: Figure, unit: str, words: str):
    text = told(figure, unit).replace("\xa0", " ").replace("\u202f", " ")
    assert text.replace("<small>", "").replace("</small>", "") == words


def test_a_figure_that_is_none_has_no_place_and_no_cell():
    assert place(TooFew(9, 10)) is None
    assert place(Estimate(0.5, None, None, 9), "low") is None
    assert place(Estimate(-0.5, None, None, 9)) == 0
    assert place(Estimate(0.25, None, None, 9), start=-0.25, stop=0.75) == 50
    assert cells(Undefined("", 9)) == (None, None, None)
    assert cells(Estimate(0.123456, 0.1, None, 9)) == (0.1235, 0.1, None)
    assert duration(120) == "2\u202fmin"
    assert duration(119) == "119\u202fs"


def test_a_worker_that_shows_no_statistics_never_loads_numpy(environment: dict[str, str]):
    story = (
        "import sys\nfrom pme import create_app\nfrom pme.config import Settings\n"
        f"app = create_app(Settings.from_environment({environment!r}))\n"
        "assert app.test_client().get('/sign-in').status_code == 200\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in ('numpy', 'scipy')))\n"
    )
    run = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
