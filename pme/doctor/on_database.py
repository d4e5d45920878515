"""Whether the database is safe: durable, sound, of the right schema, and apart for each academy. Pure."""

from collections.abc import Iterator

from pme.doctor.facts import Engine
from pme.doctor.finding import Finding, fine, look, wrong

OLDEST_POSTGRESQL = (15,)
SQLITE = {"synchronous": ("2", "3"), "foreign_keys": ("1",)}
"""What SQLite must say: synchronous is FULL or EXTRA, foreign keys are kept."""
COMMITS = ("on", "local", "remote_write", "remote_apply")
POSTGRESQL = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": COMMITS,
}
LOSES = "what was acknowledged can be lost, or the database broken, when the power fails"


def check_engine(seen: Engine) -> Iterator[Finding]:
    """Each of its lines."""
    yield _build(seen)
    yield _durable(seen)
    yield from _sound(seen)
    yield _schema(seen)
    if not seen.is_sqlite:
        yield (
            look("Academies apart", seen.unguarded, "Use a role that is no superuser (docs/install.md).")
            if seen.unguarded
            else fine("Academies apart", "PostgreSQL checks a second time that each sees its own rows only.")
        )


def _build(seen: Engine) -> Finding:
    about = "Database"
    if seen.is_sqlite and not seen.is_safe_build:
        return look(
            about, f"{seen.describes}.", "It is safe, and slower to write: install the pysqlite3 wheel."
        )
    if not seen.is_sqlite and seen.version < OLDEST_POSTGRESQL:
        return wrong(
            about, f"{seen.describes} is older than 15.", "Upgrade the server to PostgreSQL 15 or newer."
        )
    return fine(about, f"{seen.describes}.")


def _durable(seen: Engine) -> Finding:
    about = "Durability"
    needed = SQLITE if seen.is_sqlite else POSTGRESQL
    apart = [
        f"{name} is {seen.settings.get(name)}"
        for name, good in needed.items()
        if seen.settings.get(name) not in good
    ]
    journal = seen.settings.get("journal_mode", "")
    if seen.is_sqlite and journal.lower() not in (
        ("wal",) if seen.is_safe_build else ("delete", "truncate", "persist")
    ):
        apart.append(f"journal_mode is {journal}")
    if apart:
        return wrong(
            about,
            f"{', '.join(apart)}: {LOSES}.",
            "Is the file on a network disk? Move it to a local one."
            if seen.is_sqlite
            else "Set them to on in postgresql.conf, and reset them for this database and role (ALTER ... RESET).",
        )
    told = ", ".join(f"{name} {seen.settings[name]}" for name in sorted(seen.settings))
    return fine(about, f"{told}.")


def _sound(seen: Engine) -> Iterator[Finding]:
    about = "Soundness"
    if seen.faults:
        yield wrong(
            about,
            f"{'; '.join(seen.faults)}.",
            "Stop the platform, keep a copy of the database as it is, and restore the last backup that is whole.",
        )
    elif seen.faults is not None:
        yield fine(about, "Its own check found nothing.")


def _schema(seen: Engine) -> Finding:
    about = "Schema"
    if seen.revision == seen.newest:
        return fine(about, f"At {seen.revision}, as this version expects.")
    if not seen.revision:
        return wrong(about, "There are no tables yet.", "Run: pme migrate")
    if seen.is_known:
        return wrong(
            about, f"At {seen.revision}; this version needs {seen.newest}.", "Back up, then run: pme migrate"
        )
    found = f"At {seen.revision}, which this version does not know (it knows up to {seen.newest})."
    if seen.revision > seen.newest:
        return look(
            about,
            f"{found} A newer version brought it there; this one runs on it.",
            "Go on with the newer version.",
        )
    return wrong(about, found, "Start the version of PME that brought it there.")
