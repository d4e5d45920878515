"""What a student of the core course may own: attempts in every state, a completion, a certificate.

Made by the rooms' own acts, without a browser, so that a story about something else begins quickly.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.corrections import CorrectionKind
from pme.assessment.deciding import decide
from pme.assessment.models import Attempt
from pme.assessment.models_regrade import Regrade
from pme.assessment.service import begin, finish_quiz
from pme.authoring.service import begin_draft, save_file
from pme.certificates.service import issue
from pme.content.catalogue import current, pinned
from pme.content.models import CourseEdition
from pme.content.shapes import Scenario
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.enrolment.requests import ask, latest_of
from pme.enrolment.service import cohort_of_name
from pme.judging import service as judging
from pme.judging.models import Method, Panel, Trade
from pme.people.models import Academy, Person, Teaching
from pme.people.models_links import AccountLink, Purpose
from pme.people.service import token_digest
from pme.progress.models import CourseCompletion
from pme.progress.service import record_completion
from tests.content.small_library import FILES, SCENARIO
from tests.support.cast import HOME, START, email_of

LATER = START + timedelta(hours=1)


DRAFTED = "quizzes/check.quiz.yaml"
QUESTIONS = """\
schema: pme-quiz/1
title: A check
items:
  - {id: first, type: single, stem: Why?}
  - {id: second, type: single, stem: How?}
"""
"""A file of the draft, with two questions."""
OUTLINED = {
    "modules/core.course.yaml": "schema: pme-course/1\ntitle: Core\nmodules: [basics]\noutcomes:\n  LO1: Listen.\n",
    "modules/basics/module.md": "---\nschema: pme-module/1\ntitle: Basics\noutcomes:\n  LO1: Listen.\n---\nBegin.\n",
}
"""A course and a module of the draft, each with an outcome, the course with the module."""


@dataclass(frozen=True)
class Belongings:
    """Ids of what one student owns."""

    enrolment: int
    person: int
    letters: str
    """What the secrets of the links end with that were sent to the student."""
    academy: int
    cohort: int
    request: int
    """A request to take the other course, which waits."""
    draft: int
    """A draft of content, at the academy that keeps it."""
    regrade: int
    """A correction of the first question of the quiz, in force at the student's academy."""
    version: int
    """The version of the quiz."""
    open_quiz: int
    finished_quiz: int
    open_scenario: int
    """The practice scenario, at its first decision."""
    debrief: int
    """The checkpoint scenario, with every decision taken."""
    panel: int
    """A panel in round one, with one panellist."""
    panellist: int
    link: str
    """The secret of that panellist's link."""
    judged: int
    """A panel after round one."""
    number: str
    code: str
    script: str = ""
    """The code of an essay that waits for marks, where one was handed in."""


def give(database: Database, name: str) -> Belongings:
    """Let a student of the core course own one of everything."""
    with database.writing() as session:
        person = session.scalars(select(Person).where(Person.email == email_of(name))).one()
        enrolment = session.scalars(
            select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.course == "core")
        ).one()
        cohort = cohort_of_name(session, enrolment.academy_id, course="core", name="Spring", at=START)
        enrolment.cohort_id = cohort.id
        asked = latest_of(session, enrolment.academy_id, person.id).get("other")
        asked = asked or ask(session, enrolment.academy_id, person.id, course="other", words="", at=START)
        academy = session.get_one(Academy, enrolment.academy_id)
        catalogue = current(session)
        quiz, course = catalogue.quizzes_by_slug["check"], catalogue.courses_by_slug["core"]
        finished = begin(session, enrolment, quiz, module="basics", at=START)
        finish_quiz(session, finished, quiz.content, at=LATER)
        open_quiz = begin(session, enrolment, quiz, module="basics", at=LATER)
        scenarios = catalogue.scenarios_by_slug
        practice = begin(session, enrolment, scenarios["practice"], module="basics", at=START)
        debrief = begin(session, enrolment, scenarios["checkpoint"], module="basics", at=START)
        take(session, debrief, "CANARY-listen", "CANARY-help")
        completion = CourseCompletion(
            enrolment_id=enrolment.id,
            academy_id=academy.id,
            course="core",
            version_id=course.version_id,
            edition_id=session.scalars(
                select(CourseEdition.id).where(CourseEdition.course == "core")
            ).first(),
            percent=90.0,
            completed_at=LATER,
        )
        record_completion(session, completion)
        certificate = issue(session, completion, course, person=person, academy=academy, at=LATER)
        author = session.scalars(select(Person).where(Person.email == email_of("clarke"))).one()
        keeper = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
        draft = begin_draft(session, academy_id=keeper.id, author_id=author.id, title="A draft", at=LATER)
        for path, text in {DRAFTED: QUESTIONS, SCENARIO: FILES[SCENARIO], **OUTLINED}.items():
            save_file(session, draft, path, text.encode(), seen=0, by_id=author.id, at=LATER)
        regrade = correct_first_question(session, finished, by=author.id)
        return Belongings(
            regrade=regrade.id,
            version=finished.version_id,
            draft=draft.id,
            enrolment=enrolment.id,
            person=person.id,
            letters=_letters(session, person, academy),
            academy=academy.id,
            cohort=cohort.id,
            request=asked.id,
            open_quiz=open_quiz.id,
            finished_quiz=finished.id,
            open_scenario=practice.id,
            debrief=debrief.id,
            **_panels(session, academy),
            number=certificate.number,
            code=certificate.code,
        )


def _letters(session: Session, person: Person, academy: Academy) -> str:
    """A link of each purpose that was sent to a person."""
    for purpose, endpoint in {
        Purpose.INVITATION: "activate",
        Purpose.RESET: "reset",
        Purpose.ADDRESS: "address",
    }.items():
        link = AccountLink(
            purpose=purpose,
            person_id=person.id,
            academy_id=None if purpose is Purpose.RESET else academy.id,
            email=person.email,
            token_sha256=token_digest(f"{endpoint}-{academy.slug}"),
            made_at=datetime.now(UTC),
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        session.add(link)
    session.flush()
    return academy.slug


def _panels(session: Session, academy: Academy) -> dict[str, Any]:
    """A panel of the academy's instructor of the core course in round one, and one after it."""
    content = current(session).scenarios_by_slug["checkpoint"]
    teacher = session.scalars(
        select(Teaching.person_id).where(Teaching.academy_id == academy.id, Teaching.course == "core")
    ).one()

    def opened() -> Panel:
        return judging.open_panel(
            session,
            content,
            method=Method.RATING,
            academy_id=academy.id,
            course="core",
            title="The gate",
            purpose="To check the key.",
            due_at=datetime.now(UTC) + timedelta(days=30),
            by_id=teacher,
            at=datetime.now(UTC),
        )

    def invited(panel: Panel, number: int) -> judging.Invited:
        return judging.invite(
            session,
            panel,
            name=f"Panellist {number}",
            email=f"p{number}@panel.example",
            trade=Trade.LEGAL,
            years=None,
            by_id=teacher,
            at=datetime.now(UTC),
        )

    waiting, done = opened(), opened()
    first = invited(waiting, 1)
    subjects = judging.subjects_of(Method.RATING, content.content)
    for number in range(3):
        sitting = invited(done, number).panellist
        for subject in subjects:
            values = {option: 1 + number for option, _ in subject.options}
            judging.save_ratings(
                session, done, sitting, subject.id, values=values, reason="A reason.", at=LATER
            )
        judging.hand_in(session, done, sitting, subjects, at=LATER)
    judging.close_round(session, done, by_id=teacher, at=LATER)
    return {
        "panel": waiting.id,
        "panellist": first.panellist.id,
        "link": first.token,
        "judged": done.id,
    }


def correct_first_question(session: Session, attempt: Attempt, *, by: int) -> Regrade:
    """A further answer is accepted, which nobody gave."""
    regrade = Regrade(
        academy_id=attempt.academy_id,
        course=attempt.course,
        slug=attempt.slug,
        version_id=attempt.version_id,
        item="CANARY-single",
        kind=CorrectionKind.ACCEPT,
        detail={"right": ["CANARY-bravo-wrong"]},
        reason="CANARY-reason",
        seal=str(attempt.id),
        effects={"seen": 1, "changed": 0, "crossing": []},
        by=by,
        at=LATER,
    )
    session.add(regrade)
    session.flush()
    return regrade


def keep_pdf(app: Flask, own: Belongings) -> None:
    """Let the certificate be printed already, since printing it is another story."""
    folder = app.extensions["pme_settings"].instance_dir / "certificates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{own.code}.pdf").write_bytes(b"%PDF-1.7 kept")


def take(session: Session, attempt: Attempt, *choices: str) -> None:
    """Take these choices, one decision after the other, in a scenario attempt of the library."""
    scenario = pinned(session, attempt.version_id, Scenario).content
    for sequence, choice in enumerate(choices, start=1):
        dealt = list(attempt.draw["options"][f"d{sequence}"])
        decide(session, attempt, scenario, sequence=sequence, position=dealt.index(choice) + 1, at=LATER)
