"""The commands on the store of files: where it is, whether it can be used, and moving everything to the other home."""

import argparse

from pme.commands_content import opened
from pme.config import Settings
from pme.content.attachment_store import move_out
from pme.doctor.seen_machine import shelf
from pme.errors import Invalid, Unavailable
from pme.stores.chosen import store_of
from pme.stores.folder import Folder
from pme.stores.home import Away
from pme.stores.moving import move

NO_BUCKET = "PME_STORE_URL is not set. Name the bucket there, also to bring files back from it."
NEXT = {
    "to-bucket": "Now set PME_STORE_URL on every machine and restart; then run this once more without --keep.",
    "to-folder": "Now remove PME_STORE_URL on every machine and restart; then run this once more without --keep.",
}


def tell(_given: argparse.Namespace) -> int:
    """Say where files lie, and try it with a small one."""
    seen = shelf(Settings.from_environment())
    print(f"Files are kept in {seen.describes}.")
    print(
        f"It cannot be used: {seen.refuses}."
        if seen.refuses
        else "A small file was written, read and deleted: all is well."
    )
    return 1 if seen.refuses else 0


def move_files(given: argparse.Namespace) -> int:
    """Bring all files from the folder to the bucket, or back."""
    settings = Settings.from_environment()
    if not settings.shared.bucket:
        raise Invalid(NO_BUCKET)
    folder, bucket = Folder(settings.instance_dir), store_of(settings)
    source, target = (folder, bucket) if given.where == "to-bucket" else (bucket, folder)
    try:
        with opened(settings) as database:
            count = move_out(database, target)
        moved = move(source, target, keep=given.keep, tell=print)
    except Away as error:
        raise Unavailable(
            f"Stopped: {error.why}. What was brought so far is whole; run it again, and it goes on from there."
        ) from error
    print(
        f"Brought to {target.describe()}: {moved.written} files, {moved.size / 1e6:,.1f} MB, each compared."
    )
    print(f"There already: {moved.same}. Recordings and documents taken out of the database: {count}.")
    print(f"In {source.describe()} {'they stay' if given.keep else 'nothing of them is left'}.")
    if given.keep:
        print(NEXT[given.where])
    return 0
