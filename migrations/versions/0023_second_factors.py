"""Second factors: authenticator apps, passkeys, recovery codes; which browser is signed in; what academies ask."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SEEN = {"browser": 60, "network": 60, "second_step": 24}
"""What is known of a signed-in browser, with its greatest length."""


def upgrade() -> None:
    """Add them; nobody has any, and no academy asks for one."""
    op.create_table(
        "app_factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_app_factor_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_factor")),
        sa.UniqueConstraint("person_id", name=op.f("uq_app_factor_person_id")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("person_id", "code_sha256", name=op.f("uq_recovery_code_person_id_code_sha256")),
    )
    op.create_table(
        "half_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.String(length=100), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_half_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_sign_in")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_half_sign_in_token_sha256")),
    )
    op.create_index(op.f("ix_half_sign_in_person_id"), "half_sign_in", ["person_id"])
    with op.batch_alter_table("browser_session") as batch:
        for name, length in SEEN.items():
            batch.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default=sa.text("''"))
            )
    with op.batch_alter_table("browser_session") as batch:
        for name in SEEN:
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("academy") as batch:
        batch.add_column(
            sa.Column("asks_second_step", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("academy") as batch:
        batch.alter_column("asks_second_step", server_default=None)


def downgrade() -> None:
    """Forget them: the password alone signs in again."""
    with op.batch_alter_table("academy") as batch:
        batch.drop_column("asks_second_step")
    with op.batch_alter_table("browser_session") as batch:
        for name in SEEN:
            batch.drop_column(name)
    op.drop_index(op.f("ix_half_sign_in_person_id"), table_name="half_sign_in")
    op.drop_table("half_sign_in")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_passkey_person_id"), table_name="passkey")
    op.drop_table("passkey")
    op.drop_table("app_factor")
