"""The hostile set: files that try to get out of their folder, fill memory, run, reach out, or pass as another.

Each is made here, small on disk, and named by what it tries. `bring` goes to the form that brings in courses and
documents, `media` to the form for pictures and recordings.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.support import media_files as make
from tests.support.word_files import BODY, RELATIONS, part, word, zipped

PAGE = "modules/listening/30-more.md"
FIGURE = "modules/listening/media/a.svg"
PICTURE = "modules/listening/media/a.png"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>t</title><desc>d</desc>%s</svg>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
YAML_LAUGHS = "a: &a [x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a}]\n" for a, b in pairwise("abcdefghijk"))
LAUGHING = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REFUSED = "There is a problem"


@dataclass(frozen=True)
class Hostile:
    """A file that has to be refused: what it tries, where it is sent, its bytes and the name it gives itself."""

    tries: str
    form: str
    content: Callable[[], bytes]
    name: str


def every() -> Iterator[Hostile]:
    """The whole set."""
    for tries, make_it in {**ARCHIVES, **TEXTS, **WORDS}.items():
        name = "a.docx" if tries in WORDS else "a.md" if tries in PLAIN else "a.zip"
        yield Hostile(tries, "bring", make_it, name)
    for tries, make_it in MEDIA.items():
        yield Hostile(tries, "media", make_it, "a.png")


def entry(name: str, content: bytes = b"# x\n", **fields: int) -> bytes:
    """A ZIP of one good page and one entry with these fields."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, "# A page\n")
        info = zipfile.ZipInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def named(name: bytes) -> bytes:
    """A ZIP whose second entry has a name of these very bytes."""
    made = entry("Q" * len(name))
    return made.replace(b"Q" * len(name), name)


def locked() -> bytes:
    """A ZIP that says it is locked."""
    made = bytearray(zipped({PAGE: "# x\n"}))
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.find(head) + at] |= 1
    return bytes(made)


def overlapping() -> bytes:
    """A ZIP of many entries that all lie over the same bytes, as in the “better zip bomb”."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(bytes(900_000)) + body.flush()
    crc = zlib.crc32(bytes(900_000))
    names = [f"modules/listening/{n:02}-a.md".encode() for n in range(10, 60)]
    head = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(packed), 900_000, len(names[0]), 0
    )
    local = head + names[0] + packed
    listed = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            33,
            crc,
            len(packed),
            900_000,
            len(name),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + name
        for name in names
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(names), len(names), len(listed), len(local), 0)
    return local + listed + end


def lying() -> bytes:
    """A ZIP whose entry says that it is small, and is not."""
    made = zipped({"modules/listening/10-a.md": b"\0" * 60_000_000})
    return made.replace(struct.pack("<L", 60_000_000), struct.pack("<L", 60))


def nested(depth: int = 6) -> bytes:
    """A ZIP in a ZIP in a ZIP."""
    made = zipped({"a": bytes(10_000_000)})
    for _ in range(depth):
        made = zipped({f"{n}.zip": made for n in range(8)})
    return made


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that says it is this large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = data or zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG with a comment that unpacks to 100 MB."""
    made = make.picture()
    body = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    return made[:33] + chunk + made[33:]


def many_scans() -> bytes:
    """A JPEG that says it is built up in thousands of passes."""
    made = make.picture("JPEG", (2_000, 2_000), progressive=True)
    at = made.rfind(b"\xff\xda")
    scan = made[at:-2]
    return made[:-2] + scan * 400 + b"\xff\xd9"


def body(inside: str) -> str:
    """The main part of a Word document without its first line."""
    return part("document", f"<w:body>{inside}</w:body>").partition("?>")[2]


DOCUMENT = "word/document.xml"
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "climbs out of its folder": lambda: entry("../../../tmp/evil.md"),
    "climbs out of a folder within": lambda: entry("modules/../../evil.md"),
    "has an absolute path": lambda: entry("/etc/cron.d/evil"),
    "has a drive letter": lambda: named(b"C:/evil.md"),
    "has backslashes": lambda: named(b"..\\..\\evil.md"),
    "is a link": lambda: entry("modules/listening/40-l.md", b"/etc/passwd", external_attr=0o120777 << 16),
    "is a device": lambda: entry("modules/listening/40-d.md", external_attr=0o020666 << 16),
    "has a name with control signs": lambda: named(b"modules/listening/\x1b[31m.md"),
    "has a name that turns round": lambda: entry("modules/listening/40-\u202edm.exe"),
    "has a name of nothing but blanks to the eye": lambda: entry("modules/\u200b\u200b/10-a.md"),
    "has one name twice": lambda: entry("modules/listening/30-MORE.md"),
    "is locked": locked,
    "is cut short": lambda: zipped({PAGE: "# x\n" * 4_000})[:-40],
    "has bytes before it": lambda: b"#!/bin/sh\n" + zipped({PAGE: "# x\n"}),
    "has bytes behind it": lambda: zipped({PAGE: "# x\n"}) + b"<script>alert(1)</script>",
    "unpacks to gigabytes": lambda: entry("modules/listening/40-b.md", bytes(90_000_000)),
    "lies about its size": lying,
    "is a ZIP in a ZIP": nested,
    "has a hundred thousand entries": lambda: zipped({f"modules/a/{n}.md": "" for n in range(70_000)}, 0),
    "has too many entries": lambda: zipped({f"modules/a/{n}.md": "" for n in range(5_000)}, 0),
    "lies over itself": overlapping,
    "holds a drawing with a script": lambda: zipped({PAGE: "# x\n", FIGURE: SVG % b"<script>alert(1)</script>"}),
    "holds a drawing with an entity": lambda: zipped({PAGE: "# x\n", FIGURE: OUTSIDE.encode() + SVG % b"&x;"}),
    "holds a drawing that laughs": lambda: zipped({PAGE: "# x\n", FIGURE: LAUGHING.encode() + SVG % b"&l11;"}),
    "holds a picture of 900 million points": lambda: zipped({PAGE: "# x\n", PICTURE: png_of(30_000, 30_000)}),
    "holds a page as a picture": lambda: zipped({PAGE: "# x\n", PICTURE: b"<html><script>alert(1)</script>"}),
    "holds a program as a film": lambda: zipped({PAGE: "# x\n", FIGURE[:-3] + "mp4": b"\x7fELF" + bytes(99)}),
    "holds a film by a false name": lambda: zipped({PAGE: "# x\n", FIGURE[:-3] + "webm": make.film()}),
    "has a list that is no list": lambda: zipped({PAGE: "# x\n", "pme-package.json": "[" * 100_000}),
    "is empty": lambda: zipped({}),
    "is nothing": lambda: b"",
}  # fmt: skip
PLAIN = {"is 200 kB of [ as Markdown", "is no text", "is another encoding", "is quoted without end"}
TEXTS: dict[str, Callable[[], bytes]] = {
    "is 200 kB of [ as Markdown": lambda: b"# x\n\n" + b"[" * 200_000,
    "is quoted without end": lambda: b"# x\n\n" + b"> " * 50_000,
    "is no text": lambda: b"# x\n\0\0\0",
    "is another encoding": lambda: "# Übung\n".encode("utf-16"),
    "is 200 kB of [ as a page": lambda: zipped({PAGE: "# x\n\n" + "[" * 190_000}),
    "is 200 kB of [ as YAML": lambda: zipped({"quizzes/a.quiz.yaml": "a: " + "[" * 200_000}),
    "is YAML that runs": lambda: zipped({"quizzes/a.quiz.yaml": "a: !!python/object/apply:os.system [id]\n"}),
    "is YAML that laughs": lambda: zipped({"quizzes/a.quiz.yaml": YAML_LAUGHS}),
    "is YAML with one name twice": lambda: zipped({"quizzes/a.quiz.yaml": "a: 1\na: 2\n"}),
}  # fmt: skip
WORDS: dict[str, Callable[[], bytes]] = {
    "is a document that reads a file": lambda: word(**{DOCUMENT: OUTSIDE + body("&x;")}),
    "is a document that laughs": lambda: word(**{DOCUMENT: LAUGHING + body("&l11;")}),
    "is a document nested without end": lambda: word("<w:sdt>" * 100_000),
    "has styles that read a file": lambda: word(**{"word/styles.xml": OUTSIDE + "<w:x>&x;</w:x>"}),
    "has relations that laugh": lambda: word(**{"word/_rels/document.xml.rels": LAUGHING + RELATIONS}),
    "is a document of nothing but itself": lambda: word(**{"word/document.xml": part("document", "")}),
    "is a document that unpacks to gigabytes": lambda: word(BODY + " " * 60_000_000),
}  # fmt: skip
MEDIA: dict[str, Callable[[], bytes]] = {
    "is a picture of 900 million points": lambda: png_of(30_000, 30_000),
    "is a picture that ends in the middle": lambda: png_of(600, 600, zlib.compress(bytes(9))),
    "is a picture that unpacks its comment": text_bomb,
    "is a picture of thousands of passes": many_scans,
    "is a drawing that reads a file": lambda: OUTSIDE.encode() + SVG % b"&x;",
    "is a drawing that laughs": lambda: LAUGHING.encode() + SVG % b"&l11;",
    "is a drawing with a script": lambda: SVG % b"<script>alert(1)</script>",
    "is a drawing that reaches out": lambda: SVG % b'<image href="https://evil.example/x.png"/>',
    "is a drawing nested without end": lambda: SVG % (b"<g>" * 100_000),
    "is a page": lambda: b"<!DOCTYPE html><script>alert(1)</script>",
    "is a program": lambda: b"\x7fELF" + bytes(4_000),
    "is a ZIP": lambda: zipped({"a": "b"}),
    "is a film with a ZIP behind it": lambda: make.film() + zipped({"a": "b"}),
    "is a film of boxes without end": lambda: make.film() + struct.pack(">I", 8) * 2 + b"free" * 100_000,
    "is a document with a script": lambda: make.document(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
    "is a document that starts a program": lambda: make.document(b"<< /S /Launch /F (calc.exe) >>"),
    "is a document that unpacks to gigabytes": lambda: make.document(
        b"<< /Filter /FlateDecode >>\nstream\n" + zlib.compress(bytes(120_000_000), 9) + b"\nendstream"
    ),
    "is nothing": lambda: b"",
}  # fmt: skip
