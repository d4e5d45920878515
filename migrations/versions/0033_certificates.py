"""Certificates with a life: frozen further, replaced and revoked by events, every number accounted for; fixed days
of validity; a second signatory; what academies state of courses.
"""

import secrets
from calendar import monthrange
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from pme.policies import keep_apart

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

LIST_LENGTH, LIST_FULL = 131_072, 65_536
SAYS = "certificates never change: issue another"
GAP = "Drawn before numbers were kept. No certificate bears it."
SIGNATORY = ("second_signatory_name", "second_signatory_role")
CAUSES = ("earned", "corrected", "renewed", "restored")
GROUNDS = ("error", "holder", "misconduct", "request", "completion", "other")
NAMES = ("holder_name", "holder_rank", "reason")
NEW = (
    "status_list status_index cause replaces_id issued_by reason is_demo design_version_id edition_id edition "
    "edition_sha256 ects frameworks earned_on valid_until"
).split()
FROZEN = (
    "id enrolment_id person_id academy_id number code status_list status_index cause replaces_id issued_by is_demo "
    "design_version_id academy_name academy_nation course course_title course_sha256 edition_id edition "
    "edition_sha256 certificate_title statement outcomes hours ects frameworks percent language signatories "
    "earned_on valid_until issued_on issued_at"
).split()
OF_EVENT = "id academy_id certificate_id kind ground by at".split()
TEXT = {"outcomes", "frameworks", "signatories"}
NAMELESS = "(erased)"


def upgrade() -> None:
    """Give what was issued what it lacks, then lock it."""
    _add_columns()
    _add_tables()
    _fill()
    _tighten()
    _lock()
    keep_apart(op, "certificate_event")
    keep_apart(op, "certificate_number")
    keep_apart(op, "course_statement")


def downgrade() -> None:
    """Forget all but the latest certificate of each enrolment: the schema before holds no other."""
    _unlock()
    connection = op.get_bind()
    for table in ("certificate_event", "certificate_number", "course_statement"):
        op.drop_table(table)
    replaced = connection.execute(
        sa.text("SELECT replaces_id FROM certificate WHERE replaces_id IS NOT NULL")
    ).scalars().all()  # fmt: skip
    op.drop_index("uq_certificate_first_of_enrolment", table_name="certificate")
    op.drop_index(op.f("ix_certificate_enrolment_id"), table_name="certificate")
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(batch.f("ck_certificate_follower_says_why"), type_="check")
        batch.drop_constraint(batch.f("ck_certificate_cause_is_known"), type_="check")
        batch.drop_constraint(batch.f("uq_certificate_replaces_id"), type_="unique")
        batch.drop_constraint(batch.f("uq_certificate_academy_id_status_list_status_index"), type_="unique")
        batch.drop_constraint(batch.f("fk_certificate_replaces_id_certificate"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_certificate_issued_by_person"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_certificate_edition_id_course_edition"), type_="foreignkey")
        for name in NEW:
            batch.drop_column(name)
    for number in replaced:
        connection.execute(sa.text("DELETE FROM certificate WHERE id = :id"), {"id": number})
    for number, outcomes in connection.execute(sa.select(CERTIFICATE.c.id, CERTIFICATE.c.outcomes)).all():
        changed = sa.update(CERTIFICATE).where(CERTIFICATE.c.id == number)
        connection.execute(changed.values(outcomes=[each[1] for each in outcomes]))
    with op.batch_alter_table("certificate") as batch:
        batch.create_unique_constraint(batch.f("uq_certificate_enrolment_id"), ["enrolment_id"])
    op.execute("DELETE FROM course_validity WHERE months IS NULL")
    with op.batch_alter_table("course_validity") as batch:
        batch.drop_constraint(batch.f("ck_course_validity_months_or_day"), type_="check")
        batch.drop_column("until_day")
        batch.drop_column("until_month")
        batch.alter_column("months", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("academy") as batch:
        for name in SIGNATORY:
            batch.drop_column(name)


CERTIFICATE = sa.table(
    "certificate",
    sa.column("id", sa.Integer()),
    sa.column("enrolment_id", sa.Integer()),
    sa.column("academy_id", sa.Integer()),
    sa.column("number", sa.String()),
    sa.column("course", sa.String()),
    sa.column("outcomes", sa.JSON()),
    sa.column("issued_at", sa.DateTime(timezone=True)),
    sa.column("status_list", sa.Integer()),
    sa.column("status_index", sa.Integer()),
    sa.column("frameworks", sa.JSON()),
    sa.column("earned_on", sa.Date()),
    sa.column("valid_until", sa.Date()),
    sa.column("edition_id", sa.Integer()),
    sa.column("edition", sa.String()),
    sa.column("edition_sha256", sa.String()),
)


def _add_columns() -> None:
    with op.batch_alter_table("academy") as batch:
        for name in SIGNATORY:
            batch.add_column(sa.Column(name, sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("academy") as batch:
        for name in SIGNATORY:
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("course_validity") as batch:
        batch.alter_column("months", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("until_month", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("until_day", sa.Integer(), nullable=True))
    with op.batch_alter_table("course_validity") as batch:
        batch.create_check_constraint(
            batch.f("ck_course_validity_months_or_day"),
            "(months IS NULL) = (until_month IS NOT NULL) AND (until_month IS NULL) = (until_day IS NULL)",
        )
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(batch.f("uq_certificate_enrolment_id"), type_="unique")
        batch.add_column(sa.Column("status_list", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("status_index", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column(
                "cause",
                sa.Enum(*CAUSES, name="cause", native_enum=False, length=24),
                nullable=False,
                server_default="earned",
            )
        )
        batch.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("issued_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("is_demo", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("design_version_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("edition_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("edition", sa.String(length=80), nullable=False, server_default=""))
        batch.add_column(sa.Column("edition_sha256", sa.String(length=64), nullable=False, server_default=""))
        batch.add_column(sa.Column("ects", sa.Double(), nullable=True))
        batch.add_column(sa.Column("frameworks", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("earned_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("valid_until", sa.Date(), nullable=True))


def _add_tables() -> None:
    kinds, grounds = ("superseded", "revoked"), ", ".join(f"'{each}'" for each in GROUNDS)
    op.create_table(
        "certificate_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="certificate_event_kind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("ground", sa.Enum(*GROUNDS, name="ground", native_enum=False, length=24), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('superseded', 'revoked')", name=op.f("ck_certificate_event_kind_is_known")
        ),
        sa.CheckConstraint(f"ground IN ({grounds})", name=op.f("ck_certificate_event_ground_is_known")),
        sa.CheckConstraint(
            "(kind = 'revoked') = (ground IS NOT NULL)",
            name=op.f("ck_certificate_event_revocation_has_ground"),
        ),
        *_keys("certificate_event", academy_id="academy", certificate_id="certificate", by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_event")),
        sa.UniqueConstraint("certificate_id", "kind", name=op.f("uq_certificate_event_certificate_id_kind")),
    )
    op.create_index("ix_certificate_event_academy_id_at", "certificate_event", ["academy_id", "at"])
    op.create_table(
        "certificate_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("is_issued", sa.Boolean(), nullable=False),
        sa.Column("explanation", sa.String(length=200), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "is_issued = (explanation = '')", name=op.f("ck_certificate_number_gap_is_explained")
        ),
        *_keys("certificate_number", academy_id="academy"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_number")),
        sa.UniqueConstraint(
            "academy_id", "year", "sequence", name=op.f("uq_certificate_number_academy_id_year_sequence")
        ),
    )
    op.create_table(
        "course_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("academy_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("hours_per_credit", sa.Integer(), nullable=True),
        sa.Column("eqf_level", sa.Integer(), nullable=True),
        sa.Column("milof_level", sa.String(length=40), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "hours_per_credit BETWEEN 25 AND 30", name=op.f("ck_course_statement_hours_per_credit_in_range")
        ),
        sa.CheckConstraint("eqf_level BETWEEN 1 AND 8", name=op.f("ck_course_statement_eqf_level_in_range")),
        *_keys("course_statement", academy_id="academy", set_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_statement")),
        sa.UniqueConstraint("academy_id", "course", name=op.f("uq_course_statement_academy_id_course")),
    )


def _fill() -> None:
    """What was issued: a place in a status list, the edition, the end that the academy's rule gave it until today,
    and the revocation of its completion.
    """
    connection = op.get_bind()
    ends = {
        (row.academy_id, row.course): row.months
        for row in connection.execute(sa.text("SELECT academy_id, course, months FROM course_validity"))
    }
    editions = {
        row.id: row
        for row in connection.execute(
            sa.select(EDITION.c.id, EDITION.c.number, EDITION.c.digest, EDITION.c.published_at)
        )
    }
    pinned = dict(connection.execute(sa.text("SELECT enrolment_id, edition_id FROM course_completion")).all())
    since, revoked = _history(connection)
    places: dict[int, set[tuple[int, int]]] = defaultdict(set)
    rows = connection.execute(sa.select(CERTIFICATE).order_by(CERTIFICATE.c.id)).all()
    for row in rows:
        edition = editions.get(pinned.get(row.enrolment_id) or 0)
        months = ends.get((row.academy_id, row.course))
        begun = since.get(row.enrolment_id, row.issued_at)
        status_list, status_index = _place(places[row.academy_id])
        connection.execute(
            sa.update(CERTIFICATE)
            .where(CERTIFICATE.c.id == row.id)
            .values(
                status_list=status_list,
                status_index=status_index,
                outcomes=[["", words, ""] for words in row.outcomes],
                frameworks=[],
                earned_on=_utc(row.issued_at).date(),
                valid_until=_after(_utc(begun).date(), months) if months else None,
                edition_id=edition.id if edition else None,
                edition=_label(edition.number, _utc(edition.published_at)) if edition else "",
                edition_sha256=edition.digest if edition else "",
            )
        )
        if row.enrolment_id in revoked:
            reason, by, at = revoked[row.enrolment_id]
            connection.execute(
                sa.insert(EVENT).values(
                    academy_id=row.academy_id,
                    certificate_id=row.id,
                    kind="revoked",
                    ground="completion",
                    reason=reason,
                    by=by,
                    at=at,
                )
            )
    _account_for(connection, rows)


EDITION = sa.table(
    "course_edition",
    sa.column("id", sa.Integer()),
    sa.column("number", sa.Integer()),
    sa.column("digest", sa.String()),
    sa.column("published_at", sa.DateTime(timezone=True)),
)
EVENT = sa.table(
    "certificate_event",
    sa.column("academy_id", sa.Integer()),
    sa.column("certificate_id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("ground", sa.String()),
    sa.column("reason", sa.Text()),
    sa.column("by", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
)
COMPLETION_EVENT = sa.table(
    "completion_event",
    sa.column("id", sa.Integer()),
    sa.column("enrolment_id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("reason", sa.Text()),
    sa.column("by", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
)
NUMBER = sa.table(
    "certificate_number",
    sa.column("academy_id", sa.Integer()),
    sa.column("year", sa.Integer()),
    sa.column("sequence", sa.Integer()),
    sa.column("number", sa.String()),
    sa.column("is_issued", sa.Boolean()),
    sa.column("explanation", sa.String()),
    sa.column("drawn_at", sa.DateTime(timezone=True)),
)


def _history(
    connection: sa.Connection,
) -> tuple[dict[int, datetime], dict[int, tuple[str, int | None, datetime]]]:
    """By enrolment, when its completion was last renewed, and how it was revoked where it still is."""
    since: dict[int, datetime] = {}
    revoked: dict[int, tuple[str, int | None, datetime]] = {}
    for row in connection.execute(sa.select(COMPLETION_EVENT).order_by(COMPLETION_EVENT.c.id)):
        if row.kind in ("earned", "requalified"):
            since[row.enrolment_id] = row.at
        if row.kind == "revoked":
            revoked[row.enrolment_id] = (row.reason, row.by, row.at)
        elif row.kind in ("restored", "requalified"):
            revoked.pop(row.enrolment_id, None)
    return since, revoked


def _account_for(connection: sa.Connection, rows: Any) -> None:
    slugs = dict(connection.execute(sa.text("SELECT id, slug FROM academy")).all())
    given = {(row.academy_id, row.number): row.issued_at for row in rows}
    counters = connection.execute(sa.text("SELECT academy_id, year, last FROM certificate_counter")).all()
    for academy_id, year, last in counters:
        told = []
        for sequence in range(1, last + 1):
            number = f"{slugs[academy_id].upper()}-{year}-{sequence:06d}"
            at = given.get((academy_id, number))
            told.append(
                {
                    "academy_id": academy_id,
                    "year": year,
                    "sequence": sequence,
                    "number": number,
                    "is_issued": at is not None,
                    "explanation": "" if at else GAP,
                    "drawn_at": at or datetime(year, 12, 31, tzinfo=UTC),
                }
            )
        if told:
            connection.execute(sa.insert(NUMBER), told)


def _place(taken: set[tuple[int, int]]) -> tuple[int, int]:
    number = 1 + len(taken) // LIST_FULL
    while (place := (number, secrets.randbelow(LIST_LENGTH))) in taken:
        pass
    taken.add(place)
    return place


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _label(number: int, at: datetime) -> str:
    return f"Edition {number} ({at.day} {at:%B %Y})"


def _tighten() -> None:
    with op.batch_alter_table("certificate") as batch:
        for name in ("cause", "reason", "is_demo", "edition", "edition_sha256"):
            batch.alter_column(name, server_default=None)
        batch.alter_column("status_list", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("status_index", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("frameworks", existing_type=sa.JSON(), nullable=False)
        batch.alter_column("earned_on", existing_type=sa.Date(), nullable=False)
        batch.create_unique_constraint(batch.f("uq_certificate_replaces_id"), ["replaces_id"])
        batch.create_unique_constraint(
            batch.f("uq_certificate_academy_id_status_list_status_index"),
            ["academy_id", "status_list", "status_index"],
        )
        for column, to in (
            ("replaces_id", "certificate"),
            ("issued_by", "person"),
            ("edition_id", "course_edition"),
        ):
            batch.create_foreign_key(batch.f(f"fk_certificate_{column}_{to}"), to, [column], ["id"])
        listed = ", ".join(f"'{each}'" for each in CAUSES)
        batch.create_check_constraint(batch.f("ck_certificate_cause_is_known"), f"cause IN ({listed})")
        batch.create_check_constraint(
            batch.f("ck_certificate_follower_says_why"), "(cause = 'earned') = (replaces_id IS NULL)"
        )
    op.create_index(op.f("ix_certificate_enrolment_id"), "certificate", ["enrolment_id"])
    op.create_index(
        "uq_certificate_first_of_enrolment",
        "certificate",
        ["enrolment_id"],
        unique=True,
        sqlite_where=sa.text("replaces_id IS NULL"),
        postgresql_where=sa.text("replaces_id IS NULL"),
    )


NAMED = "(SELECT c.holder_name FROM certificate c WHERE c.id = OLD.certificate_id) <> ''"
"""An event goes only after the name on its certificate has."""


def _lock() -> None:
    """What was issued never changes, but for what an erasure empties; and goes only after its name did."""
    if op.get_bind().dialect.name == "postgresql":
        _lock_postgresql()
        return
    emptied = " AND ".join(f"NEW.{name} = ''" for name in NAMES)
    same, same_event = (
        " AND ".join(f'NEW."{n}" IS OLD."{n}"' for n in names) for names in (FROZEN, OF_EVENT)
    )
    for name, act, table, when in (
        ("certificate_never_updates", "UPDATE", "certificate", f"NOT ({emptied} AND {same})"),
        ("certificate_never_deletes", "DELETE", "certificate", "OLD.holder_name <> ''"),
        (
            "certificate_event_never_updates",
            "UPDATE",
            "certificate_event",
            f"NOT (NEW.reason = '{NAMELESS}' AND {same_event})",
        ),
        ("certificate_event_never_deletes", "DELETE", "certificate_event", NAMED),
        ("certificate_number_never_updates", "UPDATE", "certificate_number", "1"),
        ("certificate_number_never_deletes", "DELETE", "certificate_number", "1"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )


NEVER = "certificates_never_change()"


def _lock_postgresql() -> None:
    raises = f"RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';"
    op.execute(
        "CREATE FUNCTION certificates_never_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {raises} END $$"
    )
    op.execute(
        "CREATE FUNCTION certificate_events_never_go() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {NAMED} THEN {raises} END IF; RETURN OLD; END $$"
    )

    def row(which: str, names: list[str]) -> str:
        return ", ".join(f'{which}."{n}"' + ("::text" if n in TEXT else "") for n in names)

    def same(names: list[str]) -> str:
        return f"ROW({row('OLD', names)}) IS NOT DISTINCT FROM ROW({row('NEW', names)})"

    emptied = " AND ".join(f"NEW.{name} = ''" for name in NAMES)
    for name, act, when in (
        (
            "certificate_never_changes",
            "UPDATE ON certificate",
            f"WHEN (NOT ({emptied} AND {same(FROZEN)})) EXECUTE FUNCTION certificates_never_change()",
        ),
        (
            "certificate_never_goes",
            "DELETE ON certificate",
            "WHEN (OLD.holder_name <> '') EXECUTE FUNCTION certificates_never_change()",
        ),
        (
            "certificate_event_never_changes",
            "UPDATE ON certificate_event",
            f"WHEN (NOT (NEW.reason = '{NAMELESS}' AND {same(OF_EVENT)})) EXECUTE FUNCTION {NEVER}",
        ),
        (
            "certificate_event_never_goes",
            "DELETE ON certificate_event",
            "EXECUTE FUNCTION certificate_events_never_go()",
        ),
        (
            "certificate_number_never_changes",
            "UPDATE OR DELETE ON certificate_number",
            "EXECUTE FUNCTION certificates_never_change()",
        ),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} FOR EACH ROW {when}")
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_never_empties BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION certificates_never_change()"
        )


TABLES = ("certificate", "certificate_event", "certificate_number")


def _unlock() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_never_changes ON {table}")
            op.execute(f"DROP TRIGGER {table}_never_empties ON {table}")
        for table in TABLES[:2]:
            op.execute(f"DROP TRIGGER {table}_never_goes ON {table}")
        op.execute("DROP FUNCTION certificate_events_never_go()")
        op.execute("DROP FUNCTION certificates_never_change()")
        return
    for table in TABLES:
        for act in ("updates", "deletes"):
            op.execute(f"DROP TRIGGER {table}_never_{act}")


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
        for name, to in columns.items()
    ]
