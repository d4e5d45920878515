"""Acts on many rows are kept for a while with what stood before, so that they can be undone."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

DID = "'withdrawn', 'readmitted', 'moved', 'enrolled', 'extended', 'suspended', 'reinstated', 'last-day'"
THINGS = "'enrolment', 'extension', 'membership'"
WHY = "'changed', 'gone', 'completed', 'begun', 'above'"


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(length=24), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"did IN ({DID})", name=op.f("ck_change_did_is_known")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_change_academy_id_academy")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_change_by_id_person")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_change_undone_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("ix_change_academy_id_at", "change", ["academy_id", "at"], unique=False)
    op.create_table(
        "changed_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thing", sa.String(length=24), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("became", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=True),
        sa.CheckConstraint(f"thing IN ({THINGS})", name=op.f("ck_changed_row_thing_is_known")),
        sa.CheckConstraint(f"why IN ({WHY})", name=op.f("ck_changed_row_why_is_known")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_changed_row_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_changed_row_change_id_change")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_changed_row_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_row")),
    )
    op.create_index("ix_changed_row_change_id", "changed_row", ["change_id"], unique=False)
    op.create_index(
        "ix_changed_row_academy_id_person_id", "changed_row", ["academy_id", "person_id"], unique=False
    )
    keep_apart(op, "change")
    keep_apart(op, "changed_row")


def downgrade() -> None:
    """Keep nothing to undo by."""
    op.drop_table("changed_row")
    op.drop_table("change")
