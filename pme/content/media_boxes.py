"""MP4 and M4A: boxes within boxes (ISO/IEC 14496-12). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pme.content.media_reading import Bytes, Looked, NotMedia, number, sensible
from pme.words.lazily import lazy
from pme.words.speech import _

MOST_BOXES = 20_000
WITHIN = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
ABOUT_PEOPLE = {b"udta", b"meta", b"uuid"}
"""Where cameras and telephones write places, names and devices."""
PLAYED = {b"avc1", b"avc3", b"av01", b"vp08", b"vp09", b"mp4a", b"Opus", b".mp3", b"fLaC"}
"""Codecs that the browsers of today play."""
_CUT = lazy("The film is cut short or damaged. Export it again as MP4 (H.264 and AAC).")


@dataclass
class _Film:
    kinds: set[bytes] = field(default_factory=set)
    codecs: set[bytes] = field(default_factory=set)
    count: int = 0
    seconds: float = 0.0
    width: int = 0
    height: int = 0


def read_mp4(data: Bytes) -> Looked:
    """An MP4 or M4A file. Raises NotMedia when it is none, or one that browsers do not play."""
    film, looked = _Film(), Looked("", len(data))
    if data[8:12] == b"qt  ":
        raise NotMedia(_("This is a QuickTime film. Export it as MP4 (H.264 and AAC)."))
    _walk(data, 0, len(data), film, looked, top=True)
    if not film.kinds & {b"vide", b"soun"}:
        raise NotMedia(_CUT)
    if unknown := film.codecs - PLAYED:
        name = min(unknown).decode("ascii", "replace").strip()
        raise NotMedia(
            _(
                "The film is encoded in a way ({name}) that many browsers cannot play. Export it with H.264"
                " and AAC.",
                name=name,
            )
        )
    looked.mime = "video/mp4" if b"vide" in film.kinds else "audio/mp4"
    looked.seconds, looked.width, looked.height = film.seconds, film.width, film.height
    return sensible(looked)


def _walk(data: Bytes, start: int, end: int, film: _Film, looked: Looked, *, top: bool = False) -> None:
    for kind, at, inside, after in _boxes(data, start, end, top=top):
        film.count += 1
        if film.count > MOST_BOXES:
            raise NotMedia(_CUT)
        if kind in ABOUT_PEOPLE:
            looked.blank.append((at + 4, b"free"))
            looked.zero.append((inside, after))
        elif kind in WITHIN:
            _walk(data, inside, after, film, looked)
        elif kind == b"mvhd":
            long = data[inside] == 1
            scale = number(data, inside + (20 if long else 12), 4)
            film.seconds = number(data, inside + (24 if long else 16), 8 if long else 4) / (scale or 1)
        elif kind == b"tkhd":
            film.width = max(film.width, number(data, after - 8, 4) >> 16)
            film.height = max(film.height, number(data, after - 4, 4) >> 16)
        elif kind == b"hdlr":
            film.kinds.add(data[inside + 8 : inside + 12])
        elif kind == b"stsd" and number(data, inside + 4, 4):
            film.codecs.add(data[inside + 12 : inside + 16])


def _boxes(data: Bytes, at: int, end: int, *, top: bool) -> Iterator[tuple[bytes, int, int, int]]:
    """Each box: its kind, where it begins, where its inside begins, and where it ends."""
    first = top
    while at < end:
        size, kind, head = number(data, at, 4), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = number(data, at + 8, 8), 16
        elif size == 0 and top:
            size = end - at
        if first and kind != b"ftyp":
            raise NotMedia(_CUT)
        if size < head or at + size > end or not kind.replace(b"\xa9", b"c").isascii():
            raise NotMedia(_CUT)
        yield kind, at, at + head, at + size
        at, first = at + size, False
