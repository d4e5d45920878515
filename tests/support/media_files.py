"""Small real files of every kind, made here: pictures, sounds, films, documents, and what is hidden in them."""

import io
import struct
import wave

from PIL import Image

GPS = 0x8825
PLACE = (60.0, 10.0, 24.5)


def picture(
    name: str = "PNG", size: tuple[int, int] = (64, 48), colour: str = "teal", **more: object
) -> bytes:
    """A picture of one colour with a corner of another."""
    image = Image.new("RGB", size, colour)
    image.paste("orange", (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, name, **more)
    return out.getvalue()


def photograph(size: tuple[int, int] = (400, 300)) -> bytes:
    """A JPEG as a telephone makes it: turned, with its place, its device and a comment."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif[0x0112] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = PLACE
    return picture("JPEG", size, exif=exif.tobytes(), comment=b"SecretPlace")


def box(kind: bytes, *inside: bytes) -> bytes:
    """A box of an MP4."""
    body = b"".join(inside)
    return struct.pack(">I", 8 + len(body)) + kind + body


def film(
    codec: bytes = b"avc1", handler: bytes = b"vide", *, padding: int = 2_000, seconds: int = 3
) -> bytes:
    """An MP4 with one track, a place that a telephone wrote, and nothing that a player could show."""
    mvhd = box(b"mvhd", bytes(12), struct.pack(">II", 1_000, 1_000 * seconds), bytes(80))
    tkhd = box(b"tkhd", bytes(76), struct.pack(">II", 320 << 16, 240 << 16))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(13))
    stsd = box(b"stsd", bytes(4), struct.pack(">I", 1), struct.pack(">I", 16) + codec + bytes(8))
    media = box(b"mdia", hdlr, box(b"minf", box(b"stbl", stsd)))
    place = box(b"udta", box(b"\xa9xyz", b"+60.17+024.94/SecretPlace"))
    moov = box(b"moov", mvhd, box(b"trak", tkhd, media), place)
    return (
        box(b"ftyp", b"isom", bytes(4), b"isomiso2")
        + moov
        + box(b"mdat", bytes(range(256)) * (padding // 256))
    )


def element(kind: int, *inside: bytes) -> bytes:
    """An element of a WebM."""
    body = b"".join(inside)
    return (
        kind.to_bytes((kind.bit_length() + 7) // 8, "big") + (len(body) | 1 << 28).to_bytes(4, "big") + body
    )


def webm() -> bytes:
    """A WebM with one track and tags."""
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    info = element(
        0x1549A966,
        element(0x2AD7B1, (1_000_000).to_bytes(3, "big")),
        element(0x4489, struct.pack(">d", 2_000.0)),
    )
    video = element(0xE0, element(0xB0, b"\x01\x40"), element(0xBA, b"\xf0"))
    tracks = element(0x1654AE6B, element(0xAE, element(0x83, b"\x01"), element(0x86, b"V_VP9"), video))
    return head + element(
        0x18538067, info, tracks, element(0x1254C367, b"SecretPlace" * 3), element(0x1F43B675, bytes(64))
    )


def song(frames: int = 40) -> bytes:
    """An MP3 of silence with a label before it."""
    frame = b"\xff\xfb\x90\x00" + bytes(417 - 4)
    return b"ID3\x03\x00\x00\x00\x00\x00\x10SecretSinger0000" + frame * frames


def ogg() -> bytes:
    """An Ogg of Opus."""

    def page(flags: int, granule: int, body: bytes) -> bytes:
        return b"OggS\0" + struct.pack("<BQIII", flags, granule, 7, 0, 0) + bytes([1, len(body)]) + body

    head = b"OpusHead\x01\x01" + bytes(9)
    return page(2, 0, head) + page(0, 0, b"OpusTags" + bytes(8)) + page(4, 96_000, bytes(20))


def wav() -> bytes:
    """A second of silence, with a note about who recorded it."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(bytes(8_000))
    note = b"LIST" + struct.pack("<I", 12) + b"SecretPlace0"
    body = out.getvalue()[12:] + note
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def document(*objects: bytes) -> bytes:
    """A PDF of one empty page with further objects."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        *objects,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table + end
