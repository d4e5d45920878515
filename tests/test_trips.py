"""Fewer trips to PostgreSQL: what a transaction says of itself arrives with its first statement, is gone with the
transaction, and what was prepared stays prepared.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, column, insert, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from pme.config_limits import Limits
from pme.db import Database, begin_writing
from pme.scope import everywhere, see_academy

pytestmark = pytest.mark.database("postgresql")
SEEN = text("SELECT current_setting('pme.academy', true)")
PATIENCE = text("SELECT current_setting('lock_timeout')")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%the same%'")
thing = table("thing", column("word"))


@pytest.fixture(params=[False, True], ids=["by itself", "behind a pooler"])
def session(database: Database, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session of one connection, that sees nothing until it is told."""
    url = database.url.render_as_string(hide_password=False)
    limited = Database(url, sees="", pooled=request.param, limits=Limits(lock=7))
    with limited.session() as session:
        yield session
    limited.dispose()


def test_what_a_session_sees_is_known_to_its_next_statement_and_forgotten_with_its_transaction(
    session: Session,
):
    assert not session.scalar(SEEN)
    see_academy(session, 7)
    assert session.scalar(SEEN) == "7"
    with everywhere(session):
        assert session.scalar(SEEN) == "*"
    assert session.scalar(SEEN) == "7"
    session.rollback()
    driver = session.connection().connection.driver_connection
    assert driver is not None
    session.rollback()
    assert driver.execute("SELECT current_setting('pme.academy', true)").fetchone()[0] == ""
    driver.rollback()
    assert session.scalar(SEEN) == "7"


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_what_was_not_yet_said_is_never_said_in_another_transaction(session: Session, end: str):
    see_academy(session, 7)
    engine = session.connection().engine  # a transaction has begun, and nothing was asked in it
    getattr(session, end)()
    session.close()
    with engine.connect() as other:
        assert not other.scalar(SEEN)


def test_limits_hold_from_the_first_statement_of_a_transaction_that_writes(session: Session):
    see_academy(session, 7)
    begin_writing(session)
    with session.begin_nested():
        assert session.scalar(PATIENCE) == "7s"
    assert session.scalar(SEEN) == "7"


def test_a_first_statement_that_fails_says_so_and_the_next_transaction_is_as_ever(session: Session):
    see_academy(session, 7)
    for _ in range(2):
        with pytest.raises(DBAPIError, match="division by zero"):
            session.execute(text("SELECT 1 / 0"))
        session.rollback()
    session.execute(text("CREATE TEMPORARY TABLE thing (word TEXT UNIQUE)"))
    session.commit()
    begin_writing(session)
    session.execute(insert(thing), [{"word": "one"}, {"word": "two"}])  # many at once, as a first statement
    session.commit()
    begin_writing(session)
    with pytest.raises(IntegrityError):
        session.execute(insert(thing).values(word=bindparam("word")), {"word": "one"})
    session.rollback()
    assert session.scalar(text("SELECT count(*) FROM thing")) == 2
    assert session.scalar(SEEN) == "7"


def test_rows_that_come_in_parts_come_after_what_is_said(session: Session):
    see_academy(session, 7)
    asked = text("SELECT current_setting('pme.academy'), n FROM generate_series(1, 50) n")
    rows = session.execute(asked, execution_options={"yield_per": 10})
    assert [tuple(row) for row in rows] == [("7", number) for number in range(1, 51)]


def test_what_was_prepared_stays_so_after_transactions_that_only_read_but_behind_a_pooler_nothing_is(
    session: Session, request: pytest.FixtureRequest
):
    see_academy(session, 7)
    for number in range(8):
        assert session.scalar(text("SELECT 'the same' || :number"), {"number": str(number)}) is not None
        session.rollback()
    assert session.scalar(PREPARED) == (0 if "pooler" in request.node.name.partition("[")[2] else 1)
