"""Many PDF files as one for the printer, written as they come: what is already written is not held in memory.

What is the same in several files (engraving, fonts) is written once. Only the pages are taken: no signature, no
attachment, no tags. The writer is our own since those of libraries hold the whole document until its end.
"""

from array import array
from hashlib import sha256
from io import BytesIO
from typing import IO, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

TAKEN = ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group")
"""What is taken of a page."""
INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
CATALOG, PAGES = 1, 2
DEEPEST = 30


class Merged:
    """A PDF file that grows by the pages of others; nobody can read it before `close`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._offsets = array("Q", [0] * (PAGES + 1))
        self._known: dict[bytes, int] = {}
        self._pages = array("L")
        self._size = 0
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def add(self, pdf: bytes) -> None:
        """Take every page of a file, in its order."""
        reader = PdfFileReader(BytesIO(pdf))
        copied: dict[tuple[int, int], int] = {}
        for page in _pages_of(reader.root["/Pages"], {}):
            own = {name: self._copy(value, copied, 0) for name, value in page.items()}
            parts = b"".join(name.encode() + b" " + value + b" " for name, value in own.items())
            self._pages.append(self._object(b"<</Type/Page/Parent %d 0 R %s>>" % (PAGES, parts)))

    def close(self) -> None:
        """Write what makes the file whole."""
        kids = b" ".join(b"%d 0 R" % number for number in self._pages)
        self._put(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._pages), kids))
        # Two landscape pages of one sheet, where the printer prints on both sides.
        told = b"/ViewerPreferences<</Duplex/DuplexFlipShortEdge/PrintScaling/None>>"
        self._put(CATALOG, b"<</Type/Catalog/Pages %d 0 R%s>>" % (PAGES, told))
        start, count = self._size, len(self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset)
        self._write(b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, CATALOG, start))

    def _copy(self, value: Any, copied: dict[tuple[int, int], int], depth: int) -> bytes:
        """A value of another file as it stands in this one; what it refers to is written first."""
        if depth > DEEPEST:  # nothing on a page goes so deep, but a circle does
            return b"null"
        if isinstance(value, generic.IndirectObject):
            place = value.idnum, value.generation
            if place not in copied:
                copied[place] = self._once(self._copy(_at(value), copied, depth + 1))
            return b"%d 0 R" % copied[place]
        if isinstance(value, generic.StreamObject):
            data = value.encoded_data
            entries = self._entries(value, copied, depth, without=("/Length",))
            return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)
        if isinstance(value, generic.DictionaryObject):
            return b"<<%s>>" % self._entries(value, copied, depth)
        if isinstance(value, generic.ArrayObject):
            every = (self._copy(value.raw_get(place), copied, depth + 1) for place in range(len(value)))
            return b"[%s]" % b" ".join(every)
        told = BytesIO()
        value.write_to_stream(told, None)
        return told.getvalue()

    def _entries(
        self,
        value: generic.DictionaryObject,
        copied: dict[tuple[int, int], int],
        depth: int,
        without: tuple[str, ...] = (),
    ) -> bytes:
        parts = []
        for name in value:
            if name not in without:
                key = self._copy(name, copied, depth + 1)
                parts.append(key + b" " + self._copy(value.raw_get(name), copied, depth + 1))
        return b" ".join(parts)

    def _once(self, written: bytes) -> int:
        """The number of an object of these bytes, which is written where it is not there yet."""
        digest = sha256(written).digest()
        if digest not in self._known:
            self._known[digest] = self._object(written)
        return self._known[digest]

    def _object(self, written: bytes) -> int:
        self._offsets.append(0)
        number = len(self._offsets) - 1
        self._put(number, written)
        return number

    def _put(self, number: int, written: bytes) -> None:
        self._offsets[number] = self._size
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, written))

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._size += len(content)


def _at(reference: generic.IndirectObject) -> Any:
    return reference.get_object()  # type: ignore[no-untyped-call]


def _pages_of(node: Any, above: dict[str, Any], depth: int = 0) -> list[dict[str, Any]]:
    """The pages below a node of a tree of pages, each with what it inherits."""
    here = above | {name: node.raw_get(name) for name in INHERITED if name in node}
    if "/Kids" not in node or depth > DEEPEST:
        return [here | {name: node.raw_get(name) for name in TAKEN if name in node}]
    kids = node["/Kids"]
    return [page for place in range(len(kids)) for page in _pages_of(kids[place], here, depth + 1)]
