"""Files put together into one, the same bytes for the same files. Pure."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

EPUB = b"application/epub+zip"
CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def zipped(files: Iterable[tuple[str, bytes]], *, at: datetime) -> bytes:
    """A ZIP of these files, all of one moment."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files:
            archive.writestr(_entry(name, at), content)
    return packed.getvalue()


def bound(files: Iterable[tuple[str, bytes]], *, at: datetime) -> bytes:
    """An EPUB of these files: first what it is, as it stands, then where its parts are listed."""
    parts = [("META-INF/container.xml", CONTAINER), *((f"EPUB/{name}", content) for name, content in files)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        first = _entry("mimetype", at)
        first.compress_type = zipfile.ZIP_STORED
        archive.writestr(first, EPUB)
        for name, content in parts:
            archive.writestr(_entry(name, at), content)
    return packed.getvalue()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
