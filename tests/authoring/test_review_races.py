"""Many hands at one draft: nothing is published that was not approved as it is, and nothing twice."""

from flask import Flask
from sqlalchemy import func, select

from pme.authoring import approvals
from pme.authoring.models import Draft, DraftFile
from pme.content.models import Publication
from pme.db import Database
from tests.authoring.reviewing import reviewer
from tests.authoring.test_drafting import begin, change, title_of_quiz
from tests.authoring.test_review import ask, ready
from tests.conftest import Visits
from tests.content.small_library import FILES, QUIZ, Shelf
from tests.web.test_resilience import at_once, sending

OTHER = FILES[QUIZ].replace("title: A check", "title: Never approved")


def test_an_approval_while_the_author_changes_the_draft_is_never_of_what_nobody_read(
    app: Flask, published: Shelf, database: Database, visit: Visits
):
    clarke, baker = visit("clarke"), reviewer(database, visit, "baker", "Legal adviser")
    draft = ready(clarke)
    seen = baker.get(f"{draft}/review").form("Approve").xpath(".//input[@name='seen']/@value")[0]
    acts = [sending(app, baker, f"{draft}/approve", seen=seen) for _ in range(2)]
    acts += [sending(app, clarke, f"{draft}/take-back") for _ in range(2)]
    acts += [sending(app, clarke, f"{draft}/file/{QUIZ}", content=OTHER, seen="1") for _ in range(2)]
    assert {answer.status_code for answer in at_once(acts)} <= {303, 409}
    with database.session() as session:
        found = session.scalars(select(Draft)).one()
        content = session.scalars(select(DraftFile.content)).one()
        is_changed = b"Never approved" in (content or b"")
        assert approvals.missing(session, found) == ["Legal adviser"] or not is_changed
    clarke.send(f"{draft}/take-back")
    change(clarke, draft, QUIZ, "title: ", "title: Still ")
    ask(clarke, draft)
    answers = at_once([sending(app, baker, f"{draft}/approve", seen=seen) for _ in range(2)])
    assert {answer.status_code for answer in answers} == {303}
    assert "Approval is still missing from: Legal adviser" in clarke.post(f"{draft}/publish").words
    assert title_of_quiz(database) == "A check"


def test_a_draft_that_is_published_twice_at_once_is_published_once(
    app: Flask, published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    with database.session() as session:
        before = session.scalar(select(func.count()).select_from(Publication)) or 0
    acts = [sending(app, each, f"{draft}/publish") for each in (clarke, davis, clarke)]
    assert {answer.status_code for answer in at_once(acts)} == {303}
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == before + 1
    assert title_of_quiz(database) == "A clearer check"
