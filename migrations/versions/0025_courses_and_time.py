"""Dates, instructors and modules of cohorts; prerequisites, codes, requests, extensions, work of equal value."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what academies arrange around their courses; nothing is arranged yet."""
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_calendar_feed_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feed_token_sha256")),
    )
    op.create_index(op.f("ix_calendar_feed_academy_id"), "calendar_feed", ["academy_id"], unique=False)
    op.create_index(
        "ix_calendar_feed_person_id_academy_id", "calendar_feed", ["person_id", "academy_id"], unique=False
    )

    op.create_table(
        "enrolment_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting", "approved", "declined", "taken-back", name="status", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status <> 'declined' OR answer <> ''", name=op.f("ck_enrolment_request_declined_in_words")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'approved', 'declined', 'taken-back')",
            name=op.f("ck_enrolment_request_status_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_enrolment_request_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_enrolment_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_enrolment_request_settled_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_request")),
    )
    op.create_index(
        "ix_enrolment_request_academy_id_status", "enrolment_request", ["academy_id", "status"], unique=False
    )
    op.create_index(
        "uq_enrolment_request_one_waits",
        "enrolment_request",
        ["person_id", "academy_id", "course"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )

    op.create_table(
        "prerequisite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("needs", sa.String(length=80), nullable=False),
        sa.CheckConstraint("course <> needs", name=op.f("ck_prerequisite_not_itself")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_prerequisite_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prerequisite")),
        sa.UniqueConstraint(
            "academy_id", "course", "needs", name=op.f("uq_prerequisite_academy_id_course_needs")
        ),
    )
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_waiver_academy_id_academy")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_waiver_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiver_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint(
            "person_id", "academy_id", "course", name=op.f("uq_waiver_person_id_academy_id_course")
        ),
    )
    op.create_index(op.f("ix_waiver_academy_id"), "waiver", ["academy_id"], unique=False)

    op.create_table(
        "cohort_instructor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_cohort_instructor_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_instructor_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_cohort_instructor_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_instructor")),
        sa.UniqueConstraint("cohort_id", "person_id", name=op.f("uq_cohort_instructor_cohort_id_person_id")),
    )
    op.create_index(
        op.f("ix_cohort_instructor_academy_id"), "cohort_instructor", ["academy_id"], unique=False
    )
    op.create_index(op.f("ix_cohort_instructor_person_id"), "cohort_instructor", ["person_id"], unique=False)

    op.create_table(
        "cohort_module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column(
            "arranged",
            sa.Enum("required", "left-out", name="arranged", native_enum=False, length=24),
            nullable=False,
        ),
        sa.CheckConstraint(
            "arranged IN ('required', 'left-out')", name=op.f("ck_cohort_module_arranged_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_cohort_module_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_module_cohort_id_cohort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_module")),
        sa.UniqueConstraint("cohort_id", "module", name=op.f("uq_cohort_module_cohort_id_module")),
    )
    op.create_index(op.f("ix_cohort_module_academy_id"), "cohort_module", ["academy_id"], unique=False)

    op.create_table(
        "enrolment_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "used >= 0 AND (capacity IS NULL OR used <= capacity)",
            name=op.f("ck_enrolment_code_within_capacity"),
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_enrolment_code_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_enrolment_code_by_id_person")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_enrolment_code_cohort_id_cohort")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_code")),
        sa.UniqueConstraint("code", name=op.f("uq_enrolment_code_code")),
    )
    op.create_index(op.f("ix_enrolment_code_academy_id"), "enrolment_code", ["academy_id"], unique=False)
    op.create_index(op.f("ix_enrolment_code_cohort_id"), "enrolment_code", ["cohort_id"], unique=False)

    op.create_table(
        "equal_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("scenario", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_equal_work_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_equal_work_by_id_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_equal_work_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equal_work")),
        sa.UniqueConstraint(
            "enrolment_id", "module", "scenario", name=op.f("uq_equal_work_enrolment_id_module_scenario")
        ),
    )
    op.create_index(op.f("ix_equal_work_academy_id"), "equal_work", ["academy_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_extension_academy_id_academy")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_extension_by_id_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_extension_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_academy_id"), "extension", ["academy_id"], unique=False)
    op.create_index(op.f("ix_extension_enrolment_id"), "extension", ["enrolment_id"], unique=False)

    keep_apart(op, "calendar_feed")
    keep_apart(op, "cohort_instructor")
    keep_apart(op, "cohort_module")
    keep_apart(op, "enrolment_code")
    keep_apart(op, "enrolment_request")
    keep_apart(op, "equal_work")
    keep_apart(op, "extension")
    keep_apart(op, "prerequisite")
    keep_apart(op, "waiver")
    with op.batch_alter_table("academy", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("time_zone", sa.String(length=64), nullable=False, server_default="UTC")
        )

    with op.batch_alter_table("academy_course", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("takes_requests", sa.Boolean(), nullable=False, server_default=sa.true())
        )

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_cohort_starts_before_due"),
            "starts_on IS NULL OR due_on IS NULL OR starts_on <= due_on",
        )
    with op.batch_alter_table("academy", schema=None) as batch_op:
        batch_op.alter_column("time_zone", server_default=None)
    with op.batch_alter_table("academy_course", schema=None) as batch_op:
        batch_op.alter_column("takes_requests", server_default=None)


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_cohort_starts_before_due"), type_="check")
        batch_op.drop_column("changed_at")
        batch_op.drop_column("due_on")
        batch_op.drop_column("starts_on")

    with op.batch_alter_table("academy_course", schema=None) as batch_op:
        batch_op.drop_column("takes_requests")

    with op.batch_alter_table("academy", schema=None) as batch_op:
        batch_op.drop_column("time_zone")

    op.drop_index(op.f("ix_extension_enrolment_id"), table_name="extension")
    op.drop_index(op.f("ix_extension_academy_id"), table_name="extension")

    op.drop_table("extension")
    op.drop_index(op.f("ix_equal_work_academy_id"), table_name="equal_work")

    op.drop_table("equal_work")
    op.drop_index(op.f("ix_enrolment_code_cohort_id"), table_name="enrolment_code")
    op.drop_index(op.f("ix_enrolment_code_academy_id"), table_name="enrolment_code")

    op.drop_table("enrolment_code")
    op.drop_index(op.f("ix_cohort_module_academy_id"), table_name="cohort_module")

    op.drop_table("cohort_module")
    op.drop_index(op.f("ix_cohort_instructor_person_id"), table_name="cohort_instructor")
    op.drop_index(op.f("ix_cohort_instructor_academy_id"), table_name="cohort_instructor")

    op.drop_table("cohort_instructor")
    op.drop_index(op.f("ix_waiver_academy_id"), table_name="waiver")

    op.drop_table("waiver")
    op.drop_table("prerequisite")
    op.drop_index("uq_enrolment_request_one_waits", table_name="enrolment_request")
    op.drop_index("ix_enrolment_request_academy_id_status", table_name="enrolment_request")

    op.drop_table("enrolment_request")
    op.drop_index("ix_calendar_feed_person_id_academy_id", table_name="calendar_feed")
    op.drop_index(op.f("ix_calendar_feed_academy_id"), table_name="calendar_feed")

    op.drop_table("calendar_feed")
