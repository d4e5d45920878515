"""The commands for the keys that academies sign with. None of them ever prints a private part."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.commands_content import opened
from pme.config import Settings
from pme.db import Database
from pme.errors import Invalid
from pme.keys import chains, documents, service
from pme.keys.keyring import Keyring
from pme.keys.models import SigningKey
from pme.keys.public import KeyKind
from pme.keys.queries import SIGNING, keys_of, public_keys, without_keys
from pme.people.models import Academy
from pme.xapi.service import reseal_stores

WHAT = {
    KeyKind.ED25519: "credentials, returns, QR codes",
    KeyKind.P256: "PDF files",
    KeyKind.AUTHORITY: "certificates of its keys",
}


def new(given: argparse.Namespace) -> int:
    """Make the keys that an academy lacks."""
    with _acting(given.academy) as (session, acting):
        if given.demo and not acting.academy.is_demo:
            name = acting.academy.name
            raise Invalid(
                f"“{name}” is no demonstration, so it gets no demo key. Leave out --demo to make real keys."
            )
        made = service.make(session, acting, _kinds(given.kind))
        told = [_line(key) for key in made]
    print("\n".join(told))
    return 0


def rotate(given: argparse.Namespace) -> int:
    """Take new keys in the place of those that sign now."""
    with _acting(given.academy) as (session, acting):
        told = [_line(service.rotate(session, acting, kind)) for kind in _kinds(given.kind) or SIGNING]
    print("\n".join(told))
    print("The old ones stay published, so what they signed still verifies; their private parts are gone.")
    return 0


def take_in(given: argparse.Namespace) -> int:
    """Sign PDF files with a key and certificates of the nation's own authority."""
    key, chain = _read(given.key), _read(given.chain)
    password = os.environ.get("PME_KEY_PASSWORD", "").encode() or None
    if password is None and b"ENCRYPTED" in key and sys.stdin.isatty():
        password = getpass.getpass("Password of the key: ").encode()
    with _acting(given.academy) as (session, acting):
        pair = chains.taken_in(key, chain, password=password, at=acting.at)
        told = _line(service.take_in(session, acting, pair))
    print(told)
    return 0


def revoke(given: argparse.Namespace) -> int:
    """Say that nothing which a key signed is to be believed any more."""
    with _acting(given.academy) as (session, acting):
        key = service.revoke(session, acting, given.label, given.reason)
        signs, kind = acting.academy.slug, key.kind
    print(f"{given.label} is revoked. What it signed is no longer valid.")
    if kind in SIGNING:
        print(f"To sign again: pme keys new {signs}")
    return 0


def tell(given: argparse.Namespace) -> int:
    """List the keys of every academy, or of one."""
    with _database() as (_settings, database), database.session() as session:
        academies = (
            [_academy(session, given.academy)]
            if given.academy
            else session.scalars(select(Academy).order_by(Academy.slug)).all()
        )
        for academy in academies:
            keys = keys_of(session, academy.id)
            print(f"{academy.slug}: {academy.name}{' (demonstration)' if academy.is_demo else ''}")
            print("\n".join(f"  {_line(key)}" for key in keys) or "  no keys: pme keys new " + academy.slug)
    return 0


def export(given: argparse.Namespace) -> int:
    """Print the public keys of an academy, as they are published: JSON with Multikey and PEM."""
    with _database() as (settings, database), database.session() as session:
        academy = _academy(session, given.academy)
        place = documents.Place(settings.public_url, academy.slug)
        issuer = documents.About(academy.name, academy.nation, is_demo=academy.is_demo)
        document = documents.keys_document(place, issuer, public_keys(session, academy.id))
    print(json.dumps(document, ensure_ascii=False, indent=1))
    return 0


def reseal(_given: argparse.Namespace) -> int:
    """Seal every private part anew, with the secret that is in force."""
    with _database() as (settings, database), database.writing() as session:
        keyring = Keyring.of(settings)
        done, stores = service.reseal(session, keyring, at=datetime.now(UTC)), reseal_stores(session, keyring)
    unopened = (*done.unopened, *stores.unopened)
    print(
        f"Sealed again: {done.anew + stores.anew}. Sealed with this secret already: {done.fresh + stores.fresh}."
    )
    for name in unopened:
        print(f"NOT OPENED: {name}. Set PME_KEYS_SECRET_OLD to the secret that it was sealed with.")
    if not unopened:
        print("PME_KEYS_SECRET_OLD is not needed any more.")
    return 1 if unopened else 0


def check(_given: argparse.Namespace) -> int:
    """Say which academies cannot sign, and why."""
    with _database() as (settings, database):
        found = notices(database, settings)
    print("\n".join(found) or "Every academy can sign.")
    return 1 if found else 0


def notices(database: Database, settings: Settings) -> list[str]:
    """What stands in the way of signing at each academy, a sentence each."""
    keyring = Keyring.of(settings)
    with database.session() as session:
        found = [
            f"“{academy.name}” has no key for {' and '.join(WHAT[kind] for kind in kinds)}, so these are not "
            f"signed. Run: pme keys new {academy.slug}"
            for academy, kinds in without_keys(session)
        ]
        found += [
            f"{key.label} of “{name}” cannot be opened: set PME_KEYS_SECRET (or PME_KEYS_SECRET_OLD) to the secret "
            "that it was sealed with."
            for key, name in session.execute(
                select(SigningKey, Academy.name)
                .join(Academy, Academy.id == SigningKey.academy_id)
                .where(SigningKey.private_sealed != "", SigningKey.revoked_at.is_(None))
                .order_by(Academy.slug, SigningKey.id)
            )
            if not service.can_be_opened(key, keyring)
        ]
    return found


@contextmanager
def _database() -> Iterator[tuple[Settings, Database]]:
    settings = Settings.from_environment()
    with opened(settings) as database:
        yield settings, database


@contextmanager
def _acting(slug: str) -> Iterator[tuple[Session, service.Acting]]:
    with _database() as (settings, database), database.writing() as session:
        academy = _academy(session, slug)
        yield session, service.Acting(academy, Keyring.of(settings), "command line", datetime.now(UTC))


def _academy(session: Session, slug: str) -> Academy:
    academy = session.scalar(select(Academy).where(Academy.slug == slug))
    if academy is None:
        known = ", ".join(session.scalars(select(Academy.slug).order_by(Academy.slug))) or "none yet"
        raise Invalid(f"There is no academy “{slug}”. Academies here: {known}.")
    return academy


def _kinds(given: str | None) -> tuple[KeyKind, ...]:
    return (KeyKind(given),) if given else ()


def _line(key: SigningKey) -> str:
    published = key.as_public
    state = f"since {published.created_on}"
    if published.revoked_on:
        state = f"REVOKED on {published.revoked_on}: {published.revoked_reason}"
    elif published.retired_on:
        state += f", retired on {published.retired_on}"
    demo = " DEMO" if key.is_demo else ""
    return f"{key.label}{demo} ({key.kind}, for {WHAT[key.kind]}): {state}; {published.fingerprint}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
