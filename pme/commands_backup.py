"""The commands that keep an installation from being lost: back up and restore."""

import argparse
import signal
import sys
from datetime import UTC, datetime

from pme import __version__
from pme.backups import making, places, restoring
from pme.backups.manifest import INSTANCE, Manifest
from pme.commands_content import opened
from pme.commands_trust import tell_replayed
from pme.config import Settings
from pme.errors import Invalid
from pme.keys.keyring import Keyring
from pme.stores.chosen import store_of

TABLES = ("academy", "person", "attempt", "course_completion", "certificate", "audit_entry")
"""Of these the rows are told."""
TERMINATED = 143
BUCKET = (
    "NOT in it: the files in {}: recordings, documents, sealed returns, certificates as printed, results. "
    "Keep the bucket by its own means (versions, a copy elsewhere); without it these cannot be handed out."
)
NOT_IN_IT = (
    "NOT in it, on purpose: PME_KEYS_SECRET, without which the signing keys in it cannot be opened, and the secret "
    "key of the installation, without which authenticator apps have to be set up again. Keep both apart from it. "
    "Nor the content folders: what is published is in it."
)


def backup(given: argparse.Namespace) -> int:
    """Write a backup, while the platform serves."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # so that nothing half-written is left
    settings, at = Settings.from_environment(), datetime.now(UTC)
    path = places.place_for(given.to, at=at)
    if given.keep is not None and path.name == given.to.name:
        raise Invalid(
            "--keep is for a folder, in which backups get names of their own. Name a folder, or leave out --keep."
        )
    places.sweep(path.parent)
    with opened(settings) as database:
        made = making.back_up(database, settings, path, product=__version__, at=at)
    print(f"Backed up to {made.path} ({made.size / 1e6:,.1f} MB).")
    print(f"SHA-256 {made.sha256}")
    _tell(made.manifest)
    print(NOT_IN_IT)
    if settings.shared.bucket:
        print(BUCKET.format(store_of(settings).describe()))
    if not made.manifest.keys_secret:
        print("PME_KEYS_SECRET is not set here: only demonstrations have keys.")
    for name in places.keep_newest(path.parent, given.keep) if given.keep else ():
        print(f"Deleted, since {given.keep} are kept: {name}")
    return 0


def restore(given: argparse.Namespace) -> int:
    """Bring an installation back from a backup, or only check one."""
    if given.check:
        about = restoring.check(given.file)
        print("The backup is whole.")
        _tell(about)
        return 0
    settings = Settings.from_environment()
    done = restoring.restore(
        given.file, settings, replacing=given.replace, erasures=given.erasures, at=datetime.now(UTC)
    )
    print(f"Restored, as of {done.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    _tell(done.manifest)
    if done.manifest.revision != done.revision:
        print(f"The schema was brought from {done.manifest.revision} to {done.revision}.")
    code = tell_replayed(done.replayed)
    print(f"Everybody is signed out (browsers: {done.signed_out}).")
    if settings.shared.bucket:
        print(f"Files are looked for in {store_of(settings).describe()}; a backup holds none of a bucket.")
    for notice in _secrets(done.manifest, settings):
        print(f"NOTICE: {notice}")
    if done.kept_as:
        print(
            f"What was there before is kept: {done.kept_as}. It holds personal data; delete it when all is well."
        )
    print(
        "What was done after that moment is not in it: certificates issued since can no longer be verified, "
        "their numbers may be given again, and letters that were waiting then may go out a second time."
    )
    print("Next: pme doctor, pme audit verify, then start the platform.")
    return code


def _tell(about: Manifest) -> None:
    rows = ", ".join(
        f"{about.rows[name]:,} {name.replace('_', ' ')}" for name in TABLES if name in about.rows
    )
    files = sum(part.name.startswith(INSTANCE) for part in about.parts)
    engine = "SQLite" if about.kind == "sqlite" else "PostgreSQL"
    print(
        f"In it: PME {about.product}, schema {about.revision}, {engine} {about.database_version}; rows: {rows}; "
        f"signing keys (sealed); {files} {'file' if files == 1 else 'files'} of the instance folder."
    )


def _secrets(about: Manifest, settings: Settings) -> list[str]:
    """What to know of secrets that are not those of the backup."""
    names = Keyring.of(settings).names
    found = []
    if about.keys_secret and names.own != about.keys_secret:
        found.append(
            "PME_KEYS_SECRET is not the one that the backup was made with: its signing keys cannot be opened until it "
            "is (then: pme keys check)."
        )
    if names.install != about.secret_key:
        found.append(
            "The secret key is another than when the backup was made: authenticator apps have to be set up again, and "
            "keys of demonstrations made anew. Bring back PME_SECRET_KEY or the file secret-key if you have it."
        )
    return found
