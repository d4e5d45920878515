"""In which language a person reads content, and in which an attempt was begun; empty for that of its source."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let both be said; nobody has."""
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("reading_language", sa.String(length=2), nullable=True))
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("language", sa.String(length=2), nullable=True))


def downgrade() -> None:
    """Forget both."""
    with op.batch_alter_table("attempt") as batch:
        batch.drop_column("language")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("reading_language")
