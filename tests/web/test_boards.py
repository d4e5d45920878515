"""Live boards of instructors and academies, a student's own standing, and records of completions."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from pme.audit import AuditEntry
from pme.content.publish import publish
from pme.content.shapes import Completion
from pme.db import Database
from pme.enrolment.models import Cohort, EnrolmentStatus
from pme.enrolment.service import cohort_of_name
from tests.conftest import Visits
from tests.support import student as student_acts
from tests.support.cast import START
from tests.support.client import Page
from tests.support.clock import Clock
from tests.support.graduates import enrolment_of, graduate, sit_quiz
from tests.support.library import library, module

BOARD, OWN = "/teach/core/board", "/learn/core/my-progress"


def given(database: Database) -> int:
    """Adams is at work in a cohort and failed the quiz twice."""
    with database.writing() as session:
        enrolment = enrolment_of(session, "adams")
        cohort = cohort_of_name(session, enrolment.academy_id, course="core", name="Spring", at=START)
        enrolment.cohort_id = cohort.id
        for days in (1, 2):
            sit_quiz(session, enrolment, at=START + timedelta(days=days), right=False)
        return enrolment.id


def facts(page: Page) -> list[str]:
    """What is said of a student by tags."""
    tags = page.tree.xpath("//main//span[contains(concat(' ', @class, ' '), ' tag ')]")
    return [" ".join(tag.xpath("string()").split()) for tag in tags]


def test_the_board_says_who_is_where_who_is_stuck_and_who_is_quiet_and_they_see_the_same(
    visit: Visits, database: Database, clock: Clock
):
    given(database)
    clock.at = START + timedelta(days=3)
    clarke, adams = visit("clarke"), visit("adams")
    board = clarke.get("/teach/core").follow("Board")
    assert "1 student" in board.words
    assert "“A short check” not passed 2 times" in board.words
    assert "Stuck: did not pass the same task 2 times or more" in board.words
    assert "0 of 7 steps" in board.words
    own = adams.get("/learn/core").follow("Your progress, as others see it")
    assert "“A short check” not passed 2 times" in own.words
    assert "Under way" in own.words
    assert "Quiet" not in facts(own)
    with database.writing() as session:
        cohort = session.get_one(Cohort, enrolment_of(session, "adams").cohort_id)
        cohort.due_on = (START + timedelta(days=29)).date()
    clock.at = START + timedelta(days=30)
    for page in (visit("clarke").get(f"{BOARD}?stuck=5"), visit("adams").get(OWN)):
        assert {"Stuck", "Quiet", "Overdue"} <= set(facts(page))
        assert "Due 31 March 2026" in page.words
    for show, found in (
        ("quiet", 1),
        ("complete", 0),
        ("stuck", 1),
        ("overdue", 1),
        ("not-begun", 0),
        ("nonsense", 1),
    ):
        page = visit("clarke").get(f"{BOARD}?show={show}")
        assert len(page.tree.xpath("//table[caption/@id='board']/tbody/tr")) == found, show


def test_nobody_sees_the_board_of_another_academy_or_course(visit: Visits, database: Database):
    enrolment = given(database)
    assert visit("davis").get(BOARD).status == 404
    assert "Adams" not in visit("hayes").get(BOARD).words
    assert "Adams" in visit("keller").get("/academy/boards/core").words
    frost = visit("frost")
    assert "Adams" not in frost.get("/academy/boards/core").words
    with database.session() as session:
        cohort = enrolment_of(session, "adams").cohort_id
    assert frost.get(f"/academy/boards/core?cohort={cohort}").status == 404
    assert frost.get(f"/academy/records/{enrolment}").status == 404
    assert visit("adams").get("/academy/boards/core").status == 403


def test_too_many_for_one_board_are_looked_at_by_cohort(
    visit: Visits, database: Database, monkeypatch: pytest.MonkeyPatch
):
    given(database)
    monkeypatch.setattr("pme.web.boards.MOST_AT_ONCE", 0)
    for name, address in (("clarke", BOARD), ("keller", "/academy/boards/core")):
        page = visit(name).get(address)
        assert "1 student are too many" in page.words
        assert "Adams" not in page.follow("All").words
        assert "Adams" in page.follow("Spring (1)").words
        assert "Adams" not in visit(name).get(f"{address}?cohort=0").words
        assert visit(name).get(f"{address}?cohort=999999").status == 404


def test_one_of_many_cohorts_is_chosen_from_a_list_with_the_newest_on_top(visit: Visits, database: Database):
    given(database)
    with database.writing() as session:
        academy_id = enrolment_of(session, "adams").academy_id
        for number in range(13):
            cohort = cohort_of_name(session, academy_id, course="core", name=f"Class {number}", at=START)
            cohort.starts_on = (START + timedelta(days=number)).date()
    for name, address in (("clarke", BOARD), ("keller", "/academy/boards/core")):
        page = visit(name).get(address)
        options = page.tree.xpath("//select[@id='cohort']/option")
        listed = {str(option.text): str(option.get("value")) for option in options}
        assert list(listed)[:3] == ["All", "Class 12 (0)", "Class 11 (0)"]
        assert "Adams" in page.press("Show", cohort=listed["Spring (1)"]).words
        assert "Adams" not in page.press("Show", cohort=listed["Class 3 (0)"]).words


def test_who_withdrew_is_counted_nowhere_on_a_board(visit: Visits, database: Database):
    given(database)
    with database.writing() as session:
        enrolment_of(session, "adams").status = EnrolmentStatus.WITHDRAWN
    for name, address in (("clarke", BOARD), ("keller", "/academy/boards/core")):
        words = visit(name).get(address).words
        assert "Spring (0)" in words


def test_more_students_cost_no_more_statements(visit: Visits, database: Database):
    clarke = visit("clarke")
    clarke.get(BOARD)
    counts = []
    for _ in range(2):
        given(database)
        statements: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_: object, into: list[str] = statements) -> None:
            into.append(statement)

        engine = clarke.http.application.extensions["pme_database"].engine
        event.listen(engine, "before_cursor_execute", note)
        clarke.get(BOARD)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(sum("set_config" not in statement for statement in statements))
    assert counts[0] == counts[1] < 16


def test_staff_revoke_and_restore_with_a_reason_that_the_holder_reads(
    visit: Visits, database: Database, clock: Clock
):
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=START + timedelta(days=1)).id
    clock.at = START + timedelta(days=2)
    irving = visit("irving")
    page = irving.get("/academy").follow("Boards")
    record = page.follow("Core course").follow("Captain Adams Person")
    assert "In force" in record.words
    wrong = record.press("Revoke", reason=" ")
    assert wrong.status == 422
    assert "Say why" in wrong.words
    record = record.press("Revoke", reason="Sat by <b>another</b>.")
    assert "Reason: Sat by <b>another</b>." in record.words
    assert "Revoked" in facts(record)
    adams = visit("adams")
    assert "Sat by <b>another</b>." in adams.get("/learn").follow("See why: Core course").words
    told = adams.get("/certificates").follow("See what others see")
    assert (
        "the academy revoked it on 4 March 2026. It is no longer valid. The completion behind it was"
        in told.words
    )
    assert "Sat by" not in told.text
    assert "and with it certificate HOME-2026-000001" in record.words
    record = record.press("Restore", reason="It was a mix-up.")
    assert "In force" in facts(record)
    assert "Certificate HOME-2026-000002 was issued; the one before stays revoked" in record.words
    own = adams.get("/certificates")
    assert "number HOME-2026-000002" in own.words
    assert "Issued when the completion counted again" in own.words
    assert "It is no longer valid" in adams.get(told.path).words
    assert "it is valid" in own.follow("See what others see").words
    assert "revocation" not in visit("keller").get(f"/academy/records/{enrolment}").text
    with database.session() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.act.like("completion re%")).order_by(AuditEntry.id)
        ).all()
    assert [entry.act for entry in entries] == ["completion revoked", "completion restored"]
    assert all("mix-up" not in str(entry.detail) for entry in entries)


def test_staff_ask_holders_for_what_changed_and_these_see_exactly_that(
    visit: Visits, database: Database, clock: Clock
):
    with database.writing() as session:
        graduate(session, "adams", at=START + timedelta(days=1))
        basics = module(
            "basics", "The basics", Completion(quizzes=("check",), scenarios=("checkpoint", "practice"))
        )
        second = basics.pages[1].model_copy(update={"html": "<p>Anew.</p>", "outcomes": ("LO1",)})
        anew = basics.model_copy(update={"pages": (basics.pages[0], second)})
        publish(session, library(anew), by_id=None, at=START + timedelta(days=10), note="")
    clock.at = START + timedelta(days=11)
    irving, adams = visit("irving"), visit("adams")
    assert "Keep your completion" not in adams.get("/learn").words
    changes = irving.get("/academy/editions/core").follow("See what changed since Edition 1 (2 March 2026)")
    assert f"Page: {second.title}" in changes.words
    assert "added: Anew" in changes.words
    refused = changes.press("Ask them", due_on="2026-01-01")
    assert (refused.status, "still to come" in refused.words) == (422, True)
    assert changes.press("Ask them", due_on="tomorrow").status == 422
    nobody = changes.press("Ask them", due_on="2026-12-31", parts=[])
    assert (nobody.status, "Nobody was asked" in nobody.words) == (422, True)
    parts = changes.choices("parts")
    asked = changes.press(
        "Ask them", due_on="2026-12-31", note="The law changed.",
        parts=[value for text, value in parts.items() if "scenario" not in value],
    )  # fmt: skip
    assert "1 person was asked." in asked.words
    home = adams.get("/learn")
    assert "CANARY" not in home.text + changes.text + adams.get(OWN).text
    for text in (
        "Keep your completion up to date",
        "The law changed.",
        "0 of 2 parts done",
        "31 December 2026",
    ):
        assert text in home.words
    page = home.follow(second.title)
    assert "to be read again" in page.words
    own = page.press("Mark as read again")
    assert "1 of 2 parts done" in own.words
    clarke = visit("clarke")
    with database.session() as session:
        equal = f"/teach/core/students/{enrolment_of(session, 'adams').id}/equal-work"
    assert "Confirm it as done" in clarke.get(equal).words
    student_acts.pass_quiz(adams)
    assert "Confirm it as done" not in clarke.get(equal).words
    assert "Keep your completion" not in adams.get("/learn").words
    assert "Requalified" in facts(adams.get(OWN))
    told = adams.get("/certificates").follow("See what others see")
    assert "Course edition Edition 2 (12 March 2026)" in told.words
    assert "Certificate no. HOME-2026-000002" in told.words
    assert "Replaces no. HOME-2026-000001" in told.words
    assert "1 of 1 done" in irving.get("/academy/editions/core").words


def test_a_completion_whose_validity_ends_is_renewed_by_its_holder(
    visit: Visits, database: Database, clock: Clock
):
    jensen = visit("jensen")
    page = jensen.get("/academy/editions/core")
    wrong = page.press("Save", months="never")
    assert (wrong.status, wrong.words.count("Give whole months")) == (422, 2)
    both = page.press("Save", months="3", day="1", month="1")
    assert (both.status, "not both" in both.words) == (422, True)
    assert page.press("Save", day="29", month="2").status == 422
    assert (
        "Validity of a completion: until 1 January of each year."
        in page.press("Save", day="1", month="1").words
    )
    assert "Validity of a completion: for 3 months." in page.press("Save", months="3").words
    with database.writing() as session:
        graduate(session, "adams", at=START)
    clock.at = START + timedelta(days=30)
    adams = visit("adams")
    own = adams.get(OWN)
    assert "Valid until 2 June 2026." in own.words
    told = adams.get("/certificates").follow("See what others see")
    assert ("Valid until 2 June 2026" in told.words, "it is valid" in told.words) == (True, True)
    clock.at = START + timedelta(days=100)
    adams = visit("adams")
    assert "It was valid until 2 June 2026, and it was not renewed" in adams.get(told.path).words
    assert "Expired" in adams.get("/certificates").words
    own = adams.get(OWN)
    renewing = own.press("Begin to renew")
    assert "0 of 3 parts done" in renewing.words
    assert "Begin to renew" not in renewing.words
    assert "Valid until 2 June 2026" in adams.get("/learn").words
    jensen = visit("jensen")
    assert (
        "Validity of a completion: no end."
        in jensen.get("/academy/editions/core").press("Save", months="").words
    )
