"""Letters by e-mail, with how sending them went."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
STATES = "'waiting', 'sending', 'sent', 'failed', 'late'"


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("sent_id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_letter_state_is_known")),
        sa.CheckConstraint("state <> 'failed' OR problem <> ''", name=op.f("ck_letter_problem_is_told")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_letter_academy_id_academy")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    op.create_index("ix_letter_state_not_before", "letter", ["state", "not_before"], unique=False)
    op.create_index("ix_letter_academy_id_id", "letter", ["academy_id", "id"], unique=False)
    keep_apart(op, "letter")


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_letter_academy_id_id", table_name="letter")
    op.drop_index("ix_letter_state_not_before", table_name="letter")
    op.drop_table("letter")
