"""An installation of its own that can be started, killed and started again: the real server, a small library.

Only processes that this installation started are ever killed: they are known by their environment.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pme.config import Argon2Cost
from pme.db import Database
from pme.enrolment.service import enrol
from pme.people.models import Role
from pme.people.passwords import Hashing
from pme.people.queries import academy_by_slug
from pme.people.service import add_person, grant
from tests.content.small_library import FILES

ROOT = Path(__file__).parents[2]
READY_WITHIN = 300.0
"""Seconds; the machine may be busy."""
COURSE, MODULE = "core", "listening"
QUIZ, SCENARIO = "listening-check", "gate"
PASSWORD = "a long walk by the river"
WORKERS = 2


class Installation:
    """A folder with content, a database and a port."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        for path, text in FILES.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.instance = folder / "instance"
        self.mark = f"PME_INSTANCE_DIR={self.instance}"
        """What stands in the environment of its own processes only."""
        self.database_url = database_url or f"sqlite:///{self.instance / 'pme.sqlite3'}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PME_")}
        self.environment = kept | {
            "PME_INSTANCE_DIR": str(self.instance),
            "PME_MODULES_DIR": str(folder / "modules"),
            "PME_QUIZZES_DIR": str(folder / "quizzes"),
            "PME_DATABASE_URL": self.database_url,
            "PME_PORT": str(self.port),
            "PME_WORKERS": str(WORKERS),
            "PME_WORKER": "off",
            "PME_ARGON2_KIB": "8",
            "PME_ARGON2_PASSES": "1",
        }
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "log"

    def database(self) -> Database:
        """The installation's database, from outside."""
        return Database(self.database_url)

    def start(self, *further: str) -> None:
        """`pme serve`, until it answers. Raises RuntimeError when it does not."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "pme.cli", "serve", *further],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        while time.monotonic() - began < READY_WITHIN:
            if self.answers():
                return
            if self._server.poll() is not None:
                break
            time.sleep(0.05)
        ended = f"it ended with {self._server.poll()}"
        raise RuntimeError(f"the server did not start ({ended}):\n{self.log.read_text(encoding='utf-8')}")

    def start_unless_running(self) -> None:
        """What a supervisor does: the server ends itself when a fresh worker dies within seconds."""
        if self._server is None or self._server.poll() is not None:
            self.kill_all()
            self.start()

    def answers(self) -> bool:
        """Whether the server can answer and reach its database."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in self._processes() if self._server is not None and pid != self._server.pid]

    def kill(self, *pids: int) -> None:
        """kill -9 for these processes."""
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def kill_all(self) -> None:
        """kill -9 for the server and all that it started."""
        if self._server is not None:
            self.kill(self._server.pid)
            self._server.wait()
            self._server = None
        while pids := self._processes():
            self.kill(*pids)
            time.sleep(0.02)

    def freeze(self) -> None:
        """SIGSTOP for the server and all that it started: it holds what it holds, and answers nothing."""
        self._all(signal.SIGSTOP)

    def thaw(self) -> None:
        """They go on where they were."""
        self._all(signal.SIGCONT)

    def _all(self, sign: signal.Signals) -> None:
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, sign)

    def end(self, *, within: float) -> None:
        """Ask the server to end, as a supervisor does, and wait until it has."""
        assert self._server is not None
        self._server.send_signal(signal.SIGTERM)
        self._server.wait(within)
        self._server = None

    def sign_ins(self) -> dict[str, str]:
        """The demo's passwords, as they were made when it was created."""
        kept = (self.instance / "demo-sign-ins.json").read_text(encoding="utf-8")
        return {each["email"]: each["password"] for each in json.loads(kept)}

    def add_students(self, number: int) -> list[str]:
        """Enrol so many more students; gives their addresses."""
        at, database = datetime.now(UTC), self.database()
        emails = [f"student{n}@demo.example" for n in range(number)]
        with database.writing() as session:
            academy = academy_by_slug(session, "demo")
            assert academy is not None
            hashing = Hashing(Argon2Cost(passes=1, kibibytes=8, lanes=1))
            for email in emails:
                person = add_person(
                    session, hashing, email=email, name="A Student", rank="", password=PASSWORD, at=at
                )
                grant(session, person.id, academy.id, Role.STUDENT)
                enrol(session, person.id, academy.id, course=COURSE, at=at)
        database.dispose()
        return emails

    def _processes(self) -> list[int]:
        """Every living process that was started with this installation's environment."""
        mark = self.mark.encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = mark in (folder / "environ").read_bytes().split(b"\0")
                if is_ours and (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                    found.append(int(folder.name))
            except OSError:  # gone, or not ours to see
                continue
        return found
