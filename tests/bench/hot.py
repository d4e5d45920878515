"""What a server process costs before anybody comes, and what the pages cost that everybody asks for."""

import json
import os
import re
import subprocess
import sys
from statistics import median

from sqlalchemy import create_engine, event

from pme import create_app
from pme.config import Settings
from tests.bench import exam, stage
from tests.bench.stage import Stage
from tests.support import postgres

STARTS = 3
EXAM = (50, 100, 200)
"""Simulated students of the exam in its quick form; `python -m tests.bench.exam` goes on."""
START = """
import json, time
from pme.upkeep import serving
status = serving().test_client().get("/").status_code
print(json.dumps([status, time.process_time()]))
"""


def print_start(environment: dict[str, str]) -> None:
    """Processor's time from nothing to the first page, on a database that is there already."""
    took = []
    for _ in range(STARTS):
        run = subprocess.run(
            [sys.executable, "-c", START], env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        status, seconds = json.loads(run.stdout)
        assert status == 200
        took.append(seconds)
    print(f"\nCold start, to the first page: {median(took):.2f} s of processor (aim: under 2).")


def print_idle(pid: int) -> None:
    """Resident memory before the first request."""
    said = ", ".join(f"{size:.0f} MB" for size in stage.resident(stage.children(pid)))
    print(f"\nResident memory of each server process that waits: {said} (aim: under 150 MB).")


def print_statements(staged: Stage, environment: dict[str, str]) -> None:
    """Statements of pages and saves, the second time, without those that only begin a transaction."""
    player, module = staged.players[-1], staged.page.rpartition("/")[0] + "/"
    app = create_app(Settings.from_environment(environment))
    sent: list[str] = []

    @event.listens_for(app.extensions["pme_database"].engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    client = app.test_client()
    client.set_cookie("pme", player.cookie.removeprefix("pme="))
    page = client.get(module).get_data(as_text=True)
    quiz = re.search(rf'"({module}quiz/[^"]+)"', page)
    assert quiz is not None
    begun = client.post(quiz[1], data={"csrf_token": player.token}).location
    question = client.get(begun, follow_redirects=True).request.path
    situation = f"/attempts/scenario/{player.attempt_id}"
    decision = {"step": "1", "choice": str(player.positions[0])}
    asked: list[tuple[str, str, dict[str, str] | None]] = [
        ("dashboard", "/learn", None),
        ("course", f"/learn/{stage.COURSE}", None),
        ("module", module, None),
        ("page of a module", staged.page, None),
        ("question of a quiz", question, None),
        ("answer, saved", question, {"answer": "1"}),
        ("situation", situation, None),
        ("decision, saved", situation, decision),
    ]
    print("\nStatements (aim: at most 6 a page):")
    for name, path, form in asked:
        client.get(path)
        sent.clear()
        token = {"csrf_token": player.token}
        answer = client.get(path) if form is None else client.post(path, data=form | token)
        assert answer.status_code == 200 if form is None else answer.status_code in (303, 422)
        print(f"  {len([each for each in sent if not each.startswith(('BEGIN', 'PRAGMA'))]):3}  {name}")
    app.extensions["pme_database"].dispose()
    app.extensions["pme_renderer"].close()


def print_exam() -> None:
    """The exam in its quick form on both databases, PostgreSQL on a server of its own that keeps what it says."""
    print(exam.measure("SQLite", "", steps=EXAM))
    try:
        postgres.find_binaries()
    except postgres.PostgresFailed as error:
        print(f"\nNo exam on PostgreSQL: {error}.")
        return
    print(on_postgresql(EXAM))


def on_postgresql(steps: tuple[int, ...]) -> str:
    """The exam on a throw-away server on disk, which waits for the disk before it acknowledges."""
    postgres.MEMORY = postgres.MEMORY / "none"  # a server of tests lives in memory; this one must not
    before = os.environ.get(postgres.FOLDER)
    keeper = postgres.Keeper()
    try:
        _make_durable(steps)
        return exam.measure("PostgreSQL", postgres.server_url("exam{students}"), steps=steps)
    finally:
        keeper.close()
        if before is None:
            os.environ.pop(postgres.FOLDER, None)
        else:
            os.environ[postgres.FOLDER] = before


def _make_durable(steps: tuple[int, ...]) -> None:
    chief = create_engine(
        postgres.server_url("postgres", user=postgres.SUPERUSER), isolation_level="AUTOCOMMIT"
    )
    with chief.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = on")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    chief.dispose()
    server = create_engine(postgres.server_url(), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for students in steps:
            connection.exec_driver_sql(f"CREATE DATABASE exam{students}")
    server.dispose()
