"""How a person wants pages to look."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it, with nothing chosen so far."""
    op.add_column("person", sa.Column("look", sa.String(length=60), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("person", "look")
