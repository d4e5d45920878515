"""The files of sealed returns: kept in the store under `returns/`, hashed, for as long as the academy says.

The seal stays when the file goes: a return that headquarters holds can be checked for ever.
"""

from datetime import datetime, timedelta
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
from pme.stores.chosen import store_of
from pme.stores.home import RETURNS, Missing, Store, digest_of, put
from pme.words.lazily import lazy

OLD = timedelta(days=1)
"""After so long nobody writes to a file any more that no return names."""
NONE = lazy("No file of this return is kept.")
LOST = lazy(
    "The file of this return is not where it was kept, or differs from what was sealed. Whoever runs the "
    "platform can restore it from a backup; a copy that somebody has can still be checked."
)


def folder_of(academy_id: int) -> str:
    """Where in the store the returns of an academy lie."""
    return f"{RETURNS}{academy_id}/"


def name_of(one: SealedReturn) -> str:
    """The name in the store of a sealed return's file."""
    return _name(one.academy_id, one.manifest_sha256)


def keep(packed: IO[bytes], store: Store, academy_id: int, manifest_sha256: str) -> tuple[int, str]:
    """Keep a file under its manifest's hash; gives its size and its own SHA-256."""
    packed.seek(0)
    kept = put(store, _name(academy_id, manifest_sha256), packed)
    return kept.size, kept.sha256


def whole(store: Store, one: SealedReturn) -> str:
    """The name in the store of a return's file that is as it was kept.

    Raises NotFound where none is kept, or not any more, and Unavailable where it is not as it was.
    """
    if not one.has_file:
        raise NotFound(NONE)
    try:
        digest = digest_of(store, name_of(one))
    except Missing as error:
        raise Unavailable(LOST) from error
    if digest != one.file_sha256:
        raise Unavailable(LOST)
    return name_of(one)


@periodic("keep returns no longer", every=timedelta(days=1))
def keep_no_longer(given: Round) -> None:
    """Delete the files whose years are over at their academy, and what no return names."""
    at, store = given.at(), store_of(given.settings)
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
        over = [_name(academy_id, sha256) for sha256 in gone]
        for name in (*over, *_nobodys(store, academy_id, wanted, at=at)):
            store.delete(name)


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


def _name(academy_id: int, manifest_sha256: str) -> str:
    return f"{folder_of(academy_id)}{manifest_sha256}.zip"


def _nobodys(store: Store, academy_id: int, wanted: set[str], *, at: datetime) -> list[str]:
    """Old files of an academy that no return names: what was left by a run that did not end."""
    folder = folder_of(academy_id)
    names = {_name(academy_id, each) for each in wanted}
    return [each.name for each in store.list(folder) if each.name not in names and each.at < at - OLD]
