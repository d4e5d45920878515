"""Servers of a test's own that it may stop, break and start again: PostgreSQL, and PgBouncer before it.

The keeper's server (`tests/support/postgres.py`) serves every test, so nobody may break it; these are for those who do.
They write durably, as the keeper's does not.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.support.authority import Paper
from tests.support.postgres import APP, ROLE, SUPERUSER, find_binaries, server_user

READY_WITHIN = 120.0
"""Seconds; the machine may be busy."""
POOLER = "PgBouncer is not there: scripts/setup.sh soak"


def free_port() -> int:
    """A port where nobody listens now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def has_pooler() -> bool:
    """Whether PgBouncer is there."""
    return _pooler() is not None


def _pooler() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class _Engine:
    """A program that listens on a port of its own, as the user that it may run as."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.give(folder)

    @staticmethod
    def give(path: Path) -> None:
        """Let the program have it."""
        if user := server_user():
            os.chown(path, user["user"], user["group"])

    def run(self, words: list[str | Path], is_ready: Callable[[], bool]) -> None:
        """Start it, until it is ready."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, **server_user()
            )
        until = time.monotonic() + READY_WITHIN
        while not is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def listens(self) -> bool:
        """Whether somebody answers at its port."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


class OwnPostgres(_Engine):
    """A server on a port of loopback; with a certificate it speaks TLS, and without TLS to nobody."""

    def __init__(
        self,
        folder: Path,
        *,
        paper: Paper | None = None,
        is_small: bool = False,
        connections: int | None = None,
    ) -> None:
        super().__init__(folder)
        self._binaries, self._data = find_binaries(), folder / "data"
        words = [f"--pgdata={self._data}", f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8"]
        self._do("initdb", *words, *(["--wal-segsize=1", "--no-sync"] if is_small else []))
        self._more = [
            "--listen_addresses=127.0.0.1",
            f"--port={self.port}",
            f"--unix_socket_directories={folder}",
        ]
        if connections is not None:
            self._more.append(f"--max_connections={connections}")
        if is_small:
            self._more += ["--max_wal_size=8MB", "--min_wal_size=2MB"]
        if paper is not None:
            for path in (paper.certificate, paper.key):
                self.give(path)
            self._more += ["--ssl=on", f"--ssl_cert_file={paper.certificate}", f"--ssl_key_file={paper.key}"]
            rules = f"local all all trust\nhostssl all {APP} 127.0.0.1/32 trust\n"
            (self._data / "pg_hba.conf").write_text(rules, encoding="ascii")
        self.start()
        self._ask(ROLE)

    def program(self, name: str) -> Path:
        """One of its programs."""
        return self._binaries / name

    def start(self) -> None:
        """Start it, until it takes statements: after a crash it recovers first."""
        told = self._data / "postmaster.pid"
        told.unlink(missing_ok=True)
        self.run(
            [self._binaries / "postgres", "-D", self._data, *self._more],
            lambda: told.exists() and "ready" in told.read_text(),
        )

    def use_up_its_log(self) -> bool:
        """Let it begin the next file of its write-ahead log; False where it could not."""
        with suppress(AssertionError):
            self._ask("SELECT pg_logical_emit_message(true, 'a', 'b'), pg_switch_wal()")
            return True
        return False

    def is_up(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def crash(self) -> None:
        """As a power cut would: nothing is written any more, every session is gone."""
        self.stop(signal.SIGQUIT)

    def url(self, name: str, *, port: int | None = None) -> str:
        """The address of one of its databases, or of the same at another port."""
        return f"postgresql://{APP}@127.0.0.1:{port or self.port}/{name}"

    def make(self, name: str) -> str:
        """Make a database; gives its address."""
        self._ask(f"CREATE DATABASE {name} OWNER {APP}")
        return self.url(name)

    def end_sessions(self, name: str, *, but: str) -> None:
        """End every session of a database but those of this application."""
        chosen = f"datname = '{name}' AND application_name <> '{but}'"
        self._ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {chosen}")

    def _ask(self, statement: str) -> None:
        where = (
            f"--host={self.folder}",
            f"--port={self.port}",
            f"--username={SUPERUSER}",
            "--dbname=postgres",
        )
        self._do("psql", *where, f"--command={statement}")

    def _do(self, program: str, *words: str) -> None:
        user: dict[str, Any] = server_user()
        done = subprocess.run(
            [self._binaries / program, *words], capture_output=True, cwd=self.folder, check=False, **user
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")


class OwnPooler(_Engine):
    """PgBouncer before a server, as `deploy/pgbouncer.ini` has it; with a certificate it speaks TLS on both sides,
    and only with a server whose certificate this authority signed.
    """

    def __init__(
        self,
        folder: Path,
        before: OwnPostgres,
        *,
        paper: Paper | None = None,
        trusting: Path | None = None,
    ) -> None:
        super().__init__(folder)
        deployed = Path("deploy/pgbouncer.ini").read_text(encoding="utf-8").splitlines()
        kept = ("pool_mode", "default_pool_size", "max_client_conn", "query_wait_timeout", "server_")
        lines = [
            "[databases]",
            f"* = host=127.0.0.1 port={before.port}",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            f"listen_port = {self.port}",
            "unix_socket_dir =",
            "auth_type = trust",
            f"auth_file = {folder / 'users'}",
            *(line for line in deployed if line.startswith(kept)),
        ]
        if paper is not None:
            for path in (paper.certificate, paper.key):
                self.give(path)
            lines += [
                "client_tls_sslmode = require",
                f"client_tls_cert_file = {paper.certificate}",
                f"client_tls_key_file = {paper.key}",
                "server_tls_sslmode = verify-full",
                f"server_tls_ca_file = {trusting}",
            ]
        (folder / "ini").write_text("\n".join(lines), encoding="ascii")
        (folder / "users").write_text(f'"{APP}" ""\n', encoding="ascii")
        self.start()

    def start(self) -> None:
        """Start it, until it listens."""
        program = _pooler()
        assert program is not None
        self.run([program, self.folder / "ini"], self.listens)
