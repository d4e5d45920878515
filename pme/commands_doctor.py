"""The command that looks whether an installation is well, and says what to do."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from pme.config import Settings
from pme.db import Database
from pme.doctor.examining import Patient, examine
from pme.doctor.finding import Finding, Level, worst, wrong
from pme.errors import Refused


def doctor(given: argparse.Namespace) -> int:
    """Look whether all is well: 0 where it is, 1 where somebody should look, 2 where something is wrong."""
    try:
        settings = Settings.from_environment()
    except Refused as refused:
        found = [wrong("Settings", line, "See docs/settings.md.") for line in refused.says.splitlines()]
        return _said(found, as_json=given.json)
    database = Database(settings.database_url, pooled=settings.database_pooled)
    try:
        patient = Patient(settings, database, datetime.now(UTC), asks_mail=not given.no_mail)
        return _said(examine(patient), as_json=given.json)
    finally:
        database.dispose()


def _said(findings: list[Finding], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=1))
    else:
        width = max(len(each.about) for each in findings)
        for each in findings:
            level = each.level if each.level is Level.FINE else each.level.upper()
            print(f"{level:5}  {each.about:{width}}  {each.found}")
            if each.do:
                print(f"{'':5}  {'':{width}}  -> {each.do}")
        counts = [f"{sum(each.level is level for each in findings)} {level}" for level in Level]
        print(f"{', '.join(counts)}.")
    return list(Level).index(worst(findings))
