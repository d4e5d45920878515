"""Two academies with a row of every kind in each, for whoever asks what one sees of the other.

On top of what a student owns (`belongings`) come the rows of staff, of drafts and of accounts. The other academy
alone offers a course, and its draft alone has some files.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt
from pme.authoring import outside
from pme.authoring.models import Draft
from pme.authoring.models_import import DraftImport
from pme.authoring.models_preview import OutsideComment
from pme.authoring.models_review import DraftComment, ReviewFunction
from pme.authoring.service import begin_draft, save_file
from pme.certificates.models import Cause, Certificate
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.content.shapes import Completion
from pme.db import Database
from pme.enrolment.codes import make_code
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.models_admission import EnrolmentRequest
from pme.enrolment.service import choose_course, enrol
from pme.jobs.models import Job
from pme.outbox.models import Letter
from pme.overlay.models import BlockState, LocalBlock
from pme.people.factors_seal import Seal
from pme.people.models import Person, Role
from pme.people.service import appoint, grant
from pme.privacy.models import ErasureProposal
from pme.reports.models import ReportSchedule, ReportView
from pme.rosters.models import Roster
from pme.stores.chosen import scratch_of
from tests.content.small_library import FIGURE, FILES, SCENARIO
from tests.support.belongings import DRAFTED as CHECK
from tests.support.belongings import OUTLINED, QUESTIONS, Belongings, give, keep_pdf
from tests.support.cast import START, email_of
from tests.support.essays import give_script, written_quiz
from tests.support.foreign_rows import (
    NOW,
    SHA,
    a_browser,
    a_call,
    a_change,
    a_design,
    a_job,
    a_letter,
    a_passkey,
    a_return,
    a_return_schedule,
    a_roster,
    a_schedule,
    a_task,
    an_entry,
    an_image,
    an_old_key,
)
from tests.support.library import course, library, module, quiz, scenario

MOVED = "AWAY-2020-000777"
SOURCES = "{key}:\n  title: A guide\n  body: An institute\n  date: '2020'\n  url: https://guide.example/a\n"
DRAFTED = {
    "modules/basics/10-first.md": "# First\n\nText.\n",
    "modules/basics/20-second.md": "# Second\n\nText.\n",
    "modules/basics/media/steps.svg": FILES[FIGURE],
}
"""What both drafts have besides the files of `give`."""
THEIRS = {
    "quizzes/theirs.quiz.yaml": QUESTIONS,
    "quizzes/theirs.scenario.yaml": FILES[SCENARIO],
    "modules/basics/90-theirs.md": "# Theirs\n\nCANARY-foreign.\n",
    "modules/basics/media/theirs.svg": FILES[FIGURE],
    "modules/theirs.course.yaml": OUTLINED["modules/core.course.yaml"],
    "modules/theirs/module.md": OUTLINED["modules/basics/module.md"],
}
"""Files that only the draft of the other academy has."""


@dataclass(frozen=True)
class Half:
    """What is owned at one academy: by a student, and by what an address calls the rest."""

    belongings: Belongings
    more: dict[str, Any]


def furnish(app: Flask, database: Database) -> tuple[Half, Half]:
    """Fill the home academy and the other one; gives what each owns."""
    own, theirs = (
        replace(give(database, name), script=give_script(database, name)) for name in ("adams", "gray")
    )
    for each in (own, theirs):
        keep_pdf(app, each)
    with database.writing() as session:
        _publish_their_course(session)
        person = {
            name: session.scalars(select(Person.id).where(Person.email == email_of(name))).one()
            for name in ("clarke", "davis", "evans", "frost", "gray", "hayes")
        }
        choose_course(session, theirs.academy, course="theirs", by_id=None, at=START)
        appoint(session, person["hayes"], theirs.academy, "theirs")
        enrol(session, person["gray"], theirs.academy, course="theirs", at=START)
        grant(session, person["davis"], own.academy, Role.REVIEWER)
        home = _rows(session, own, app, name="ours", staff=person["evans"], author=person["clarke"])
        away = _rows(session, theirs, app, name="theirs", staff=person["frost"], author=person["hayes"])
        home["reviewer"], away["reviewer"] = person["davis"], person["hayes"]
        draft = session.get_one(Draft, away["draft_id"])
        for path, text in THEIRS.items():
            save_file(session, draft, path, text.encode(), seen=0, by_id=person["hayes"], at=START)
        session.add(an_old_key(theirs.academy))
        away["label"] = "key-7"
        away["version_id"] = current(session).quizzes_by_slug["their-check"].version_id
    return Half(own, home), Half(theirs, away)


def _publish_their_course(session: Session) -> None:
    """The library, with a course with tasks of every kind that nobody at home takes or teaches."""
    tasks = Completion(quizzes=("their-check",), scenarios=("their-gate",))
    shelf = library(
        written_quiz(),
        course("theirs", "Their course", ("afar",)),
        module("afar", "Afar", tasks),
        quiz("their-check", "afar"),
        scenario("their-gate").model_copy(update={"module": "afar"}),
    )
    publish(session, shelf, by_id=None, at=START, note="with the other academy's course")


def _rows(
    session: Session, own: Belongings, app: Flask, *, name: str, staff: int, author: int
) -> dict[str, Any]:
    """A row of every kind that staff, drafts and accounts have, by what an address calls its id."""
    academy, seal = own.academy, Seal(app.extensions["pme_settings"].secret_key)
    folder = scratch_of(app.extensions["pme_settings"])
    folder.mkdir(parents=True, exist_ok=True)
    view = _put(
        session,
        ReportView(
            academy_id=academy,
            person_id=staff,
            dataset="completions",
            name=name,
            filters={},
            sort="",
            is_shared=True,
            created_at=START,
        ),
    )
    source = f"{name.upper()}-2020"
    draft = _draft(session, academy, author, SOURCES.format(key=source))
    return {
        "staff": staff,
        "author": author,
        "view_id": view,
        "schedule_id": _put(session, a_schedule(academy, view, staff)),
        "roster_id": _put(session, a_roster(academy, staff, name)),
        "return_id": _put(session, a_return(academy, staff, seal)),
        "return_schedule_id": _put(session, a_return_schedule(academy, staff)),
        "job_id": _put(session, a_job(academy, staff, folder, name)),
        "letter_id": _put(session, a_letter(academy, own.person, name)),
        "call_id": _put(session, a_call(session, academy, staff)),
        "change_id": _put(session, a_change(academy, staff)),
        "task_id": _put(session, a_task(session, academy, author, name)),
        "passkey_id": _put(session, a_passkey(staff, name)),
        "session_id": _put(session, a_browser(academy, staff, name)),
        "proposal": _put(
            session,
            ErasureProposal(
                academy_id=academy, person_id=own.person, last_active_at=START, proposed_at=START
            ),
        ),
        "place": _place(session, academy, author, name),
        "source": source,
        "function": _put(session, ReviewFunction(academy_id=academy, name=f"CANARY-{name}")),
        "other_cohort": _put(
            session, Cohort(academy_id=academy, course="other", name=f"Other {name}", created_at=START)
        ),
        "design_id": _put(session, a_design(academy, name)),
        "image_id": _put(session, an_image(academy, name)),
        "entry_id": _put(session, an_entry(academy, own.person, name)),
        "joining": _code(session, own.cohort, staff),
        **draft,
    }


def _put(session: Session, row: Any) -> int:
    session.add(row)
    session.flush()
    number: int = row.id
    return number


def _draft(session: Session, academy: int, author: int, sources: str) -> dict[str, Any]:
    """A draft with files of every kind, a link for a reviewer outside and something that was brought in."""
    draft = begin_draft(session, academy_id=academy, author_id=author, title="A draft", at=START)
    files = {
        CHECK: QUESTIONS,
        SCENARIO: FILES[SCENARIO],
        "modules/sources.yaml": sources,
        **OUTLINED,
        **DRAFTED,
    }
    for path, text in files.items():
        save_file(session, draft, path, text.encode(), seen=0, by_id=author, at=START)
    link = outside.make(session, draft, name="Reviewer", days=20, by_id=author, at=NOW).link
    report = {"notes": [], "todo": [], "made": [], "module": "basics"}
    _put(session, DraftImport(draft_id=draft.id, what="pages", report=report, at=START))
    remark = OutsideComment(link_id=link.id, path="", place="The draft", text="A remark.", at=START)
    comment = DraftComment(draft_id=draft.id, path=CHECK, by_id=author, text="A comment.", at=START)
    return {
        "draft_id": draft.id,
        "link_id": link.id,
        "key": f"draft-{draft.id}",
        "remark": _put(session, remark),
        "comment": _put(session, comment),
    }


def _place(session: Session, academy: int, author: int, name: str) -> str:
    """A text of the academy at a place that the course no longer has, so that only its writers know of it."""
    block = LocalBlock(
        academy_id=academy,
        module="basics",
        place=f"place-{name}",
        language="en",
        state=BlockState.FILLED,
        text=f"CANARY-{name}",
        html="",
        title="A place",
        prompt_sha256=SHA,
        revision=1,
        saved_by=author,
        saved_at=START,
    )
    _put(session, block)
    return f"place-{name}"


def move_to_visitors(session: Session, home: Half, away: Half) -> None:
    """Let what lies at the other academy be of people of the home academy, as if they had been there before.

    Certificates never change: there a further one, of this person, bears the number `MOVED`.
    """
    own, theirs = home.belongings, away.belongings
    for staffs in (ReportView, ReportSchedule, Roster, Job):
        moved = update(staffs).where(staffs.academy_id == theirs.academy)
        session.execute(moved.values(person_id=home.more["staff"]))
    for students in (Enrolment, Attempt, EnrolmentRequest, Letter):
        moved = update(students).where(
            students.academy_id == theirs.academy, students.person_id == theirs.person
        )
        session.execute(moved.values(person_id=own.person))
    issued = session.scalars(select(Certificate).where(Certificate.number == theirs.number)).one()
    kept = {each.key: getattr(issued, each.key) for each in inspect(Certificate).column_attrs}
    changed = {
        "id": None,
        "person_id": own.person,
        "number": MOVED,
        "code": "moved",
        "status_index": issued.status_index + 1,
        "replaces_id": issued.id,
        "cause": Cause.RENEWED,
    }
    session.add(Certificate(**kept | changed))


def _code(session: Session, cohort: int, staff: int) -> str:
    """What students come into a cohort by."""
    held = session.get_one(Cohort, cohort)
    until = NOW + timedelta(days=30)
    return make_code(session, held, capacity=None, expires_at=until, by=staff, at=NOW).code
