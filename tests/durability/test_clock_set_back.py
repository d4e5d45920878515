"""The clock of the machine is set back by an hour in the middle of an exam: who was at it goes on, and nobody is kept
out for what they did in an hour that has not come yet. (Deadlines: `tests/web/test_timed_quiz.py`; leases of jobs and
duties: `test_more_faults.py`; a real server: `test_machine_faults.py`.)
"""

import time

import pytest
from sqlalchemy import func, select

from pme.db import Database
from pme.people.models import FailedSignIn
from pme.people.service import PER_ADDRESS
from pme.web.tokens import KeptKey
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import NOBODY, PASSWORD, email_of
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.student import BASICS, RIGHT
from tests.support.timed import publish_timed, the_attempt

HOUR = 60
WRONG = "a wrong password entirely"
TOO_MANY, WRONG_PASSWORD, SIGNED_IN = 429, 422, 303


def tried(nobody: Visit, password: str) -> int:
    """Sign in as Adams; gives the status of the answer."""
    return nobody.send("/sign-in", email=email_of("adams"), password=password).status_code


def lock_out(nobody: Visit) -> None:
    """Try until it is refused."""
    for _ in range(PER_ADDRESS):
        assert tried(nobody, WRONG) == WRONG_PASSWORD
    assert tried(nobody, PASSWORD) == TOO_MANY


def test_who_is_in_a_timed_task_goes_on_and_its_end_stays_where_it_was(
    visit: Visits, database: Database, clock: Clock
):
    publish_timed(database)
    adams = visit("adams")
    page = student.answer(adams.get(f"{BASICS}/quiz/check").press("Begin"), RIGHT)
    ends = clock.time(30)
    clock.move(minutes=-HOUR)
    again = adams.get(page.path)
    assert f"Ends at {ends}" in again.words, "it never moves earlier or later"
    assert again.tree.xpath("string(//*[@data-clock]/@data-clock)") == str(30 * 60)
    while "Question" in again.title:
        again = student.answer(again, RIGHT)
    clock.move(minutes=HOUR + 1)  # it is set right
    assert again.press("Hand in").path.endswith("/result")
    assert the_attempt(database).percent == 100


@pytest.mark.by_form
@pytest.mark.parametrize(("minutes", "is_known"), [(-HOUR, True), (-3 * HOUR, False), (0, True)])
def test_who_is_signed_in_stays_so_and_the_form_that_is_open_is_taken(
    visit: Visits, monkeypatch: pytest.MonkeyPatch, minutes: int, is_known: bool
):
    adams = visit("adams")
    page = adams.get(f"{BASICS}/quiz/check").press("Begin")
    put_back = int(time.time()) + minutes * 60
    monkeypatch.setattr(KeptKey, "get_timestamp", lambda _signer: put_back)
    assert (adams.fetch("/learn").status_code == 200) == is_known
    if is_known:
        answered = student.answer(page, RIGHT)
        assert answered.status == 200
        assert answered.path != page.path, "it was saved, and the next question is there"


def test_wrong_passwords_of_an_hour_that_has_not_come_yet_keep_nobody_out(
    visit: Visits, database: Database, clock: Clock
):
    nobody = visit(NOBODY)
    lock_out(nobody)
    clock.move(minutes=-HOUR)
    assert tried(nobody, WRONG) == WRONG_PASSWORD
    with database.session() as session:
        ahead = select(func.count()).select_from(FailedSignIn).where(FailedSignIn.at > clock.at)
        assert session.scalar(ahead) == 0, "nor will they when that hour has come"
    assert tried(nobody, PASSWORD) == SIGNED_IN


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_that_differ_by_minutes_let_nobody_try_more(visit: Visits, clock: Clock, minutes: int):
    nobody = visit(NOBODY)
    lock_out(nobody)
    clock.move(minutes=minutes)
    assert tried(nobody, PASSWORD) == TOO_MANY
