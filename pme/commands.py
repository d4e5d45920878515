"""The commands that work on an installation: serve, publish, migrate, people, audit.

Apart from `pme.cli`, so that checking content does not wait for the database and the server to load.
"""

import argparse
import errno
import getpass
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit, demo, invigilation, schema
from pme.commands_content import opened, publish_folder
from pme.commands_keys import notices
from pme.commands_trust import tell_replayed
from pme.config import ROOT, Settings, ensure_instance
from pme.db import Database
from pme.enrolment.service import cohort_of_name, enrol
from pme.errors import Invalid, Unavailable
from pme.people.factors import reset_factors
from pme.people.models import Academy, Role
from pme.people.passwords import Hashing
from pme.people.queries import academy_by_slug, person_by_email
from pme.people.service import add_academy, add_person, appoint, grant
from pme.people.sessions import end_others
from pme.privacy.replaying import replay
from pme.stores.chosen import store_of
from pme.watching.health import OK, readiness
from pme.watching.meters import FOLDER, fresh_folder

TIDY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Lets the C library give memory back, above all what password hashes took (19 MiB each)."""


def serve(given: argparse.Namespace) -> int:
    """Prepare everything that is missing, then serve; or only serve what was prepared before.

    Raises Unavailable where it was to be prepared before, and was not.
    """
    ensure_instance()
    settings = Settings.from_environment()
    if given.prepared:
        with opened(settings) as database:
            _is_prepared(database)
        _granian(settings, _free_address(settings))
    _free_address(settings)
    sign_ins: tuple[demo.SignIn, ...] = ()
    with opened(settings) as database:
        print(database.describe() + ".")
        if warning := database.unguarded():
            print(f"WARNING: {warning}")
        schema.upgrade(database)
        _erase_again(settings, database)
        publish_folder(settings, database, note="start-up", is_required=False)
        if settings.demo:
            sign_ins = demo.create_once(database, settings, at=datetime.now(UTC))
        for notice in notices(database, settings):
            print(f"NOTICE: {notice}")
    address = _free_address(settings)
    print(demo.describe(sign_ins, settings.public_url), flush=True)
    _granian(settings, address)


def _is_prepared(database: Database) -> None:
    found = readiness(database)
    if not found.is_ready:
        lacking = "pme migrate" if found.schema != OK else "pme publish"
        raise Unavailable(
            f"Not started: the database is {found.database}, its schema {found.schema}, the content "
            f"{found.content}. Run `{lacking}` first, or start without --prepared."
        )


def _erase_again(settings: Settings, database: Database) -> None:
    """Where a backup was restored, nobody who was erased comes back to life."""
    try:
        found = replay(database, settings.instance_dir, store_of(settings), at=datetime.now(UTC))
    except Invalid as error:
        print(f"{error.says} Nobody was erased again.", file=sys.stderr)
        return
    if found.again or found.foreign:
        tell_replayed(found)


def migrate(given: argparse.Namespace) -> int:
    """Bring the database's schema to the newest form (or back)."""
    with opened(Settings.from_environment()) as database:
        if given.down_to:
            schema.downgrade(database, to=given.down_to)
        else:
            schema.upgrade(database)
        at = schema.revision(database)
        print(f"The schema is at {at}.")
        if schema.is_of_a_newer_version(at):
            print(
                "A newer version of PME brought it there. This version runs on it as it is; nothing was changed."
            )
    return 0


def create_demo(given: argparse.Namespace) -> int:
    """Create the demo academy, once; or two academies of invented people."""
    settings, at = Settings.from_environment(), datetime.now(UTC)
    with opened(settings) as database:
        if given.people is None:
            sign_ins = demo.create_once(database, settings, at=at)
        else:
            sign_ins = demo.create_people(database, settings, people=given.people, seed=given.seed, at=at)
    print(demo.describe(sign_ins, settings.public_url))
    return 0


def add_an_academy(given: argparse.Namespace) -> int:
    """Add an academy."""
    with opened(Settings.from_environment()) as database, database.writing() as session:
        at = datetime.now(UTC)
        academy = add_academy(session, slug=given.slug, name=given.name, nation=given.nation, at=at)
        academy.signatory_name, academy.signatory_role = given.signatory, given.signatory_role
        academy.support = given.support
        audit.record(session, "academy added", actor="command line", subject=given.slug, at=at)
    print(f"The academy “{given.name}” is there.")
    return 0


def add_a_person(given: argparse.Namespace) -> int:
    """Add a person with a role, and enrol or appoint them."""
    settings = Settings.from_environment()
    at = datetime.now(UTC)
    with opened(settings) as database, _with_password(database, given) as (session, password):
        academy = _academy(session, given.academy)
        person = person_by_email(session, given.email)
        if person is None:
            person = add_person(
                session,
                Hashing(settings.argon2),
                email=given.email,
                name=given.name,
                rank=given.rank,
                password=password,
                at=at,
            )
        role = Role(given.role)
        if given.cohort and (role is not Role.STUDENT or not given.course):
            raise Invalid("A cohort is for a student in a course: add --role student and --course SLUG.")
        grant(session, person.id, academy.id, role)
        for course in given.course:
            if role is Role.STUDENT:
                enrolment = enrol(session, person.id, academy.id, course=course, at=at)
                if given.cohort:
                    cohort = cohort_of_name(session, academy.id, course=course, name=given.cohort, at=at)
                    enrolment.cohort_id = cohort.id
            elif role is Role.INSTRUCTOR:
                appoint(session, person.id, academy.id, course)
        audit.record(
            session,
            "person added",
            actor="command line",
            subject=f"person {person.id}",
            at=at,
            academy_id=academy.id,
            detail={"role": role.value, "courses": given.course}
            | ({"cohort": given.cohort} if given.cohort else {}),
        )
    print(f"{given.email} is {role.value} at {given.academy}.")
    return 0


def reset_second_step(given: argparse.Namespace) -> int:
    """Take every second factor of a person away, who has lost them, and sign them out everywhere."""
    at = datetime.now(UTC)
    with opened(Settings.from_environment()) as database, database.writing() as session:
        person = person_by_email(session, given.email)
        if person is None:
            raise Invalid(f"There is no account for {given.email}. Check the address.")
        before = reset_factors(session, person.id)
        end_others(session, person.id, but=None, at=at)
        audit.record(
            session,
            "second step reset",
            actor="command line",
            subject=f"person {person.id}",
            at=at,
            detail={"before": before.counted},
        )
    print(f"{given.email} signs in with the password alone.")
    return 0


def close_overdue(_given: argparse.Namespace) -> int:
    """Hand in every attempt whose time is over; the server does the same by itself every minute."""
    with opened(Settings.from_environment()) as database:
        closed = invigilation.close_overdue(database, at=datetime.now(UTC))
    print(f"Handed in as of their end: {closed}.")
    return 0


def _free_address(settings: Settings) -> str:
    """The address to listen on, as a number. Raises Unavailable when nothing can listen there."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        family, kind, protocol, _name, place = found
        with socket.socket(family, kind, protocol) as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            trying.bind(place)
            trying.listen()
    except OSError as error:
        where = f"Port {settings.port} of {settings.host}"
        if error.errno == errno.EADDRINUSE:
            says = f"{where} is in use; stop what listens there, or set PME_PORT to another."
        else:
            says = f"{where} cannot be used ({error.strerror}); correct PME_HOST or PME_PORT."
        raise Unavailable(says) from error
    return str(place[0])


def _granian(settings: Settings, address: str) -> NoReturn:
    """Become the server: a fresh process, so that its workers carry nothing of what prepared them."""
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws"]
    place = ["--host", address, "--port", str(settings.port), "--respawn-failed-workers"]
    size = ["--workers", str(settings.workers), "--blocking-threads", str(settings.threads)]
    environment = TIDY | os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *_python_path()])}
    if settings.watch.metrics_token:
        environment |= {FOLDER: str(fresh_folder(settings.instance_dir / "metrics"))}
    sys.stdout.flush()
    os.execve(sys.executable, [*server, *place, *size, "pme.upkeep:serving"], environment)  # noqa: S606  (no shell is wanted)


def _python_path() -> list[str]:
    return [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]


def _academy(session: Session, slug: str) -> Academy:
    academy = academy_by_slug(session, slug)
    if academy is None:
        known = ", ".join(session.scalars(select(Academy.slug))) or "none yet"
        raise Invalid(f"There is no academy “{slug}”. Academies here: {known}.")
    return academy


@contextmanager
def _with_password(database: Database, given: argparse.Namespace) -> Iterator[tuple[Session, str]]:
    """A session that writes, begun after a new person's password was typed: nobody waits for the one who types."""
    with database.session() as session:
        _academy(session, given.academy)
        is_new = person_by_email(session, given.email) is None
    password = _password() if is_new else ""
    with database.writing() as session:
        yield session, password


def _password() -> str:
    if given := os.environ.get("PME_NEW_PASSWORD"):
        return given
    try:
        return getpass.getpass("Password (15 characters or more): ")
    except EOFError as error:
        raise Invalid(
            "There is no terminal to ask for the password. Set PME_NEW_PASSWORD to the new password for this command."
        ) from error
