"""Statements for the LRS of an academy: how it is reached, pseudonyms, how far its history is told, the outbox."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    _lrs()
    _told()
    _statements()
    keep_apart(op, "lrs")
    keep_apart(op, "lrs_actor")
    keep_apart(op, "lrs_cursor")
    keep_apart(op, "lrs_statement")


def _lrs() -> None:
    op.create_table(
        "lrs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("names_certificates", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'stopped' OR problem <> ''", name=op.f("ck_lrs_stop_is_told")),
        sa.CheckConstraint("state IN ('on', 'paused', 'stopped')", name=op.f("ck_lrs_state_is_known")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_lrs_academy_id_academy")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_lrs_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs")),
        sa.UniqueConstraint("academy_id", name=op.f("uq_lrs_academy_id")),
    )


def _told() -> None:
    op.create_table(
        "lrs_actor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_lrs_actor_academy_id_academy")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lrs_actor_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_actor")),
        sa.UniqueConstraint("academy_id", "name", name=op.f("uq_lrs_actor_academy_id_name")),
        sa.UniqueConstraint("academy_id", "person_id", name=op.f("uq_lrs_actor_academy_id_person_id")),
    )
    op.create_index(op.f("ix_lrs_actor_person_id"), "lrs_actor", ["person_id"], unique=False)
    op.create_table(
        "lrs_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("seen_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_lrs_cursor_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_cursor")),
        sa.UniqueConstraint("academy_id", "source", name=op.f("uq_lrs_cursor_academy_id_source")),
    )


def _statements() -> None:
    op.create_table(
        "lrs_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'refused')", name=op.f("ck_lrs_statement_state_is_known")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR problem <> ''", name=op.f("ck_lrs_statement_refusal_is_told")
        ),
        sa.CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)",
            name=op.f("ck_lrs_statement_delivery_has_date"),
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_lrs_statement_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lrs_statement_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lrs_statement")),
        sa.UniqueConstraint(
            "academy_id", "statement_id", name=op.f("uq_lrs_statement_academy_id_statement_id")
        ),
    )
    op.create_index(
        "ix_lrs_statement_academy_id_state_id", "lrs_statement", ["academy_id", "state", "id"], unique=False
    )
    op.create_index(
        "ix_lrs_statement_academy_id_source_source_id",
        "lrs_statement",
        ["academy_id", "source", "source_id"],
        unique=False,
    )
    op.create_index("ix_lrs_statement_person_id", "lrs_statement", ["person_id"], unique=False)
    op.create_index(
        "ix_lrs_statement_open",
        "lrs_statement",
        ["academy_id", "source_id"],
        unique=False,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )


def downgrade() -> None:
    """Forget them."""
    for table in ("lrs_statement", "lrs_cursor", "lrs_actor", "lrs"):
        op.drop_table(table)
