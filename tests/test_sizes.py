"""What SQLite counts of its tables, and what it does not keep."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pme.db import Database
from pme.sizes import count_all


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Database]:
    """A database of its own, with a word that is in most rows and words that are in one."""
    database = Database(f"sqlite:///{tmp_path / 'sizes.sqlite3'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE thing (id INTEGER PRIMARY KEY, word TEXT NOT NULL)"))
        session.execute(text("CREATE INDEX ix_word ON thing (word)"))
        rows = [{"word": "often" if number % 3 else f"word {number}"} for number in range(3000)]
        session.execute(text("INSERT INTO thing (word) VALUES (:word)"), rows)
    yield database
    database.dispose()


def opened(database: Database) -> Any:
    """A connection of the driver, of its own."""
    lent = database.engine.raw_connection()
    driver = lent.driver_connection
    lent.detach()
    return driver


def plannings(database: Database) -> list[int]:
    """How much is planned for each of three values of one statement, on a connection that is opened now."""
    driver = opened(database)
    found = plannings_of(driver)
    driver.close()
    return found


def plannings_of(driver: Any) -> list[int]:
    planned: list[int] = []

    def asked(kind: int, *_more: object) -> int:
        planned.append(kind)
        return 0

    driver.set_authorizer(asked)
    found = []
    for word in ("often", "word 3", "often"):
        planned.clear()
        driver.execute("SELECT * FROM thing WHERE word = ?", (word,)).fetchall()
        found.append(len(planned))
    driver.set_authorizer(None)
    return found


def counted(database: Database) -> dict[str, str]:
    with database.session() as session:
        return {row.idx: row.stat for row in session.execute(text("SELECT idx, stat FROM sqlite_stat1"))}


@pytest.mark.parametrize("way", ["what has grown", "all"])
def test_tables_are_counted_but_no_statement_is_planned_anew_for_each_value(kept: Database, way: str):
    if way == "all":
        with kept.writing() as session:
            count_all(session.connection())
    else:
        kept.look_at_sizes()
    kept.engine.dispose()
    assert counted(kept)["ix_word"].startswith("3000 ")
    first, second, third = plannings(kept)
    assert first > 0, "planning was not noticed at all"
    assert (second, third) == (0, 0)


def test_samples_that_somebody_took_by_hand_are_gone_after_the_next_count(kept: Database):
    driver = opened(kept)
    driver.execute("ANALYZE")
    driver.close()
    kept.engine.dispose()
    assert plannings(kept)[1] > 0, "without samples there is nothing to show"
    kept.look_at_sizes()
    kept.engine.dispose()
    assert plannings(kept)[1] == 0


def test_whoever_counted_plans_no_statement_anew_either(kept: Database):
    with kept.engine.connect() as connection:
        connection.execution_options(write=True)
        count_all(connection)
        connection.commit()
        driver: Any = connection.connection.driver_connection
        assert plannings_of(driver)[1] == 0
