"""Requests that were approved together, and letters that were sent again together, can be undone."""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

OLD_DID = (
    "withdrawn",
    "readmitted",
    "moved",
    "enrolled",
    "extended",
    "suspended",
    "reinstated",
    "last-day",
    "roster",
    "teachers",
    "modules",
    "invited",
)
OLD_THINGS = ("enrolment", "extension", "membership", "record", "allowance", "cohort", "letter")


def upgrade() -> None:
    """Widen what is known."""
    _know("change", "did", (*OLD_DID, "approved", "sent-again"))
    _know("changed_row", "thing", (*OLD_THINGS, "request"))


def downgrade() -> None:
    """Forget what can be undone beyond what was known before."""
    of_these = "SELECT id FROM change WHERE did IN ('approved', 'sent-again')"
    op.execute(f"DELETE FROM changed_row WHERE change_id IN ({of_these})")
    op.execute("DELETE FROM change WHERE did IN ('approved', 'sent-again')")
    _know("changed_row", "thing", OLD_THINGS)
    _know("change", "did", OLD_DID)


def _know(table: str, column: str, after: tuple[str, ...]) -> None:
    """Let a column have other values than before."""
    name = f"ck_{table}_{column}_is_known"
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(batch.f(name), type_="check")
        batch.create_check_constraint(batch.f(name), f"{column} IN {after}")
