"""Files told by their bytes: what each is, what is taken out of it, and what is refused."""

import io
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from pme.authoring.media_intake import taken
from pme.content.attachments import described, read_text
from pme.content.captions import NotCaptions, read_captions, written
from pme.content.media_reading import NotMedia
from pme.intake.bounded import NotTaken
from pme.intake.pictures import kept_if_clean
from tests.support import media_files as make

MOST = 30_000_000


def test_a_photograph_loses_its_place_and_its_device_and_stands_upright():
    photograph = make.photograph()
    assert b"SecretPhone" in photograph
    with taken(io.BytesIO(photograph), MOST) as safe:
        assert safe.ending == ".jpg"
        assert b"Secret" not in safe.content
        assert b"Exif" not in safe.content
        image = Image.open(io.BytesIO(safe.content))
        assert image.size == (300, 400)
        assert not image.getexif()
        assert kept_if_clean(safe.content) == safe.content
    assert kept_if_clean(photograph) is None


@pytest.mark.parametrize(("name", "ending"), [("PNG", ".png"), ("WEBP", ".webp"), ("GIF", ".png")])
def test_every_kind_of_picture_is_written_anew_no_larger_than_a_page_shows(name: str, ending: str):
    with taken(io.BytesIO(make.picture(name, (3_000, 1_000)) + b"PK\x03\x04 and more"), MOST) as safe:
        assert safe.ending == ending
        assert Image.open(io.BytesIO(safe.content)).size == (1_600, 533)
        assert b"and more" not in safe.content
        assert kept_if_clean(safe.content) == safe.content


@pytest.mark.parametrize(
    ("content", "mime", "seconds"),
    [
        (make.film(), "video/mp4", 3),
        (make.film(b"mp4a", b"soun"), "audio/mp4", 3),
        (make.webm(), "video/webm", 2),
        (make.song(), "audio/mpeg", 1),
        (make.ogg(), "audio/ogg", 2),
        (make.wav(), "audio/wav", 1),
        (make.document(), "application/pdf", 0),
    ],
)
def test_a_recording_is_told_by_its_bytes_and_says_nothing_of_who_made_it(
    content: bytes, mime: str, seconds: int
):
    with taken(io.BytesIO(content), MOST) as safe:
        assert safe.attachment is not None
        assert (safe.attachment.mime, safe.attachment.seconds) == (mime, seconds)
        body = b"".join(safe.body)
        assert len(body) == safe.attachment.size
        assert b"Secret" not in body
        # Read again, as from a folder or a package, it is the same thing to the byte.
        assert described(f"media/a{safe.ending}", body) == safe.attachment
        assert read_text(safe.content) == safe.attachment
    with taken(io.BytesIO(body), MOST) as again:
        assert again.content == safe.content


def packed(inside: bytes) -> bytes:
    stored = zlib.compress(inside)
    return b"<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        len(stored),
        stored,
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (make.document(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "a script"),
        (make.document(b"<< /S /Java#53cript /JS (app.alert(1)) >>"), "a script"),
        (make.document(packed(b"4 0 << /S /JavaScript /JS (x) >>")), "a script"),
        (make.document(b"<< /S /Launch /F (cmd.exe) >>"), "starts a program"),
        (make.document(b"<< /Type /EmbeddedFile >>"), "other files"),
        (make.document(b"<< /Encrypt 9 0 R >>"), "a password"),
        (make.document(packed(bytes(120_000_000))), "unpacks to far more"),
        (make.document()[:-12], "cut short"),
        (make.film()[:-9], "cut short"),
        (make.film(b"hvc1"), "many browsers cannot play"),
        (make.film() + b"PK\x03\x04 something else", "cut short or damaged"),
        (make.webm()[:-9], "cut short"),
        (make.song(2), "cut short"),
        (make.wav()[:-9], "cut short"),
        (b"MZ a program", "not a file of a known kind"),
        (b"<html><script>alert(1)</script>", "not a file of a known kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()" viewBox="0 0 1 1"/>', "event handlers"),
        (make.picture()[:-30], "cannot be read to its end"),
        (make.picture()[:20], "cannot be read to its end"),
        (b"", "empty"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(content: bytes, says: str):
    with pytest.raises(NotTaken, match=says), taken(io.BytesIO(content), MOST):
        pass


def test_a_file_is_never_believed_by_its_name():
    with pytest.raises(NotMedia, match="has to end in"):
        described("media/a.webm", make.film())


def test_captions_keep_their_times_and_words_and_nothing_else():
    given = b"\xef\xbb\xbfWEBVTT\nX-T: 1\n\nSTYLE\n::cue{background:url(//x)}\n\n1\n00:01.000 --> 00:02.500 line:0\n"
    given += b"<v Anna><b>Look</b> &amp; listen &lt;img src=x&gt;\n\nNOTE who made it\n"
    cues = read_captions(given)
    assert [(cue.start, cue.end, cue.text) for cue in cues] == [(1_000, 2_500, "Look & listen <img src=x>")]
    clean = written(cues)
    assert clean == b"WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nLook &amp; listen &lt;img src=x&gt;\n"
    assert written(read_captions(clean)) == clean


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Once upon a time", "begin with the line WEBVTT"),
        (b"WEBVTT\n\n00:09.000 --> 00:01.000\nBack\n", "end before they begin"),
        (b"WEBVTT\n\nnoon --> midnight\nWhen\n", "Line 3 should be a time"),
        (b"WEBVTT\n", "no words"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_what_is_no_captions_is_refused(content: bytes, says: str):
    with pytest.raises(NotCaptions, match=says):
        read_captions(content)


@pytest.mark.parametrize(
    "make_bomb", [lambda: make.picture("PNG", (30_000, 3_000)), lambda: make.picture("GIF", (9_000, 9_000))]
)
def test_a_picture_with_too_many_points_is_refused_before_it_is_opened(make_bomb: Callable[[], bytes]):
    with pytest.raises(NotTaken, match="million pixels"), taken(io.BytesIO(make_bomb()), MOST):
        pass


INKSCAPE = b"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with a drawing program -->
<svg width="200mm" height="100mm" version="1.1" id="svg5" xmlns="http://www.w3.org/2000/svg"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1.2" xmlns:xlink="http://www.w3.org/1999/xlink">
<inkscape:view pagecolor="#fff"/><metadata><who>SecretArtist</who></metadata>
<defs><path id="p" d="M0 0h9"/></defs><g inkscape:label="Layer" class="cls-1" data-name="x">
<rect style="fill:#ff0000;-inkscape-font-specification:x;stroke-width:2" x="1" y="1" width="9" height="9"/>
<use xlink:href="#p"/></g></svg>"""


def test_a_drawing_of_a_drawing_program_is_made_fit_for_a_page():
    plain = INKSCAPE.replace(b'<use xlink:href="#p"/>', b"")
    with taken(io.BytesIO(plain), MOST, "A red  square") as safe:
        assert safe.ending == ".svg"
        assert b"Secret" not in safe.content
        assert b"inkscape" not in safe.content
        assert b"<title>A red square</title><desc>A red square</desc>" in safe.content
        assert b'viewBox="0 0 200 100"' in safe.content
        assert b'fill="#ff0000"' in safe.content
    with taken(io.BytesIO(safe.content), MOST) as again:
        assert again.content == safe.content


@pytest.mark.parametrize(
    ("piece", "says"),
    [
        (b"<script>alert(1)</script>", "<script> is not allowed"),
        (b'<rect onclick="alert(1)"/>', "event handlers"),
        (b'<rect style="fill:url(https://evil.example/x)"/>', "point only inside itself"),
        (b"<style>rect{fill:red}</style>", "<style> is not allowed"),
        (b"<use xlink:href='#p'/>", "<use> is not allowed"),
    ],
)
def test_what_could_run_or_reach_out_is_never_taken_out_in_silence(piece: bytes, says: str):
    drawing = INKSCAPE.replace(b'<use xlink:href="#p"/>', piece)
    with pytest.raises(NotTaken, match=says), taken(io.BytesIO(drawing), MOST, "A red square"):
        pass
