"""A window of a task says when it was last changed, so that those whom it binds can be told."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment, unknown for the windows that are there."""
    op.add_column("task_window", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget when windows were changed."""
    op.drop_column("task_window", "changed_at")
