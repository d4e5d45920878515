"""Corrections that cannot be made or have moved meanwhile: refused in words, with everything kept."""

from typing import Any

import pytest
from sqlalchemy import select

from pme.assessment.models_regrade import Regrade, Revision
from pme.assessment.regrades import Scope
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.service import enrol
from pme.people.queries import person_by_email
from tests.conftest import Visits
from tests.regrade.every_type import (
    BRAVO,
    answers,
    enrolment_of,
    sit,
    student,
)
from tests.regrade.trying import REASON, count, form_of, try_it
from tests.support.cast import START, email_of

pytestmark = pytest.mark.alike


@pytest.mark.parametrize(
    ("number", "kind", "fields", "says"),
    [
        (1, "key", {"reason": ""}, "Say why, in a sentence"),
        (1, "key", {"reason": "x" * 1001}, "Keep the reason under"),
        (1, "key", {"reason": REASON}, "in force already"),
        (1, "accept", {"reason": REASON}, "Choose an answer."),
        (3, "key", {"key": [], "reason": REASON}, "Choose at least one answer."),
        (5, "key", {"key_1": "2", "reason": REASON}, "a place of its own"),
        (6, "key", {"answer": "twelve", "reason": REASON}, "Write a number in digits"),
        (6, "key", {"tolerance": "-1", "reason": REASON}, "A tolerance is 0 or more"),
        (7, "accept", {"key": "\n", "reason": REASON}, "at least one accepted answer"),
        (7, "accept", {"key": "refuge", "reason": REASON}, "right already"),
        (8, "key", {"key_1": "9", "reason": REASON}, "Choose among what is shown"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field_with_everything_kept(
    visit: Visits, scope: Scope, database: Database, number: int, kind: str, fields: dict[str, Any], says: str
):
    refused = form_of(visit("clarke"), scope, number, kind).press("See what it would change", **fields)
    assert refused.status == 422
    assert refused.words.count(says) >= 2
    assert "Error: " in refused.text.partition("</title>")[0]
    for value in (value for name, value in fields.items() if isinstance(value, str) and name != "key_1"):
        assert value.strip() in refused.text
    assert count(database, Regrade) == 0


def test_all_that_is_wrong_is_told_at_once(visit: Visits, scope: Scope):
    form = form_of(visit("clarke"), scope, 6, "key")
    refused = form.press("See what it would change", answer="far", reason="")
    assert "Write a number in digits" in refused.words
    assert "Say why, in a sentence" in refused.words


def test_applying_what_is_badly_filled_in_brings_the_form_back(
    visit: Visits, scope: Scope, database: Database
):
    dry = try_it(visit("clarke"), scope)
    refused = dry.press("Apply the correction", reason="")
    assert refused.status == 422
    assert refused.tree.xpath("//input[@name='key'][@checked]/@value") == [BRAVO]
    twice = dry.press("Apply the correction")
    assert twice.status == 200
    other = try_it(visit("clarke"), scope, 4, "void")
    third = other.press("Apply the correction", seal="nonsense")
    assert (third.status, count(database, Regrade)) == (409, 1)


def test_a_second_press_finds_the_correction_made(visit: Visits, scope: Scope, database: Database):
    dry = try_it(visit("clarke"), scope)
    first, second = dry.press("Apply the correction"), dry.press("Apply the correction")
    assert first.path == second.path
    assert count(database, Regrade) == 1
    undo = first.follow("Undo this correction")
    assert undo.press("Undo the correction").path == undo.press("Undo the correction").path
    assert count(database, Revision) == 3


@pytest.mark.database("sqlite", "postgresql")
def test_what_moved_meanwhile_is_shown_afresh_and_can_be_applied_then(
    visit: Visits, scope: Scope, database: Database
):
    clarke = visit("clarke")
    dry = try_it(clarke, scope)
    with database.writing() as session:
        version = current(session).quizzes_by_slug["check"]
        sit(session, student(session, 9), version, answers(single=(BRAVO,)))
    fresh = dry.press("Apply the correction")
    assert fresh.status == 409
    assert "Nothing was changed: look again" in fresh.words
    assert "Student 9" in fresh.words
    assert count(database, Regrade) == 0
    done = fresh.press("Apply the correction")
    assert done.status == 200
    undo = done.follow("Undo this correction")
    with database.writing() as session:
        sit(session, student(session, 10), version, answers(single=(BRAVO,)))
    fresh = undo.press("Undo the correction")
    assert fresh.status == 409
    assert "Undone" in fresh.press("Undo the correction").words


def test_a_correction_that_no_longer_fits_is_refused_when_it_is_applied(visit: Visits, scope: Scope):
    clarke = visit("clarke")
    dry = try_it(clarke, scope)
    try_it(clarke, scope, 1, "void").press("Apply the correction")
    refused = dry.press("Apply the correction")
    assert refused.status == 422
    assert "does not count already" in refused.words


def test_who_takes_the_course_corrects_none_of_its_questions(visit: Visits, scope: Scope, database: Database):
    with database.writing() as session:
        clarke = person_by_email(session, email_of("clarke"))
        assert clarke is not None
        enrol(session, clarke.id, scope.academy_id, course="core", at=START)
    page = visit("clarke").get("/teach/core/corrections")
    assert page.status == 403
    assert "somebody else has to correct" in page.words
    assert form_of(visit("clarke"), scope, 1, "key").status == 403


@pytest.mark.parametrize(
    "rest",
    [
        "check/{version}/questions/0/key",
        "check/{version}/questions/10/key",
        "check/{version}/questions/9/key",
        "check/{version}/questions/8/accept",
        "check/{version}/questions/1/remove",
        "other/{version}",
        "check/1",
        "check/999999",
        "999999",
        "999999/undo",
    ],
)
def test_what_is_not_there_is_not_found(visit: Visits, scope: Scope, rest: str):
    address = f"/teach/core/corrections/{rest.format(version=scope.version_id)}"
    assert visit("clarke").get(address).status == 404


def test_nothing_of_another_academy_is_shown_or_changed(visit: Visits, scope: Scope, database: Database):
    with database.writing() as session:
        version = current(session).quizzes_by_slug["check"]
        gray = sit(
            session, enrolment_of(session, "gray"), version, answers(single=(BRAVO,), many=(), match=())
        )
    dry = try_it(visit("clarke"), scope)
    assert "Gray" not in dry.words
    done = dry.press("Apply the correction")
    assert visit("hayes").get(done.path).status == 404
    hayes = visit("hayes").get(f"/teach/core/corrections/check/{scope.version_id}")
    assert "In force" not in hayes.words
    assert "Answer alpha" in hayes.words
    with database.session() as session:
        assert session.scalars(select(Revision).where(Revision.attempt_id == gray.id)).all() == []
