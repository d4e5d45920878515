"""Everything that can happen to timed attempts, in any order, on the services with a real database.

A machine starts, answers, saves, submits, lets time run out, pauses, goes on, gives more time and less, corrects
questions, presses old forms again from other tabs, and moves the clock both ways. Beside it runs a small model
that was written for this test alone: the latest moment that anything was accepted, the end, the breaks. After
each step the database must say what the model says.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import invigilation, journeys
from pme.assessment import sitting
from pme.assessment.corrections import Correction, CorrectionKind
from pme.assessment.draw import Draw
from pme.assessment.grading import mark
from pme.assessment.models import Attempt, AttemptStatus, RefusedResponse, Response
from pme.assessment.regrades import Scope
from pme.assessment.sitting import REFUSED_KEPT
from pme.assessment.timing import Allowance
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.enrolment.service import enrol
from pme.errors import Conflict, Invalid, PmeError
from pme.journeys_regrade import apply_correction
from pme.people.models import Person, Role
from pme.people.service import add_academy, grant
from pme.reports.regrade_dry_run import try_correction
from tests.assessment.time_model import Form, Model, record_of, sorted_as
from tests.support.cast import START
from tests.support.timed import publish_timed, timed

LIMIT = 30
QUIZ = timed(LIMIT)
ITEMS = [item.id for item in QUIZ.items]
GIVEN = {
    "CANARY-single": [["CANARY-alpha-right"], ["CANARY-bravo-wrong"], []],
    "CANARY-truth": [["true"], ["false"], []],
    "CANARY-many": [["CANARY-delta-right", "CANARY-echo-right"], ["CANARY-foxtrot-wrong"], []],
    "CANARY-match": [["CANARY-sun=CANARY-day", "CANARY-moon=CANARY-night"], ["CANARY-sun=CANARY-noon"]],
    "CANARY-order": [["CANARY-1", "CANARY-2", "CANARY-3"], ["CANARY-3", "CANARY-1", "CANARY-2"]],
}
MALFORMED = ["CANARY-of-no-item"]
QUICK = settings(max_examples=20, stateful_step_count=50, deadline=None, derandomize=True, database=None)
LONG = settings(
    max_examples=120, stateful_step_count=80, deadline=None, database=None, phases=[Phase.generate]
)  # finding a shorter story takes longer than a test may
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
items = strategies.sampled_from(ITEMS)
which = strategies.integers(min_value=0, max_value=2)
minutes = strategies.sampled_from([0.01, 0.5, 2, 7, 12, 29, 31, 90])


class Timed(RuleBasedStateMachine):
    """The machine; each of its runs has an academy and a student of its own."""

    database: ClassVar[Database]
    number: ClassVar[Iterator[int]] = count()

    def __init__(self) -> None:
        super().__init__()
        self.at = START
        self.percent, self.minutes = 100, 0
        self.models: dict[int, Model] = {}
        self.forms: list[Form] = []
        self.refused: dict[int, int] = {}
        with self.database.writing() as session:
            number = next(self.number)
            academy = add_academy(session, slug=f"a{number}", name="A", nation="N", at=START)
            person = Person(email=f"p{number}@a.example", name="P", password_hash="x", created_at=START)
            session.add(person)
            session.flush()
            grant(session, person.id, academy.id, Role.STUDENT)
            enrolment = enrol(session, person.id, academy.id, course="core", at=START)
            self.academy, self.person, self.enrolment = academy.id, person.id, enrolment.id

    @property
    def open(self) -> int | None:
        return next((number for number, model in self.models.items() if model.done is None), None)

    def act(self, number: int, do: Callable[..., Any]) -> Any:
        """One press on an attempt, as a door does it: the enrolment held, then the attempt."""
        with self.database.writing() as session:
            enrolment = session.get_one(Enrolment, self.enrolment, with_for_update=True)
            attempt = session.get_one(Attempt, number, with_for_update=True)
            assert enrolment is not None
            assert attempt is not None
            return do(session, current(session), enrolment, attempt)

    def close(self, number: int, moment: datetime) -> None:
        """In the model: handed in at this moment. Its record is read at the next look."""
        model = self.models[number]
        if model.on_break:
            model.rise(min(moment, model.on_break[1]))
        model.latest = moment
        model.done = {}

    def expire_if_over(self, number: int) -> bool:
        model = self.models[number]
        if model.done is None and model.is_over(self.at):
            self.close(number, model.seen(self.at)[1])
            return True
        return False

    @initialize(pause=strategies.sampled_from([0, 5, 20]))
    def begin_with_an_attempt(self, pause: int) -> None:
        self.change_accommodation(percent=100, pause=pause)
        self.start()

    @precondition(lambda self: self.open is not None and self.minutes)
    @rule(by=minutes, late=minutes)
    def rest_a_while(self, by: float, late: float) -> None:
        self.pause()
        self.at += timedelta(minutes=by)
        self.resume()
        self.at += timedelta(minutes=late)

    @rule()
    def start(self) -> None:
        with self.database.writing() as session:
            enrolment = session.get_one(Enrolment, self.enrolment, with_for_update=True)
            catalogue = current(session)
            assert enrolment is not None
            attempt = invigilation.begin_task(
                session,
                lambda: catalogue,
                enrolment,
                catalogue.quizzes_by_slug["check"],
                module="basics",
                at=self.at,
            )
        if (number := self.open) is not None:
            assert attempt.id == number, "an unfinished attempt is gone on with"
            self.expire_if_over(number)
        else:
            end = self.at + timedelta(minutes=LIMIT) * self.percent / 100
            self.models[attempt.id] = Model(self.at, end, self.at)

    @precondition(lambda self: self.open is not None)
    @rule(item=items, one=which)
    def answer(self, item: str, one: int) -> None:
        number = self.open
        assert number is not None
        answers = GIVEN[item]
        self.forms.append(Form(number, item, answers[one % len(answers)]))
        self.send(self.forms[-1])

    @precondition(lambda self: self.forms)
    @rule(at=strategies.integers(min_value=0))
    def replay_an_old_form(self, at: int) -> None:
        self.send(self.forms[at % len(self.forms)])

    @precondition(lambda self: self.forms)
    @rule(at=strategies.integers(min_value=0), item=items)
    def answer_in_another_tab(self, at: int, item: str) -> None:
        number = self.forms[at % len(self.forms)].attempt
        self.send(Form(number, item, GIVEN[item][at % len(GIVEN[item])]))

    def send(self, form: Form) -> None:
        model = self.models[form.attempt]
        refused = self.answered(form.attempt, form.item, form.answer)
        if self.is_closed_to(form.attempt):
            assert isinstance(refused, Conflict)
            self.refused[form.attempt] = self.refused.get(form.attempt, 0) + 1
        else:
            assert refused is None
            model.latest = model.now(self.at)
            model.said[form.item] = form.answer

    def is_closed_to(self, number: int) -> bool:
        """Whether an answer to this attempt comes too late or on a break."""
        model = self.models[number]
        if model.done is not None or self.expire_if_over(number):
            return True
        model.wake(self.at)
        return model.on_break is not None

    @precondition(lambda self: self.open is not None)
    @rule(is_foreign=strategies.booleans())
    def answer_what_cannot_be(self, is_foreign: bool) -> None:
        number = self.open
        assert number is not None
        refused = self.answered(number, "elsewhere" if is_foreign else ITEMS[0], MALFORMED)
        is_late = self.is_closed_to(number)
        assert isinstance(refused, Conflict if is_late else Invalid)
        if is_late or is_foreign:
            self.refused[number] = self.refused.get(number, 0) + 1

    def answered(self, number: int, item: str, answer: list[str]) -> PmeError | None:
        found: PmeError | None = self.act(
            number,
            lambda session, catalogue, enrolment, attempt: invigilation.answer(
                session,
                lambda: catalogue,
                enrolment,
                attempt,
                QUIZ,
                item_id=item,
                given=answer,
                wrong=None,
                at=self.at,
            ),
        )
        return found

    @precondition(lambda self: self.models)
    @rule(at=strategies.integers(min_value=0), by_itself=strategies.booleans())
    def submit(self, at: int, by_itself: bool) -> None:
        number = list(self.models)[at % len(self.models)]

        def finish(session: Any, catalogue: Any, enrolment: Any, attempt: Any) -> None:
            is_over = invigilation.end_if_over(session, lambda: catalogue, enrolment, attempt, at=self.at)
            if not is_over and not by_itself:
                journeys.finish_quiz(session, catalogue, enrolment, attempt, QUIZ, at=self.at)

        self.act(number, finish)
        model = self.models[number]
        if model.done is None and not self.expire_if_over(number) and not by_itself:
            self.close(number, model.now(self.at))

    @rule()
    def close_what_is_overdue(self) -> None:
        invigilation.close_overdue(self.database, at=self.at)
        number = self.open
        if number is not None and self.models[number].end <= self.at:
            self.expire_if_over(number)

    @precondition(lambda self: self.open is not None)
    @rule()
    def let_time_run_out(self) -> None:
        number = self.open
        assert number is not None
        model = self.models[number]
        self.at = max(self.at, (model.on_break[1] if model.on_break else model.end) + timedelta(seconds=1))

    @precondition(lambda self: self.open is not None)
    @rule()
    def pause(self) -> None:
        number = self.open
        assert number is not None
        model, said = self.models[number], None
        try:
            self.act(number, lambda s, _c, _e, attempt: invigilation.pause(s, attempt, QUIZ, at=self.at))
        except Conflict as error:
            said = error
        woken = deepcopy(model)
        woken.wake(self.at)
        left = timedelta(minutes=self.minutes) - woken.rest()
        if model.is_over(self.at) or (woken.on_break is None and left <= timedelta(0)):
            assert said is not None  # what is refused writes nothing, not even that a break used itself up
            return
        assert said is None
        model.wake(self.at)
        if model.on_break is None:
            model.latest = model.now(self.at)
            model.on_break = (model.latest, model.latest + left)

    @precondition(lambda self: self.open is not None)
    @rule()
    def resume(self) -> None:
        number = self.open
        assert number is not None
        self.act(number, lambda s, _c, _e, attempt: sitting.resume(s, attempt, at=self.at))
        model = self.models[number]
        model.wake(self.at)
        if model.on_break:
            model.rise(model.now(self.at))

    @rule(percent=strategies.sampled_from([100, 125, 150, 300]), pause=strategies.sampled_from([0, 5, 20]))
    def change_accommodation(self, percent: int, pause: int) -> None:
        with self.database.writing() as session:
            invigilation.arrange(
                session,
                self.person,
                self.academy,
                allowance=Allowance(percent, pause),
                by=self.person,
                at=self.at,
            )
        self.percent, self.minutes = percent, pause
        number = self.open
        if number is None:
            return
        model = self.models[number]
        if model.end <= self.at and self.expire_if_over(number):
            return
        model.wake(self.at)
        if model.on_break:
            since, until = model.on_break
            left = timedelta(minutes=pause) - model.rest()
            model.on_break = (since, max(until, since + max(left, timedelta(0))))
        model.end = max(model.end, model.began + timedelta(minutes=LIMIT) * percent / 100 + model.rest())

    @precondition(lambda self: any(model.done for model in self.models.values()))
    @rule(item=items, kind=strategies.sampled_from([CorrectionKind.VOID, CorrectionKind.FULL_CREDIT]))
    def regrade(self, item: str, kind: CorrectionKind) -> None:
        with self.database.writing() as session:
            catalogue = current(session)
            version = catalogue.quizzes_by_slug["check"].version_id
            scope, new = Scope(self.academy, "core", "check", version), Correction(item, kind)
            try:
                seal = try_correction(session, catalogue, scope, QUIZ, new).seal
            except Invalid:
                return  # this question is corrected already
            apply_correction(
                session,
                catalogue,
                scope,
                QUIZ,
                new,
                reason="Wrong.",
                seal=seal,
                by=self.person,
                at=self.at,
            )

    @rule(by=minutes)
    def time_passes(self, by: float) -> None:
        self.at += timedelta(minutes=by)

    @rule(by=minutes)
    def the_clock_is_set_back(self, by: float) -> None:
        self.at -= timedelta(minutes=by)

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        with self.database.session() as session:
            rows = {
                one.id: one
                for one in session.scalars(select(Attempt).where(Attempt.enrolment_id == self.enrolment))
            }
            assert set(rows) == set(self.models)
            assert sum(row.status is not AttemptStatus.FINISHED for row in rows.values()) <= 1
            for number, model in self.models.items():
                kept = list(session.scalars(select(Response).where(Response.attempt_id == number)))
                noted = len(
                    list(
                        session.scalars(
                            select(RefusedResponse.id).where(RefusedResponse.attempt_id == number)
                        )
                    )
                )
                self.check(session, rows[number], model, kept)
                assert noted == min(REFUSED_KEPT, self.refused.get(number, 0))

    def check(self, session: Session, row: Attempt, model: Model, kept: list[Response]) -> None:
        assert {one.item: one.answer for one in kept} == {i: sorted_as(i, a) for i, a in model.said.items()}
        assert row.ends_at is not None
        assert model.told is None or row.ends_at >= model.told, "an end never moves earlier"
        model.told = row.ends_at
        assert (row.status is AttemptStatus.FINISHED) == (model.done is not None), (row.status, model)
        if model.done is None:
            standing = sitting.standing_of(session, row, at=self.at)
            assert (standing.is_over, standing.ends_at) == model.seen(self.at)
            return
        assert row.handed_in_at is not None
        assert row.handed_in_at == row.finished_at == model.latest <= row.ends_at == model.end
        assert all(one.saved_at < row.ends_at for one in kept), "nothing after the end is scored"
        assert sum(one.seconds for one in kept) <= (row.handed_in_at - row.started_at).total_seconds()
        said = {item: tuple(sorted_as(item, answer)) for item, answer in model.said.items()}
        marks = mark(QUIZ, Draw.from_json(row.draw).items, said)
        assert (row.percent, row.is_passed, row.result) == (
            marks.percent,
            marks.is_passed,
            marks.as_result(),
        )
        model.done = model.done or record_of(row)
        assert record_of(row) == model.done, "a finished attempt's record never changes"


@pytest.mark.database("sqlite")
def test_whatever_happens_an_attempt_keeps_what_was_acknowledged_and_nothing_late(database: Database):
    publish_timed(database, LIMIT)
    Timed.database = database
    run_state_machine_as_test(Timed, settings=settings(QUICK, suppress_health_check=SLOW))


@pytest.mark.soak
@pytest.mark.database("sqlite")
def test_whatever_happens_for_a_long_time(database: Database):
    publish_timed(database, LIMIT)
    Timed.database = database
    run_state_machine_as_test(Timed, settings=settings(LONG, suppress_health_check=SLOW))
