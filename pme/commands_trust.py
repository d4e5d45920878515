"""The commands by which an installation proves what it says: the record verified, erasures done again.

Every command says what it found in plain sentences, and exits with 1 where something is not as it should be.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.commands_content import opened
from pme.config import Settings
from pme.errors import Invalid
from pme.people.models import Academy
from pme.privacy import journal
from pme.privacy.erasing import lines_of
from pme.privacy.replaying import Replayed, replay
from pme.returns.checking import check
from pme.stores.chosen import store_of
from pme.trail.queries import Head, head_in, head_of, holds

IDS = select(Academy.id).order_by(Academy.id)


def check_audit(given: argparse.Namespace) -> int:
    """Verify the chains of the audit trail: of every academy and the install, or of one academy."""
    kept = _kept_head(given)
    with opened(Settings.from_environment()) as database, database.session() as session:
        chains = [_academy(session, given.academy)] if given.academy else [None, *session.scalars(IDS)]
        found = [_is_whole(session, academy_id) for academy_id in chains]
        if kept is None:
            return 0 if all(found) else 1
        is_there = holds(session, chains[0], kept)
    print(f"The head that you kept is {'' if is_there else 'NOT '}in the chain.")
    return 0 if all(found) and is_there else 1


def verify_return(given: argparse.Namespace) -> int:
    """Check a sealed return by nothing but the file itself."""
    try:
        verdict = check(given.file.read_bytes())
    except OSError as error:
        raise Invalid(f"{given.file} cannot be read: {error.strerror}.") from error
    if verdict.manifest:
        print("Return {number} of {academy}, {since} to {until}.".format(**verdict.told))
    for problem in verdict.problems:
        print(f"NOT AS IT WAS SEALED: {problem}")
    if verdict.fingerprint:
        print(f"Key: {verdict.fingerprint}. Compare it with what you had from the academy another way.")
    wanted = given.key and "".join(given.key.split()).upper()
    if wanted and wanted != verdict.fingerprint.replace(" ", ""):
        print("NOT THE KEY that you gave.")
        return 1
    print("It is as it was sealed." if verdict.is_whole else "Do not rely on it.")
    return 0 if verdict.is_whole else 1


def erasures(given: argparse.Namespace) -> int:
    """Verify the journal of erasures, write a copy of it, or erase again whom it names after a restore."""
    settings = Settings.from_environment()
    if given.act == "export":
        return _export(settings, given.file)
    if given.act == "verify":
        lines = journal.read(settings.instance_dir)
        print(f"The journal is whole: {len(lines)} {'erasure' if len(lines) == 1 else 'erasures'}.")
        return 0
    with opened(settings) as database:
        return tell_replayed(
            replay(database, settings.instance_dir, store_of(settings), at=datetime.now(UTC))
        )


def _export(settings: Settings, to: Path | None) -> int:
    if to is None:
        raise Invalid("Say where to write it: pme erasures export FILE")
    with opened(settings) as database, database.session() as session:
        lines = [line for academy in session.scalars(select(Academy)) for line in lines_of(session, academy)]
    journal.keep(settings.instance_dir, lines)
    whole = journal.read(settings.instance_dir)
    journal.write_new(to, whole)
    print(f"{to} names {len(whole)} {'erasure' if len(whole) == 1 else 'erasures'}, by number.")
    return 0


def tell_replayed(found: Replayed) -> int:
    """Say what came of it: 1 where a line of the journal means somebody else."""
    for line in found.again:
        print(f"Erased again at {line.academy}: person {line.person_id}, first erased on {line.at[:10]}.")
    for line in found.foreign:
        print(
            f"NOT erased at {line.academy}: person {line.person_id} is not who the journal means. Is this "
            "the database that belongs to this instance folder?"
        )
    print(f"Erasures in the database and the journal: {found.kept}.")
    return 1 if found.foreign else 0


def _kept_head(given: argparse.Namespace) -> Head | None:
    if not given.head:
        return None
    if not given.academy:
        raise Invalid("A head belongs to one academy's chain: say which with --academy SLUG.")
    kept = head_in(given.head)
    if kept is None:
        raise Invalid("A head looks like 1234-5f0c…: a number, a dash and 64 letters and digits.")
    return kept


def _academy(session: Session, slug: str) -> int:
    found = session.scalar(select(Academy.id).where(Academy.slug == slug))
    if found is None:
        known = ", ".join(session.scalars(select(Academy.slug))) or "none yet"
        raise Invalid(f"There is no academy “{slug}”. Academies here: {known}.")
    return found


def _is_whole(session: Session, academy_id: int | None) -> bool:
    position, head = audit.first_broken(session, academy_id=academy_id), head_of(session, academy_id)
    state = "whole" if position is None else f"BROKEN at entry {position}"
    print(f"{audit.chain_of(academy_id)}: {state}. Its head is {head}.")
    return position is None
