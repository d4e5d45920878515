"""More that can be undone: spreadsheets, cohorts, letters to many, discarded drafts and files taken out of one."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

OLD_DID = ("withdrawn", "readmitted", "moved", "enrolled", "extended", "suspended", "reinstated", "last-day")
OLD_THINGS = ("enrolment", "extension", "membership")
OLD_WHY = ("changed", "gone", "completed", "begun", "above")
OLD_STATES = ("waiting", "sending", "sent", "failed", "late")
DID = (*OLD_DID, "roster", "teachers", "modules", "invited")
THINGS = (*OLD_THINGS, "record", "allowance", "cohort", "letter")
WHY = (*OLD_WHY, "entered", "sent", "unfit")
STATES = (*OLD_STATES, "called-back")
STATUSES = ("editing", "in-review", "changes-asked", "approved", "published", "discarded")


def upgrade() -> None:
    """Widen what is known, and add what is kept."""
    _know("change", "did", DID)
    _know("changed_row", "thing", THINGS)
    _know("changed_row", "why", WHY)
    _know("letter", "state", STATES)
    with op.batch_alter_table("changed_row") as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("roster") as batch:
        batch.add_column(sa.Column("change_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_roster_change_id_change"), "change", ["change_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("draft") as batch:
        batch.add_column(sa.Column("discarded_from", sa.String(length=24), nullable=True))
        batch.create_check_constraint(
            batch.f("ck_draft_discarded_from_is_known"), f"discarded_from IN {STATUSES}"
        )
    op.create_table(
        "draft_file_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("out_by", sa.Integer(), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_sha256"], ["source_file.sha256"], name=op.f("fk_draft_file_out_base_sha256_source_file")
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_file_out_draft_id_draft")),
        sa.ForeignKeyConstraint(["out_by"], ["person.id"], name=op.f("fk_draft_file_out_out_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_file_out")),
        sa.UniqueConstraint("draft_id", "path", name=op.f("uq_draft_file_out_draft_id_path")),
    )
    keep_apart(op, "draft_file_out", parent="draft")


def downgrade() -> None:
    """Forget what can be undone beyond what was known before; letters that were called back stay unsent."""
    op.drop_table("draft_file_out")
    with op.batch_alter_table("draft") as batch:
        batch.drop_constraint(batch.f("ck_draft_discarded_from_is_known"), type_="check")
        batch.drop_column("discarded_from")
    with op.batch_alter_table("roster") as batch:
        batch.drop_constraint(batch.f("fk_roster_change_id_change"), type_="foreignkey")
        batch.drop_column("change_id")
    new = f"SELECT id FROM change WHERE did NOT IN {OLD_DID}"
    op.execute(f"DELETE FROM changed_row WHERE person_id IS NULL OR change_id IN ({new})")
    op.execute(f"DELETE FROM change WHERE did NOT IN {OLD_DID}")
    op.execute(f"UPDATE changed_row SET why = 'changed' WHERE why NOT IN {OLD_WHY}")
    op.execute("UPDATE letter SET state = 'late' WHERE state = 'called-back'")
    with op.batch_alter_table("changed_row") as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
    _know("letter", "state", OLD_STATES)
    _know("changed_row", "why", OLD_WHY)
    _know("changed_row", "thing", OLD_THINGS)
    _know("change", "did", OLD_DID)


def _know(table: str, column: str, after: tuple[str, ...]) -> None:
    """Let a column have other values than before."""
    name = f"ck_{table}_{column}_is_known"
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(batch.f(name), type_="check")
        batch.create_check_constraint(batch.f(name), f"{column} IN {after}")
