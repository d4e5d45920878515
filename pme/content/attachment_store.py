"""Where recordings and documents lie: in the database, in pieces, each kept once by its hash.

Reading takes one piece at a time, so that a film of any length costs no more memory than a page.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.models import AttachmentFile, AttachmentPart
from pme.errors import Conflict

PIECE = 256 * 1024


def has(session: Session, sha256: str) -> bool:
    """Whether the bytes of this hash are kept."""
    return session.get(AttachmentFile, sha256) is not None


def keep(session: Session, sha256: str, body: Iterable[bytes], *, at: datetime) -> None:
    """Keep a file, unless it is kept already. Raises Conflict when its bytes are not those of the hash."""
    if has(session, sha256):
        return
    file = AttachmentFile(sha256=sha256, size=0, kept_at=at)
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
        raise Conflict("The file changed while it was read. Try again.")
    session.flush()


def size_of(session: Session, sha256: str) -> int | None:
    """The bytes of a kept file, or None where there is none."""
    return session.scalar(select(AttachmentFile.size).where(AttachmentFile.sha256 == sha256))


def piece_of(session: Session, sha256: str, number: int) -> bytes:
    """One piece; nothing beyond the last."""
    found = session.scalar(
        select(AttachmentPart.content).where(AttachmentPart.sha256 == sha256, AttachmentPart.number == number)
    )
    return found or b""


def body_of(session: Session, sha256: str) -> Iterator[bytes]:
    """The whole of a kept file, piece by piece."""
    size = size_of(session, sha256) or 0
    for number in range(-(-size // PIECE)):
        yield piece_of(session, sha256, number)


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
