"""Recordings and documents of a module: files too large to travel with the text. Pure.

Where pages, drafts and publications deal with files, a small text stands for each of these, made from the
bytes alone: the same bytes always give the same text, so it is compared, kept and published like any other
file. The bytes themselves lie in pieces (`attachment_store`) and come back wherever files go out.
"""

import hashlib
import re
from dataclasses import dataclass

from pme.content.media_boxes import read_mp4
from pme.content.media_pdf import read_pdf
from pme.content.media_reading import Bytes, Looked, NotMedia
from pme.content.media_sounds import read_mp3, read_ogg, read_wav
from pme.content.media_webm import read_webm
from pme.words.numbers import decimal
from pme.words.speech import _

ENDINGS = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".pdf": "application/pdf",
}
ENDING_OF = {mime: ending for ending, mime in ENDINGS.items()}
PDF = "application/pdf"
PDF_LIMIT = 20_000_000
LARGEST = 500_000_000
"""Bytes; the owner's setting may be lower (docs/settings.md)."""
_FORM = re.compile(
    rb"pme-attachment/1\nsha256: (?P<sha256>[0-9a-f]{64})\nmime: (?P<mime>[a-z0-9/]+)\nsize: (?P<size>\d{1,12})\n"
    rb"seconds: (?P<seconds>\d{1,6})\nwidth: (?P<width>\d{1,6})\nheight: (?P<height>\d{1,6})\n\Z"
)
_PIECE = 1 << 20


@dataclass(frozen=True)
class Attachment:
    """A recording or document: its hash, what it is, its bytes, and where it is shown, its length and size."""

    sha256: str
    mime: str
    size: int
    seconds: int = 0
    width: int = 0
    height: int = 0

    @property
    def kind(self) -> str:
        """`audio`, `video` or `document`."""
        return "document" if self.mime == PDF else self.mime.partition("/")[0]

    @property
    def name(self) -> str:
        """What it is called in addresses; a file renamed later keeps its address."""
        return f"{self.kind}{ENDING_OF[self.mime]}"

    @property
    def text(self) -> bytes:
        """The small text that stands for it."""
        return (
            f"pme-attachment/1\nsha256: {self.sha256}\nmime: {self.mime}\nsize: {self.size}\n"
            f"seconds: {self.seconds}\nwidth: {self.width}\nheight: {self.height}\n"
        ).encode()


def ending_of(path: str) -> str:
    """The ending of a file's name, with its dot, in small letters."""
    return path[path.rfind(".") :].lower() if "." in path else ""


def is_attachment(path: str) -> bool:
    """Whether a file of this name is kept in pieces, with a small text in its place."""
    return ending_of(path) in ENDINGS


def read_text(content: bytes) -> Attachment | None:
    """What a small text stands for, or None where it is none."""
    match = _FORM.match(content)
    if match is None or match["mime"].decode() not in ENDING_OF:
        return None
    numbers = {name: int(match[name]) for name in ("size", "seconds", "width", "height")}
    return Attachment(match["sha256"].decode(), match["mime"].decode(), **numbers)


def look(data: Bytes) -> Looked:
    """What a file is, told from its bytes. Raises NotMedia when it is nothing that is taken."""
    head = data[0:16]
    if head[:5] == b"%PDF-":
        return read_pdf(data)
    if head[4:8] == b"ftyp":
        return read_mp4(data)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return read_webm(data)
    if head[:4] == b"OggS":
        return read_ogg(data)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return read_wav(data)
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] >= 0xE0):  # noqa: PLR2004
        return read_mp3(data)
    raise NotMedia(
        _(
            "This is not a file of a known kind. Pictures are PNG, JPEG, WebP, GIF or SVG; sound is MP3, M4A, Ogg or "
            "WAV; films are MP4 or WebM; documents are PDF."
        )
    )


def described(path: str, data: Bytes) -> Attachment:
    """A file of a folder or a package as it is. Raises NotMedia when it is not what its name says."""
    looked = look(data)
    if ENDINGS[ending_of(path)] != looked.mime:
        raise NotMedia(
            _(
                "This is {mime}; its name has to end in {ending}.",
                mime=looked.mime,
                ending=ENDING_OF[looked.mime],
            )
        )
    return made(looked, sha256_of(data), len(data))


def made(looked: Looked, sha256: str, size: int) -> Attachment:
    """The attachment of a file that was looked at."""
    return Attachment(sha256, looked.mime, size, max(0, round(looked.seconds)), looked.width, looked.height)


def sha256_of(data: Bytes) -> str:
    """The hash of bytes that need not be in memory."""
    digest = hashlib.sha256()
    for at in range(0, len(data), _PIECE):
        digest.update(data[at : at + _PIECE])
    return digest.hexdigest()


def size_told(size: int) -> str:
    """A size as people read it."""
    if size >= 10_000_000:  # noqa: PLR2004
        return _("{size} MB", size=decimal(size / 1e6))
    if size >= 1_000_000:  # noqa: PLR2004
        return _("{size} MB", size=decimal(size / 1e6, 1))
    return _("{size} kB", size=max(1, round(size / 1000)))


def length_told(seconds: int) -> str:
    """A length as people read it."""
    if seconds >= 60:  # noqa: PLR2004
        return _("{minutes} min {seconds} s", minutes=seconds // 60, seconds=seconds % 60)
    return _("{seconds} s", seconds=seconds)
