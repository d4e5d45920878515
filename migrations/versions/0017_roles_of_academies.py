"""Roles of academies, standings, what an academy knows of a person, and the courses that it chose."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FORGETS = ("academy_course", "membership", "personnel")
"""Tables of which going back loses rows: there was no place for them before."""
BEFORE = "'student', 'instructor', 'reviewer', 'staff'"
AFTER = "'student', 'instructor', 'reviewer', 'registrar', 'director', 'auditor', 'administrator', 'install'"


def upgrade() -> None:
    """Staff become administrators; every member is known by the name and rank of their account."""
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(batch.f("ck_membership_role_is_known"), type_="check")
        batch.drop_constraint(batch.f("ck_membership_standing_is_known"), type_="check")
        batch.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
    op.execute("UPDATE membership SET role = 'administrator' WHERE role = 'staff'")
    with op.batch_alter_table("membership") as batch:
        batch.create_check_constraint(batch.f("ck_membership_role_is_known"), f"role IN ({AFTER})")
        batch.create_check_constraint(
            batch.f("ck_membership_standing_is_known"),
            "standing IN ('invited', 'active', 'suspended', 'expired', 'erased')",
        )
    op.create_table(
        "personnel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.String(length=60), nullable=False),
        sa.Column("nation", sa.String(length=80), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("external_id", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_personnel_person_id_person")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_personnel_academy_id_academy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personnel")),
        sa.UniqueConstraint("person_id", "academy_id", name=op.f("uq_personnel_person_id_academy_id")),
        sa.UniqueConstraint("academy_id", "external_id", name=op.f("uq_personnel_academy_id_external_id")),
    )
    op.create_index(op.f("ix_personnel_academy_id_name"), "personnel", ["academy_id", "name"])
    op.execute(
        "INSERT INTO personnel (person_id, academy_id, name, rank, nation, service, unit) "
        "SELECT DISTINCT person.id, membership.academy_id, person.name, person.rank, '', '', '' "
        "FROM person JOIN membership ON membership.person_id = person.id"
    )
    op.create_table(
        "academy_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_academy_course_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["person.id"], name=op.f("fk_academy_course_chosen_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_academy_course")),
        sa.UniqueConstraint("academy_id", "course", name=op.f("uq_academy_course_academy_id_course")),
    )
    op.execute(
        "INSERT INTO academy_course (academy_id, course, chosen_at) "
        "SELECT academy_id, course, CURRENT_TIMESTAMP FROM enrolment UNION "
        "SELECT academy_id, course, CURRENT_TIMESTAMP FROM teaching"
    )


def downgrade() -> None:
    """Administrators become staff again; the other new roles and what academies know of people are forgotten."""
    op.drop_table("academy_course")
    op.drop_index(op.f("ix_personnel_academy_id_name"), table_name="personnel")
    op.drop_table("personnel")
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(batch.f("ck_membership_role_is_known"), type_="check")
        batch.drop_constraint(batch.f("ck_membership_standing_is_known"), type_="check")
    op.execute("UPDATE membership SET role = 'staff' WHERE role = 'administrator'")
    op.execute("DELETE FROM membership WHERE role IN ('registrar', 'director', 'auditor', 'install')")
    op.execute("DELETE FROM membership WHERE standing NOT IN ('active', 'suspended')")
    with op.batch_alter_table("membership") as batch:
        batch.drop_column("valid_until")
        batch.create_check_constraint(batch.f("ck_membership_role_is_known"), f"role IN ({BEFORE})")
        batch.create_check_constraint(
            batch.f("ck_membership_standing_is_known"), "standing IN ('active', 'suspended')"
        )
