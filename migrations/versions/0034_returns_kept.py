"""The files of sealed returns are kept, for as long as an academy says."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BEFORE = (
    "'identity', 'access', 'private', 'learning', 'letters', 'results', 'completions', 'certificates', 'work'"
)
NAME = "ck_retention_rule_kept_is_known"


def upgrade() -> None:
    """Say where each file is, and let academies say how long it is kept."""
    with op.batch_alter_table("sealed_return") as batch:
        batch.add_column(sa.Column("file_size", sa.BigInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("file_sha256", sa.String(length=64), nullable=False, server_default=""))
        batch.add_column(sa.Column("file_gone_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("sealed_return") as batch:
        batch.alter_column("file_size", server_default=None)
        batch.alter_column("file_sha256", server_default=None)
    _know(f"{BEFORE}, 'returns'")


def downgrade() -> None:
    """Forget it; the files stay where they are."""
    op.execute("DELETE FROM retention_rule WHERE kept = 'returns'")
    _know(BEFORE)
    with op.batch_alter_table("sealed_return") as batch:
        for column in ("file_gone_at", "file_sha256", "file_size"):
            batch.drop_column(column)


def _know(classes: str) -> None:
    with op.batch_alter_table("retention_rule") as batch:
        batch.drop_constraint(batch.f(NAME), type_="check")
    with op.batch_alter_table("retention_rule") as batch:
        batch.create_check_constraint(batch.f(NAME), f"kept IN ({classes})")
