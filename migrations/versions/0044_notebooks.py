"""What students keep for themselves while reading: notes, highlighted passages, bookmarks."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the notebook."""
    op.create_table(
        "notebook_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("page", sa.String(length=80), nullable=False),
        sa.Column("page_title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(length=24), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('note', 'highlight', 'bookmark')", name=op.f("ck_notebook_entry_kind_is_known")
        ),
        sa.CheckConstraint(
            "colour IN ('amber', 'teal', 'clear')", name=op.f("ck_notebook_entry_colour_is_known")
        ),
        sa.CheckConstraint(
            "(kind = 'highlight') = (quote <> '')", name=op.f("ck_notebook_entry_highlight_has_quote")
        ),
        sa.CheckConstraint(
            "(kind = 'highlight') = (colour IS NOT NULL)", name=op.f("ck_notebook_entry_highlight_has_colour")
        ),
        sa.CheckConstraint("kind <> 'note' OR text <> ''", name=op.f("ck_notebook_entry_note_has_text")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_notebook_entry_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notebook_entry_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notebook_entry")),
    )
    place = ["person_id", "academy_id", "module"]
    op.create_index("ix_notebook_entry_person", "notebook_entry", place, unique=False)
    op.create_index(
        "uq_notebook_entry_one_bookmark",
        "notebook_entry",
        [*place, "page"],
        unique=True,
        sqlite_where=sa.text("kind = 'bookmark'"),
        postgresql_where=sa.text("kind = 'bookmark'"),
    )
    keep_apart(op, "notebook_entry")


def downgrade() -> None:
    """Forget it."""
    op.drop_table("notebook_entry")
