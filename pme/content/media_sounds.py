"""MP3, Ogg and WAV: frames, pages and chunks, read to the last one. Pure."""

from pme.content.media_reading import Bytes, Looked, NotMedia, number, sensible
from pme.words.lazily import lazy
from pme.words.speech import _

RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
FIRST = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
LATER = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""kbit/s of layer III, of MPEG 1 and of the later ones."""
LEAST_FRAMES = 3
LONGEST_TAIL = 64_000
SOUNDS = {b"OpusHead": 48_000, b"\x01vorbis": 0, b"\x7fFLAC": 0}
PLAIN_FORMATS = {1, 3, 0xFFFE}
ABOUT_PEOPLE = {b"LIST", b"id3 ", b"ID3 ", b"bext", b"iXML", b"_PMX", b"axml"}
_CUT = lazy("The recording is cut short or damaged. Export it again as MP3 or M4A.")


def read_mp3(data: Bytes) -> Looked:
    """An MP3 file; what stands before the first frame and behind the last is not kept."""
    at = 0
    while data[at : at + 3] == b"ID3":
        size = number(data, at + 6, 4)
        at += 10 + ((size >> 24 & 127) << 21 | (size >> 16 & 127) << 14 | (size >> 8 & 127) << 7 | size & 127)
    looked = Looked("audio/mpeg", len(data), start=at)
    frames, seconds = 0, 0.0
    while at + 4 <= len(data):
        length, lasts = _frame(number(data, at, 4))
        if not length or at + length > len(data):
            break
        at, frames, seconds = at + length, frames + 1, seconds + lasts
    if frames < LEAST_FRAMES or len(data) - at > LONGEST_TAIL:
        raise NotMedia(_CUT)
    looked.end, looked.seconds = at, seconds
    return sensible(looked)


def _frame(head: int) -> tuple[int, float]:
    """The bytes and the seconds of a frame of layer III; 0 where this begins none."""
    version, layer, rate, speed = head >> 19 & 3, head >> 17 & 3, head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or rate in (0, 15) or speed == 3:  # noqa: PLR2004
        return 0, 0.0
    is_first = version == 3  # noqa: PLR2004
    hertz = RATES[version][speed]
    bits = (FIRST if is_first else LATER)[rate] * 1000
    return (144 if is_first else 72) * bits // hertz + (head >> 9 & 1), (1152 if is_first else 576) / hertz


def read_ogg(data: Bytes) -> Looked:
    """An Ogg file with one sound in it: Opus, Vorbis or FLAC."""
    at, last, hertz, pages = 0, 0, 0, 0
    while at < len(data):
        if data[at : at + 4] != b"OggS" or number(data, at + 4, 1) != 0:
            raise NotMedia(_CUT)
        count = number(data, at + 26, 1)
        inside = at + 27 + count
        after = inside + sum(data[at + 27 : inside])
        if after > len(data):
            raise NotMedia(_CUT)
        if number(data, at + 5, 1) & 2:
            hertz = _hertz(data[inside : min(after, inside + 64)])
        granule = number(data, at + 6, 8, little=True)
        last = max(last, granule) if granule != (1 << 64) - 1 else last
        at, pages = after, pages + 1
    if pages < LEAST_FRAMES or not hertz:
        raise NotMedia(_CUT)
    return sensible(Looked("audio/ogg", len(data), seconds=last / hertz))


def _hertz(packet: bytes) -> int:
    for begins, hertz in SOUNDS.items():
        if packet.startswith(begins):
            if begins == b"\x7fFLAC":
                return int.from_bytes(packet[27:30], "big") >> 4
            return hertz or int.from_bytes(packet[12:16], "little")
    raise NotMedia(_("This Ogg file holds something other than sound. Export films as MP4 or WebM."))


def read_wav(data: Bytes) -> Looked:
    """A WAV file."""
    looked, at, speed, sound = Looked("audio/wav", len(data)), 12, 0, 0
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], number(data, at + 4, 4, little=True)
        if at + 8 + size > len(data):
            raise NotMedia(_CUT)
        if kind == b"fmt ":
            if number(data, at + 8, 2, little=True) not in PLAIN_FORMATS:
                raise NotMedia(
                    _("The recording is encoded in a way that browsers cannot play. Export it as MP3.")
                )
            speed = number(data, at + 16, 4, little=True)
        elif kind == b"data":
            sound += size
        elif kind in ABOUT_PEOPLE:
            looked.blank.append((at, b"JUNK"))
            looked.zero.append((at + 8, at + 8 + size))
        at += 8 + size + size % 2
    looked.end = min(at, len(data))
    if not speed or not sound or len(data) - looked.end > LONGEST_TAIL:
        raise NotMedia(_CUT)
    looked.seconds = sound / speed
    return sensible(looked)
