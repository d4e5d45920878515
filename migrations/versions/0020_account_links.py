"""Links that open an account to its owner, and the history of what an academy knows of a person."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FACTS = (
    "name",
    "rank",
    "nation",
    "service",
    "unit",
    "external_id",
    "language",
    "email",
    "roles",
    "standing",
    "ends",
    "courses",
)
PURPOSES = ("invitation", "reset", "address")


def upgrade() -> None:
    """Add both."""
    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose", sa.Enum(*PURPOSES, name="purpose", native_enum=False, length=24), nullable=False
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"purpose IN {PURPOSES}", name=op.f("ck_account_link_purpose_is_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_link_person_id_person")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_account_link_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_account_link_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_account_link_token_sha256")),
    )
    op.create_index(op.f("ix_account_link_person_id"), "account_link", ["person_id"])
    op.create_index(op.f("ix_account_link_academy_id"), "account_link", ["academy_id"])
    op.create_table(
        "personnel_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.Enum(*FACTS, name="fact", native_enum=False, length=24), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"fact IN {FACTS}", name=op.f("ck_personnel_change_fact_is_known")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_personnel_change_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personnel_change_person_id_person")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_personnel_change_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personnel_change")),
    )
    op.create_index(
        op.f("ix_personnel_change_academy_id_person_id"), "personnel_change", ["academy_id", "person_id"]
    )
    keep_apart(op, "account_link")
    keep_apart(op, "personnel_change")


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_personnel_change_academy_id_person_id"), table_name="personnel_change")
    op.drop_table("personnel_change")
    op.drop_index(op.f("ix_account_link_academy_id"), table_name="account_link")
    op.drop_index(op.f("ix_account_link_person_id"), table_name="account_link")
    op.drop_table("account_link")
