"""The commands: `pme serve`, `check`, `publish`, `migrate`, `demo`, `person`, `audit`.

Every command says what it did in plain sentences and exits with 1 when it could not.
"""

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from pme import audit, demo, schema
from pme.config import ROOT, Settings, secret_key_file
from pme.content.check import check_tree
from pme.content.publish import publish
from pme.db import Database
from pme.enrolment.service import enrol
from pme.errors import Invalid, PmeError, Refused
from pme.people.models import Academy, Role
from pme.people.passwords import Hashing
from pme.people.queries import academy_by_slug, person_by_email
from pme.people.service import add_academy, add_person, appoint, grant

Say = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given) or 0)
    except Refused as error:
        print(f"Not started. What to put right:\n{_bullets(error.says)}", file=sys.stderr)
    except PmeError as error:
        print(error.says, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def serve(_given: argparse.Namespace) -> int:
    """Prepare everything that is missing, then serve."""
    ensure_instance()
    settings = Settings.from_environment()
    database = Database(settings.database_url)
    print(database.describe() + ".")
    schema.upgrade(database)
    _publish(settings, database, note="start-up", is_required=False)
    sign_ins = demo.create_once(database, settings, at=datetime.now(UTC))
    database.dispose()
    print(demo.describe(sign_ins, settings.public_url), flush=True)
    _granian(settings)
    return 0


def init(_given: argparse.Namespace) -> int:
    """Make the instance folder and the secret key."""
    path = ensure_instance()
    print(f"The instance folder is ready: {path}.")
    return 0


def migrate(given: argparse.Namespace) -> int:
    """Bring the database's schema to the newest form (or back)."""
    database = _database()
    if given.down_to:
        schema.downgrade(database, to=given.down_to)
    else:
        schema.upgrade(database)
    print(f"The schema is at {schema.revision(database)}.")
    return 0


def check(given: argparse.Namespace) -> int:
    """Say everything that is wrong with the content."""
    modules = given.modules or Path(os.environ.get("PME_MODULES_DIR") or ROOT / "modules")
    quizzes = given.quizzes or Path(os.environ.get("PME_QUIZZES_DIR") or ROOT / "quizzes")
    report = check_tree(modules, quizzes)
    print(report.text)
    return 1 if report.errors else 0


def publish_content(given: argparse.Namespace) -> int:
    """Publish the files as they are now."""
    settings = Settings.from_environment()
    database = Database(settings.database_url)
    schema.upgrade(database)
    return 0 if _publish(settings, database, note=given.note, is_required=True) else 1


def create_demo(_given: argparse.Namespace) -> int:
    """Create the demo academy, once."""
    settings = Settings.from_environment()
    sign_ins = demo.create_once(Database(settings.database_url), settings, at=datetime.now(UTC))
    print(demo.describe(sign_ins, settings.public_url))
    return 0


def add_an_academy(given: argparse.Namespace) -> int:
    """Add an academy."""
    with _database().writing() as session:
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
    at, database = datetime.now(UTC), Database(settings.database_url)
    with database.writing() as session:
        academy = academy_by_slug(session, given.academy)
        if academy is None:
            known = ", ".join(session.scalars(select(Academy.slug))) or "none yet"
            raise Invalid(f"There is no academy “{given.academy}”. Known: {known}.")
        person = person_by_email(session, given.email)
        if person is None:
            person = add_person(
                session,
                Hashing(settings.argon2),
                email=given.email,
                name=given.name,
                rank=given.rank,
                password=_password(),
                at=at,
            )
        role = Role(given.role)
        grant(session, person.id, academy.id, role)
        for course in given.course:
            if role is Role.STUDENT:
                enrol(session, person.id, academy.id, course=course, at=at)
            elif role is Role.INSTRUCTOR:
                appoint(session, person.id, academy.id, course)
        audit.record(
            session,
            "person added",
            actor="command line",
            subject=f"person {person.id}",
            at=at,
            academy_id=academy.id,
            detail={"role": role.value, "courses": given.course},
        )
    print(f"{given.email} is {role.value} at {given.academy}.")
    return 0


def check_audit(_given: argparse.Namespace) -> int:
    """Verify every chain of the audit trail."""
    broken = 0
    with _database().session() as session:
        for academy_id in (None, *session.scalars(select(Academy.id))):
            position = audit.first_broken(session, academy_id=academy_id)
            state = "whole" if position is None else f"BROKEN at entry {position}"
            print(f"{audit.chain_of(academy_id)}: {state}.")
            broken += position is not None
    return 1 if broken else 0


def ensure_instance() -> Path:
    """Make the instance folder and, unless one is given, a secret key in it. Gives the folder."""
    folder = Path(os.environ.get("PME_INSTANCE_DIR") or ROOT / "instance").expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    key = secret_key_file(folder)
    if not os.environ.get("PME_SECRET_KEY") and not key.exists():
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return folder


def _publish(settings: Settings, database: Database, *, note: str, is_required: bool) -> bool:
    report = check_tree(settings.modules_dir, settings.quizzes_dir, page_seconds=settings.render_seconds)
    if report.library is None:
        print(report.text, file=sys.stderr)
        still = "Nothing was published." if is_required else "The content published before is still served."
        print(f"The content has errors. {still}", file=sys.stderr)
        return False
    at = datetime.now(UTC)
    with database.writing() as session:
        done = publish(session, report.library, by_id=None, at=at, note=note)
        if done.changed or done.retired:
            audit.record(
                session,
                "content published",
                actor="command line",
                subject=f"publication {done.publication_id}",
                at=at,
                detail={"changed": list(map(str, done.changed)), "retired": list(map(str, done.retired))},
            )
    print(
        f"Content: {len(done.changed)} changed, {len(done.unchanged)} unchanged, {len(done.retired)} retired."
    )
    return True


def _granian(settings: Settings) -> None:
    from granian import Granian  # noqa: PLC0415  (only the server needs it)
    from granian.constants import Interfaces  # noqa: PLC0415

    Granian(
        "pme:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=settings.threads,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    ).serve()


def _database() -> Database:
    return Database(Settings.from_environment().database_url)


def _password() -> str:
    if given := os.environ.get("PME_NEW_PASSWORD"):
        return given
    return getpass.getpass("Password (15 characters or more): ")


def _bullets(says: str) -> str:
    return "\n".join(f"  - {line}" for line in says.splitlines())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pme", description="Human security education for academies.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        says = (run.__doc__ or "").strip()
        added = commands.add_parser(name, help=says, description=says)
        added.set_defaults(run=run)
        return added

    command("serve", serve)
    command("init", init)
    command("migrate", migrate).add_argument("--down-to", metavar="REVISION", help="go back instead")
    checking = command("check", check)
    checking.add_argument("--modules", type=Path, metavar="DIR")
    checking.add_argument("--quizzes", type=Path, metavar="DIR")
    command("publish", publish_content).add_argument("--note", default="", help="why, for the record")
    command("demo", create_demo)
    academy = command("academy", add_an_academy)
    academy.add_argument("slug")
    academy.add_argument("--name", required=True)
    academy.add_argument("--nation", required=True)
    academy.add_argument("--signatory", default="")
    academy.add_argument("--signatory-role", default="")
    academy.add_argument("--support", default="", help="local support, shown beside sensitive content")
    person = command("person", add_a_person)
    person.add_argument("email")
    person.add_argument("--academy", required=True, metavar="SLUG")
    person.add_argument("--role", required=True, choices=[role.value for role in Role])
    person.add_argument("--name", default="")
    person.add_argument("--rank", default="")
    person.add_argument("--course", action="append", default=[], metavar="SLUG")
    command("audit", check_audit)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
