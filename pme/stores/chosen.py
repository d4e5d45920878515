"""The home that the settings name: one for each process, however often it is asked for."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.orm import Session

from pme.config import Settings
from pme.config_shared import Shared
from pme.errors import Refused
from pme.stores.folder import Folder
from pme.stores.home import Store

STORE = "pme_store"
"""Under which a session knows the home of its installation's files."""
NOT_INSTALLED = (
    "PME_STORE_URL names a bucket, but the library for it is not installed. Run: .venv/bin/python -m pip install "
    "--require-hashes --only-binary :all: -r requirements/s3.txt"
)


def store_of(settings: Settings) -> Store:
    """The home of this installation's files. Raises Refused where a library is lacking."""
    return _home(settings.shared, settings.instance_dir)


def store_in(session: Session) -> Store | None:
    """The home of the files of the installation whose database a session reads; None for a database by itself."""
    found: Store | None = session.info.get(STORE)
    return found


def scratch_of(settings: Settings) -> Path:
    """Where this machine lays what is half-done; it may be lost at any time."""
    return settings.instance_dir / "jobs"


@lru_cache(maxsize=16)
def _home(shared: Shared, instance_dir: Path) -> Store:
    if not shared.bucket:
        return Folder(instance_dir)
    if find_spec("obstore") is None:
        raise Refused(NOT_INSTALLED)
    from pme.stores.bucket import Bucket  # noqa: PLC0415  (an extra: without a bucket nothing of it is loaded)

    return Bucket(shared, aside=instance_dir / "jobs")
