"""A ZIP file, read so that nothing in it reaches further than into memory, and no more of that than it may.

Everything is looked at before anything is unpacked: names, kinds, sizes, and whether entries lie over each
other. Nothing is ever written under a name that the file gives.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from pme.intake.made import Refused
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

MOST_ENTRIES = 3_000
LONGEST_LIST = 2_000_000
LONGEST_NAME = 300
MOST_UNPACKED = 400_000_000
WORST_RATIO = 200
WORTH_A_LOOK = 1_000_000
END, END_SIZE = b"PK\x05\x06", 22
WIDE = 0xFFFF
DAMAGED = lazy("This ZIP file is damaged or cut short. Pack it again, then send the whole of it.")
BOMB = lazy("This ZIP file unpacks to far more than a course has. Nothing of it was unpacked.")
ODD = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # not words
"""Kinds of signs that no honest name has: they steer, hide or turn round what is shown."""


@dataclass(frozen=True)
class Archive:
    """The entries of a ZIP file by their names, unpacked one at a time."""

    zip: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]

    def read(self, name: str, most: int) -> bytes:
        """An entry unpacked. Raises Refused when it is larger than it may be, or damaged."""
        if self.entries[name].file_size > most:
            raise Refused(_("{name} is larger than {most} MB.", name=shown(name), most=f"{most / 1e6:g}"))
        try:
            with self.zip.open(self.entries[name]) as file:
                content = file.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise Refused(DAMAGED) from error
        if len(content) > most:
            raise Refused(BOMB)
        return content


def opened(content: bytes) -> Archive:
    """A ZIP file that was looked through. Raises Refused with the first thing that is wrong with it."""
    _look_at_the_end(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError) as error:
        raise Refused(DAMAGED) from error
    entries: dict[str, zipfile.ZipInfo] = {}
    known: set[str] = set()
    for info in archive.infolist():
        _look_at_the_name(info.filename, info.orig_filename)
        _look_at_the_kind(info)
        same = unicodedata.normalize("NFC", info.filename).casefold().rstrip("/")
        if same in known:
            raise Refused(
                _("Two entries of this ZIP file have one name: {shown}.", shown=shown(info.filename))
            )
        known.add(same)
        if not info.is_dir():
            entries[info.filename] = info
    _look_at_the_sizes(list(entries.values()))
    _look_at_the_places(content, archive.infolist())
    return Archive(archive, entries)


def shown(name: str) -> str:
    """A name of an entry as it can be told: short, and without signs that steer."""
    plain = "".join(sign if unicodedata.category(sign) not in ODD else "?" for sign in name)
    return f"“{plain[:80]}{'…' if len(plain) > 80 else ''}”"  # noqa: PLR2004


def _look_at_the_end(content: bytes) -> None:
    at = content.rfind(END)
    if not content.startswith(b"PK\x03\x04") or at < 0 or at + END_SIZE > len(content):
        raise Refused(DAMAGED)
    fields = struct.unpack("<4s4H2LH", content[at : at + END_SIZE])
    disk, _unused, here, count, size, start, comment = fields[1:]
    if count == WIDE or size == 0xFFFFFFFF or start == 0xFFFFFFFF:  # noqa: PLR2004  (the wide form, for huge files)
        raise Refused(_("This ZIP file uses the format for very large files (ZIP64). Pack less into it."))
    if disk or here != count or start + size != at or at + END_SIZE + comment != len(content):
        raise Refused(DAMAGED)
    if count > MOST_ENTRIES or size > LONGEST_LIST:
        raise Refused(_("This ZIP file has more than {most} entries.", most=grouped(MOST_ENTRIES)))


def _look_at_the_name(name: str, original: str) -> None:
    odd = any(unicodedata.category(sign) in ODD for sign in original)
    if odd or "\\" in original or len(name) > LONGEST_NAME:
        raise Refused(
            _("An entry of this ZIP file has a name that is not allowed: {shown}.", shown=shown(original))
        )
    parts = name.split("/")
    if name.startswith("/") or ":" in parts[0] or ".." in parts or "." in parts or "" in parts[:-1]:
        raise Refused(_("An entry of this ZIP file leads out of its folder: {shown}.", shown=shown(name)))


def _look_at_the_kind(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise Refused(_("This ZIP file is locked with a password. Pack it without one."))
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(
            _(
                "An entry of this ZIP file is not a plain file but a link: {shown}.",
                shown=shown(info.filename),
            )
        )
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(_("This ZIP file is packed in a way that is not known. Pack it in the usual way."))


def _look_at_the_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if sum(info.file_size for info in entries) > MOST_UNPACKED:
        raise Refused(BOMB)
    for info in entries:
        if info.file_size > WORTH_A_LOOK and info.file_size > WORST_RATIO * max(1, info.compress_size):
            raise Refused(BOMB)


def _look_at_the_places(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Each entry has bytes of its own: none lies over another."""
    until = 0
    for info in sorted(entries, key=lambda each: each.header_offset):
        at = info.header_offset
        head = content[at : at + 30]
        if len(head) < 30 or head[:4] != b"PK\x03\x04":  # noqa: PLR2004
            raise Refused(DAMAGED)
        named, more = struct.unpack("<HH", head[26:30])
        if at < until:
            raise Refused(_("Entries of this ZIP file overlap. Nothing of it was unpacked."))
        until = at + 30 + named + more + info.compress_size
    if until > len(content):
        raise Refused(DAMAGED)
