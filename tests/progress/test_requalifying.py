"""A new edition asks holders for the changed parts only; a completion that ends can be renewed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import journeys
from pme.assessment.allowances import set_window
from pme.assessment.models import Attempt, Task
from pme.content.catalogue import current
from pme.content.editions import content_of, current_edition, editions_of
from pme.content.models import CourseEdition
from pme.content.publish import publish
from pme.content.shapes import Completion, Module, Outcome, Quiz
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.enrolment.service import cohort_of_name
from pme.errors import Conflict, Invalid
from pme.invigilation import begin_task
from pme.progress.completion import Place, StepKind
from pme.progress.delta import compare, whole
from pme.progress.in_force import completion_in_force, events_of
from pme.progress.models_requalify import Requalification
from pme.progress.requalify import Ask, call_holders, holders_by_edition, renew, withdraw_call
from pme.progress.requalify_queries import asked_of, calls_of, overdue_requalifications
from pme.progress.validity import Term, due_for_recertification, set_validity, valid_until
from tests.support.cast import START
from tests.support.graduates import enrolment_of, graduate, play, sit_quiz
from tests.support.library import library, module, quiz

DONE, NEW, ASKED = START + timedelta(days=1), START + timedelta(days=30), START + timedelta(days=31)
DUE = (START + timedelta(days=60)).date()
FIRST, SECOND = (Place(StepKind.PAGE, "basics", slug) for slug in ("first", "second"))
CHECK = Place(StepKind.QUIZ, "basics", "check")
GATE, PRACTICE = (Place(StepKind.SCENARIO, "basics", slug) for slug in ("checkpoint", "practice"))


def basics(*, outcomes: tuple[str, ...] = ("LO1",), title: str = "The second page, anew") -> Module:
    """The first module with its second page written anew, teaching these outcomes."""
    old = module("basics", "The basics", Completion(quizzes=("check",), scenarios=("checkpoint", "practice")))
    first, second = old.pages
    changed = second.model_copy(update={"title": title, "outcomes": outcomes})
    return old.model_copy(update={"pages": (first, changed)})


def republish(session: Session, *changes: Module | Quiz) -> CourseEdition:
    publish(session, library(*changes), by_id=None, at=NEW, note="")
    edition = current_edition(session, current(session), "core")
    assert edition is not None
    return edition


def ask_all(session: Session, enrolment: Enrolment, edition: CourseEdition, *chosen: Place) -> int:
    held = set(holders_by_edition(session, enrolment.academy_id, "core"))
    asked = Ask(edition, held, frozenset(chosen), DUE, "The law has changed.")
    return call_holders(session, enrolment.academy_id, asked, by=enrolment.person_id, at=ASKED)[1]


def test_what_changed_is_told_by_page_task_and_outcome(session: Session):
    old = current_edition(session, current(session), "core")
    assert old is not None
    item = quiz().items[0].model_copy(update={"stem_html": "Which one now?"})
    check = quiz().model_copy(update={"items": (item, *quiz().items[1:])})
    further = module("further", "Further on", Completion(), prerequisites=("basics",)).model_copy(
        update={"outcomes": (Outcome(id="LO1", text="Recognise what matters most", verb="recognise"),)}
    )
    before, after = (
        content_of(session, old),
        content_of(session, republish(session, basics(), check, further)),
    )
    delta = compare(before, after)
    assert [(step.place, step.change.value, step.told) for step in delta.steps] == [
        (SECOND, "changed", ()),
        (CHECK, "changed", ("1 question changed",)),
    ]
    assert [(o.module, o.id, o.change.value) for o in delta.outcomes] == [
        ("further", "LO1", "changed"),
        ("further", "LO2", "gone"),
    ]
    assert delta.asked == (SECOND, CHECK, GATE, PRACTICE)  # the scenarios test the outcome of the page
    assert compare(after, after).is_empty
    assert [step.change.value for step in compare(after, before).steps] == ["changed", "changed"]
    everything = compare(None, after)
    assert {step.change.value for step in everything.steps} == {"new"}
    assert whole(after) == (CHECK, GATE, PRACTICE)


def test_a_holder_does_the_changed_parts_and_holds_the_new_edition(session: Session):
    enrolment = graduate(session, "adams", at=DONE)
    academy, edition = enrolment.academy_id, republish(session, basics())
    assert ask_all(session, enrolment, edition, SECOND, CHECK) == 1
    asked = asked_of(session, academy, [enrolment.id])[enrolment.id]
    assert asked.parts == ((SECOND, False), (CHECK, False))
    assert (asked.edition, asked.note, asked.due_on) == (edition.label, "The law has changed.", DUE)
    catalogue = current(session)
    basic = catalogue.modules_by_slug["basics"]
    for at, page in ((ASKED, "first"), (ASKED + timedelta(hours=1), "second")):
        journeys.read_page(session, catalogue, enrolment, basic, page=page, at=at)
    assert asked_of(session, academy, [enrolment.id])[enrolment.id].parts == ((SECOND, True), (CHECK, False))
    sit_quiz(session, enrolment, at=ASKED + timedelta(hours=2), right=False)
    assert len(events_of(session, academy, enrolment.id)) == 1
    done = ASKED + timedelta(hours=3)
    sit_quiz(session, enrolment, at=done)
    earned, requalified = events_of(session, academy, enrolment.id)
    assert (requalified.kind.value, requalified.edition_id, requalified.at) == (
        "requalified",
        edition.id,
        done,
    )
    assert requalified.percent == earned.percent
    assert asked_of(session, academy, [enrolment.id]) == {}
    assert dict(holders_by_edition(session, academy, "core")) == {edition.id: 1}
    (line,) = calls_of(session, academy, "core")
    assert (line.asked, line.done) == (1, 1)
    with pytest.raises(Conflict, match="Nobody was asked"):
        ask_all(session, enrolment, edition, SECOND, CHECK)


def test_only_holders_are_asked_and_a_later_call_replaces_an_earlier(session: Session):
    adams, gray = graduate(session, "adams", at=DONE), graduate(session, "gray", at=DONE)
    edition = republish(session, basics())
    with pytest.raises(Invalid, match="still to come"):
        call_holders(
            session, adams.academy_id, Ask(edition, {1}, frozenset({SECOND}), DONE.date()), by=1, at=ASKED
        )
    assert ask_all(session, adams, edition, SECOND) == 1
    assert ask_all(session, adams, edition, SECOND, CHECK) == 1
    assert asked_of(session, gray.academy_id, [gray.id]) == {}
    assert asked_of(session, gray.academy_id, [adams.id]) == {}
    endings = session.scalars(select(Requalification.ending).order_by(Requalification.id)).all()
    assert endings == ["replaced", None]
    assert [one.enrolment_id for one in overdue_requalifications(session, adams.academy_id, on=date.max)] == [
        adams.id
    ]
    call = calls_of(session, adams.academy_id, "core")[0].call
    assert withdraw_call(session, call, by=adams.person_id, at=ASKED) == 1
    assert withdraw_call(session, call, by=adams.person_id, at=ASKED) == 0
    assert asked_of(session, adams.academy_id, [adams.id]) == {}


def test_who_used_up_the_attempts_at_a_task_has_them_again(session: Session):
    once = quiz(attempts=1)
    publish(session, library(once), by_id=None, at=START, note="")
    enrolment = graduate(session, "adams", at=DONE)
    with pytest.raises(Conflict, match="used all"):
        sit_quiz(session, enrolment, at=NEW)
    edition = republish(session, basics(), once)
    ask_all(session, enrolment, edition, CHECK)
    sit_quiz(session, enrolment, at=ASKED)
    assert completion_in_force(session, enrolment.academy_id, enrolment.id).edition_id == edition.id  # type: ignore[union-attr]


def test_neither_a_closed_window_nor_an_equal_way_keeps_a_holder_from_the_new_edition(session: Session):
    enrolment = graduate(session, "adams", at=DONE)
    cohort = cohort_of_name(session, enrolment.academy_id, course="core", name="Spring", at=START)
    enrolment.cohort_id = cohort.id
    set_window(session, cohort, Task.QUIZ, "check", opens_at=None, closes_at=NEW)
    with pytest.raises(Conflict, match="closed on"):
        begin_check(session, enrolment)
    edition = republish(session, basics())
    ask_all(session, enrolment, edition, SECOND, CHECK, GATE)
    assert begin_check(session, enrolment).ends_at is None
    basic = current(session).modules_by_slug["basics"]
    for scenario in ("checkpoint", ""):
        journeys.confirm_equal_work(
            session, current(session), enrolment, basic, scenario=scenario, by=enrolment.person_id, at=ASKED
        )
    assert [event.kind.value for event in events_of(session, enrolment.academy_id, enrolment.id)] == [
        "earned",
        "requalified",
    ]


def begin_check(session: Session, enrolment: Enrolment) -> Attempt:
    quiz_now = current(session).quizzes_by_slug["check"]
    return begin_task(session, lambda: current(session), enrolment, quiz_now, module="basics", at=ASKED)


def test_validity_ends_on_a_day_of_the_calendar_and_a_renewal_moves_it(session: Session):
    enrolment, by = graduate(session, "adams", at=DONE), enrolment_of(session, "adams").person_id
    academy = enrolment.academy_id
    assert due_for_recertification(session, academy, by=date.max) == []
    for wrong in (0, 121):
        with pytest.raises(Invalid, match="from 1 to 120"):
            set_validity(session, academy, "core", Term(wrong), by=by, at=DONE)
    set_validity(session, academy, "core", Term(12), by=by, at=DONE)
    end = date(2027, 3, 3)
    assert due_for_recertification(session, academy, by=end - timedelta(days=1)) == []
    (due,) = due_for_recertification(session, academy, by=end)
    assert (due.enrolment_id, due.person_id, due.valid_until) == (enrolment.id, by, end)
    assert due_for_recertification(session, academy + 1, by=end) == []
    edition = current_edition(session, current(session), "core")
    assert edition is not None
    at = DONE + timedelta(days=350)
    with pytest.raises(Conflict, match="nothing to renew yet"):
        renew(session, enrolment, edition, at=DONE + timedelta(days=200))
    renew(session, enrolment, edition, at=at)
    renew(session, enrolment, edition, at=at)
    assert [place for place, _ in asked_of(session, academy, [enrolment.id])[enrolment.id].parts] == [
        CHECK, GATE, PRACTICE,
    ]  # fmt: skip
    sit_quiz(session, enrolment, at=at)
    for slug in ("checkpoint", "practice"):
        play(session, enrolment, slug, at=at)
    assert due_for_recertification(session, academy, by=end) == []
    (due,) = due_for_recertification(session, academy, by=date(2028, 12, 31))
    assert due.valid_until == valid_until(at, 12)
    enrolment.status = EnrolmentStatus.WITHDRAWN
    session.flush()
    assert due_for_recertification(session, academy, by=date(2028, 12, 31)) == []


@pytest.mark.parametrize(
    ("month", "day", "months", "end"),
    [(1, 31, 1, date(2026, 2, 28)), (11, 30, 3, date(2027, 2, 28)), (3, 2, 24, date(2028, 3, 2))],
)
def test_a_month_ends_with_its_last_day(month: int, day: int, months: int, end: date):
    assert valid_until(START.replace(month=month, day=day), months) == end


def test_editions_are_told_by_number_and_day(session: Session):
    republish(session, basics())
    labels = [edition.label for edition in editions_of(session, "core")]
    assert labels == ["Edition 2 (1 April 2026)", "Edition 1 (2 March 2026)"]
