"""Up to when somebody has seen what is new."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "news_seen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_news_seen_academy_id_academy")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_news_seen_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_seen")),
        sa.UniqueConstraint("academy_id", "person_id", name=op.f("uq_news_seen_academy_id_person_id")),
    )
    op.create_index("ix_news_seen_person_id", "news_seen", ["person_id"], unique=False)
    keep_apart(op, "news_seen")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("news_seen")
