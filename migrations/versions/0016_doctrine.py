"""Which version cites which source, and the tasks that a superseded source opens."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
AT_ONCE = 50


def upgrade() -> None:
    """Add both, and read from every version that there is what it cites."""
    op.create_table(
        "version_source",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["content_version.id"], name=op.f("fk_version_source_version_id_content_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "source_key", name=op.f("pk_version_source")),
    )
    op.create_index(op.f("ix_version_source_source_key"), "version_source", ["source_key"], unique=False)
    op.create_table(
        "review_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=80), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("module", sa.String(length=100), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "done", "not-needed", name="task_status", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'not-needed')", name=op.f("ck_review_task_status_is_known")
        ),
        sa.CheckConstraint("status = 'open' OR outcome <> ''", name=op.f("ck_review_task_outcome_is_told")),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_review_task_academy_id_academy")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_review_task_publication_id_publication")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_review_task_holder_id_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_review_task_closed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_task")),
        sa.UniqueConstraint(
            "publication_id", "source_key", "path", name=op.f("uq_review_task_publication_id_source_key_path")
        ),
    )
    op.create_index(op.f("ix_review_task_academy_id"), "review_task", ["academy_id"], unique=False)
    _read_what_is_cited()


def downgrade() -> None:
    """Take them away."""
    op.drop_index(op.f("ix_review_task_academy_id"), table_name="review_task")
    op.drop_table("review_task")
    op.drop_index(op.f("ix_version_source_source_key"), table_name="version_source")
    op.drop_table("version_source")


def _read_what_is_cited() -> None:
    connection = op.get_bind()
    version = sa.table("content_version", sa.column("id"), sa.column("compiled"))
    cited = sa.table("version_source", sa.column("version_id"), sa.column("source_key"))
    ids = list(connection.scalars(sa.select(version.c.id).order_by(version.c.id)))
    # A few at a time: a library of years does not fit into memory at once.
    for begin in range(0, len(ids), AT_ONCE):
        rows = connection.execute(
            sa.select(version.c.id, version.c.compiled).where(version.c.id.in_(ids[begin : begin + AT_ONCE]))
        ).all()
        found = [
            {"version_id": version_id, "source_key": key}
            for version_id, compiled in rows
            for key in sorted(set(_keys(json.loads(compiled))))
        ]
        if found:
            connection.execute(cited.insert(), found)


def _keys(compiled: object) -> Iterator[str]:
    if isinstance(compiled, list):
        for each in compiled:
            yield from _keys(each)
    elif isinstance(compiled, dict):
        source = compiled.get("source")
        if isinstance(source, dict) and len(source.get("key", "")) in range(1, 81):
            yield source["key"]
        for each in compiled.values():
            yield from _keys(each)
