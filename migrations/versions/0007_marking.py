"""Marking: plans, scripts, marks and releases of essays."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what marking by hand needs."""
    op.create_table(
        "mark_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_mark_release_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_mark_release_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["released_by"], ["person.id"], name=op.f("fk_mark_release_released_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_release")),
    )
    with op.batch_alter_table("mark_release", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mark_release_academy_id_course_slug", ["academy_id", "course", "slug"], unique=False
        )

    op.create_table(
        "marking_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column(
            "second",
            sa.Enum("none", "sample", "all", name="second", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("sample_percent", sa.Integer(), nullable=False),
        sa.Column("border", sa.Integer(), nullable=False),
        sa.Column("tolerance", sa.Integer(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("moderation_percent", sa.Integer(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("is_prompt", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "second IN ('none', 'sample', 'all')", name=op.f("ck_marking_plan_second_is_known")
        ),
        sa.CheckConstraint("border BETWEEN 0 AND 50", name=op.f("ck_marking_plan_border_in_range")),
        sa.CheckConstraint(
            "moderation_percent BETWEEN 0 AND 100", name=op.f("ck_marking_plan_moderation_percent_in_range")
        ),
        sa.CheckConstraint(
            "sample_percent BETWEEN 1 AND 100", name=op.f("ck_marking_plan_sample_percent_in_range")
        ),
        sa.CheckConstraint("tolerance >= 0", name=op.f("ck_marking_plan_tolerance_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_marking_plan_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_marking_plan_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_marking_plan_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marking_plan")),
    )
    with op.batch_alter_table("marking_plan", schema=None) as batch_op:
        batch_op.create_index(
            "uq_marking_plan_in_cohort",
            ["cohort_id", "slug"],
            unique=True,
            sqlite_where=sa.text("cohort_id IS NOT NULL"),
            postgresql_where=sa.text("cohort_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_marking_plan_without_cohort",
            ["academy_id", "course", "slug"],
            unique=True,
            sqlite_where=sa.text("cohort_id IS NULL"),
            postgresql_where=sa.text("cohort_id IS NULL"),
        )

    op.create_table(
        "script",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "second",
                "reconcile",
                "moderation",
                "ready",
                "released",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column(
            "rule",
            sa.Enum("one", "mean", "decided", name="rule", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("is_sampled", sa.Boolean(), nullable=False),
        sa.Column(
            "moderation",
            sa.Enum(
                "none", "wanted", "confirmed", "sent-back", name="moderation", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("moderator_id", sa.Integer(), nullable=True),
        sa.Column("moderation_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "moderation IN ('none', 'wanted', 'confirmed', 'sent-back')",
            name=op.f("ck_script_moderation_is_known"),
        ),
        sa.CheckConstraint("rule IN ('one', 'mean', 'decided')", name=op.f("ck_script_rule_is_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'second', 'reconcile', 'moderation', 'ready', 'released')",
            name=op.f("ck_script_state_is_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('moderation', 'ready', 'released') OR points IS NOT NULL",
            name=op.f("ck_script_points_once_settled"),
        ),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_script_academy_id_academy")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_script_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_script_moderator_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_script_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script")),
        sa.UniqueConstraint("academy_id", "code", name=op.f("uq_script_academy_id_code")),
        sa.UniqueConstraint("attempt_id", "item", name=op.f("uq_script_attempt_id_item")),
    )
    with op.batch_alter_table("script", schema=None) as batch_op:
        batch_op.create_index(
            "ix_script_academy_id_course_slug", ["academy_id", "course", "slug"], unique=False
        )

    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("script_id", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "proposed", "finished", "set-aside", name="status", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("judgement", sa.JSON(), nullable=False),
        sa.Column("first_levels", sa.JSON(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status <> 'finished' OR (points IS NOT NULL AND place IS NOT NULL)",
            name=op.f("ck_mark_finished_is_whole"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'finished', 'set-aside')", name=op.f("ck_mark_status_is_known")
        ),
        sa.CheckConstraint("place IS NULL OR place IN (1, 2, 3)", name=op.f("ck_mark_place_is_known")),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_mark_agreed_by_person")),
        sa.ForeignKeyConstraint(["marker_id"], ["person.id"], name=op.f("fk_mark_marker_id_person")),
        sa.ForeignKeyConstraint(["script_id"], ["script.id"], name=op.f("fk_mark_script_id_script")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("script_id", "place", name=op.f("uq_mark_script_id_place")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_marker_id"), ["marker_id"], unique=False)
        batch_op.create_index(
            "uq_mark_one_place_a_marker",
            ["script_id", "marker_id"],
            unique=True,
            sqlite_where=sa.text("place IN (1, 2)"),
            postgresql_where=sa.text("place IN (1, 2)"),
        )


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mark_one_place_a_marker",
            sqlite_where=sa.text("place IN (1, 2)"),
            postgresql_where=sa.text("place IN (1, 2)"),
        )
        batch_op.drop_index(batch_op.f("ix_mark_marker_id"))

    op.drop_table("mark")
    with op.batch_alter_table("script", schema=None) as batch_op:
        batch_op.drop_index("ix_script_academy_id_course_slug")

    op.drop_table("script")
    with op.batch_alter_table("marking_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_marking_plan_without_cohort",
            sqlite_where=sa.text("cohort_id IS NULL"),
            postgresql_where=sa.text("cohort_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_marking_plan_in_cohort",
            sqlite_where=sa.text("cohort_id IS NOT NULL"),
            postgresql_where=sa.text("cohort_id IS NOT NULL"),
        )

    op.drop_table("marking_plan")
    with op.batch_alter_table("mark_release", schema=None) as batch_op:
        batch_op.drop_index("ix_mark_release_academy_id_course_slug")

    op.drop_table("mark_release")
