"""Acts are counted day by day, by the database itself: pages read, attempts begun and finished."""

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

TABLES = {
    "page_read": ("enrolment_id", "read_at"),
    "attempt": ("enrolment_id", "started_at", "finished_at", "status"),
}
"""What is counted, and the columns on which the counts rest."""
COUNTS = ("pages", "begun", "finished")
DAY = {"sqlite": "substr({}, 1, 10)", "postgresql": "CAST({} AT TIME ZONE 'UTC' AS DATE)"}
COME = """
    INSERT INTO acts_of_day (enrolment_id, day, academy_id, pages, begun, finished)
    SELECT id, {day}, academy_id, {pages}, {begun}, {finished} FROM enrolment
    WHERE id = {row}.enrolment_id AND {fits}
    ON CONFLICT (enrolment_id, day) DO UPDATE SET {count} = acts_of_day.{count} + 1;
"""
GONE = """
    UPDATE acts_of_day SET {count} = {count} - 1
    WHERE enrolment_id = {row}.enrolment_id AND day = {day} AND {fits};
    DELETE FROM acts_of_day
    WHERE enrolment_id = {row}.enrolment_id AND day = {day} AND pages + begun + finished = 0;
"""


def upgrade() -> None:
    """Count what there is, and let the database count on."""
    op.create_table(
        "acts_of_day",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "pages >= 0 AND begun >= 0 AND finished >= 0", name=op.f("ck_acts_of_day_counts_are_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_acts_of_day_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["academy_id"], ["academy.id"], name=op.f("fk_acts_of_day_academy_id_academy")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "day", name=op.f("pk_acts_of_day")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_acts_of_day_academy_id_day", "acts_of_day", ["academy_id", "day", "enrolment_id"])
    kind = op.get_bind().dialect.name
    if kind == "postgresql":  # nobody acts between the count and the triggers
        op.execute(f"LOCK TABLE {', '.join(TABLES)} IN SHARE ROW EXCLUSIVE MODE")
    _count(DAY[kind])
    for table in TABLES:
        _keep_counted(kind, table)
    keep_apart(op, "acts_of_day")


def downgrade() -> None:
    """Count no more."""
    kind = op.get_bind().dialect.name
    for table in TABLES:
        for act in ("insert", "update", "delete"):
            on = f" ON {table}" if kind == "postgresql" else ""
            op.execute(f"DROP TRIGGER {table}_{act}_counted{on}")
            if kind == "postgresql":
                op.execute(f"DROP FUNCTION {table}_{act}_is_counted()")
    op.drop_table("acts_of_day")


def _count(day: str) -> None:
    op.execute(
        f"""
        INSERT INTO acts_of_day (enrolment_id, day, academy_id, pages, begun, finished)
        SELECT enrolment.id, did.day, enrolment.academy_id, sum(did.pages), sum(did.begun), sum(did.finished)
        FROM (
            SELECT enrolment_id, {day.format("read_at")} AS day, 1 AS pages, 0 AS begun, 0 AS finished FROM page_read
            UNION ALL SELECT enrolment_id, {day.format("started_at")}, 0, 1, 0 FROM attempt
            UNION ALL SELECT enrolment_id, {day.format("finished_at")}, 0, 0, 1 FROM attempt
            WHERE status = 'finished' AND finished_at IS NOT NULL
        ) AS did JOIN enrolment ON enrolment.id = did.enrolment_id
        GROUP BY enrolment.id, did.day, enrolment.academy_id
        """
    )


def _keep_counted(kind: str, table: str) -> None:
    """What went is taken off, and what came is counted; a change is both."""
    parts = {
        "insert": _acts(kind, table, "NEW", COME),
        "delete": _acts(kind, table, "OLD", GONE),
    }
    parts["update"] = parts["delete"] + parts["insert"]
    for act, statements in parts.items():
        of = f" OF {', '.join(TABLES[table])}" if act == "update" else ""
        after = f"{table}_{act}_counted AFTER {act.upper()}{of} ON {table} FOR EACH ROW"
        if kind == "sqlite":
            op.execute(f"CREATE TRIGGER {after} BEGIN {statements} END")
            continue
        function = f"{table}_{act}_is_counted()"
        op.execute(
            f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statements} RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {after} EXECUTE FUNCTION {function}")


def _acts(kind: str, table: str, row: str, statement: str) -> str:
    counted = {
        "page_read": [("pages", "read_at", "{row}.read_at IS NOT NULL")],
        "attempt": [
            ("begun", "started_at", "{row}.started_at IS NOT NULL"),
            ("finished", "finished_at", "{row}.status = 'finished' AND {row}.finished_at IS NOT NULL"),
        ],
    }[table]
    return "".join(
        statement.format(
            row=row,
            count=count,
            day=DAY[kind].format(f"{row}.{moment}"),
            fits=fits.format(row=row),
            **{each: int(each == count) for each in COUNTS},
        )
        for count, moment, fits in counted
    )
