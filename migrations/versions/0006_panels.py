"""Panels: who is asked, what they rated in which round, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column(
            "task", sa.Enum("quiz", "scenario", name="task", native_enum=False, length=24), nullable=False
        ),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "method", sa.Enum("rating", "angoff", name="method", native_enum=False, length=24), nullable=False
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "round-one",
                "between",
                "round-two",
                "closed",
                "adopted",
                "withdrawn",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_by", sa.Integer(), nullable=True),
        sa.Column("adopted_version_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'adopted') = (adopted_version_id IS NOT NULL)",
            name=op.f("ck_panel_adopted_is_a_version"),
        ),
        sa.CheckConstraint("method IN ('rating', 'angoff')", name=op.f("ck_panel_method_is_known")),
        sa.CheckConstraint(
            "state IN ('round-one', 'between', 'round-two', 'closed', 'adopted', 'withdrawn')",
            name=op.f("ck_panel_state_is_known"),
        ),
        sa.CheckConstraint("task IN ('quiz', 'scenario')", name=op.f("ck_panel_task_is_known")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_panel_academy_id_academy")),
        sa.ForeignKeyConstraint(["adopted_by"], ["person.id"], name=op.f("fk_panel_adopted_by_person")),
        sa.ForeignKeyConstraint(
            ["adopted_version_id"],
            ["content_version.id"],
            name=op.f("fk_panel_adopted_version_id_content_version"),
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_panel_opened_by_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["content_version.id"], name=op.f("fk_panel_version_id_content_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
    )
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.create_index("ix_panel_academy_id_course", ["academy_id", "course"], unique=False)

    op.create_table(
        "panellist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "trade",
            sa.Enum(
                "legal",
                "medical",
                "police",
                "gender-based-violence",
                "survivor-adviser",
                "military-commander",
                "educator",
                "other",
                name="trade",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "trade IN ('legal', 'medical', 'police', 'gender-based-violence', 'survivor-adviser', "
            "'military-commander', 'educator', 'other')",
            name=op.f("ck_panellist_trade_is_known"),
        ),
        sa.CheckConstraint(
            "years IS NULL OR (years BETWEEN 0 AND 70)", name=op.f("ck_panellist_years_in_range")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_panellist_panel_id_panel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panellist")),
        sa.UniqueConstraint("panel_id", "email", name=op.f("uq_panellist_panel_id_email")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_panellist_token_sha256")),
    )
    op.create_table(
        "panel_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panellist_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("option", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(option = '' AND value BETWEEN 0 AND 100) OR (option <> '' AND value BETWEEN 1 AND 4)",
            name=op.f("ck_panel_rating_value_in_range"),
        ),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_panel_rating_round_is_known")),
        sa.ForeignKeyConstraint(
            ["panellist_id"], ["panellist.id"], name=op.f("fk_panel_rating_panellist_id_panellist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_rating")),
        sa.UniqueConstraint(
            "panellist_id",
            "round",
            "subject",
            "option",
            name=op.f("uq_panel_rating_panellist_id_round_subject_option"),
        ),
    )
    op.create_table(
        "panel_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panellist_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_panel_reason_round_is_known")),
        sa.ForeignKeyConstraint(
            ["panellist_id"], ["panellist.id"], name=op.f("fk_panel_reason_panellist_id_panellist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_reason")),
        sa.UniqueConstraint(
            "panellist_id", "round", "subject", name=op.f("uq_panel_reason_panellist_id_round_subject")
        ),
    )
    op.create_table(
        "panel_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panellist_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_panel_submission_round_is_known")),
        sa.ForeignKeyConstraint(
            ["panellist_id"], ["panellist.id"], name=op.f("fk_panel_submission_panellist_id_panellist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_submission")),
        sa.UniqueConstraint("panellist_id", "round", name=op.f("uq_panel_submission_panellist_id_round")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("panel_submission")
    op.drop_table("panel_reason")
    op.drop_table("panel_rating")
    op.drop_table("panellist")
    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.drop_index("ix_panel_academy_id_course")

    op.drop_table("panel")
