"""The short way to SQLite: what it sends is watched as all else is, what it cannot keep is said, and a process that
dies within it keeps all of it or nothing.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Integer, bindparam, column, event, insert, select, table, text
from sqlalchemy.exc import DBAPIError, OperationalError

from pme.db import Database, sqlite_build
from pme.quick import Quick, Ready

thing = table("thing", column("id", Integer), column("word"))
ALL = Ready(select(thing.c.word).where(thing.c.id > bindparam("after")).order_by(thing.c.id))
LIKE = Ready(select(thing.c.id).where(thing.c.word == bindparam("word")))
ADD = Ready(insert(thing).values(word=bindparam("word")))
DIES = """
import os, sys
from sqlalchemy import bindparam, column, insert, table
from pme.db import Database
from pme.quick import Quick, Ready
add = Ready(insert(table("thing", column("word"))).values(word=bindparam("word")))
quick = Quick(Database(sys.argv[1]).engine)
quick.changed(add, {"word": "by itself"})
with quick.together():
    quick.changed(add, {"word": "one"})
    quick.changed(add, {"word": "two"})
    if sys.argv[2] == "within":
        os.kill(os.getpid(), 9)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def kept(tmp_path: Path) -> Database:
    """A database of its own, with one table."""
    database = Database(f"sqlite:///{tmp_path / 'quick.sqlite3'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE thing (id INTEGER PRIMARY KEY, word TEXT NOT NULL)"))
    return database


def words(database: Database) -> list[str]:
    quick = Quick(database.engine)
    found = [row[0] for row in quick.asked(ALL, {"after": 0})]
    quick.close()
    return found


@pytest.mark.parametrize(
    ("where", "all_of_it"), [("within", ["by itself"]), ("after", ["by itself", "one", "two"])]
)
def test_a_process_that_is_killed_keeps_what_was_told_and_nothing_by_halves(
    kept: Database, where: str, all_of_it: list[str]
):
    command = [sys.executable, "-c", DIES, kept.url.render_as_string(), where]
    assert subprocess.run(command, check=False).returncode == -9
    assert words(kept) == all_of_it
    kept.dispose()


def test_it_waits_for_the_disk_as_every_connection_does(kept: Database):
    quick = Quick(kept.engine)
    full = quick._driver.execute("PRAGMA synchronous").fetchone()[0]
    assert full == 2
    quick.close()
    kept.dispose()


def test_what_it_sends_is_watched_and_what_goes_wrong_is_told_without_values(kept: Database):
    sent: list[str] = []
    event.listen(kept.engine, "before_cursor_execute", lambda _c, _k, said, *_more: sent.append(said))
    quick, other = Quick(kept.engine), sqlite_build().driver.connect(kept.url.database)
    quick._driver.execute("PRAGMA busy_timeout = 1")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as told, quick.together():
        pass
    with pytest.raises(OperationalError):
        quick.changed(ADD, {"word": "secret"})
    assert "secret" not in str(told.value)
    other.rollback()
    other.close()
    assert quick.changed(ADD, {"word": "at last"}) == 1
    assert sent[0] == "BEGIN IMMEDIATE"
    assert sent[-1].startswith("INSERT INTO thing")
    quick.close()
    kept.dispose()


def test_a_transaction_in_which_something_fails_leaves_nothing(kept: Database):
    quick = Quick(kept.engine)

    def add(*given: str | None) -> None:
        with quick.together():
            for word in given:
                quick.changed(ADD, {"word": word})

    with pytest.raises(DBAPIError, match="NOT NULL"):
        add("first", None)
    quick.close()
    assert words(kept) == []
    kept.dispose()


def test_statements_are_planned_once_for_all_that_they_are_given_though_sizes_were_counted(kept: Database):
    quick = Quick(kept.engine)
    for number in range(300):
        quick.changed(ADD, {"word": "often" if number % 3 else f"word {number}"})
    quick._driver.execute("CREATE INDEX ix_word ON thing (word)")
    quick._driver.execute("ANALYZE")  # as somebody may do by hand: it takes samples
    quick.close()
    kept.engine.dispose()  # whoever connects from now on knows them
    quick = Quick(kept.engine)
    assert quick._driver.execute("SELECT count(*) FROM sqlite_stat4").fetchone()[0] > 0
    planned: list[int] = []

    def asked(kind: int, *_more: object) -> int:
        planned.append(kind)
        return 0

    quick._driver.set_authorizer(asked)  # it is asked when something is planned
    found = [len(quick.asked(LIKE, {"word": word})) for word in ("often", "word 0")]
    planned.clear()
    found += [len(quick.asked(LIKE, {"word": word})) for word in ("word 3", "often", "none")]
    assert planned == []
    assert found == [200, 1, 1, 200, 0]
    assert quick._driver.execute("SELECT count(*) FROM thing WHERE word = ?", ("word 6",)).fetchone() == (1,)
    assert planned, "planning was not noticed at all"
    quick.close()
    kept.dispose()
