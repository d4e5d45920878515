"""The second net: PostgreSQL itself gives nobody another academy's rows, even where a query forgot to ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from pme.assessment.models import Attempt, Response
from pme.db import Database
from pme.enrolment.models import Cohort, Enrolment
from pme.people.models import Academy
from pme.schema import every_table
from pme.scope import NOWHERE, everywhere, see_academy, see_everywhere
from pme.web import loaders
from tests.conftest import Visits
from tests.house.test_apart import named_in_migrations
from tests.support.belongings import give
from tests.support.cast import HOME, START
from tests.support.postgres import SUPERUSER, server_url

pytestmark = pytest.mark.database("postgresql")
POLICIES = """
    SELECT tablename FROM pg_policies JOIN pg_class ON relname = tablename
    WHERE policyname = 'kept_apart' AND relrowsecurity AND relforcerowsecurity
"""
ROLE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def academy_id(database: Database, slug: str) -> int:
    with database.session() as session:
        return session.scalars(select(Academy.id).where(Academy.slug == slug)).one()


def test_the_application_owns_its_tables_and_is_bound_by_their_policies(database: Database):
    with database.session() as session:
        assert session.scalar(text(ROLE)) is False
        owner = "SELECT DISTINCT tableowner = current_user FROM pg_tables WHERE schemaname = 'public'"
        assert session.scalars(text(owner)).all() == [True]


def test_every_table_of_an_academy_has_a_policy_that_binds_its_owner_too(database: Database):
    with database.session() as session:
        kept = set(session.scalars(text(POLICIES)))
    tables = {table.name for table in every_table().metadata.sorted_tables if "academy_id" in table.c}
    assert tables <= kept
    assert kept == set(named_in_migrations())
    assert kept <= set(inspect(database.engine).get_table_names())


def test_a_transaction_sees_what_it_says_and_nothing_unless_it_says_so(database: Database):
    own = give(database, "adams")
    home = academy_id(database, HOME)
    count = select(func.count()).select_from(Enrolment)
    with database.session() as session:
        all_of_them = session.scalar(count)
    with database.seeing(NOWHERE).session() as session:
        assert session.scalar(count) == 0
        see_academy(session, home)  # in the middle of a transaction
        at_home = session.scalar(count)
        assert session.scalar(select(func.count()).select_from(Response)) is not None
        assert session.get(Attempt, own.open_quiz) is not None
        session.rollback()
        assert session.scalar(count) == at_home  # the next transaction says it again
        with everywhere(session):
            assert session.scalar(count) == all_of_them
        assert session.scalar(count) == at_home
        see_everywhere(session)
        assert session.scalar(count) == all_of_them
    assert all_of_them is not None
    assert at_home is not None
    assert 0 < at_home < all_of_them
    with database.seeing(NOWHERE).session() as session:
        assert session.scalar(count) == 0  # a pooled connection remembers nothing


def test_what_hangs_on_a_row_of_another_academy_is_not_seen_either(database: Database):
    with database.writing() as session:
        attempt = session.get_one(Attempt, give(database, "gray").open_quiz)
        session.add(
            Response(
                attempt_id=attempt.id, item="one", answer=["a"], confidence=None, seconds=1.0, saved_at=START
            )
        )
    home = database.seeing(str(academy_id(database, HOME)))
    with home.session() as session:
        assert session.scalars(select(Response)).all() == []
    with database.session() as session:
        assert len(session.scalars(select(Response)).all()) == 1


def test_nothing_is_written_to_another_academy(database: Database):
    give(database, "gray")
    away = academy_id(database, "away")
    home = database.seeing(str(academy_id(database, HOME)))
    with home.writing() as session:
        changed = session.execute(update(Enrolment).values(enrolled_at=START + timedelta(days=1)))
        with database.session() as other:
            assert changed.rowcount == len(  # type: ignore[attr-defined]
                other.scalars(select(Enrolment).where(Enrolment.academy_id != away)).all()
            )
    with pytest.raises(DBAPIError, match="row-level security"), home.writing() as session:
        session.add(Cohort(academy_id=away, course="core", name="Foreign", created_at=START))


def test_a_query_that_forgets_its_academy_still_shows_nothing_of_another(
    database: Database, visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    theirs, own = give(database, "gray"), give(database, "adams")
    clarke = visit("clarke")

    def careless(session, enrolment_id, *_scope, for_update=False):
        return session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id))

    monkeypatch.setattr(loaders, "enrolment_by_id", careless)
    monkeypatch.setattr(loaders, "may", lambda *_asked: True)
    assert clarke.get(f"/teach/core/students/{own.enrolment}").status == 200
    assert clarke.get(f"/teach/core/students/{theirs.enrolment}").status == 404
    with without_policy(database, "enrolment"):
        assert clarke.get(f"/teach/core/students/{theirs.enrolment}").status == 200  # so it was the net


@contextmanager
def without_policy(database: Database, table: str) -> Iterator[None]:
    """Take row-level security off a table for a while."""
    with database.writing() as session:
        session.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    try:
        yield
    finally:
        with database.writing() as session:
            session.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))


def test_a_role_that_bypasses_the_net_is_told_of_and_a_plain_one_is_not(database: Database):
    assert database.unguarded() == ""
    mighty = Database(server_url(str(database.url.database), user=SUPERUSER))
    try:
        assert "“postgres” may bypass row-level security" in mighty.unguarded()
    finally:
        mighty.dispose()
