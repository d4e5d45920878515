"""Parts of pages that are made once and kept: what is the same for everybody who gets the same key.

`{% kept KEY, MORE %}...{% endkept %}` keeps what stands in it by its KEY, the language of the page and its place in
the templates. A KEY is a constant, or an object whose `key` holds everything that the part depends on; None: not
kept. What else it depends on is named after it. A part may ask nothing but its KEY: who is signed in and the database
refuse to be asked meanwhile. Where the token of a form stands in it, it has a gap, which is filled for each reader.
"""

import gzip
import secrets
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from flask import Flask
from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from pme.web.at_hand import this_g, this_request
from pme.web.personal import for_everybody, is_for_everybody
from pme.words.speech import current

MOST = 2_000_000
"""Characters that a process keeps."""
WORTH_SPLICING = 2_000
"""Characters from which on a part is kept squeezed, too."""
LEVEL = 5
BEST = 9
RAW = -zlib.MAX_WBITS
HEAD = gzip.compress(b"", LEVEL, mtime=0)[:10]
GAP = f"\0{secrets.token_hex(16)}\0"
"""Stands in a kept part where a reader's own token comes. Nobody who writes a text can know it."""


@dataclass(frozen=True)
class Part:
    """A part of a page as it is sent."""

    html: Markup

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """What stands between its gaps; one piece where it has none."""
        return tuple(self.html.split(GAP))

    @cached_property
    def squeezed(self) -> bytes:
        """A stretch of a gzipped body that needs nothing of what stands before it; smallest, since made once."""
        press = zlib.compressobj(BEST, zlib.DEFLATED, RAW)
        return press.compress(self.html.encode()) + press.flush(zlib.Z_FULL_FLUSH)


class Shelf:
    """The parts that a process keeps; those not asked for longest go first."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._size, self._turn = most, 0, Lock()
        self._parts: OrderedDict[Hashable, Part] = OrderedDict()

    def get(self, key: Hashable) -> Part | None:
        """A part, if it is kept."""
        with self._turn:
            found = self._parts.get(key)
            if found is not None:
                self._parts.move_to_end(key)
            return found

    def put(self, key: Hashable, part: Part) -> None:
        """Keep a part."""
        with self._turn:
            if key not in self._parts:
                self._parts[key] = part
                self._size += len(part.html)
            while self._size > self._most:
                _key, gone = self._parts.popitem(last=False)
                self._size -= len(gone.html)


class Kept(Extension):
    """The block."""

    tags = {"kept"}  # noqa: RUF012  (jinja2 has it so)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.shelf = Shelf()
        self.own: Callable[[], str] = str

    def parse(self, parser: Parser) -> nodes.Node:
        """The block as a call of `keep` with its place, its key and what makes it."""
        line = next(parser.stream).lineno
        named = parser.parse_tuple()
        keys = named.items if isinstance(named, nodes.Tuple) else [named]
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        place = nodes.Const(f"{parser.name}:{line}")
        return nodes.CallBlock(self.call_method("keep", [place, *keys]), [], [], body).set_lineno(line)

    def keep(self, place: str, key: Any, *more: Hashable, caller: Callable[[], Markup]) -> Markup:
        """The part, kept or made now."""
        known = getattr(key, "key", key)
        if known is None:
            return caller()
        full = (place, current(), this_request().script_root, known, *more)
        part = self.shelf.get(full)
        if part is None:
            with for_everybody():
                part = Part(caller())
            self.shelf.put(full, part)
        if len(part.pieces) > 1:
            # Within another part that is being made, the gaps are that one's.
            return part.html if is_for_everybody() else Markup(self.own().join(part.pieces))  # noqa: S704
        if len(part.html) > WORTH_SPLICING:
            this_g().setdefault("parts", []).append(part)
        return part.html


def squeezed(body: bytes) -> bytes:
    """The body of this request's page, gzipped; large kept parts in it are not squeezed anew."""
    parts: list[Part] = this_g().pop("parts", [])
    return spliced(body, parts) if parts else gzip.compress(body, LEVEL, mtime=0)


def spliced(body: bytes, parts: Iterable[Part]) -> bytes:
    """A body, gzipped, in which these parts stand in this order, if they do."""
    pieces, press, at = [HEAD], zlib.compressobj(LEVEL, zlib.DEFLATED, RAW), 0
    for part in parts:
        own = part.html.encode()
        begins = body.find(own, at)
        if begins < 0:
            continue
        # What follows may not point back over the part: the press forgets what it has seen.
        pieces += [press.compress(body[at:begins]), press.flush(zlib.Z_FULL_FLUSH), part.squeezed]
        at = begins + len(own)
    pieces += [press.compress(body[at:]), press.flush()]
    pieces.append(zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little"))
    return b"".join(pieces)


def install(app: Flask) -> None:
    """Give templates the block, with a shelf."""
    app.jinja_env.add_extension(Kept)


def fill_with(app: Flask, own: Callable[[], str]) -> None:
    """Let gaps be filled with what this says for whoever asks."""
    block: Any = app.jinja_env.extensions[Kept.identifier]
    block.own = own
