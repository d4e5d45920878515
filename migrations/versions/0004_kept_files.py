"""The files that each publication was made of, byte for byte."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; publications of before have no files on record, and the folder stands for them."""
    op.create_table(
        "source_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_source_file_sha256_is_whole")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_source_file")),
    )
    op.create_table(
        "publication_file",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("folder_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_file_publication_id_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["source_file.sha256"], name=op.f("fk_publication_file_sha256_source_file")
        ),
        sa.PrimaryKeyConstraint("publication_id", "path", name=op.f("pk_publication_file")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("publication_file")
    op.drop_table("source_file")
