"""A throw-away PostgreSQL server for the tests: started when first asked for, gone with the test run.

The test run starts a keeper (this file as a program) and holds a pipe to it. Whoever needs the server
asks the keeper by its socket. When the pipe closes, because the run ended, was interrupted or was
killed, the keeper stops the server and removes its folder. Nothing of the system's own server is touched.
"""

import ctypes
import os
import pwd
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

FOLDER = "PME_TEST_POSTGRES"
"""The environment variable by which worker processes find the keeper's folder."""
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "Asia/Kathmandu",  # not UTC, so that a moment without its zone shows
}
READY = "ready"
MEMORY, ROOM = Path("/dev/shm"), 2 << 30
"""Where the system keeps files in memory, and the bytes that must be free there: the databases take a quarter."""
ROLE = "CREATE ROLE pme LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS"
APP, SUPERUSER = "pme", "postgres"
"""The application's role owns its databases and is no superuser, so that row-level security binds it."""


class PostgresFailed(Exception):
    """The server could not be found or started; says why."""


def find_binaries() -> Path:
    """The folder with the newest server's programs, as Debian keeps them or from PATH."""
    kept = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if kept:
        return max(kept, key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)])
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise PostgresFailed("the PostgreSQL server's programs are not installed: run `make test-install`")


def _in_memory() -> Path | None:
    """Where files need no disk, since every commit of every test waits for it; None leaves it to the system."""
    is_good = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if is_good else None


class Keeper:
    """Held by the process that owns the test run; the server lives no longer than this."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pme-postgres-", dir=_in_memory()))
        self.folder.chmod(0o711)
        # In a session of its own, so that Ctrl-C reaches the test run and not the keeper.
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(self.folder)], stdin=subprocess.PIPE, start_new_session=True
        )
        os.environ[FOLDER] = str(self.folder)

    def close(self) -> None:
        """Stop the server, if it was ever started, and wait until its folder is gone."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        os.environ.pop(FOLDER, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def server_url(database: str = "postgres", *, user: str = APP) -> str:
    """The address of a database on the run's server, which is started by the first call.

    Raises PostgresFailed where it cannot be.
    """
    folder = os.environ.get(FOLDER)
    if folder is None:
        raise PostgresFailed("no keeper was started: hold a `Keeper()` first")
    asking = Path(folder) / "ask"
    deadline = time.monotonic() + 10
    while not asking.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    with socket.socket(socket.AF_UNIX) as ask:
        ask.connect(str(asking))
        with ask.makefile() as answer:
            said = answer.read()
    if said != READY:
        raise PostgresFailed(said)
    return f"postgresql+psycopg://{user}@/{database}?host={folder}/run"


def server_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the user the package made, or as nobody."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _die_with_keeper() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class _Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Create and start the server; READY, or what went wrong."""
        if self.process is not None:
            return READY
        try:
            self._start()
        except (OSError, PostgresFailed, subprocess.CalledProcessError) as problem:
            output = getattr(problem, "output", None) or b""
            return f"PostgreSQL did not start: {problem}\n{output.decode(errors='replace')}"
        return READY

    def _start(self) -> None:
        binaries, user = find_binaries(), server_user()
        data, run, log = (self.folder / name for name in ("data", "run", "log"))
        for folder in (data, run):
            folder.mkdir(mode=0o700, exist_ok=True)
            if user:
                os.chown(folder, user["user"], user["group"])
        create = [
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        subprocess.run(
            [binaries / "initdb", f"--pgdata={data}", *create],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            **user,
        )
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [binaries / "postgres", "-D", data, f"--unix_socket_directories={run}", *settings],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                preexec_fn=_die_with_keeper,  # noqa: PLW1509  (the keeper has one thread only)
                **user,
            )
        status = data / "postmaster.pid"
        deadline = time.monotonic() + 60
        while not (status.exists() and "ready" in status.read_text()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise PostgresFailed(log.read_text(errors="replace"))
            time.sleep(0.02)
        subprocess.run(
            [
                binaries / "psql",
                f"--host={run}",
                f"--username={SUPERUSER}",
                "--dbname=postgres",
                f"--command={ROLE}",
            ],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            **user,
        )

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


def keep(folder: Path) -> None:
    """Be the keeper: answer who asks, until the owner's end of the pipe closes."""
    server = _Server(folder)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(folder / "ask.new"))
            listener.listen(16)
            (folder / "ask.new").rename(folder / "ask")
            while True:
                ready, _, _ = select.select([sys.stdin, listener], [], [])
                if sys.stdin in ready and not os.read(sys.stdin.fileno(), 1):
                    return
                if listener in ready:
                    caller, _ = listener.accept()
                    with caller:
                        caller.sendall(server.start().encode())
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """With a folder: be its keeper. Without: try whether a server can be started here."""
    if len(sys.argv) > 1:
        keep(Path(sys.argv[1]))
        return
    try:
        with Keeper():
            server_url()
    except PostgresFailed as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
