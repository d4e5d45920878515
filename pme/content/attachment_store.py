"""Where recordings and documents lie: in the store of files, or in pieces in the database, each kept once by its hash.

New ones go to the store; what an older version kept in pieces stays there until `pme store move` takes it out. A
database by itself, which knows no store, keeps pieces. Reading takes one piece at a time, so that a film of any length
costs no more memory than a page.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from pme.content.models import AttachmentFile, AttachmentPart, BroughtFile
from pme.db import Database, insert_into
from pme.errors import Conflict
from pme.stores.chosen import store_in
from pme.stores.folder import PART
from pme.stores.home import MEDIA, OTHER_BYTES, Away, Store, Stored
from pme.words.lazily import lazy
from pme.words.speech import _

PIECE = 256 * 1024
KEPT = timedelta(days=1)
"""How long a file may lie in the store before it is written down."""
GOING = lazy(
    "This file was left from an earlier attempt and is just being removed. Nothing was "
    "changed: try again in a minute."
)
CHANGED = lazy("The file changed while it was read. Try again.")


def has(session: Session, sha256: str) -> bool:
    """Whether the bytes of this hash are kept."""
    return session.get(AttachmentFile, sha256) is not None


def expect(session: Session, hashes: Iterable[str], *, at: datetime) -> None:
    """Note which files are about to be brought, in a transaction of its own before `bring`: what is never kept then is
    taken away again. Raises Away where one of them is being taken away at this moment.
    """
    if store_in(session) is None:
        return
    for sha256 in hashes:
        if has(session, sha256):
            continue
        noted = (
            insert_into(session, BroughtFile)
            .values(sha256=sha256, at=at, going_at=None)
            .on_conflict_do_update(
                index_elements=[BroughtFile.sha256], set_={"at": at}, where=BroughtFile.going_at.is_(None)
            )
        )
        if session.scalar(noted.returning(BroughtFile.sha256)) is None:
            raise Away("it is being taken away, as nobody kept it", GOING)  # not words


def bring(session: Session, sha256: str, body: Iterable[bytes]) -> int | None:
    """Bring a file to the store, before the transaction that keeps it: that may take long, and nobody waits for it.
    It is to be expected (`expect`).

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
    if has(session, sha256) or (brought is not None and not _is_ours(session, sha256)):
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


def _is_ours(session: Session, sha256: str) -> bool:
    """Whether a file that was brought is to be written down by us: nobody else has, and it was not taken away."""
    ours = delete(BroughtFile).where(BroughtFile.sha256 == sha256, BroughtFile.going_at.is_(None))
    if session.scalar(ours.returning(BroughtFile.sha256)) is not None:
        return True
    if has(session, sha256):  # whoever brought the same at the same moment
        return False
    raise Away("it was taken away, as nobody had kept it", GOING)  # not words


def take_away(database: Database, home: Store, *, at: datetime) -> int:
    """Take away what was brought a day ago and never kept; tells how many files. Safe to break off and begin again.

    Only what this database has noted is ever touched: whatever else lies in the store may be somebody else's.
    """
    kept = exists().where(AttachmentFile.sha256 == BroughtFile.sha256)
    with database.writing() as session:
        session.execute(delete(BroughtFile).where(kept))
        going = update(BroughtFile).where(or_(BroughtFile.at < at - KEPT, BroughtFile.going_at.is_not(None)))
        found = session.scalars(going.values(going_at=at).returning(BroughtFile.sha256)).all()
    for half in [each.name for each in home.list(MEDIA) if _is_half(each) and each.at < at - KEPT]:
        home.delete(half)  # of a process that was killed as it wrote
    for sha256 in sorted(found):
        home.delete(MEDIA + sha256)
        with database.writing() as session:
            session.execute(delete(BroughtFile).where(BroughtFile.sha256 == sha256))
    return len(found)


def unnamed(session: Session, home: Store, *, at: datetime) -> list[Stored]:
    """What lies in the store for more than a day and no row of this database names."""
    known = {*session.scalars(select(AttachmentFile.sha256)), *session.scalars(select(BroughtFile.sha256))}
    return [
        each
        for each in home.list(MEDIA)
        if each.at < at - KEPT and each.name.removeprefix(MEDIA) not in known and not _is_half(each)
    ]


def _is_half(stored: Stored) -> bool:
    return stored.name.endswith(PART)


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
