"""The installation's own people read how it is, and what to do, in plain words."""

import pytest
from flask import Flask
from sqlalchemy import select

from pme.config import Settings
from pme.db import Database
from pme.doctor import full_check, seen_database, seen_machine
from pme.doctor.facts import Printing
from pme.doctor.finding import Level
from pme.jobs.models import Job, JobStatus
from pme.jobs.service import enqueue
from pme.jobs.worker import Worker
from tests.conftest import Visits
from tests.support.clock import Clock
from tests.support.mail import mail_server
from tests.support.people import id_of
from tests.support.work import run_jobs

SECRETS = {
    "PME_SECRET_KEY": "one-secret-for-cookies-and-0123456789",
    "PME_KEYS_SECRET": "another-secret-for-keys-and-0123456789",
    "PME_KEYS_SECRET_OLD": "an-older-secret-for-keys-0123456789",
    "PME_STORE_KEY_ID": "key-number-seven",
    "PME_STORE_SECRET": "a-secret-for-the-store-0123456789",
    "PME_SMTP_PASSWORD": "four-words-for-the-mail",
    "PME_VC_API_TOKEN": "a-token-for-a-suite-0123456789",
    "PME_METRICS_TOKEN": "a-token-for-numbers-0123456789",
}


@pytest.fixture(autouse=True)
def _nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading what prints takes seconds; the tests of the doctor ask for it."""
    monkeypatch.setattr(seen_machine, "printing", lambda: Printing("", (), 6))


def test_the_page_says_what_is_wrong_first_and_what_to_do(visit: Visits, app: Flask):
    page = visit("lund").get("/install").follow("State of the installation")
    assert "Something has to be corrected." in page.words
    assert page.words.index("To correct") < page.words.index("Fine")
    assert "No backup is known" in page.words
    assert "What to do: Run pme backup" in page.words
    assert "Soundness" not in page.words
    assert "(short check)" in page.words
    assert "The last full check" not in page.words
    assert app.extensions["pme_settings"].secret_key not in page.text


def test_the_full_check_is_a_job_that_is_followed_and_come_back_to(visit: Visits, app: Flask):
    lund = visit("lund")
    waiting = lund.get("/install/status").press("Run the full check")
    assert waiting.title == "Full check of the installation"
    assert "Waiting for its turn" in waiting.words
    assert "Soundness" not in waiting.words
    status = lund.get("/install/status")
    assert status.press("Run the full check").path == waiting.path, "one is under way"
    assert waiting.follow("Refresh").path == waiting.path
    assert run_jobs(app) == 1
    done = lund.get("/install/status").follow("The last full check")
    assert done.path == waiting.path
    assert done.words.index("To correct") < done.words.index("Fine")
    assert "Its own check found nothing." in done.words
    assert "What to do: Run pme backup" in done.words
    assert "(short check)" not in done.words
    assert "Waiting for its turn" not in done.words
    anew = done.press("Run the full check")
    assert (anew.path == done.path, "Waiting for its turn" in anew.words) == (False, True)
    assert "Its own check found nothing." in lund.get(done.path).words, "what was found stays"
    assert lund.fetch("/install/status/999999").status_code == 404


def test_two_who_press_at_once_ask_for_one_check(database: Database, clock: Clock):
    with database.writing() as session:
        lund = id_of(session, "lund")
        first = full_check.ask(session, by=lund, at=clock())
        session.flush()
        unseen = enqueue(
            session, full_check.KIND, academy_id=None, person_id=lund, payload={}, at=clock(), key="after 0"
        )
        assert unseen.id == first.id


def test_what_a_full_check_keeps_tells_no_secret(
    database: Database, environment: dict[str, str], clock: Clock
):
    with database.writing() as session:
        full_check.ask(session, by=id_of(session, "lund"), at=clock())
    with mail_server() as mail:
        told = {
            "PME_SMTP_HOST": "127.0.0.1",
            "PME_SMTP_PORT": str(mail.port),
            "PME_SMTP_SECURITY": "starttls",
            "PME_SMTP_USER": "lund",
            "PME_STORE_URL": "s3://files/of",
            "PME_STORE_ENDPOINT": "http://127.0.0.1:1",
            "PME_REDIS_URL": "redis://:the-word-of-redis@127.0.0.1:1/0",
        }
        settings = Settings.from_environment(environment | SECRETS | told)
        Worker(database, settings, clock, raises=True).work_on_a_job()
    with database.session() as session:
        job = session.scalars(select(Job)).one()
        found = {(each.about, each.level) for each in full_check.found_by(job)}
    assert job.status is JobStatus.DONE
    assert ("Files", Level.WRONG) in found, "the store and its secret were tried"
    assert ("Mail", Level.WRONG) in found
    assert {"Secrets", "Keys", "Database"} <= {about for about, _ in found}
    kept = str([job.state, job.payload, job.title, job.failure])
    for secret in (*SECRETS.values(), "the-word-of-redis", database.url.password or "no password"):
        assert secret not in kept


@pytest.mark.database("sqlite")
def test_a_long_look_at_sqlite_tells_that_it_goes_on_and_ends_when_it_is_to(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seen_database, "STEPS", 100)
    heard: list[int] = []
    assert seen_database.engine(database, still=lambda: heard.append(1)).faults == ()
    assert len(heard) > 10

    def stop() -> None:
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        seen_database.engine(database, still=stop)
    assert seen_database.engine(database).faults == (), "nobody is called any more"
