"""WebM: elements within elements (RFC 8794, RFC 9559). Pure."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pme.content.media_reading import Bytes, Looked, NotMedia, number, sensible
from pme.words.lazily import lazy
from pme.words.speech import _

HEAD, DOC_TYPE, SEGMENT, INFO, TRACKS, ENTRY = 0x1A45DFA3, 0x4282, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
SCALE, DURATION, TRACK_KIND, CODEC, VIDEO, WIDE, HIGH = 0x2AD7B1, 0x4489, 0x83, 0x86, 0xE0, 0xB0, 0xBA
ABOUT_PEOPLE = {0x1254C367, 0x1941A469}
"""Tags and attachments."""
PLAYED = {b"V_VP8", b"V_VP9", b"V_AV1", b"A_OPUS", b"A_VORBIS"}
LONGEST_SMALL = 200
MOST_ELEMENTS = 200_000
VOID_HEAD = 9
_CUT = lazy("The film is cut short or damaged. Export it again as WebM or MP4.")


@dataclass
class _Film:
    kinds: set[int] = field(default_factory=set)
    codecs: set[bytes] = field(default_factory=set)
    scale: int = 1_000_000
    ticks: float = 0.0
    doc_type: bytes = b""
    width: int = 0
    height: int = 0
    count: int = 0


def read_webm(data: Bytes) -> Looked:
    """A WebM film or sound. Raises NotMedia when it is none, or one that browsers do not play."""
    film, looked = _Film(), Looked("", len(data))
    _walk(data, 0, len(data), film, looked)
    if film.doc_type != b"webm":
        raise NotMedia(_("This is a Matroska film. Export it as WebM or MP4."))
    if not film.kinds & {1, 2}:
        raise NotMedia(_CUT)
    if film.codecs - PLAYED:
        raise NotMedia(
            _("The film is encoded in a way that many browsers cannot play. Export it as WebM or MP4.")
        )
    looked.mime = "video/webm" if 1 in film.kinds else "audio/webm"
    looked.seconds = film.ticks * film.scale / 1e9
    looked.width, looked.height = film.width, film.height
    # What a browser recorded itself does not say how long it is.
    return sensible(looked) if film.ticks else looked


def _walk(data: Bytes, start: int, end: int, film: _Film, looked: Looked) -> None:
    for kind, at, inside, after in _elements(data, start, end, film):
        if kind in (HEAD, SEGMENT, INFO, TRACKS, ENTRY, VIDEO):
            _walk(data, inside, after, film, looked)
        elif kind in ABOUT_PEOPLE and after - at >= VOID_HEAD:
            rest = after - at - VOID_HEAD
            looked.blank.append((at, b"\xec" + (rest | 1 << 56).to_bytes(8, "big")))
            looked.zero.append((at + VOID_HEAD, after))
        elif after - inside <= LONGEST_SMALL:
            _note(kind, data[inside:after], film)


def _note(kind: int, value: bytes, film: _Film) -> None:
    if kind == DOC_TYPE:
        film.doc_type = value.rstrip(b"\0")
    elif kind == SCALE:
        film.scale = int.from_bytes(value, "big")
    elif kind == DURATION and len(value) in (4, 8):
        film.ticks = struct.unpack(">f" if len(value) == 4 else ">d", value)[0]  # noqa: PLR2004
    elif kind == TRACK_KIND:
        film.kinds.add(int.from_bytes(value, "big"))
    elif kind == CODEC:
        film.codecs.add(value.rstrip(b"\0"))
    elif kind == WIDE:
        film.width = int.from_bytes(value, "big")
    elif kind == HIGH:
        film.height = int.from_bytes(value, "big")


def _elements(data: Bytes, at: int, end: int, film: _Film) -> Iterator[tuple[int, int, int, int]]:
    """Each element: its id, where it begins, where its inside begins, and where it ends."""
    while at < end:
        film.count += 1
        first = number(data, at, 1)
        width = 9 - first.bit_length()
        if width > 4 or film.count > MOST_ELEMENTS:  # noqa: PLR2004  (an id has at most four bytes)
            raise NotMedia(_CUT)
        kind = number(data, at, width)
        first = number(data, at + width, 1)
        long = 9 - first.bit_length()
        if not first:
            raise NotMedia(_CUT)
        size = number(data, at + width, long) & (1 << 7 * long) - 1
        inside = at + width + long
        # A recorder that did not know the size beforehand wrote only ones: all that follows.
        after = end if size == (1 << 7 * long) - 1 else inside + size
        if after > end:
            raise NotMedia(_CUT)
        yield kind, at, inside, after
        at = after
