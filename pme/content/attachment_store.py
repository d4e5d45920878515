"""Where recordings and documents lie: in the store of files, or in pieces in the database, each kept once by its hash.

New ones go to the store; what an older version kept in pieces stays there until `pme store move` takes it out. A
database by itself, which knows no store, keeps pieces. Reading takes one piece at a time, so that a film of any length
costs no more memory than a page.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from pme.content.models import AttachmentFile, AttachmentPart
from pme.db import Database
from pme.errors import Conflict
from pme.stores.chosen import store_in
from pme.stores.home import MEDIA, OTHER_BYTES, Away, Store
from pme.words.lazily import lazy
from pme.words.speech import _

PIECE = 256 * 1024
CHANGED = lazy("The file changed while it was read. Try again.")


def has(session: Session, sha256: str) -> bool:
    """Whether the bytes of this hash are kept."""
    return session.get(AttachmentFile, sha256) is not None


def bring(session: Session, sha256: str, body: Iterable[bytes]) -> int | None:
    """Bring a file to the store, before the transaction that keeps it: that may take long, and nobody waits for it.

    Gives its bytes, for `keep`; None where it is kept already or there is no store. Leaves the transaction that reads.
    Raises Away with nothing kept where the store goes away meanwhile.
    """
    home, is_there = store_in(session), has(session, sha256)
    session.rollback()
    return None if home is None or is_there else _stored(home, sha256, body)


def keep(
    session: Session, sha256: str, body: Iterable[bytes], *, at: datetime, brought: int | None = None
) -> None:
    """Keep a file, unless it is kept already. Raises Conflict when its bytes are not those of the hash.

    `brought`: its bytes, where `bring` has brought it to the store.
    """
    if has(session, sha256):
        return
    home = store_in(session)
    file = AttachmentFile(sha256=sha256, size=0, kept_at=at)
    if home is not None:  # before its row, so that no row names what is not there
        file.size = _stored(home, sha256, body) if brought is None else brought
        session.add(file)
        session.flush()
        return
    session.add(file)
    session.flush()
    digest = hashlib.sha256()
    for number, piece in enumerate(_even(body)):
        digest.update(piece)
        file.size += len(piece)
        # Sent at once and let go: only one piece is ever in memory.
        session.connection().execute(
            AttachmentPart.__table__.insert().values(sha256=sha256, number=number, content=piece)  # type: ignore[attr-defined]
        )
    if digest.hexdigest() != sha256:
        raise Conflict(CHANGED)
    session.flush()


def size_of(session: Session, sha256: str) -> int | None:
    """The bytes of a kept file, or None where there is none."""
    return session.scalar(select(AttachmentFile.size).where(AttachmentFile.sha256 == sha256))


def is_in_pieces(session: Session, sha256: str) -> bool:
    """Whether a kept file lies in the database."""
    asked = select(exists().where(AttachmentPart.sha256 == sha256, AttachmentPart.number == 0))
    return bool(session.scalar(asked))


def piece_of(session: Session, sha256: str, number: int) -> bytes:
    """One piece of a file that lies in the database; nothing beyond the last."""
    found = session.scalar(
        select(AttachmentPart.content).where(AttachmentPart.sha256 == sha256, AttachmentPart.number == number)
    )
    return found or b""


def body_of(session: Session, sha256: str) -> Iterator[bytes]:
    """The whole of a kept file, piece by piece."""
    home = store_in(session)
    if home is not None and not is_in_pieces(session, sha256):
        yield from home.open(MEDIA + sha256)
        return
    size = size_of(session, sha256) or 0
    for number in range(-(-size // PIECE)):
        yield piece_of(session, sha256, number)


def move_out(database: Database, home: Store) -> int:
    """Bring what lies in the database to a store, file by file; tells how many. Safe to break off and begin again."""
    with database.session() as session:
        asked = (
            select(AttachmentPart.sha256).where(AttachmentPart.number == 0).order_by(AttachmentPart.sha256)
        )
        found = session.scalars(asked).all()
    for sha256 in found:
        with database.session() as session:
            size = size_of(session, sha256) or 0
            _stored(home, sha256, (piece_of(session, sha256, n) for n in range(-(-size // PIECE))))
        with database.writing() as session:
            session.execute(delete(AttachmentPart).where(AttachmentPart.sha256 == sha256))
    return len(found)


def _stored(home: Store, sha256: str, body: Iterable[bytes]) -> int:
    digest = hashlib.sha256()
    with home.written(MEDIA + sha256) as writing:
        for piece in body:
            digest.update(piece)
            writing.file.write(piece)
        if digest.hexdigest() != sha256:
            raise Conflict(CHANGED)
    if writing.sha256 != sha256:
        raise Away(_("the data changed while they were sent"), OTHER_BYTES)
    return writing.size


def _even(body: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one length."""
    held = bytearray()
    for part in body:
        held += part
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)
