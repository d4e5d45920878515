"""Time and cohorts: limits, breaks, accommodations, windows, refused answers, confidence, levels."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what timed and hand-marked attempts need."""
    op.create_table(
        "accommodation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("time_percent", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "break_minutes BETWEEN 0 AND 240", name=op.f("ck_accommodation_break_minutes_in_range")
        ),
        sa.CheckConstraint(
            "time_percent BETWEEN 100 AND 400", name=op.f("ck_accommodation_time_percent_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_accommodation_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_accommodation_person_id_person")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_accommodation_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
        sa.UniqueConstraint("person_id", "academy_id", name=op.f("uq_accommodation_person_id_academy_id")),
    )
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accommodation_academy_id"), ["academy_id"], unique=False)

    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_cohort_academy_id_academy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("academy_id", "course", "name", name=op.f("uq_cohort_academy_id_course_name")),
    )
    op.create_table(
        "task_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column(
            "task", sa.Enum("quiz", "scenario", name="task", native_enum=False, length=24), nullable=False
        ),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("task IN ('quiz', 'scenario')", name=op.f("ck_task_window_task_is_known")),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_task_window_opens_before_it_closes"),
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_task_window_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_task_window_cohort_id_cohort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_window")),
        sa.UniqueConstraint("cohort_id", "task", "slug", name=op.f("uq_task_window_cohort_id_task_slug")),
    )
    with op.batch_alter_table("task_window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_window_academy_id"), ["academy_id"], unique=False)

    op.create_table(
        "attempt_break",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_break_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_break")),
    )
    with op.batch_alter_table("attempt_break", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_break_attempt_id", ["attempt_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_break_one_at_a_time",
            ["attempt_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "refused_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_refused_response_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_response")),
    )
    with op.batch_alter_table("refused_response", schema=None) as batch_op:
        batch_op.create_index("ix_refused_response_attempt_id", ["attempt_id"], unique=False)

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attempt_marked_unless_open"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_attempt_status_is_known"), type_="check")
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "level",
                sa.Enum("fail", "acceptable", "success", name="level", native_enum=False, length=24),
                nullable=True,
            )
        )

        batch_op.create_check_constraint(
            batch_op.f("ck_attempt_status_is_known"), "status IN ('open', 'marking', 'debrief', 'finished')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_attempt_marked_unless_waiting"),
            "status IN ('open', 'marking') OR (percent IS NOT NULL AND is_passed IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_attempt_level_is_known"), "level IN ('fail', 'acceptable', 'success')"
        )

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cohort_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_enrolment_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolment_cohort_id_cohort"), "cohort", ["cohort_id"], ["id"]
        )

    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confidence", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_response_confidence_in_range"),
            "confidence IS NULL OR (confidence BETWEEN 1 AND 3)",
        )
        batch_op.add_column(sa.Column("seconds", sa.Double(), nullable=False, server_default=sa.text("0")))

    # What was finished before levels were told apart: passed is acceptable, as no author had set more.
    op.execute("UPDATE attempt SET handed_in_at = finished_at WHERE status = 'finished' AND task = 'quiz'")
    op.execute(
        "UPDATE attempt SET level = CASE WHEN is_passed THEN 'acceptable' ELSE 'fail' END WHERE is_passed IS NOT NULL"
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.alter_column("seconds", server_default=None)


def downgrade() -> None:
    """Take it away again."""
    # The older form knows no marking by hand: what waits for marks is open again.
    op.execute("UPDATE attempt SET status = 'open' WHERE status = 'marking'")

    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_column("seconds")
        batch_op.drop_constraint(batch_op.f("ck_response_confidence_in_range"), type_="check")
        batch_op.drop_column("confidence")

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolment_cohort_id_cohort"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_enrolment_cohort_id"))
        batch_op.drop_column("cohort_id")

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attempt_level_is_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_attempt_marked_unless_waiting"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_attempt_status_is_known"), type_="check")
        batch_op.drop_column("level")
        batch_op.drop_column("handed_in_at")
        batch_op.drop_column("latest_at")
        batch_op.drop_column("ends_at")
        batch_op.create_check_constraint(
            batch_op.f("ck_attempt_status_is_known"), "status IN ('open', 'debrief', 'finished')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_attempt_marked_unless_open"),
            "status = 'open' OR (percent IS NOT NULL AND is_passed IS NOT NULL)",
        )

    with op.batch_alter_table("refused_response", schema=None) as batch_op:
        batch_op.drop_index("ix_refused_response_attempt_id")

    op.drop_table("refused_response")
    with op.batch_alter_table("attempt_break", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempt_break_one_at_a_time",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_attempt_break_attempt_id")

    op.drop_table("attempt_break")
    with op.batch_alter_table("task_window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_window_academy_id"))

    op.drop_table("task_window")
    op.drop_table("cohort")
    with op.batch_alter_table("accommodation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accommodation_academy_id"))

    op.drop_table("accommodation")
