"""Figures: drawings hold nothing that could run or load, pictures are what they say they are."""

import struct
import zlib

import pytest

from pme.content.parse_picture import Picture, read_picture
from pme.content.problems import Findings

HEAD = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 100"'
NAMED = "<title>T</title><desc>D</desc>"


def read(content: str | bytes, path: str = "media/x.svg") -> tuple[Picture | None, list[str]]:
    findings = Findings(path)
    picture = read_picture(path, content.encode() if isinstance(content, str) else content, findings)
    return picture, [problem.says for problem in findings.problems]


def drawing(inside: str) -> tuple[Picture | None, list[str]]:
    return read(f"<svg {HEAD}>{NAMED}{inside}</svg>")


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("<script>alert(1)</script>", "<script> is not allowed"),
        ("<style>*{}</style>", "<style> is not allowed"),
        ("<foreignObject><p/></foreignObject>", "<foreignObject> is not allowed"),
        ("<image href='data:image/png;base64,AAAA'/>", "<image> is not allowed"),
        ("<a href='#x'><text id='x'>x</text></a>", "<a> is not allowed"),
        ("<use href='#a'/>", "<use> is not allowed"),
        ("<animate attributeName='href' to='javascript:alert(1)'/>", "<animate> is not allowed"),
        ("<set attributeName='onload' to='alert(1)'/>", "<set> is not allowed"),
        ("<svg/>", "<svg> is not allowed"),
        ("<rekt/>", "Did you mean rect?"),
        ("<rect onclick='alert(1)'/>", "event handlers"),
        ("<rect ONLOAD='alert(1)'/>", "event handlers"),
        ("<rect style='fill:url(http://x)'/>", "style is not allowed"),
        ("<rect fill='url(https://evil.example/x)'/>", "may point only inside itself"),
        ("<rect fill='URL( //evil.example/x )'/>", "may point only inside itself"),
        ("<rect fill='url(#a) url(http://x)'/>", "may point only inside itself"),
        ("<rect fill='u\\72l(http://x)'/>", "may point only inside itself"),
        ("<rect fill='&amp;#106;avascript:x'/>", "may point only inside itself"),
        ("<textPath href='javascript:alert(1)'>x</textPath>", "may point only inside itself"),
        ("<textPath href='https://evil.example/#a'>x</textPath>", "may point only inside itself"),
        ("<textPath xlink:href='#a'>x</textPath>", "write href"),
        ("<rect fill='url(#gone)'/>", "“#gone” points to nothing"),
        ("<rect class='big'/>", "“big” is not one of the figure classes"),
        ("<rect class='fig-acent'/>", "Did you mean fig-accent?"),
        ("<rect id='a b'/>", "may point only inside itself"),
        ("<rect foo='1'/>", "The attribute foo is not allowed"),
        ("<rect strok='1'/>", "Did you mean stroke?"),
        ("<text font-size='9'>x</text>", "too small"),
        ("<?php x ?>", "processing instruction"),
        ("<text>\ue010</text>", "private-use"),
        ("<text fill='\ue012'>x</text>", "private-use"),
        ("<g>" * 50 + "</g>" * 50, "nested 40 deep"),
        ("<g/>" * 4_001, "at most 4000 elements"),
    ],
)
def test_a_drawing_that_could_do_harm_is_refused(inside: str, says: str):
    picture, problems = drawing(inside)
    assert picture is None
    assert any(says in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', "entities"),
        ('<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>', "entities"),
        ("<svg", "not readable XML"),
        ("no xml", "not readable XML"),
        (f"<html {HEAD}></html>", "begins with <svg"),
        ("<svg viewBox='0 0 1 1'/>", "begins with <svg"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "needs a viewBox"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 1"/>', "needs a viewBox"),
        (f"<svg {HEAD} width='5'/>", "no width or height"),
        (f"<svg {HEAD} onload='x()'/>", "event handlers"),
        (f"<svg {HEAD}/>", "needs a <title> and a <desc>"),
    ],
)
def test_a_drawing_that_is_none_is_refused(content: str, says: str):
    _, problems = read(content)
    assert any(says in problem for problem in problems), problems


def test_a_drawing_goes_into_the_page_with_its_names_and_ids_of_its_own():
    picture, problems = drawing(
        "<defs xml:space='preserve'><linearGradient id='g'><stop offset='1'/></linearGradient></defs>"
        "<path id='p' d='M0 0'/><rect class='fig-accent fig-line' fill='url(#g)' aria-labelledby='p'>"
        "<title>inner &amp; own</title></rect><text font-size='16px'><textPath href='#p'>a &lt; b</textPath></text>"
    )
    assert problems == []
    assert picture is not None
    html = picture.html("fig1", alt="Alt")
    assert html == (
        '<svg role="img" aria-labelledby="fig1-title fig1-desc" focusable="false" viewBox="0 0 720 100">'
        '<title id="fig1-title">T</title><desc id="fig1-desc">D</desc>'
        '<defs><linearGradient id="fig1-g"><stop offset="1"/></linearGradient></defs>'
        '<path id="fig1-p" d="M0 0"/><rect class="fig-accent fig-line" fill="url(#fig1-g)" '
        'aria-labelledby="fig1-p"><title>inner &amp; own</title></rect>'
        '<text font-size="16px"><textPath href="#fig1-p">a &lt; b</textPath></text></svg>'
    )


def test_the_description_in_the_page_stands_in_for_one_that_is_missing():
    picture, problems = read(f"<svg {HEAD}><title>T</title><g/></svg>")
    assert problems == ["A figure needs a <title> and a <desc> right inside its <svg>."]
    assert picture is not None
    assert '<desc id="f-desc">What it shows</desc>' in picture.html("f", alt="What it shows")
    bare, _ = read(f"<svg {HEAD}><g/></svg>")
    assert bare is not None
    assert '<title id="f-title">Alt</title><g/>' in bare.html("f", alt="Alt")


def test_ids_stay_apart_when_a_drawing_is_shown_twice():
    picture, _ = drawing("<rect id='r'/>")
    assert picture is not None
    assert "fig1-" not in picture.html("fig2", alt="x")


def png(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 4)
    + b"xx"
    + b"\xff\xc0"
    + struct.pack(">HBHH", 11, 8, 30, 40)
    + b"\0" * 9
)
WEBP_LOSSY = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 40, 30)
WEBP_LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 5 + struct.pack("<I", 39 | 29 << 14)
WEBP_LARGE = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (39).to_bytes(3, "little") + (29).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", png(40, 30)),
        ("a.jpg", JPEG),
        ("a.webp", WEBP_LOSSY),
        ("a.webp", WEBP_LOSSLESS),
        ("a.webp", WEBP_LARGE),
    ],
)
def test_a_picture_is_shown_at_its_own_size(name: str, content: bytes):
    picture, problems = read(content, f"media/{name}")
    assert problems == []
    assert picture is not None
    assert (picture.width, picture.height) == (40, 30)
    ending = name[1:]
    assert picture.html("fig1", alt='A "sign"') == (
        f'<img src="/media/{picture.media.sha256}/figure{ending}" alt="A &quot;sign&quot;" '
        'width="40" height="30" loading="lazy">'
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.png", JPEG, "not a png picture"),
        ("a.png", png(0, 30), "not a png picture"),
        ("a.jpg", png(40, 30), "not a jpg picture"),
        ("a.jpg", b"\xff\xd8\xff", "not a jpg picture"),
        ("a.jpg", b"\xff\xd8\x00\x00", "not a jpg picture"),
        ("a.webp", b"RIFF", "not a webp picture"),
        ("a.gif", b"GIF89a", "is one of .svg, .png"),
        ("a.html", b"<script>", "is one of .svg, .png"),
        ("a.png", png(5_000, 30), "at most 4000 pixels"),
    ],
)
def test_a_picture_that_is_none_is_refused(name: str, content: bytes, says: str):
    _, problems = read(content, f"media/{name}")
    assert any(says in problem for problem in problems), problems
