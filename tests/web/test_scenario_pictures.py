"""The picture of a scenario: for those who teach it, with shares of their own academy once there are enough."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.deciding import decide, take_back
from pme.assessment.models import Attempt, AttemptStatus
from pme.assessment.service import begin
from pme.content.catalogue import Versioned, current
from pme.content.library import Entry, Library
from pme.content.publish import publish
from pme.content.shapes import DecisionNode, Scenario
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.enrolment.service import enrol
from pme.people.models import Academy, Person
from pme.reports.ways import FEWEST
from tests.conftest import Visits
from tests.support.cast import AWAY, HOME, START
from tests.support.client import Page
from tests.support.library import library

pytestmark = pytest.mark.alike

PICTURE, PRACTICE = "/teach/core/scenarios/checkpoint", "/teach/core/scenarios/practice"
LISTEN, LEAVE = "CANARY-listen", "CANARY-leave"


def texts_of(page: Page) -> list[str]:
    """Every line of text in the picture."""
    assert page.tree is not None
    return [
        str(text) for text in page.tree.xpath("//main//*[local-name()='svg']//*[local-name()='text']/text()")
    ]


def students(session: Session, many: int, *, academy: str = HOME) -> list[Enrolment]:
    """So many more students of the core course."""
    place = session.scalars(select(Academy).where(Academy.slug == academy)).one()
    found = []
    before = len(session.scalars(select(Person.id)).all())
    for number in range(before, before + many):
        person = Person(
            email=f"s{number}@{academy}.example",
            name=f"S {number}",
            rank="Captain",
            password_hash="none",
            created_at=START,
        )
        session.add(person)
        session.flush()
        enrol(session, person.id, place.id, course="core", at=START)
        found.append(session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one())
    return found


def attempt(
    session: Session, enrolment: Enrolment, task: Versioned[Scenario], *choices: str, is_finished: bool = True
) -> Attempt:
    """An attempt with these choices, of which “undo” takes the one before back."""
    begun = begin(session, enrolment, task, module="basics", at=START)
    nodes = {choice.id: node.id for node in task.content.decisions for choice in node.choices}
    for step, choice in enumerate(choices):
        at = START + timedelta(minutes=step)
        if choice == "undo":
            take_back(session, begun, task.content, at=at)
            continue
        position = begun.draw["options"][nodes[choice]].index(choice) + 1
        sequence = 1 + step - choices[:step].count("undo")
        decide(session, begun, task.content, sequence=sequence, position=position, at=at)
    if is_finished:
        begun.percent, begun.is_passed = 50.0, False
        begun.status, begun.finished_at = AttemptStatus.FINISHED, START
    session.flush()
    return begun


def ids(task: Versioned[Scenario], *texts: str) -> list[str]:
    """The ids of the choices with these texts."""
    known = {choice.text_html: choice.id for node in task.content.decisions for choice in node.choices}
    return [known.get(text, text) for text in texts]


def test_a_teacher_sees_the_graph_the_proof_and_the_table(visit: Visits):
    page = visit("clarke").get("/teach/core").follow("At the gate")
    assert page.path == PICTURE
    assert "passes with a probability of 0." in page.words
    said = " ".join(texts_of(page))
    for words in ("Decision 1", "Do listen", "Must not", "Expert path", "Ending"):
        assert words in said
    assert page.tree is not None
    for svg in page.tree.xpath("//main//*[local-name()='svg'][@role='img']"):
        named = svg.get("aria-labelledby").split()
        assert all(page.tree.xpath(f"//*[@id='{name}']/text()") for name in named)
        assert len(named) == 2
    rows = page.tree.xpath("//table[caption[@id='in-words']]/tbody/tr/th/text()")
    task = page.tree.xpath("//table[caption[@id='choices']]/tbody/tr/th/text()")
    assert len(rows) >= len(task) > 3


def test_every_scenario_of_the_course_has_its_picture(visit: Visits):
    clarke = visit("clarke")
    assert [clarke.get(where).status for where in (PICTURE, PRACTICE)] == [200, 200]
    assert clarke.get("/teach/core/scenarios/check").status == 404
    assert clarke.get("/teach/other/scenarios/checkpoint").status == 404
    assert visit("davis").get(PICTURE).status == 404


def test_shares_are_hidden_until_enough_students_have_finished(visit: Visits, database: Database):
    clarke = visit("clarke")
    with database.writing() as session:
        task = current(session).scenarios_by_slug["checkpoint"]
        listen, shout, help_ = ids(task, "Do listen", "Do shout", "Do help")
        for at, enrolment in enumerate(students(session, FEWEST - 1)):
            attempt(session, enrolment, task, listen if at else shout, help_)
        unfinished = students(session, 1)[0]
        attempt(session, unfinished, task, listen, help_, is_finished=False)
    page = clarke.get(PICTURE)
    assert f"so far {FEWEST - 1} students have" in page.words
    assert not any("of students" in text for text in texts_of(page))
    with database.writing() as session:
        enrolment = students(session, 1)[0]
        attempt(session, enrolment, task, shout, help_)
        attempt(session, enrolment, task, listen, help_)  # a second attempt counts for nothing
    page = clarke.get(PICTURE)
    assert f"{FEWEST} students of your academy" in page.words
    said = " ".join(texts_of(page))
    assert "80 % of students" in said
    assert "20 % of students" in said
    assert page.tree is not None
    weights = {
        float(w) for w in page.tree.xpath("//main//*[local-name()='path'][@fill='none']/@stroke-width")
    }
    assert {5.0, 2.0} <= weights


def test_choices_taken_back_count_for_nothing(visit: Visits, database: Database):
    with database.writing() as session:
        task = current(session).scenarios_by_slug["practice"]
        listen, wait, help_ = ids(task, "Do listen", "Do wait", "Do help")
        for enrolment in students(session, FEWEST):
            attempt(session, enrolment, task, wait, "undo", listen, help_)
    said = " ".join(texts_of(visit("clarke").get(PRACTICE)))
    assert "100 % of students" in said
    assert "0 % of students" in said


def test_students_of_another_academy_count_for_nothing(visit: Visits, database: Database):
    with database.writing() as session:
        task = current(session).scenarios_by_slug["checkpoint"]
        listen, help_ = ids(task, "Do listen", "Do help")
        for enrolment in students(session, FEWEST, academy=AWAY):
            attempt(session, enrolment, task, listen, help_)
    assert "so far 0 students have" in visit("clarke").get(PICTURE).words
    assert f"{FEWEST} students of your academy" in visit("hayes").get(PICTURE).words


def test_attempts_at_other_versions_are_told_of_and_not_counted(visit: Visits, database: Database):
    clarke = visit("clarke")
    with database.writing() as session:
        task = current(session).scenarios_by_slug["checkpoint"]
        listen, help_ = ids(task, "Do listen", "Do help")
        for enrolment in students(session, FEWEST):
            attempt(session, enrolment, task, listen, help_)
        publish(session, changed("checkpoint", title="Renamed"), by_id=None, at=START, note="")
    page = clarke.get(PICTURE)
    assert "so far 0 students have" in page.words
    assert f"{FEWEST} finished attempts at other versions are not counted." in page.words


def changed(slug: str, **update: str) -> Library:
    """The library with one scenario changed."""
    entries = tuple(
        Entry(entry.content.model_copy(update=update), entry.source)
        if isinstance(entry.content, Scenario) and entry.slug == slug
        else entry
        for entry in library().entries
    )
    return Library(entries)


@pytest.mark.parametrize("markup", ["<script>alert(1)</script>", '"><svg onload=alert(1)>', "&lt;b&gt; ]]>"])
def test_nothing_an_author_writes_becomes_markup(visit: Visits, database: Database, markup: str):
    scenario = next(e.content for e in library().entries if e.slug == "checkpoint")
    assert isinstance(scenario, Scenario)
    nodes = {
        node_id: node.model_copy(update={"prompt": markup}) if isinstance(node, DecisionNode) else node
        for node_id, node in scenario.nodes.items()
    }
    endings = tuple(ending.model_copy(update={"label": markup}) for ending in scenario.endings)
    with database.writing() as session:
        hostile = changed("checkpoint", title=markup, nodes=nodes, endings=endings)  # type: ignore[arg-type]
        publish(session, hostile, by_id=None, at=START, note="")
    page = visit("clarke").get(PICTURE)
    assert page.tree is not None
    assert page.tree.xpath("//main//script | //main//*[@onload]") == []
    assert re.sub(r"\s+", "", markup) in re.sub(r"\s+", "", " ".join(texts_of(page)))
