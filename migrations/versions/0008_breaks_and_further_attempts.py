"""Breaks know when they end by themselves; further attempts are given; what is overdue is found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    with op.batch_alter_table("attempt_break", schema=None) as batch_op:
        batch_op.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    # No break was ever begun before this: an old row is one that took no time.
    op.execute("UPDATE attempt_break SET until = COALESCE(ended_at, began_at)")
    with op.batch_alter_table("attempt_break", schema=None) as batch_op:
        batch_op.alter_column("until", existing_type=sa.DateTime(timezone=True), nullable=False)

    op.create_table(
        "further_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "task", sa.Enum("quiz", "scenario", name="task", native_enum=False, length=24), nullable=False
        ),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("task IN ('quiz', 'scenario')", name=op.f("ck_further_attempt_task_is_known")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_further_attempt_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_further_attempt_given_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_attempt")),
    )
    with op.batch_alter_table("further_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_further_attempt_enrolment_id", ["enrolment_id"], unique=False)
    op.create_index(
        "ix_attempt_open_until",
        "attempt",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_attempt_open_until", table_name="attempt")
    with op.batch_alter_table("further_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_further_attempt_enrolment_id")
    op.drop_table("further_attempt")
    with op.batch_alter_table("attempt_break", schema=None) as batch_op:
        batch_op.drop_column("until")
