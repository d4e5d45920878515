"""The audit trail: from where, whom an alias stands for, found quickly, and refused to change by the database."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FOUND_BY = ("act", "actor", "subject")
REFUSES = "The audit trail is append-only"


def upgrade() -> None:
    """Add them."""
    op.add_column("audit_entry", sa.Column("source", sa.String(length=60), nullable=True))
    for column in FOUND_BY:
        op.create_index(
            f"ix_audit_entry_chain_id_{column}_position", "audit_entry", ["chain_id", column, "position"]
        )
    op.create_index("ix_audit_entry_chain_id_at", "audit_entry", ["chain_id", "at"])
    op.create_table(
        "audit_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["audit_chain.id"], name=op.f("fk_audit_alias_chain_id_audit_chain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_alias")),
        sa.UniqueConstraint("chain_id", "person_id", name=op.f("uq_audit_alias_chain_id_person_id")),
        sa.UniqueConstraint("chain_id", "alias", name=op.f("uq_audit_alias_chain_id_alias")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Take them away. The hash of an entry that has a source no longer fits it then."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("audit_entry_update", "audit_entry_delete", "audit_chain_update", "audit_chain_delete"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        for table in ("audit_entry", "audit_chain"):
            op.execute(f"DROP TRIGGER {table}_rows ON {table}")
            op.execute(f"DROP TRIGGER {table}_whole ON {table}")
        op.execute("DROP FUNCTION audit_is_append_only()")
    op.drop_table("audit_alias")
    op.drop_index("ix_audit_entry_chain_id_at", table_name="audit_entry")
    for column in FOUND_BY:
        op.drop_index(f"ix_audit_entry_chain_id_{column}_position", table_name="audit_entry")
    op.drop_column("audit_entry", "source")


def _guard_sqlite() -> None:
    """An entry is neither changed nor deleted, and the end of a chain only moves on."""
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_{act.lower()} BEFORE {act} ON audit_entry "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSES}'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_chain_delete BEFORE DELETE ON audit_chain "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSES}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_chain_update BEFORE UPDATE ON audit_chain "
        "WHEN NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.length <= OLD.length "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSES}'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        f"""
        CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_chain' THEN
                IF NEW.id = OLD.id AND NEW.name = OLD.name AND NEW.length > OLD.length THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION '{REFUSES}';
        END $$
        """
    )
    for table in ("audit_entry", "audit_chain"):
        op.execute(
            f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
