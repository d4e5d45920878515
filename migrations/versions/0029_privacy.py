"""How long personal data is kept, who was erased, and who is proposed for it."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

CLASSES = (
    "identity",
    "access",
    "private",
    "learning",
    "letters",
    "results",
    "completions",
    "certificates",
    "work",
)
VERDICTS = ("waiting", "approved", "declined")
NAMELESS, SAYS = "(erased)", "completions and their events never change: add an event"
EVENT = "id academy_id enrolment_id course kind edition_id percent percent_before by regrade_id at".split()


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Enum(*CLASSES, name="kept", native_enum=False, length=24), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kept IN ({_listed(CLASSES)})", name=op.f("ck_retention_rule_kept_is_known")),
        sa.CheckConstraint("years BETWEEN 0 AND 60", name=op.f("ck_retention_rule_years_in_range")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_retention_rule_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_retention_rule_changed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint("academy_id", "kept", name=op.f("uq_retention_rule_academy_id_kept")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("stays", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_erasure_sha256_is_whole")),
        sa.ForeignKeyConstraint(["academy_id"], ["academy.id"], name=op.f("fk_erasure_academy_id_academy")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id_person")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_erasure_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("academy_id", "person_id", name=op.f("uq_erasure_academy_id_person_id")),
    )
    op.create_table(
        "erasure_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict", sa.Enum(*VERDICTS, name="verdict", native_enum=False, length=24), nullable=False
        ),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            f"verdict IN ({_listed(VERDICTS)})", name=op.f("ck_erasure_proposal_verdict_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_erasure_proposal_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_erasure_proposal_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_erasure_proposal_decided_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_proposal")),
    )
    op.create_index(
        "uq_erasure_proposal_one_waiting",
        "erasure_proposal",
        ["academy_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("verdict = 'waiting'"),
        postgresql_where=sa.text("verdict = 'waiting'"),
    )
    keep_apart(op, "retention_rule")
    keep_apart(op, "erasure")
    keep_apart(op, "erasure_proposal")
    _let_reasons_be_erased()


def downgrade() -> None:
    """Take them away."""
    _let_nothing_be_erased()
    for table in ("erasure_proposal", "erasure", "retention_rule"):
        op.drop_table(table)


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _let_reasons_be_erased() -> None:
    """An event of a completion goes on never to change, but for why it was revoked, when somebody is erased."""
    if op.get_bind().dialect.name == "postgresql":
        same = ", ".join(f'OLD."{name}"' for name in EVENT), ", ".join(f'NEW."{name}"' for name in EVENT)
        op.execute("DROP TRIGGER completion_event_never_changes ON completion_event")
        op.execute(
            "CREATE TRIGGER completion_event_never_goes BEFORE DELETE OR TRUNCATE ON completion_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION completions_never_change()"
        )
        op.execute(
            "CREATE TRIGGER completion_event_never_changes BEFORE UPDATE ON completion_event FOR EACH ROW WHEN "
            f"(NOT (NEW.reason = '{NAMELESS}' AND ROW({same[0]}) IS NOT DISTINCT FROM ROW({same[1]}))) "
            "EXECUTE FUNCTION completions_never_change()"
        )
        return
    same_as_before = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in EVENT)
    op.execute("DROP TRIGGER completion_event_never_updates")
    op.execute(
        "CREATE TRIGGER completion_event_never_updates BEFORE UPDATE ON completion_event "
        f"WHEN NOT (NEW.reason = '{NAMELESS}' AND {same_as_before}) "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )


def _let_nothing_be_erased() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER completion_event_never_changes ON completion_event")
        op.execute("DROP TRIGGER completion_event_never_goes ON completion_event")
        op.execute(
            "CREATE TRIGGER completion_event_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON completion_event FOR EACH STATEMENT EXECUTE FUNCTION completions_never_change()"
        )
        return
    op.execute("DROP TRIGGER completion_event_never_updates")
    op.execute(
        "CREATE TRIGGER completion_event_never_updates BEFORE UPDATE ON completion_event "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
