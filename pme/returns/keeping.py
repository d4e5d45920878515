"""The files of sealed returns: kept in the instance folder under `returns/`, hashed, for as long as the academy says.

The seal stays when the file goes: a return that headquarters holds can be checked for ever.
"""

import hashlib
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import NotFound, Unavailable
from pme.jobs.registry import Round, periodic
from pme.people.models import Academy
from pme.privacy.classes import Kept
from pme.privacy.due import YEAR
from pme.privacy.retention import rules_of
from pme.returns.models import SealedReturn

PART = ".part"
OLD = timedelta(days=1)
"""After so long nobody writes to a file any more that no return names."""
NONE = "No file of this return is kept."
LOST = (
    "The file of this return is not where it was kept, or not as it was sealed. Whoever runs the platform can bring "
    "it back from a backup; a copy that somebody has can still be checked."
)


def folder_of(instance_dir: Path, academy_id: int) -> Path:
    """Where the returns of an academy lie."""
    return instance_dir / "returns" / str(academy_id)


def path_of(instance_dir: Path, one: SealedReturn) -> Path:
    """Where the file of a sealed return lies."""
    return _path(instance_dir, one.academy_id, one.manifest_sha256)


def keep(packed: IO[bytes], instance_dir: Path, academy_id: int, manifest_sha256: str) -> tuple[int, str]:
    """Keep a file under its manifest's hash; gives its size and its own SHA-256."""
    path = _path(instance_dir, academy_id, manifest_sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    packed.seek(0)
    try:
        with part.open("wb") as file:
            shutil.copyfileobj(packed, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size, _digest(path)


def whole(instance_dir: Path, one: SealedReturn) -> Path:
    """The file of a return that is as it was kept.

    Raises NotFound where none is kept, or not any more, and Unavailable where it is not as it was.
    """
    if not one.has_file:
        raise NotFound(NONE)
    path = path_of(instance_dir, one)
    try:
        digest = _digest(path)
    except OSError as error:
        raise Unavailable(LOST) from error
    if digest != one.file_sha256:
        raise Unavailable(LOST)
    return path


@periodic("keep returns no longer", every=timedelta(days=1))
def keep_no_longer(given: Round) -> None:
    """Delete the files whose years are over at their academy, and what no return names."""
    at, place = given.at(), given.settings.instance_dir
    with given.database.session() as session:
        academies = session.scalars(select(Academy.id)).all()
    for academy_id in academies:
        with given.database.writing() as session:
            gone = let_go(session, academy_id, at=at)
            wanted = set(
                session.scalars(
                    select(SealedReturn.manifest_sha256).where(
                        SealedReturn.academy_id == academy_id,
                        SealedReturn.file_sha256 != "",
                        SealedReturn.file_gone_at.is_(None),
                    )
                )
            )
        over = [_path(place, academy_id, sha256) for sha256 in gone]
        for path in (*over, *_nobodys(place, academy_id, wanted, at=at)):
            path.unlink(missing_ok=True)


def let_go(session: Session, academy_id: int, *, at: datetime) -> list[str]:
    """Say of returns that an academy has kept for as long as it wants that their files are gone; tells which."""
    years = rules_of(session, academy_id)[Kept.RETURNS].years
    over = session.scalars(
        select(SealedReturn)
        .where(
            SealedReturn.academy_id == academy_id,
            SealedReturn.sealed_at < at - years * YEAR,
            SealedReturn.file_sha256 != "",
            SealedReturn.file_gone_at.is_(None),
        )
        .with_for_update()
    ).all()
    for one in over:
        one.file_gone_at = at
        audit.record(
            session,
            "file of a return let go",
            actor="platform",
            subject=f"return {one.number}",
            at=at,
            academy_id=academy_id,
            detail={"sha256": one.manifest_sha256, "years": years},
        )
    session.flush()
    return [one.manifest_sha256 for one in over]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _path(instance_dir: Path, academy_id: int, manifest_sha256: str) -> Path:
    return folder_of(instance_dir, academy_id) / f"{manifest_sha256}.zip"


def _nobodys(instance_dir: Path, academy_id: int, wanted: set[str], *, at: datetime) -> list[Path]:
    """Old files of an academy that no return names: what was left by a run that did not end."""
    young = (at - OLD).timestamp()
    found = folder_of(instance_dir, academy_id).glob("*")
    return [each for each in found if each.name.split(".")[0] not in wanted and each.stat().st_mtime < young]
