"""Several machines with folders of their own and one bucket: whatever one makes, the others hand out."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pme import create_app
from pme.certificates.queries import latest_of
from pme.cli import main
from pme.config import ROOT, Settings
from pme.content import attachment_store
from pme.content.models import AttachmentPart, MediaFile
from pme.db import Database, begin_writing
from pme.jobs.models import Job, JobStatus
from pme.people.models import Academy, Person
from pme.privacy import journal
from pme.privacy.erasing import erase
from pme.privacy.journal_shared import share, shared
from pme.privacy.replaying import replay
from pme.privacy.retention import rules_of, stays_of
from pme.reports.files.form import Form
from pme.stores.bucket import PIECE
from pme.stores.chosen import store_of
from tests.support.bucket import Held, Storage, storage
from tests.support.cast import HOME, START, email_of
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.graduates import graduate
from tests.support.work import run_duty, run_jobs

DONE = START + timedelta(days=1)


@pytest.fixture
def kept() -> Iterator[Storage]:
    with storage() as kept:
        yield kept


class Machine:
    """A server with a folder of its own, and how to start a process beside it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.environment = environment | {"PME_INSTANCE_DIR": str(folder)}
        self.app = create_app(Settings.from_environment(self.environment))
        self.app.extensions["pme_clock"] = self.clock = Clock(DONE)

    def command(self, *words: str) -> str:
        """Run a command of the platform in a process of its own; tells what it said."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PME_", "AWS_"))}
        done = subprocess.run(
            [sys.executable, "-m", "pme.cli", *words],
            env=kept | self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def machines(environment: dict[str, str], kept: Storage, tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    shared = environment | kept.environment()
    one, two = Machine(shared, tmp_path / "one"), Machine(shared, tmp_path / "two")
    yield one, two
    for each in (one, two):
        each.app.extensions["pme_database"].dispose()
        each.app.extensions["pme_renderer"].close()


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Form, "most_at_once", property(lambda _: 0))


def ask_for_completions(evans: Visit) -> str:
    """Ask for a file in the background; gives the address of its job."""
    return evans.post("/academy/reports/completions/file", form="csv").path


def job(database: Database) -> Job:
    with database.session() as session:
        return session.scalars(select(Job).where(Job.kind == "report-export")).one()


def test_what_one_machine_makes_the_others_hand_out(
    machines: tuple[Machine, Machine], database: Database, kept: Storage, monkeypatch: pytest.MonkeyPatch
):
    one, two = machines
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=DONE)
        certificate = latest_of(session, enrolment.academy_id, enrolment.id)
        assert certificate is not None
        number, code = certificate.number, certificate.code

    evans = Visit(one.app, "evans")
    address = ask_for_completions(evans)
    assert "worked on: 1" in two.command("work", "--once")  # a worker on the other machine
    whole = evans.fetch(f"{address}/result")
    assert whole.status_code == 200
    assert b"Adams" in whole.data
    assert whole.headers["ETag"] == f'"{hashlib.sha256(whole.data).hexdigest()}"'
    assert whole.headers["Content-Disposition"].startswith("attachment; filename=completions")
    part = evans.fetch(f"{address}/result", headers={"Range": "bytes=3-9"})
    assert (part.status_code, part.data) == (206, whole.data[3:10])
    known = evans.fetch(f"{address}/result", headers={"If-None-Match": whole.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    frost = Visit(two.app, "frost")
    assert frost.fetch(f"{address}/result").status_code == 404  # the bucket asks nobody; we do

    printed = Visit(one.app, "adams").fetch(f"/certificates/{number}.pdf").data
    credential = Visit(one.app).fetch(f"/verify/{code}/credential.json").data
    monkeypatch.setattr("pme.certificates.sheet.render", None)  # nothing is printed twice
    assert Visit(two.app, "adams").fetch(f"/certificates/{number}.pdf").data == printed
    assert Visit(two.app).fetch(f"/verify/{code}/credential.json").data == credential

    film = bytes(range(256)) * 9000
    sha256 = hashlib.sha256(film).hexdigest()
    with one.app.extensions["pme_database"].writing() as session:
        attachment_store.keep(session, sha256, [film], at=DONE)
        session.add(MediaFile(sha256=sha256, name="video.mp4", mime="video/mp4", content=b""))
    nobody, address = Visit(two.app), f"/media/{sha256}/video.mp4"
    assert nobody.fetch(address).data == film
    for asked, first, last in (("0-0", 0, 0), (f"{PIECE - 2}-{PIECE + 2}", PIECE - 2, PIECE + 2)):
        part = nobody.fetch(address, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.data) == (206, film[first : last + 1])
    assert nobody.fetch(address, headers={"Range": f"bytes={len(film)}-"}).status_code == 416

    names = sorted(name.partition("/")[2].partition("/")[0] for name in kept.objects)
    assert names == ["certificates", "certificates", "jobs", "media"]
    assert [path for each in (one, two) for path in each.folder.rglob("*.*") if path.is_file()] == []
    assert kept.refused == [each for each in kept.refused if each == "NoSuchKey"]


def test_a_storage_that_goes_away_is_told_and_the_job_is_tried_again(
    machines: tuple[Machine, Machine], database: Database, kept: Storage, monkeypatch: pytest.MonkeyPatch
):
    one, _ = machines
    with database.writing() as session:
        graduate(session, "adams", at=DONE)
    evans = Visit(one.app, "evans")
    address = ask_for_completions(evans)
    kept.is_away = True
    for _ in range(4):  # however often: it is nobody's fault
        assert run_jobs(one.app) == 1
        one.clock.move(seconds=60)
    tried = job(database)
    assert (tried.status, tried.tries, tried.result_file) == (JobStatus.WAITING, 0, None)
    assert one.app.test_client().get("/readyz").get_json()["store"] == "away"

    kept.is_away = False
    assert run_jobs(one.app) == 1
    assert job(database).status is JobStatus.DONE
    assert [name.partition("/")[2] for name in kept.objects] == [f"jobs/{job(database).result_file}"]

    kept.is_away = True
    refused = evans.get(f"{address}/result")
    assert refused.status == 503
    assert evans.fetch(f"{address}/result").headers["Retry-After"] == "10"
    assert "cannot reach its files just now" in refused.words
    kept.is_away = False
    assert evans.fetch(f"{address}/result").status_code == 200  # nothing has to be started anew
    one.clock.at = datetime.now(UTC) + timedelta(days=30)
    run_duty(one.app, "tidy results")
    assert kept.objects == {}


def test_everything_moves_to_the_other_home_and_back_though_it_is_broken_off(
    environment: dict[str, str],
    database: Database,
    kept: Storage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    own = environment | kept.environment() | {"PME_INSTANCE_DIR": str(tmp_path)}
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    files = {
        "returns/1/a.zip": b"zip",
        "media/old": b"film",
        "certificates/A.json": b"{}",
        **{f"jobs/{number}-a": b"x" * number for number in range(9)},
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    for name in ("jobs/7.rows", "jobs/3-b.0a.part", "secret-key"):
        (tmp_path / name).write_bytes(b"stays")
    film = b"a film of an older version" * 30_000
    sha256 = hashlib.sha256(film).hexdigest()
    with database.writing() as session:  # as an older version kept it
        attachment_store.keep(session, sha256, [film], at=DONE)
        assert attachment_store.is_in_pieces(session, sha256)
    files |= {f"media/{sha256}": film}

    kept.breaks_after = 4
    assert main(["store", "move", "to-bucket"]) == 1
    assert "goes on from there" in capsys.readouterr().err
    kept.breaks_after = None
    kept.objects["pme/certificates/A.json"] = Held(b"handed out", DONE)
    kept.objects["pme/jobs/8-a"] = Held(b"half", DONE)
    assert main(["store", "move", "to-bucket", "--keep"]) == 0
    assert "run this once more" in capsys.readouterr().out
    assert (tmp_path / "jobs/8-a").exists()
    assert main(["store", "move", "to-bucket"]) == 0
    found = {name.removeprefix("pme/"): held.body for name, held in kept.objects.items()}
    assert found == files | {"certificates/A.json": b"handed out"}
    left = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["jobs/3-b.0a.part", "jobs/7.rows", "secret-key"]
    with database.session() as session:
        assert session.scalars(select(AttachmentPart.number)).all() == []

    kept.lies = True
    assert main(["store"]) == 1
    kept.lies = False
    assert main(["store", "move", "to-folder"]) == 0
    assert kept.objects == {}
    assert {name: (tmp_path / name).read_bytes() for name in found} == found
    assert main(["store"]) == 0
    assert "s3://academies/pme" in capsys.readouterr().out
    assert main(["backup", str(tmp_path / "kept.pme-backup")]) == 0
    assert "NOT in it: the files in the bucket" in capsys.readouterr().out
    monkeypatch.delenv("PME_STORE_URL")
    assert main(["store", "move", "to-bucket"]) == 1


def test_whom_one_machine_forgot_a_restore_on_another_forgets(
    machines: tuple[Machine, Machine], database: Database, kept: Storage
):
    one, two = (store_of(each.app.extensions["pme_settings"]) for each in machines)
    with database.session() as session:  # never committed: the database is that of a backup from before
        begin_writing(session)
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        adams = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
        stays = stays_of(rules_of(session, academy))
        line = erase(session, academy, adams, stays=stays, by=None, at=DONE, store=one).line
    kept.is_away = True
    share(one, [line])  # told in the log; the next server that starts does it
    kept.is_away = False
    share(one, [line])
    share(one, [line])
    assert list(kept.objects) == [f"pme/erasures/{line.sha256}.json"]
    assert shared(two) == [line]
    done = replay(database, machines[1].folder, two, at=DONE + timedelta(days=1))
    assert done.again == [line]
    assert journal.read(machines[1].folder) == [line]
    kept.is_away = True
    assert replay(database, machines[0].folder, one, at=DONE).again == []  # a server starts all the same
