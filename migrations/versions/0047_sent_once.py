"""What a device kept and sends late is stored once; and a practice may be carried on a device."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the keys, with none so far."""
    op.add_column("decision", sa.Column("key", sa.String(length=32), nullable=True))
    op.create_index("uq_decision_key", "decision", ["attempt_id", "key"], unique=True)
    op.add_column("response", sa.Column("form", sa.String(length=32), nullable=True))
    op.add_column("response", sa.Column("turn", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("carried_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget which page sent what."""
    op.drop_column("attempt", "carried_at")
    op.drop_column("response", "turn")
    op.drop_column("response", "form")
    op.drop_index("uq_decision_key", table_name="decision")
    op.drop_column("decision", "key")
