"""Letters that may have arrived although the mail server never said so, and letters that wait for the mail server."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.add_column("letter", sa.Column("unsure", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "letter", sa.Column("awaits_server", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_column("letter", "awaits_server")
    op.drop_column("letter", "unsure")
