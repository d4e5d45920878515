"""A worker that is killed at any one of its steps: a process of its own, ended by `kill -9` where it is to end.

A step is what outlasts a process: a commit, a file that is made, moved or deleted. It is killed just before each;
just after one is just before the next.
"""

import gc
import os
import shutil
import signal
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from pme.config import Settings
from pme.db import Database, sqlite_build
from pme.jobs.worker import Worker
from pme.schema import every_table

FILES = {"os.rename", "os.remove"}
BY_CHANCE = {
    "job": {"lease", "tries", "done", "total", "result_file", "result_sha256"},
    "letter": {"sent_id", "secrets"},
    "account_link": {"token_sha256"},
    "audit_alias": {"alias"},
    "audit_entry": {"subject", "sha256"},
    "audit_chain": {"sha256"},
    "certificate": {"code", "status_index"},
}
"""What no two runs have in common: numbers that are drawn, what is made of them, and how far a run was said to be."""
State = dict[str, Any]


@dataclass
class Scene:
    """An installation's file and folder, as they were when a job was asked for: `again()` brings them back."""

    folder: Path
    settings: Settings
    database: Database
    at: datetime

    @classmethod
    def of(cls, database: Database, settings: Settings, at: datetime) -> "Scene":
        """Keep what there is."""
        folder = settings.instance_dir.parent
        for each in ("kept", "export"):
            (folder / each).mkdir(parents=True, exist_ok=True)
        driver = sqlite_build().driver
        source, copy = driver.connect(str(database.url.database)), driver.connect(folder / "kept.sqlite")
        source.backup(copy)
        source.close()
        copy.close()
        if settings.instance_dir.exists():
            shutil.copytree(settings.instance_dir, folder / "kept", dirs_exist_ok=True)
        return cls(folder, settings, Database(f"sqlite:///{folder / 'own.sqlite'}"), at)

    def again(self) -> None:
        """As it was."""
        self.database.dispose()
        for each in self.folder.glob("own.sqlite*"):
            each.unlink()
        shutil.copyfile(self.folder / "kept.sqlite", self.folder / "own.sqlite")
        for name in ("instance", "export"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.folder / "kept", self.folder / "instance")
        (self.folder / "export").mkdir()

    def work(self) -> None:
        """Do what waits, as a worker does."""
        worker = Worker(self.database, self.settings, lambda: self.at, raises=True)
        while worker.work_on_a_job():
            pass

    def let_leases_run_out(self) -> None:
        """Two minutes later, without moving the clock: the results of all runs can be held side by side."""
        with self.database.writing() as session:
            session.execute(
                text("UPDATE job SET leased_until = '2000-01-01 00:00:00.000000' WHERE status = 'running'")
            )

    def state(self, *, read: Callable[[Path], Any] = Path.read_bytes) -> State:
        """Every row and every file that is somebody's."""
        found: State = {}
        connection = self.database.engine.raw_connection()
        try:
            for table in every_table().metadata.sorted_tables:
                names = [c.name for c in table.columns if c.name not in BY_CHANCE.get(table.name, ())]
                order = ", ".join(each.name for each in table.primary_key)
                rows = connection.cursor().execute(
                    f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {order}"
                )
                found[table.name] = [dict(zip(names, row, strict=True)) for row in rows]
            kept = connection.cursor().execute(
                "SELECT result_file, id FROM job WHERE result_file IS NOT NULL"
            )
            results: dict[str, int] = dict(kept.fetchall())
        finally:
            connection.close()
        for path in sorted(
            each for name in ("instance", "export") for each in (self.folder / name).rglob("*")
        ):
            name = path.relative_to(self.folder).as_posix()
            if path.parent.name == "jobs":
                if path.name in results:
                    found[f"result of {results[path.name]}"] = read(path)
            elif path.is_file():
                found[name] = read(path)
        assert set(results.values()) == {int(name[10:]) for name in found if name.startswith("result of ")}
        return found


def killed_at(step: int, act: Callable[[], None], scene: Scene) -> bool:
    """Act in a process that is killed as it comes to a step, the first is 1; False where it came to its end before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the threads of the test do nothing in the child
        pid = os.fork()
    if pid == 0:
        ending = 1
        try:
            gc.disable()  # it would copy the memory of the tests
            _count(step, scene)
            act()
            ending = 0
        finally:
            os._exit(ending)
    _, status = os.waitpid(pid, 0)
    assert status in (0, signal.SIGKILL), f"the worker broke down by itself ({status})"
    return bool(status)


def _count(step: int, scene: Scene) -> None:
    left = step

    def one_more(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(name: str, given: tuple[Any, ...]) -> None:
        is_made = name == "open" and bool(given[2] & os.O_CREAT)
        if (is_made or name in FILES) and str(given[0]).startswith(str(scene.folder)):
            one_more()

    event.listen(scene.database.engine, "commit", one_more)
    sys.addaudithook(heard)
