"""Jobs with a lease, and what comes due by itself."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
STATUS = "'waiting', 'running', 'done', 'failed', 'cancelled'"


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_name", sa.String(length=200), nullable=True),
        sa.Column("result_type", sa.String(length=100), nullable=True),
        sa.Column("result_file", sa.String(length=80), nullable=True),
        sa.Column("result_size", sa.BigInteger(), nullable=True),
        sa.Column("result_sha256", sa.String(length=64), nullable=True),
        sa.Column("result_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"status IN ({STATUS})", name=op.f("ck_job_status_is_known")),
        sa.CheckConstraint("status <> 'running' OR lease IS NOT NULL", name=op.f("ck_job_running_is_leased")),
        sa.CheckConstraint("status <> 'failed' OR failure <> ''", name=op.f("ck_job_failure_is_told")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_job_academy_id_academy")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_job_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index("ix_job_status_not_before", "job", ["status", "not_before"], unique=False)
    op.create_index("ix_job_academy_id_person_id", "job", ["academy_id", "person_id"], unique=False)
    keep_apart(op, "job")
    op.create_table(
        "duty",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duty")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("duty")
    op.drop_index("ix_job_academy_id_person_id", table_name="job")
    op.drop_index("ix_job_status_not_before", table_name="job")
    op.drop_table("job")
