"""Everything that the schema holds of a person is known to the house: exported, or left out with a reason."""

from sqlalchemy import Table

from pme.privacy.holdings import ACCOUNT, DONE, ELSEWHERE, HOLDINGS
from pme.schema import every_table

KNOWN = {**HOLDINGS, **ACCOUNT}
NAMED_LIKE_A_PERSON = (
    "person_id",
    "by_id",
    "published_by",
    "chosen_by",
    "made_by",
    "owner",
    "email",
    "address",
)
"""Columns without a foreign key that name somebody all the same."""


def tables() -> list[Table]:
    return list(every_table().metadata.sorted_tables)


def people_in(table: Table) -> set[str]:
    """The columns of a table that name a person."""
    named = {key.parent.name for key in table.foreign_keys if key.column.table.name == "person"}
    return named | {column.name for column in table.columns if column.name in NAMED_LIKE_A_PERSON}


def parents_of(table: Table) -> set[str]:
    """The personal tables whose rows a table belongs to."""
    return {key.column.table.name for key in table.foreign_keys if key.column.table.name in HOLDINGS} - {
        "review_function"
    }


def accounted(table: Table) -> set[str]:
    """The columns of a table that the house says something of."""
    found: set[str] = set()
    if holding := KNOWN.get(table.name):
        found |= {holding.own, *holding.acts.split(), "email", "address"}
    if done := DONE.get(table.name):
        found |= set(done.columns.split())
    return found


def test_every_column_that_names_a_person_is_a_holding_an_act_or_left_out_with_a_reason():
    unknown = [
        f"{table.name}: {', '.join(sorted(left))}"
        for table in tables()
        if table.name not in ELSEWHERE and table.name != "person"
        if (left := people_in(table) - accounted(table))
    ]
    assert unknown == [], "say in pme/privacy/holdings.py what these are"


def test_every_table_that_belongs_to_a_personal_row_is_one_too():
    unknown = [
        f"{table.name} belongs to {', '.join(sorted(parents_of(table)))}"
        for table in tables()
        if table.name not in KNOWN and table.name not in ELSEWHERE and table.name not in DONE
        if parents_of(table)
    ]
    assert unknown == [], "say in pme/privacy/holdings.py what these are"


def test_what_is_said_of_tables_is_true_of_them():
    there = {table.name: table for table in tables()}
    assert set(KNOWN) | set(DONE) | set(ELSEWHERE) <= set(there)
    for name, holding in KNOWN.items():
        said = {holding.own, *holding.hidden.split(), *holding.acts.split(), *(holding.blanks or {})}
        assert said <= set(there[name].c.keys()), name
        assert not holding.through or holding.through in HOLDINGS
    for name, done in DONE.items():
        assert {*done.columns.split(), done.at} <= set(there[name].c.keys()), name
    assert all(len(reason) > 10 for reason in ELSEWHERE.values())
