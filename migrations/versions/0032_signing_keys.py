"""Signing keys of academies. The keys of sealed returns become the first of them; demonstrations are marked."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

FORGETS = ("signing_key",)
"""The way back keeps only what sealed returns need of it."""
CURRENT = sa.text("retired_at IS NULL AND revoked_at IS NULL")
DEMONSTRATIONS = ("demo", "northmere", "aldermark", "corvane")
FOREIGN = "fk_sealed_return_key_id_{}"


def upgrade() -> None:
    """Add them, and move the keys of returns."""
    with op.batch_alter_table("academy") as batch:
        batch.add_column(sa.Column("is_demo", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("academy") as batch:
        batch.alter_column("is_demo", server_default=None)
    academy = sa.table("academy", sa.column("slug"), sa.column("is_demo", sa.Boolean()))
    op.execute(academy.update().where(academy.c.slug.in_(DEMONSTRATIONS)).values(is_demo=True))
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("private_sealed", sa.Text(), nullable=False),
        sa.Column("certificate_chain", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ed25519', 'p256', 'authority')", name=op.f("ck_signing_key_kind_is_known")
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_reason = '')", name=op.f("ck_signing_key_revoked_with_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_signing_key_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("academy_id", "label", name=op.f("uq_signing_key_academy_id_label")),
        sa.UniqueConstraint("public", name=op.f("uq_signing_key_public")),
    )
    op.create_index(
        op.f("ix_signing_key_current"),
        "signing_key",
        ["academy_id", "kind"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    keep_apart(op, "signing_key")
    _move(_keys_of_returns(), to="signing_key")
    op.drop_table("return_key")


def downgrade() -> None:
    """Keep the keys that sign returns; forget the others."""
    op.create_table(
        "return_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_return_key_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_key")),
        sa.UniqueConstraint("public", name=op.f("uq_return_key_public")),
    )
    op.create_index(op.f("ix_return_key_academy_id"), "return_key", ["academy_id"])
    keep_apart(op, "return_key")
    _move(_keys_before(), to="return_key")
    op.drop_table("signing_key")
    with op.batch_alter_table("academy") as batch:
        batch.drop_column("is_demo")


def _keys_of_returns() -> dict[int, int]:
    """Copy them; gives old id -> new id. The newest of an academy signs, the others are retired."""
    bind, old, new = op.get_bind(), _table("return_key"), _table("signing_key")
    rows = bind.execute(sa.select(old).order_by(old.c.academy_id, old.c.id)).all()
    ids, counted = {}, dict.fromkeys((row.academy_id for row in rows), 0)
    for number, row in enumerate(rows):
        counted[row.academy_id] += 1
        later = rows[number + 1 : number + 2]
        is_newest = not later or later[0].academy_id != row.academy_id
        ids[row.id] = bind.execute(
            new.insert()
            .values(
                academy_id=row.academy_id,
                kind="ed25519",
                label=f"key-{counted[row.academy_id]}",
                public=bytes.fromhex(row.public),
                private_sealed=row.sealed if is_newest else "",
                certificate_chain="",
                is_demo=_is_demo(row.academy_id),
                created_at=row.made_at,
                retired_at=None if is_newest else later[0].made_at,
                revoked_reason="",
            )
            .returning(new.c.id)
        ).scalar_one()
    return ids


def _keys_before() -> dict[int, int]:
    """Copy those of Ed25519 that can still sign or signed a return; gives old id -> new id."""
    bind, old, new = op.get_bind(), _table("signing_key"), _table("return_key")
    return {
        row.id: bind.execute(
            new.insert()
            .values(
                academy_id=row.academy_id,
                public=row.public.hex(),
                sealed=row.private_sealed,
                made_at=row.created_at,
            )
            .returning(new.c.id)
        ).scalar_one()
        for row in bind.execute(sa.select(old).where(old.c.kind == "ed25519").order_by(old.c.id)).all()
    }


def _move(ids: dict[int, int], *, to: str) -> None:
    """Let sealed returns refer to the same keys in the other table."""
    bind, returns = op.get_bind(), sa.table("sealed_return", sa.column("id"), sa.column("key_id"))
    before = "signing_key" if to == "return_key" else "return_key"
    with op.batch_alter_table("sealed_return") as batch:
        batch.drop_constraint(op.f(FOREIGN.format(before)), type_="foreignkey")
    for row in bind.execute(sa.select(returns).where(returns.c.key_id.is_not(None))).all():
        bind.execute(returns.update().where(returns.c.id == row.id).values(key_id=ids[row.key_id]))
    with op.batch_alter_table("sealed_return") as batch:
        batch.create_foreign_key(op.f(FOREIGN.format(to)), to, ["key_id"], ["id"])


def _is_demo(academy_id: int) -> bool:
    academy = sa.table("academy", sa.column("id"), sa.column("is_demo", sa.Boolean()))
    found = op.get_bind().execute(sa.select(academy.c.is_demo).where(academy.c.id == academy_id))
    return bool(found.scalar_one())


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
