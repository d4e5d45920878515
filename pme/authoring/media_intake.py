"""From what a browser sends to what a draft keeps: read in a child, then piece by piece."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from pme.authoring.media_service import Taken
from pme.content.attachments import Attachment
from pme.intake.bounded import unnamed, worked
from pme.intake.medium import PIECE, patched


@contextmanager
def taken(body: IO[bytes], most: int, says: str = "") -> Iterator[Taken]:
    """A file made safe, while the block lasts; `says` is what its sender says that it tells.

    Raises NotTaken with a sentence for its sender.
    """
    with unnamed(body, most) as file, worked("medium", file, says=says) as answer:
        told = answer.told
        if "at" in told:
            yield Taken(told["ending"], answer.bytes_at((told["at"][0], told["at"][1])))
            return
        attachment = Attachment(
            told["sha256"],
            told["mime"],
            told["end"] - told["start"],
            told["seconds"],
            told["width"],
            told["height"],
        )
        yield Taken(told["ending"], attachment.text, attachment, _body(file, told))


def _body(file: IO[bytes], told: Any) -> Iterator[bytes]:
    over = [(at, bytes.fromhex(new)) for at, new in told["over"]]
    zero = [(start, stop) for start, stop in told["zero"]]
    for at in range(told["start"], told["end"], PIECE):
        file.seek(at)
        yield patched(file.read(min(PIECE, told["end"] - at)), at, over, zero)
