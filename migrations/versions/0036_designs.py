"""Designs of certificates: a draft, versions that never change, and their pictures; each certificate names its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SAYS = "designs never change: publish another"
IMAGE, DRAFT, VERSION = (f"certificate_design_{name}" for name in ("image", "draft", "version"))
REFERS = f"fk_certificate_design_version_id_{VERSION}"
LOCKED = ((VERSION, "UPDATE"), (VERSION, "DELETE"), (IMAGE, "UPDATE"))


def upgrade() -> None:
    """Add the tables, and let certificates refer to versions."""
    _add_tables()
    with _triggers_put_back(), op.batch_alter_table("certificate") as batch:
        batch.create_foreign_key(batch.f(REFERS), VERSION, ["design_version_id"], ["id"])
    _lock()
    keep_apart(op, "certificate_design_image")
    keep_apart(op, "certificate_design_draft")
    keep_apart(op, "certificate_design_version")


def downgrade() -> None:
    """Forget designs. Certificates keep the number of theirs, which then means nothing."""
    with _triggers_put_back(), op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(batch.f(REFERS), type_="foreignkey")
    for table in (VERSION, DRAFT, IMAGE):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION designs_never_change()")


def _add_tables() -> None:
    op.create_table(
        IMAGE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("crest", "facsimile", name="picture_kind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("says", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('crest', 'facsimile')", name=op.f(f"ck_{IMAGE}_kind_is_known")),
        sa.CheckConstraint("says <> ''", name=op.f(f"ck_{IMAGE}_says_what_it_shows")),
        *_keys(IMAGE, academy_id="academy", added_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{IMAGE}")),
    )
    op.create_index(f"ix_{IMAGE}_academy_id", IMAGE, ["academy_id"])
    op.create_table(
        DRAFT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("begun_from", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *_keys(DRAFT, academy_id="academy", changed_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{DRAFT}")),
        sa.UniqueConstraint("academy_id", name=op.f(f"uq_{DRAFT}_academy_id")),
    )
    op.create_table(
        VERSION,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        *_keys(VERSION, academy_id="academy", published_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{VERSION}")),
        sa.UniqueConstraint("academy_id", "number", name=op.f(f"uq_{VERSION}_academy_id_number")),
    )


@contextmanager
def _triggers_put_back() -> Iterator[None]:
    """SQLite builds the table of certificates anew, and forgets its triggers; PostgreSQL keeps them."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        yield
        return
    wanted = sa.text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%certificate%'"
    )
    kept = connection.execute(wanted).all()
    for name, _ in kept:
        op.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, statement in kept:
        op.execute(statement)


def _lock() -> None:
    if op.get_bind().dialect.name == "postgresql":
        raises = f"RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';"
        op.execute(
            "CREATE FUNCTION designs_never_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {raises} END $$"
        )
        for table, act in LOCKED:
            op.execute(
                f"CREATE TRIGGER {table}_never_{act.lower()}s BEFORE {act} ON {table} FOR EACH ROW "
                "EXECUTE FUNCTION designs_never_change()"
            )
        return
    for table, act in LOCKED:
        op.execute(
            f"CREATE TRIGGER {table}_never_{act.lower()}s BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
        for name, to in columns.items()
    ]
