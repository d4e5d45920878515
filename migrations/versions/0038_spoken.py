"""The language that the platform speaks to a person, at an academy, and in a job."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = (("person", "interface_language"), ("academy", "language"), ("job", "language"))


def upgrade() -> None:
    """Add them, unknown so far."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(length=2), nullable=True))


def downgrade() -> None:
    """Forget them."""
    for table, column in COLUMNS:
        op.drop_column(table, column)
