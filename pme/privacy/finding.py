"""The rows of a person: conditions on any table of the schema, from what `holdings` says of it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Table, and_, func, select
from sqlalchemy.orm import Session

from pme.audit import AuditChain, chain_of
from pme.db import Base
from pme.privacy.holdings import ACCOUNT, HOLDINGS, Holding


def table_of(name: str) -> Table:
    """A table of the schema."""
    return Base.metadata.tables[name]


def known() -> Iterator[tuple[Table, Holding]]:
    """Every table of a person at an academy, what refers to another before that other."""
    return (
        (table, HOLDINGS[table.name])
        for table in reversed(Base.metadata.sorted_tables)
        if table.name in HOLDINGS
    )


def of_account() -> Iterator[tuple[Table, Holding]]:
    """Every table of the account itself, likewise."""
    return (
        (table, ACCOUNT[table.name])
        for table in reversed(Base.metadata.sorted_tables)
        if table.name in ACCOUNT
    )


def theirs(table: Table, person_id: int, academy_id: int, *, whole: bool = False) -> ColumnElement[bool]:
    """Which rows of a table are a person's, at an academy; `whole`: and those of the account at no academy."""
    holding = HOLDINGS.get(table.name) or ACCOUNT[table.name]
    column = table.c[holding.own]
    if holding.through:
        parent = table_of(holding.through)
        return column.in_(select(parent.c.id).where(theirs(parent, person_id, academy_id)))
    conditions = [column == person_id]
    if "academy_id" in table.c:
        here = table.c.academy_id == academy_id
        conditions.append(here | table.c.academy_id.is_(None) if whole else here)
    if table.name == "audit_alias":
        chain = select(AuditChain.id).where(AuditChain.name == chain_of(academy_id)).scalar_subquery()
        conditions.append(table.c.chain_id == chain)
    if table.name == "function_holder":
        function = table_of("review_function")
        functions = select(function.c.id).where(function.c.academy_id == academy_id)
        conditions.append(table.c.function_id.in_(functions))
    return and_(*conditions)


def count_of(session: Session, table: Table, person_id: int, academy_id: int, *, whole: bool = False) -> int:
    """How many rows of a table are a person's."""
    where = theirs(table, person_id, academy_id, whole=whole)
    counted = select(func.count()).select_from(table).where(where)
    return session.execute(counted).scalar_one()


def primary_key(table: Table) -> Sequence[ColumnElement[object]]:
    """The columns by which rows of a table are told apart."""
    return tuple(table.primary_key.columns)
