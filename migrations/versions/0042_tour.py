"""Whether the tour is offered to a person no more. Whoever has an account already is not new."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
FORGETS = ("person",)


def upgrade() -> None:
    """Add it: over for everybody who is here already."""
    column = sa.Column("tour_is_over", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("person", column)
    op.execute(sa.text("UPDATE person SET tour_is_over = true"))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("person", "tour_is_over")
