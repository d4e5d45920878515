"""Since when a student shares the reflection of a debrief."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a reflection be shared; none is."""
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("reflection_shared_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Make every reflection private again."""
    with op.batch_alter_table("attempt") as batch:
        batch.drop_column("reflection_shared_at")
