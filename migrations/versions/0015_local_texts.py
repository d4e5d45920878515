"""What academies write at marked places of shared content, with every version of it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = ("filled", "not-applicable", "empty")
KNOWN = "state IN ('filled', 'not-applicable', 'empty')"


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "local_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="local_block_state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("prompt_sha256", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KNOWN, name=op.f("ck_local_block_state_is_known")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_local_block_revision_is_positive")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_local_block_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_local_block_saved_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_block")),
        sa.UniqueConstraint(
            "academy_id",
            "module",
            "place",
            "language",
            name=op.f("uq_local_block_academy_id_module_place_language"),
        ),
    )
    op.create_index(op.f("ix_local_block_academy_id"), "local_block", ["academy_id"], unique=False)
    op.create_table(
        "local_block_version",
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="local_version_state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("prompt_sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KNOWN, name=op.f("ck_local_block_version_state_is_known")),
        sa.ForeignKeyConstraint(
            ["block_id"], ["local_block.id"], name=op.f("fk_local_block_version_block_id_local_block")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name=op.f("fk_local_block_version_saved_by_person")
        ),
        sa.PrimaryKeyConstraint("block_id", "revision", name=op.f("pk_local_block_version")),
    )
    op.create_table(
        "local_stamp",
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_local_stamp_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("academy_id", name=op.f("pk_local_stamp")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("local_stamp")
    op.drop_table("local_block_version")
    op.drop_index(op.f("ix_local_block_academy_id"), table_name="local_block")
    op.drop_table("local_block")
