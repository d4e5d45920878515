"""A review task knows who did it until when before it was arranged last, so that this can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of what was arranged until now."""
    with op.batch_alter_table("review_task") as batch:
        batch.add_column(sa.Column("was_holder_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("was_due_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_review_task_was_holder_id_person"), "person", ["was_holder_id"], ["id"]
        )


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("review_task") as batch:
        batch.drop_constraint(batch.f("fk_review_task_was_holder_id_person"), type_="foreignkey")
        batch.drop_column("arranged_at")
        batch.drop_column("was_due_on")
        batch.drop_column("was_holder_id")
