"""PDF documents: read for everything that could act by itself, which is refused with a sentence. Pure.

Nothing is believed that the document says of itself: every compressed stream is opened, within bounds, and
the names of dangerous features are looked for wherever a viewer could meet them.
"""

import re
import zlib
from collections.abc import Iterator

from pme.content.media_reading import Bytes, Looked, NotMedia
from pme.words.lazily import lazy
from pme.words.speech import _

MOST_OPENED = 100_000_000
"""Bytes that may come out of all streams together."""
TAIL = 2_048
PIECE = 65_536
REFUSED = {
    b"JavaScript": lazy("a script (JavaScript)"),
    b"Rendition": lazy("moving content that can run a script"),
    b"Launch": lazy("a command that starts a program"),
    b"EmbeddedFile": lazy("other files within it"),
    b"EmbeddedFiles": lazy("other files within it"),
    b"Filespec": lazy("other files within it"),
    b"RichMedia": lazy("moving content of an old kind"),
    b"SubmitForm": lazy("a form that sends data away"),
    b"ImportData": lazy("a form that reads data in"),
    b"GoToE": lazy("a link into a file within it"),
    b"GoToR": lazy("a link to a file on a reader's computer"),
    b"Encrypt": lazy("a password or a lock"),
}
_NAME = re.compile(rb"/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){4,40})(?![A-Za-z#])")
_XFA = re.compile(rb"/XFA\s*(?:\[|\d+\s+\d+\s+R)")
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OLD_FILTERS = re.compile(
    rb"/(LZWDecode|ASCII85Decode|ASCIIHexDecode|RunLengthDecode|Crypt|LZW|A85|AHx|RL)\b"
)
MENDED = lazy("Print it into a new PDF, or save a plain copy, and send that.")


def read_pdf(data: Bytes) -> Looked:
    """A PDF that only shows something. Raises NotMedia with the reason when it could do more."""
    content = data[0 : len(data)]
    if not re.match(rb"%PDF-[12]\.\d", content):
        raise NotMedia(_("This is not a PDF document."))
    if b"%%EOF" not in content[-TAIL:]:
        raise NotMedia(_("The PDF is cut short. Save it again, then send the whole of it."))
    _refuse_names(content)
    for opened in _streams(content):
        _refuse_names(opened)
    return Looked("application/pdf", len(content))


def _refuse_names(content: bytes) -> None:
    for match in _NAME.finditer(content):
        name = (
            _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), match[1]) if b"#" in match[1] else match[1]
        )
        if name in REFUSED:
            raise NotMedia(
                _(
                    "The PDF holds {refused}, which the platform does not pass on. {mended}",
                    refused=REFUSED[name],
                    mended=MENDED,
                )
            )
    if _XFA.search(content):
        raise NotMedia(_("The PDF holds a form of an old kind (XFA). {mended}", mended=MENDED))


def _streams(content: bytes) -> Iterator[bytes]:
    """What is in each stream that is compressed, whatever its dictionary says of it."""
    left, view = MOST_OPENED, memoryview(content)
    for match in _STREAM.finditer(content):
        dictionary = content[max(0, match.start() - 1_000) : match.start()].rpartition(b" obj")[2]
        if _OLD_FILTERS.search(dictionary):
            raise NotMedia(
                _("The PDF is compressed in an old way that cannot be checked. {mended}", mended=MENDED)
            )
        opened = _opened(view, match.end(), left)
        left -= len(opened)
        if left <= 0:
            raise NotMedia(_("The PDF unpacks to far more data than it shows. {mended}", mended=MENDED))
        yield opened


def _opened(view: memoryview, at: int, most: int) -> bytes:
    """The stream that begins here, unpacked as far as it can be; nothing where it is not compressed."""
    opener, parts, size = zlib.decompressobj(), [], 0
    try:
        while at < len(view) and not opener.eof and size < most:
            part = opener.decompress(opener.unconsumed_tail or view[at : at + PIECE], most - size)
            at += 0 if opener.unconsumed_tail and part else PIECE
            parts.append(part)
            size += len(part)
    except zlib.error:
        pass  # Not compressed, or damaged from here on: no viewer reads more of it.
    return b"".join(parts)
