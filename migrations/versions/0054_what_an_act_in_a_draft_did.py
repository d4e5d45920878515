"""An act that can be undone in a draft says what it did: deleted, moved, changed, or taken files out."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

DID = ("deleted", "moved", "changed", "taken-out")
OLD_WHAT = ("question", "node", "ending", "outcome", "module", "page", "medium")


def upgrade() -> None:
    """Until now, questions without words were those that were moved or changed.

    The default is for an older version that runs on this schema: what it knows is deletions, mostly.
    """
    with op.batch_alter_table("draft_removal") as batch:
        batch.add_column(sa.Column("did", sa.String(length=24), nullable=True))
    op.execute(
        "UPDATE draft_removal SET did = CASE WHEN what = 'question' AND words = '' THEN 'changed' ELSE 'deleted' END"
    )
    with op.batch_alter_table("draft_removal") as batch:
        batch.alter_column(
            "did", existing_type=sa.String(length=24), nullable=False, server_default="deleted"
        )
        batch.create_check_constraint(batch.f("ck_draft_removal_did_is_known"), f"did IN {DID}")
    _know((*OLD_WHAT, "file"))


def downgrade() -> None:
    """What was not known before cannot be undone any more; the drafts stay as they are."""
    of_these = "SELECT id FROM draft_removal WHERE what = 'file'"
    op.execute(f"DELETE FROM draft_removal_file WHERE draft_removal_id IN ({of_these})")
    op.execute("DELETE FROM draft_removal WHERE what = 'file'")
    _know(OLD_WHAT)
    with op.batch_alter_table("draft_removal") as batch:
        batch.drop_constraint(batch.f("ck_draft_removal_did_is_known"), type_="check")
        batch.drop_column("did")


def _know(what: tuple[str, ...]) -> None:
    with op.batch_alter_table("draft_removal") as batch:
        batch.drop_constraint(batch.f("ck_draft_removal_what_is_known"), type_="check")
        batch.create_check_constraint(batch.f("ck_draft_removal_what_is_known"), f"what IN {what}")
