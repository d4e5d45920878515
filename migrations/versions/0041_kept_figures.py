"""Figures that take long are kept; and attempts are found by the edition that they are at."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

INDEX = "ix_attempt_edition"
"""Takes the place of the index by academy alone, which it begins with."""


def upgrade() -> None:
    """Add the table, and one index in the place of another."""
    op.create_table(
        "kept_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("narrowed", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("changes_seen", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(narrowed) = 64", name=op.f("ck_kept_figures_narrowed_is_whole")),
        sa.CheckConstraint(
            "(as_of IS NULL) = (figures IS NULL)", name=op.f("ck_kept_figures_figures_have_moment")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_kept_figures_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_figures")),
        sa.UniqueConstraint(
            "academy_id", "name", "narrowed", name=op.f("uq_kept_figures_academy_id_name_narrowed")
        ),
    )
    keep_apart(op, "kept_figures")
    columns = ["academy_id", "number", "course", "task", "slug", "version_id", "status"]
    op.create_index(INDEX, "attempt", columns, unique=False)
    op.drop_index("ix_attempt_academy_id", table_name="attempt")


def downgrade() -> None:
    """Work everything out anew each time."""
    op.create_index("ix_attempt_academy_id", "attempt", ["academy_id"], unique=False)
    op.drop_index(INDEX, table_name="attempt")
    op.drop_table("kept_figures")
