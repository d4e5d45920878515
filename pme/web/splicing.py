"""A page with holes, squeezed once: what fills them for one reader is put in without squeezing the page again. Pure.

A gzipped body is a row of blocks, and a block may hold bytes as they are. So the page between its holes is squeezed
when it is kept, and each hole becomes such a bare block. Where all that a hole can hold is equally long, what follows
may even point back over it, and its second place points back to its first. The checksum of the body is worked out
from that of the page with empty holes, since checksums of this kind can be added up.
"""

import gzip
import secrets
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence

RAW = -zlib.MAX_WBITS
BEST = 9
HEAD = gzip.compress(b"", BEST, mtime=0)[:10]
NEVER = bytes([0xC0, 0xC1, *range(0xF5, 0x100)])
"""What is in no text: nothing in a page can look like what stands in a hole while the page is squeezed."""
ALL = 0xFFFFFFFF


class Spliced:
    """The stretches between holes, each as text, and the name of the hole that follows it; the last has none.

    `lengths` are the bytes of what fills each hole whose filling is always as long; other holes may hold anything.
    """

    def __init__(self, texts: Sequence[bytes], holes: Sequence[str], lengths: Mapping[str, int]) -> None:
        self._lengths = lengths
        self._put_together(texts, holes, points_back=True)
        if not self._is_right(texts, holes):  # the press took a byte of what stood in a hole for its own
            self._put_together(texts, holes, points_back=False)

    def _put_together(self, texts: Sequence[bytes], holes: Sequence[str], *, points_back: bool) -> None:
        lengths = self._lengths
        self._blocks: list[bytes | str] = []
        self._parts: list[_Fixed | str] = []
        press = zlib.compressobj(BEST, zlib.DEFLATED, RAW)
        marks = {
            name: bytes(secrets.choice(NEVER) for _ in range(length)) for name, length in lengths.items()
        }
        seen: set[str] = set()
        stretch: list[bytes | str] = []
        for text, hole in zip(texts, [*holes, ""], strict=True):
            stretch.append(text)
            fixed = hole in lengths
            # What follows a hole of any length may not point back over it: the press forgets what it has seen.
            flush = zlib.Z_SYNC_FLUSH if fixed else zlib.Z_FULL_FLUSH
            self._add(press.compress(text) + (press.flush(flush) if hole else press.flush()))
            if fixed:
                stretch.append(hole)
                back = press.compress(marks[hole]) + press.flush(zlib.Z_SYNC_FLUSH)
                self._add(back if points_back and hole in seen else hole)
                seen.add(hole)
                continue
            self._parts.append(_Fixed(stretch, lengths))
            stretch, seen = [], set()
            if hole:
                self._blocks.append(hole)
                self._parts.append(hole)

    @property
    def size(self) -> int:
        """Bytes that it takes to keep it, about."""
        return sum(map(len, self._blocks)) + 1_000 * len(self._parts)

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        """The gzipped body with this in its holes. Raises ValueError where one is not as long as it always is."""
        bare = {name: _bare(value) for name, value in values.items()}
        if any(len(values[name]) != length for name, length in self._lengths.items()):
            raise ValueError("what fills a hole has another length")  # not words
        body = b"".join([bare[each] if isinstance(each, str) else each for each in self._blocks])
        check = size = 0
        for part in self._parts:
            if isinstance(part, str):
                check, size = zlib.crc32(values[part], check), size + len(values[part])
            else:
                check, size = part.after(check, values), size + part.length
        return b"".join((HEAD, body, check.to_bytes(4, "little"), (size & ALL).to_bytes(4, "little")))

    def _is_right(self, texts: Sequence[bytes], holes: Sequence[str]) -> bool:
        """Whether a page comes out whole with something in its holes."""
        values = {name: secrets.token_bytes(self._lengths.get(name, 5)) for name in {*holes, *self._lengths}}
        whole = b"".join(
            piece for text, hole in zip(texts, holes, strict=False) for piece in (text, values[hole])
        )
        try:
            return gzip.decompress(self.filled(values)) == whole + texts[-1]
        except (OSError, EOFError, zlib.error):
            return False

    def _add(self, block: bytes | str) -> None:
        last = self._blocks[-1] if self._blocks else ""
        if isinstance(last, bytes) and isinstance(block, bytes):
            self._blocks[-1] = last + block
        else:
            self._blocks.append(block)


class _Fixed:
    """The checksum of a stretch whose holes are all of known lengths, whatever stands in them."""

    def __init__(self, stretch: Sequence[bytes | str], lengths: Mapping[str, int]) -> None:
        empty = [bytes(lengths[each]) if isinstance(each, str) else each for each in stretch]
        whole = b"".join(empty)
        self.length = len(whole)
        self._empty = zlib.crc32(whole)
        self._move = _table(_moved(self.length))
        left, found = self.length, dict[str, list[Callable[[int], int]]]()
        for each, text in zip(stretch, empty, strict=True):
            left -= len(text)
            if isinstance(each, str):
                found.setdefault(each, []).append(_moved(left))
        self._holes = [
            (name, zlib.crc32(bytes(lengths[name])), _table(_added(moves))) for name, moves in found.items()
        ]

    def after(self, check: int, values: Mapping[str, bytes]) -> int:
        """The checksum of all to the end of this stretch, from that of what stands before it."""
        total = self._empty ^ _looked_up(self._move, check)
        for name, empty, table in self._holes:
            total ^= _looked_up(table, zlib.crc32(values[name]) ^ empty)
        return total


def _bare(value: bytes) -> bytes:
    """A block that holds bytes as they are; of up to 65,535 bytes."""
    length = len(value)
    return b"\0" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + value


def _moved(length: int) -> Callable[[int], int]:
    """What a checksum becomes where so many empty bytes follow; it adds up, bit by bit."""
    empty = bytes(length)
    return lambda check: zlib.crc32(empty, check ^ ALL) ^ ALL


def _added(moves: Sequence[Callable[[int], int]]) -> Callable[[int], int]:
    def all_of(check: int) -> int:
        total = 0
        for move in moves:
            total ^= move(check)
        return total

    return all_of


def _table(move: Callable[[int], int]) -> "array[int]":
    """What a move does, for each half byte of a checksum."""
    bits = [move(1 << bit) for bit in range(32)]
    table = array("I", bytes(4 * 8 * 16))
    for half in range(8):
        for value in range(16):
            for bit in range(4):
                if value >> bit & 1:
                    table[16 * half + value] ^= bits[4 * half + bit]
    return table


def _looked_up(table: "array[int]", check: int) -> int:
    return (
        table[check & 15]
        ^ table[16 + (check >> 4 & 15)]
        ^ table[32 + (check >> 8 & 15)]
        ^ table[48 + (check >> 12 & 15)]
        ^ table[64 + (check >> 16 & 15)]
        ^ table[80 + (check >> 20 & 15)]
        ^ table[96 + (check >> 24 & 15)]
        ^ table[112 + (check >> 28)]
    )
