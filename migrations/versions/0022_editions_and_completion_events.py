"""Editions of courses; completions that never change, with what came of them; calls on holders; validity."""

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEPT_FOR_GOOD = ("course_completion", "module_completion", "completion_event")
ACTS = ("UPDATE", "DELETE")
SAYS = "completions and their events never change: add an event"


def upgrade() -> None:
    """Add the tables, tell the editions of the past from its publications, and lock what was earned."""
    _add_editions()
    _keep_past_editions()
    with op.batch_alter_table("course_completion") as batch:
        batch.add_column(sa.Column("edition_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_course_completion_edition_id_course_edition"),
            "course_edition",
            ["edition_id"],
            ["id"],
        )
    _add_events()
    _pin_completions()
    _add_requalification()
    _lock()
    keep_apart(op, "completion_event")
    keep_apart(op, "edition_call")
    keep_apart(op, "requalification")
    keep_apart(op, "requalified_part")
    keep_apart(op, "course_validity")


def downgrade() -> None:
    """Unlock what was earned, and forget editions, events, calls and validity."""
    _unlock()
    op.drop_table("course_validity")
    op.drop_table("requalified_part")
    op.drop_table("requalification")
    op.drop_table("edition_call")
    op.drop_table("completion_event")
    with op.batch_alter_table("course_completion") as batch:
        batch.drop_constraint(batch.f("fk_course_completion_edition_id_course_edition"), type_="foreignkey")
        batch.drop_column("edition_id")
    op.drop_table("edition_part")
    op.drop_table("course_edition")


def _lock() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION completions_never_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for table in KEPT_FOR_GOOD:
            op.execute(
                f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION completions_never_change()"
            )
        return
    for table in KEPT_FOR_GOOD:
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER {table}_never_{act.lower()}s BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
            )


def _unlock() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT_FOR_GOOD:
            op.execute(f"DROP TRIGGER {table}_never_changes ON {table}")
        op.execute("DROP FUNCTION completions_never_change()")
        return
    for table in KEPT_FOR_GOOD:
        for act in ACTS:
            op.execute(f"DROP TRIGGER {table}_never_{act.lower()}s")


def _add_editions() -> None:
    op.create_table(
        "course_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_course_edition_digest_is_whole")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["content_version.id"], name=op.f("fk_course_edition_version_id_content_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_edition")),
        sa.UniqueConstraint("course", "digest", name=op.f("uq_course_edition_course_digest")),
        sa.UniqueConstraint("course", "number", name=op.f("uq_course_edition_course_number")),
    )
    op.create_table(
        "edition_part",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["course_edition.id"], name=op.f("fk_edition_part_edition_id_course_edition")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["content_version.id"], name=op.f("fk_edition_part_version_id_content_version")
        ),
        sa.PrimaryKeyConstraint("edition_id", "version_id", name=op.f("pk_edition_part")),
    )


def _keep_past_editions() -> None:
    connection = op.get_bind()
    read = _Versions(connection)
    last: dict[str, int] = {}
    known: set[tuple[str, str]] = set()
    for publication_id, at in _publications(connection):
        found = read.of_publication(publication_id)
        for course in sorted(slug for kind, slug in found if kind == "course"):
            parts = read.parts_of(course, found)
            digest = _digest(parts)
            if (course, digest) in known:
                continue
            known.add((course, digest))
            last[course] = last.get(course, 0) + 1
            edition_id = _insert(
                connection,
                EDITION,
                course=course,
                number=last[course],
                digest=digest,
                version_id=parts[0][0],
                published_at=at,
            )
            for part in parts:
                connection.execute(
                    sa.text("INSERT INTO edition_part (edition_id, version_id) VALUES (:edition, :version)"),
                    {"edition": edition_id, "version": part[0]},
                )


def _pin_completions() -> None:
    """To the edition that was published when it was earned, where that holds the version it was earned on."""
    connection = op.get_bind()
    read = _Versions(connection)
    pinned: dict[tuple[str, int], int | None] = {}
    publications = _publications(connection)
    rows = connection.execute(sa.select(COMPLETION).order_by(COMPLETION.c.id)).all()
    for row in rows:
        then = max((number for number, at in publications if at <= row.completed_at), default=0)
        if (row.course, then) not in pinned:
            found = read.of_publication(then)
            edition_id = None
            if ("course", row.course) in found:
                digest = _digest(read.parts_of(row.course, found))
                edition_id = connection.execute(
                    sa.select(EDITION.c.id).where(EDITION.c.course == row.course, EDITION.c.digest == digest)
                ).scalar()
            pinned[row.course, then] = edition_id
        edition_id = pinned[row.course, then]
        connection.execute(COMPLETION.update().where(COMPLETION.c.id == row.id).values(edition_id=edition_id))
        connection.execute(
            EVENT.insert().values(
                academy_id=row.academy_id,
                enrolment_id=row.enrolment_id,
                course=row.course,
                kind="earned",
                edition_id=edition_id,
                percent=row.percent,
                reason="",
                at=row.completed_at,
            )
        )


class _Versions:
    """What was published, read from the compiled forms and kept as short as possible."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.named: dict[int, list[tuple[str, str]]] = {}

    def of_publication(self, publication_id: int) -> dict[tuple[str, str], tuple[int, str]]:
        rows = self.connection.execute(
            sa.text(
                "SELECT v.kind, v.slug, v.id, v.sha256 FROM content_version v "
                "JOIN publication_entry e ON e.version_id = v.id WHERE e.publication_id = :publication"
            ),
            {"publication": publication_id},
        )
        return {(row.kind, row.slug): (row.id, row.sha256) for row in rows}

    def parts_of(
        self, course: str, found: dict[tuple[str, str], tuple[int, str]]
    ) -> list[tuple[int, str, str]]:
        keys = [("course", course)]
        for module in self.names_in(found["course", course][0]):
            if module in found:
                keys += [module, *(task for task in self.names_in(found[module][0]) if task in found)]
        return [(found[key][0], f"{key[0]}/{key[1]}", found[key][1]) for key in dict.fromkeys(keys)]

    def names_in(self, version_id: int) -> list[tuple[str, str]]:
        """The modules of a course, the tasks of a module."""
        if version_id not in self.named:
            text = self.connection.execute(
                sa.text("SELECT compiled FROM content_version WHERE id = :id"), {"id": version_id}
            ).scalar_one()
            content: dict[str, Any] = json.loads(text)
            completion = content.get("completion", {})
            self.named[version_id] = [
                *(("module", slug) for slug in content.get("modules", ())),
                *(("quiz", slug) for slug in completion.get("quizzes", ())),
                *(("scenario", slug) for slug in completion.get("scenarios", ())),
            ]
        return self.named[version_id]


def _publications(connection: sa.Connection) -> list[tuple[int, Any]]:
    table = sa.table("publication", sa.column("id", sa.Integer), sa.column("at", sa.DateTime(timezone=True)))
    return [(row.id, row.at) for row in connection.execute(sa.select(table).order_by(table.c.id))]


def _digest(parts: list[tuple[int, str, str]]) -> str:
    lines = sorted(f"{name} {sha256}" for _, name, sha256 in parts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _insert(connection: sa.Connection, table: sa.TableClause, **values: Any) -> int:
    return connection.execute(table.insert().values(**values).returning(table.c.id)).scalar_one()


def _columns(*names: str) -> list[sa.ColumnClause[Any]]:
    kinds: dict[str, Any] = {
        "completed_at": sa.DateTime(timezone=True),
        "at": sa.DateTime(timezone=True),
        "published_at": sa.DateTime(timezone=True),
        "percent": sa.Double(),
    }
    texts = ("course", "kind", "digest", "reason")
    return [sa.column(n, kinds.get(n, sa.String() if n in texts else sa.Integer())) for n in names]


EDITION = sa.table(
    "course_edition", *_columns("id", "course", "number", "digest", "version_id", "published_at")
)
COMPLETION = sa.table(
    "course_completion",
    *_columns("id", "enrolment_id", "academy_id", "course", "edition_id", "percent", "completed_at"),
)
EVENT = sa.table(
    "completion_event",
    *_columns("academy_id", "enrolment_id", "course", "kind", "edition_id", "percent", "reason", "at"),
)


def _add_events() -> None:
    op.create_table(
        "completion_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "earned",
                "amended",
                "revoked",
                "restored",
                "requalified",
                name="event_kind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Double(), nullable=False),
        sa.Column("percent_before", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("regrade_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('earned', 'amended', 'revoked', 'restored', 'requalified')",
            name=op.f("ck_completion_event_kind_is_known"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('revoked', 'restored') OR reason <> ''",
            name=op.f("ck_completion_event_reason_is_given"),
        ),
        sa.CheckConstraint(
            "percent >= 0 AND percent <= 100", name=op.f("ck_completion_event_percent_in_range")
        ),
        *_keys("completion_event", academy_id="academy", enrolment_id="enrolment", by="person"),
        *_keys("completion_event", edition_id="course_edition", regrade_id="regrade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_event")),
    )
    op.create_index("ix_completion_event_academy_id_at", "completion_event", ["academy_id", "at"])
    op.create_index("ix_completion_event_enrolment_id_id", "completion_event", ["enrolment_id", "id"])
    op.create_index(
        "uq_completion_event_earned_once",
        "completion_event",
        ["enrolment_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'earned'"),
        postgresql_where=sa.text("kind = 'earned'"),
    )


def _add_requalification() -> None:
    op.create_table(
        "edition_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("edition_call", academy_id="academy", edition_id="course_edition"),
        *_keys("edition_call", by="person", withdrawn_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_call")),
    )
    op.create_index(op.f("ix_edition_call_academy_id"), "edition_call", ["academy_id"])
    op.create_table(
        "requalification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum("done", "replaced", "withdrawn", name="ending", native_enum=False, length=24),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (ending IS NULL)", name=op.f("ck_requalification_closed_somehow")
        ),
        sa.CheckConstraint(
            "ending IN ('done', 'replaced', 'withdrawn')", name=op.f("ck_requalification_ending_is_known")
        ),
        *_keys("requalification", academy_id="academy", enrolment_id="enrolment"),
        *_keys("requalification", call_id="edition_call", edition_id="course_edition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requalification")),
    )
    op.create_index("ix_requalification_academy_id_closed_at", "requalification", ["academy_id", "closed_at"])
    op.create_index(op.f("ix_requalification_call_id"), "requalification", ["call_id"])
    op.create_index(
        "uq_requalification_one_open",
        "requalification",
        ["enrolment_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "requalified_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("requalification_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("page", "quiz", "scenario", name="step_kind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('page', 'quiz', 'scenario')", name=op.f("ck_requalified_part_kind_is_known")
        ),
        *_keys("requalified_part", academy_id="academy", requalification_id="requalification"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requalified_part")),
        sa.UniqueConstraint(
            "requalification_id",
            "kind",
            "module",
            "slug",
            name=op.f("uq_requalified_part_requalification_id_kind_module_slug"),
        ),
    )
    op.create_index(op.f("ix_requalified_part_academy_id"), "requalified_part", ["academy_id"])
    op.create_table(
        "course_validity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 120", name=op.f("ck_course_validity_months_in_range")),
        *_keys("course_validity", academy_id="academy", set_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_validity")),
        sa.UniqueConstraint("academy_id", "course", name=op.f("uq_course_validity_academy_id_course")),
    )


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
        for name, to in columns.items()
    ]
