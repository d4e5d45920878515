"""Pages that are kept whole: what is the same for everybody who stands with a page in the same way.

Such a page is made once for its key, in which everything stands that it depends on, with holes for its reader's name,
the name of their account on the device, and the token of its forms. Afterwards nothing but these is put in
(`pme.web.splicing`), and no template runs. While it is made, asking who is signed in, for the database or the address
raises, as in a kept part ([`pme.web.kept`]): a page can only show what it was kept by.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask, Response, session
from markupsafe import escape

from pme.people.look import Look
from pme.people.queries import Visitor
from pme.web.at_hand import this_app, this_g, this_request
from pme.web.devices import account_of, keeps_here
from pme.web.kept import GAP
from pme.web.looks import aids_address, look_here
from pme.web.personal import for_everybody
from pme.web.shell import Shell, shell_of, token
from pme.web.signin import current_visitor
from pme.web.splicing import Spliced
from pme.web.spoken import here
from pme.words.speech import current

MOST = 2_000_000
"""Bytes that a process keeps, squeezed."""
ASKED = 2_000
"""Keys that a process remembers to have been asked for once: a page is kept when somebody else comes for it."""
FLASHES = "_flashes"
"""Where Flask keeps what is said once."""
RANK, NAME, ACCOUNT, TOKEN = "rank", "name", "account", "token"
MARKS = {RANK: f"\0{secrets.token_hex(16)}\0", NAME: f"\0{secrets.token_hex(16)}\0"}
MARKS |= {ACCOUNT: f"\0{secrets.token_hex(16)}\0", TOKEN: GAP}
"""What stands in a page where a hole will be. Nobody who writes a text can know it."""
HOLE = re.compile("|".join(MARKS.values()))
NAMES = {mark: name for name, mark in MARKS.items()}


@dataclass(frozen=True)
class Anybody:
    """What a kept page may say of its reader: where their rank and name come."""

    rank: str = MARKS[RANK]
    name: str = MARKS[NAME]


@dataclass(frozen=True)
class Frame:
    """Everything that the page around a page depends on, but for what stands in its holes."""

    language: str
    root: str
    here: str
    shell: Shell
    look: Look

    @property
    def key(self) -> tuple[Hashable, ...]:
        """By what it is kept; the shell is part of it as a whole."""
        return self.language, self.root, self.here, self.shell, self.look


class Pages:
    """The pages that a process keeps; those not asked for longest go first."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._size, self._turn = most, 0, Lock()
        self._kept: OrderedDict[Hashable, Spliced] = OrderedDict()
        self._asked: OrderedDict[Hashable, None] = OrderedDict()

    def get(self, key: Hashable) -> Spliced | None:
        """A page, if it is kept."""
        with self._turn:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def is_worth_it(self, key: Hashable) -> bool:
        """Whether a page was asked for before."""
        with self._turn:
            if key in self._asked:
                return True
            self._asked[key] = None
            if len(self._asked) > ASKED:
                self._asked.popitem(last=False)
            return False

    def put(self, key: Hashable, page: Spliced) -> None:
        """Keep a page."""
        with self._turn:
            if key not in self._kept:
                self._kept[key] = page
                self._size += page.size
            while self._size > self._most:
                _key, gone = self._kept.popitem(last=False)
                self._size -= gone.size


def kept_whole(
    template: str, key: tuple[Hashable, ...], shown: Callable[[], Mapping[str, Any]]
) -> Response | None:
    """The page of this template and key for whoever asks, as it is kept; None where it has to be made for them.

    `shown` gives what the template shows, all of which the key tells.
    """
    asked, visitor = this_request(), current_visitor()
    is_usual = asked.method == "GET" and not asked.query_string and not keeps_here()
    if not is_usual or FLASHES in session or "gzip" not in asked.environ.get("HTTP_ACCEPT_ENCODING", ""):
        return None
    frame = Frame(current(), asked.script_root, here(), shell_of("", is_trial=False), look_here())
    values = _values(visitor)
    full = (template, len(values[TOKEN]), frame.key, key)
    pages: Pages = this_app().extensions["pme_pages"]
    page = pages.get(full)
    if page is None:
        if not pages.is_worth_it(full):
            return None
        page = _made(template, frame, shown(), {name: len(values[name]) for name in (ACCOUNT, TOKEN)})
        pages.put(full, page)
    answer: Response = this_app().response_class(page.filled(values), mimetype="text/html")
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _values(visitor: Visitor) -> dict[str, bytes]:
    """What comes into the holes for this reader."""
    texts = {RANK: visitor.rank, NAME: visitor.name, ACCOUNT: account_of(visitor), TOKEN: token()}
    return {name: str(escape(text)).encode() for name, text in texts.items()}


def _made(template: str, frame: Frame, shown: Mapping[str, Any], lengths: Mapping[str, int]) -> Spliced:
    aids = aids_address()
    around: dict[str, Any] = {
        "visitor": Anybody(),
        "shell_of": lambda place, is_trial: frame.shell if (place, is_trial) == ("", False) else None,
        "look_here": lambda: frame.look,
        "address_here": lambda: frame.here,
        "aids_address": lambda: aids,
        "device_account": lambda: MARKS[ACCOUNT],
        "worker_address": lambda: "",
        "get_flashed_messages": lambda **_with: [],
    }
    with for_everybody():
        html = this_app().jinja_env.get_template(template).render({**around, **shown})
    this_g().pop("parts", None)  # of which the page was made: it is squeezed as a whole
    texts, holes, at = [], [], 0
    for found in HOLE.finditer(html):
        texts.append(html[at : found.start()].encode())
        holes.append(NAMES[found[0]])
        at = found.end()
    return Spliced([*texts, html[at:].encode()], holes, lengths)


def install(app: Flask) -> None:
    """Give the app where its pages are kept."""
    app.extensions["pme_pages"] = Pages()
