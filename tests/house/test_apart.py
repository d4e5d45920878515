"""Academies apart: every table of an academy is named in a migration that lets PostgreSQL keep its rows apart."""

import re
from pathlib import Path

from sqlalchemy import Table

from pme.config import ROOT
from pme.schema import every_table

KEEP = re.compile(r'keep_apart\(\s*op,\s*"(?P<table>\w+)"(?:,\s*parent="(?P<parent>\w+)")?')
GONE = re.compile(r'op\.drop_table\("(\w+)"\)')
OF_THE_INSTALL: dict[str, str] = {}
"""Tables that refer to an academy's tables, yet belong to the whole install; with the reason."""


def named_in_migrations() -> dict[str, str | None]:
    """Table -> the parent that its policy asks, for each that the migrations' way up leaves kept apart."""
    kept: dict[str, str | None] = {}
    for file in sorted(Path(ROOT / "migrations/versions").glob("*.py")):
        way_up = file.read_text(encoding="utf-8").partition("def downgrade")[0]
        kept |= {found["table"]: found["parent"] for found in KEEP.finditer(way_up)}
        for gone in GONE.findall(way_up):
            kept.pop(gone, None)
    return kept


def academy_tables() -> dict[str, Table]:
    return {table.name: table for table in every_table().metadata.sorted_tables if "academy_id" in table.c}


def test_every_table_with_an_academy_has_a_policy():
    missing = sorted(set(academy_tables()) - set(named_in_migrations()))
    assert missing == [], (
        'add `keep_apart(op, "…")` to the migration that makes the table: see pme/policies.py'
    )


def test_every_table_that_refers_to_a_table_kept_apart_is_reached_by_it():
    kept = named_in_migrations()
    missing = []
    for table in every_table().metadata.sorted_tables:
        refers = {key.column.table.name for key in table.foreign_keys} & set(kept)
        if refers and table.name not in {*kept, *OF_THE_INSTALL}:
            missing.append(f'keep_apart(op, "{table.name}", parent="{min(refers)}")')
    assert missing == [], "add these lines to the migration that makes the tables: see pme/policies.py"


def test_a_policy_by_a_parent_asks_a_table_that_is_kept_apart_itself():
    kept = named_in_migrations()
    assert {parent for parent in kept.values() if parent} <= set(kept)
