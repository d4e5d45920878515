"""Row-level security on PostgreSQL: how a migration keeps an academy's rows apart. SQLite has no such net.

For whoever adds a table, in its migration, after `op.create_table(...)`, one line for each table:

    from pme.policies import keep_apart

    keep_apart(op, "thing")                        # the table has academy_id
    keep_apart(op, "thing_part", parent="thing")   # no academy_id, but thing_id refers to a table kept apart
    keep_apart(op, "thing_part", parent="thing", column="of_id")   # the same, by another column

`op.drop_table` takes the policy away too: nothing is needed in `downgrade`. A house test fails for a table with
academy_id, or one that refers to a table kept apart, that no migration names so. A row whose academy_id is NULL
belongs to the whole install. What a transaction sees is said by `pme.scope`.
"""

from typing import Protocol

from sqlalchemy import Connection

from pme.scope import EVERYWHERE, SETTING

POLICY = "kept_apart"
SAID = f"current_setting('{SETTING}', true)"
# In brackets of their own these are computed once a statement, not once a row.
SEES_ALL = f"(SELECT {SAID}) = '{EVERYWHERE}'"
THIS_ACADEMY = f"(SELECT NULLIF(NULLIF({SAID}, '{EVERYWHERE}'), '')::integer)"


class Operations(Protocol):
    """What a migration's `op` can do that is needed here."""

    def get_bind(self) -> Connection:
        """The connection that is migrated."""

    def execute(self, sqltext: str) -> None:
        """Run one statement."""


def keep_apart(op: Operations, table: str, *, parent: str | None = None, column: str | None = None) -> None:
    """Let PostgreSQL show and take rows of a table for the academy of the transaction only, its owner included."""
    if op.get_bind().dialect.name != "postgresql":
        return
    if parent is None:
        own = f"academy_id = {THIS_ACADEMY}"
    else:  # the parent's own policy decides which of its rows there are
        referring = f'"{table}".{column or f"{parent}_id"}'
        own = f'EXISTS (SELECT 1 FROM "{parent}" WHERE "{parent}".id = {referring})'  # noqa: S608  (names from migrations)
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY {POLICY} ON "{table}" USING ({SEES_ALL} OR {own})')


def stop_keeping_apart(op: Operations, table: str) -> None:
    """Take the policy of a table away again, where the table itself stays."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f'DROP POLICY {POLICY} ON "{table}"')
    op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
