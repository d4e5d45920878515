"""Jobs: each is done once, whoever dies on the way; its person follows it, cancels it, and takes its file."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from pme.config import Settings
from pme.db import Database
from pme.errors import Invalid
from pme.jobs import registry, service
from pme.jobs.duties import do_due
from pme.jobs.models import Duty, Job, JobStatus
from pme.jobs.registry import Round, Work
from pme.jobs.results import purge
from pme.jobs.tries import LEASE, MOST_TRIES
from pme.jobs.worker import Worker
from pme.people.models import Person
from pme.people.queries import academy_by_slug
from pme.stores.chosen import scratch_of, store_of
from tests.conftest import Visits
from tests.support.cast import HOME, email_of
from tests.support.clock import Clock
from tests.support.work import run_jobs

Does = Callable[[Callable[[Work], None]], None]


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Does:
    """Says what the jobs of kind "test" do."""
    return lambda act: monkeypatch.setitem(registry.HANDLERS, "test", act)


@pytest.fixture(autouse=True)
def nothing_lies_about(app: Flask) -> Iterator[None]:
    yield
    for path in scratch_of(app.extensions["pme_settings"]).glob("*"):
        path.unlink()


def ask(database: Database, clock: Clock, *, name: str = "evans", key: str | None = None) -> int:
    with database.writing() as session:
        person = session.scalars(select(Person.id).where(Person.email == email_of(name))).one()
        academy = academy_by_slug(session, HOME)
        assert academy is not None
        return service.enqueue(
            session, "test", academy_id=academy.id, person_id=person, payload={"n": 4}, at=clock(), key=key
        ).id


def seen(database: Database, job_id: int) -> Job:
    with database.session() as session:
        return session.get_one(Job, job_id)


def test_a_job_makes_a_file_that_its_person_downloads(
    app: Flask, database: Database, clock: Clock, visit: Visits, does: Does
):
    def act(work: Work) -> None:
        with work.result("list.csv", "text/csv") as file:
            for n in range(work.payload["n"]):
                file.write(b"row\n")
                work.progress(n, 4)

    does(act)
    job_id, evans = ask(database, clock), visit("evans")
    page = evans.get(f"/academy/jobs/{job_id}")
    assert "Waiting for its turn" in page.words
    assert "Refresh" in page.words
    assert run_jobs(app) == 1
    assert "Ready" in evans.get("/academy").words
    page = evans.get(f"/academy/jobs/{job_id}")
    sent = evans.fetch(page.tree.xpath("string(//main//a[starts-with(., 'Download')]/@href)"), buffered=True)
    assert sent.data == b"row\n" * 4
    assert sent.headers["Content-Disposition"] == "attachment; filename=list.csv"
    assert hashlib.sha256(sent.data).hexdigest() in page.words
    page.press("Dismiss")
    assert "Test" not in evans.get("/academy").words
    assert "Test" in evans.get("/academy/jobs").words
    for other in ("frost", "nobody"):
        assert visit(other).fetch(f"/academy/jobs/{job_id}").status_code in (404, 303)
        assert visit(other).fetch(f"/academy/jobs/{job_id}/result").status_code in (404, 303)


def test_where_no_worker_works_the_page_says_so(app: Flask, database: Database, clock: Clock, visit: Visits):
    job_id = ask(database, clock)
    evans, lund, says = visit("evans"), visit("lund"), "No worker has been seen"
    registry.load()
    clock.move(minutes=3)
    assert says in evans.get(f"/academy/jobs/{job_id}").words
    assert says in lund.get("/install/work").words
    do_due(Round(database, app.extensions["pme_settings"], clock))
    assert says not in evans.get(f"/academy/jobs/{job_id}").words
    page = lund.get("/install/work")
    assert says not in page.words
    assert "Reminders" in page.words
    assert "job waits 1" in page.words


def test_the_same_key_is_the_same_job_but_not_at_another_academy(database: Database, clock: Clock):
    first = ask(database, clock, key="monthly")
    assert ask(database, clock, key="monthly") == first
    assert ask(database, clock, key="weekly") != first
    with database.writing() as session:
        other = service.enqueue(
            session, "test", academy_id=None, person_id=None, payload={}, at=clock(), key="monthly"
        )
        assert other.id != first


def test_each_job_is_claimed_once_however_many_workers_there_are(database: Database, clock: Clock):
    asked = {ask(database, clock) for _ in range(12)}

    def take(_number: int) -> list[int]:
        own = Database(database.url.render_as_string(hide_password=False))
        taken: list[int] = []
        while True:
            with own.writing() as session:
                job = service.claim(session, at=clock())
            if job is None:
                own.dispose()
                return taken
            taken.append(job.id)

    with ThreadPoolExecutor(4) as workers:
        taken = [each for some in workers.map(take, range(4)) for each in some]
    assert sorted(taken) == sorted(asked)


class Killed(BaseException):
    """The worker dies: nothing is tidied up."""


def test_a_job_of_a_dead_worker_goes_on_from_its_checkpoint_and_nothing_is_done_twice(
    app: Flask, database: Database, clock: Clock, does: Does
):
    begun_at = []

    def act(work: Work) -> None:
        begun_at.append(work.state.get("next", 0))
        for n in range(work.state.get("next", 0), 4):
            with work.writing() as session:
                academy = academy_by_slug(session, HOME)
                assert academy is not None
                academy.support += f" {n}"
                work.checkpoint(next=n + 1)
                if n == 2 and len(begun_at) == 1:
                    raise Killed  # its third step is rolled back with its checkpoint

    does(act)
    job_id = ask(database, clock)
    with pytest.raises(Killed):
        run_jobs(app)
    assert run_jobs(app) == 0, "the lease is not over yet"
    clock.at += LEASE + timedelta(seconds=1)
    assert run_jobs(app) == 1
    assert begun_at == [0, 2]
    with database.session() as session:
        academy = academy_by_slug(session, HOME)
        assert academy is not None
        assert academy.support.endswith(". 0 1 2 3")
    assert seen(database, job_id).status is JobStatus.DONE


def test_a_run_that_was_silent_for_too_long_keeps_nothing(
    app: Flask, database: Database, clock: Clock, does: Does
):
    runs = []

    def act(work: Work) -> None:
        runs.append(work)
        if len(runs) == 1:
            clock.at += LEASE + timedelta(seconds=1)
            assert run_jobs(app) == 1  # another worker, meanwhile
        with work.result("x.txt", "text/plain") as file:
            file.write(str(len(runs)).encode())

    does(act)
    job_id = ask(database, clock)
    run_jobs(app)
    job = seen(database, job_id)
    assert (job.status, job.tries, len(runs)) == (JobStatus.DONE, 2, 2)
    kept = list(scratch_of(app.extensions["pme_settings"]).iterdir())
    assert [each.name for each in kept] == [job.result_file]


def test_what_breaks_down_is_tried_again_and_given_up_with_a_sentence(
    app: Flask,
    database: Database,
    clock: Clock,
    visit: Visits,
    does: Does,
    capsys: pytest.CaptureFixture[str],
):
    def act(work: Work) -> None:
        raise RuntimeError("a secret of the machine")

    does(act)
    job_id = ask(database, clock)
    for tries in range(1, MOST_TRIES + 1):
        assert run_jobs(app, raises=False) == 1
        assert seen(database, job_id).tries == tries
        clock.at += timedelta(minutes=5)
    assert run_jobs(app) == 0
    words = visit("evans").get(f"/academy/jobs/{job_id}").words
    assert "This failed 3 times in a row." in words
    assert "secret of the machine" not in words
    told = capsys.readouterr().err
    assert "job broke down" in told
    assert f'"job": {job_id}' in told
    assert "secret of the machine" not in told


def test_a_worker_that_dies_each_time_is_not_followed_by_others_for_ever(
    app: Flask, database: Database, clock: Clock, does: Does
):
    def act(work: Work) -> None:
        raise Killed

    does(act)
    job_id = ask(database, clock)
    for _ in range(MOST_TRIES):
        with pytest.raises(Killed):
            run_jobs(app)
        clock.at += LEASE + timedelta(seconds=1)
    assert run_jobs(app) == 0
    assert "never finished" in seen(database, job_id).failure


def test_what_is_wrong_is_said_at_once_and_what_nobody_can_do_too(
    app: Flask, database: Database, clock: Clock, does: Does
):
    def act(work: Work) -> None:
        raise Invalid("The view was deleted. Choose another.")

    unknown = ask(database, clock)
    assert run_jobs(app) == 1
    assert "cannot do this yet" in seen(database, unknown).failure
    does(act)
    job_id = ask(database, clock)
    assert run_jobs(app) == 1
    assert seen(database, job_id).failure == "The view was deleted. Choose another."


def test_cancelling_ends_what_waits_at_once_and_what_runs_at_its_next_word(
    app: Flask, database: Database, clock: Clock, visit: Visits, does: Does
):
    evans, told = visit("evans"), []

    def act(work: Work) -> None:
        evans.get(f"/academy/jobs/{work.job_id}").press("Cancel: Test")
        assert "Being cancelled" in evans.get(f"/academy/jobs/{work.job_id}").words
        for n in range(9):
            clock.move(seconds=2)
            work.progress(n, 9)
            told.append(n)

    does(act)
    job_id = ask(database, clock)
    run_jobs(app)
    assert seen(database, job_id).status is JobStatus.CANCELLED
    assert told == []
    waiting = ask(database, clock)
    evans.get(f"/academy/jobs/{waiting}").press("Cancel: Test")
    assert run_jobs(app) == 0
    again = evans.send(f"/academy/jobs/{waiting}/cancel", follow_redirects=True)
    assert "This is already finished" in again.get_data(as_text=True)


def test_a_worker_that_has_to_stop_gives_its_job_back(
    app: Flask, database: Database, clock: Clock, visit: Visits, does: Does
):
    worker = Worker(database, app.extensions["pme_settings"], clock)

    def act(work: Work) -> None:
        clock.move(seconds=5)
        work.progress(3, 4)
        work.checkpoint(next=3)
        assert "75 % done" in visit("evans").get(f"/academy/jobs/{work.job_id}").words
        worker.end()
        work.progress(4, 4)

    does(act)
    job_id = ask(database, clock)
    assert worker.work_on_a_job()
    job = seen(database, job_id)
    assert (job.status, job.tries, job.state) == (JobStatus.WAITING, 0, {"next": 3})


def test_a_database_that_is_busy_for_a_while_breaks_no_job(
    app: Flask, database: Database, clock: Clock, does: Does, monkeypatch: pytest.MonkeyPatch
):
    asked = []

    def busy(*_given: object, **_more: object) -> None:
        asked.append(clock())
        raise OperationalError("UPDATE job", {}, Exception("database is locked"))

    def act(work: Work) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("pme.jobs.work.renew", busy)
            for n in range(30):
                clock.move(seconds=1)
                work.progress(n, 40)
        clock.move(seconds=30)
        work.progress(40, 40)

    does(act)
    job_id = ask(database, clock)
    run_jobs(app)
    assert (seen(database, job_id).status, seen(database, job_id).done) == (JobStatus.DONE, 40)
    assert len(asked) == 2, "it does not try again at once"


def test_files_are_deleted_after_their_days(
    app: Flask, database: Database, clock: Clock, visit: Visits, does: Does
):
    def act(work: Work) -> None:
        with work.result("x.txt", "text/plain") as file:
            file.write(b"x")

    does(act)
    settings: Settings = app.extensions["pme_settings"]
    job_id, evans = ask(database, clock), visit("evans")
    run_jobs(app)
    purge(database, store_of(settings), scratch_of(settings), at=clock())
    assert evans.fetch(f"/academy/jobs/{job_id}/result", buffered=True).status_code == 200
    clock.at += timedelta(days=settings.result_days, hours=1)
    assert purge(database, store_of(settings), scratch_of(settings), at=clock()) == 1
    evans = visit("evans")
    assert evans.fetch(f"/academy/jobs/{job_id}/result").status_code == 404
    assert "The file was deleted" in evans.get(f"/academy/jobs/{job_id}").words
    clock.at += timedelta(days=100)
    purge(database, store_of(settings), scratch_of(settings), at=clock())
    with database.session() as session:
        assert session.get(Job, job_id) is None


def test_a_file_that_breaks_off_is_no_file(
    app: Flask, database: Database, clock: Clock, does: Does, tmp_path: Path
):
    def act(work: Work) -> None:
        with work.result("x.txt", "text/plain") as file:
            file.write(b"half")
            raise Invalid("There is nothing to write.")

    does(act)
    job_id = ask(database, clock)
    run_jobs(app)
    assert seen(database, job_id).result_name is None
    assert list(scratch_of(app.extensions["pme_settings"]).glob("*")) == []


def test_a_duty_is_done_by_one_worker_when_it_is_due_and_its_problem_is_kept(
    app: Flask,
    database: Database,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    calls = []
    given = Round(database, app.extensions["pme_settings"], clock)
    duties: dict[str, registry.Periodic] = {}
    monkeypatch.setattr("pme.jobs.duties.DUTIES", duties)
    monkeypatch.setattr(registry, "DUTIES", duties)

    @registry.periodic("count", every=timedelta(minutes=10))
    def count(told: Round) -> None:
        calls.append(told.at())
        if len(calls) == 1:
            assert do_due(told) == 0, "one at a time"
        else:
            raise RuntimeError("no")

    assert do_due(given) == 1
    assert do_due(given) == 0
    clock.move(minutes=11)
    assert do_due(given) == 1
    assert "duty failed" in capsys.readouterr().err
    with database.session() as session:
        duty = session.get_one(Duty, "count")
    assert (len(calls), duty.problem) == (
        2,
        "It broke down (RuntimeError); the log of the worker says where.",
    )
    assert duty.due_at == clock.at + timedelta(minutes=10)
