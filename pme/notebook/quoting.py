"""Passages of rendered pages: their plain text, a passage found again by its words, and marks put around it. Pure.

A passage is kept as the W3C Web Annotation model has it (TextQuoteSelector: the words, with some of what stands
before and after them; w3.org/TR/annotation-model, 4.2.4), with the place where it began as a last resort.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from itertools import pairwise

CUT = "<!--cut-->"
"""Stands between stretches of a page that are put together to be read as one text."""
CONTEXT = 32
"""Signs kept of what stands before and after a passage."""
SURE = 24
"""A passage of so many signs is itself wherever it stands; a shorter one must have kept some of its neighbours."""
NEAR = 6
"""Signs of a neighbour that must be the same for that."""

TOKEN = re.compile(r"<!--.*?-->|<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+", re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
PIECE = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|\s+|.", re.DOTALL)
BLOCKS = frozenset(
    "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table thead tbody tr td th caption blockquote figure "  # not words
    "figcaption aside section article details summary pre br hr".split()
)
UNREAD = frozenset("svg video audio math script style".split())  # not words
"""Elements of which no text belongs to the page's own words."""
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
FOLDED = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‑": "-", "–": "-", "—": "-"}
)
SIGNS_OF_OURS = re.compile(r"✎\d*")


@dataclass(frozen=True)
class Quote:
    """A passage by its words, with what stands around it, and where it began."""

    exact: str
    before: str = ""
    after: str = ""
    begins: int = 0


@dataclass(frozen=True)
class Text:
    """The words of a page: `letters` without the numbers of references, and where each stands in the HTML.

    `places` are (begin, end) in the HTML, (-1, -1) for a blank between blocks. `whole` has the numbers of
    references too, as somebody copies them, each sign with its place among the letters (-1: none).
    `blocks` are the (begin, end) of paragraphs, headings, items and cells among the letters.
    """

    letters: str
    places: tuple[tuple[int, int], ...]
    whole: str
    among: tuple[int, ...]
    blocks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Marked:
    """A passage to be marked: where it is among the letters, and what its mark is called."""

    number: int
    begin: int
    end: int
    look: str
    label: str
    sign: str


@lru_cache(maxsize=256)
def text_of(html: str) -> Text:
    """The words of rendered and sanitised HTML."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    whole: list[str] = []
    among: list[int] = []
    breaks: set[int] = set()

    def add(sign: str, begin: int, end: int, *, is_number: bool = False) -> None:
        is_blank = sign.isspace()
        to_letters = not (is_number or (is_blank and (not letters or letters[-1] == " ")))
        if is_blank and (not whole or whole[-1] == " ") and not to_letters:
            return
        for letter in " " if is_blank else sign:
            whole.append(letter)
            among.append(len(letters) if to_letters else -1)
            if to_letters:
                letters.append(letter)
                places.append((begin, end))

    for piece in _pieces(html):
        if piece is None:
            add(" ", -1, -1)
            breaks.add(len(letters))
        else:
            sign, begin, end, is_number = piece
            add(UNSEEN.sub("", sign), begin, end, is_number=is_number)
    return Text("".join(letters), tuple(places), "".join(whole), tuple(among), _blocks(letters, breaks))


def _pieces(html: str) -> Iterator[tuple[str, int, int, bool] | None]:
    """Each sign with its place and whether it is of a reference's number; None between blocks."""
    unread = numbers = 0
    for token in TOKEN.finditer(html):
        found = TAG.match(token[0])
        if found:
            name, step = found[2].lower(), -1 if found[1] else 1
            if name in UNREAD:
                unread += step
            elif name == "sup" and (numbers or _is_number(token[0])):
                numbers += step
            elif name in BLOCKS and not unread:
                yield None
        elif token[0].startswith("<"):
            yield None
        elif not unread:
            for piece in PIECE.finditer(token[0]):
                at = token.start() + piece.start()
                yield unescape(piece[0]), at, at + len(piece[0]), numbers > 0


def _is_number(tag: str) -> bool:
    return 'class="cite"' in tag or 'id="fnref' in tag


def _blocks(letters: Sequence[str], breaks: set[int]) -> tuple[tuple[int, int], ...]:
    found, edges = [], sorted({0, *breaks, len(letters)})
    for begin, end in pairwise(edges):
        text = "".join(letters[begin:end])
        if text.strip():
            found.append((begin + len(text) - len(text.lstrip()), begin + len(text.rstrip())))
    return tuple(found)


def quote_at(text: Text, begin: int, end: int) -> Quote:
    """The passage between two places among the letters."""
    return Quote(
        text.letters[begin:end],
        text.letters[max(0, begin - CONTEXT) : begin],
        text.letters[end : end + CONTEXT],
        begin,
    )


def find(text: Text, quote: Quote) -> tuple[int, int] | None:
    """Where a passage stands in a text now, or None: by its words, and among equals by what stands around it.

    Kinds of quotation marks and dashes, blanks and the numbers of references do not count.
    """
    wanted = _plain(quote.exact)
    if not wanted:
        return None
    places = list(_occurrences(text.letters.translate(FOLDED), wanted))
    if not places:
        places = [
            (begin, end)
            for first, last in _occurrences(text.whole.translate(FOLDED), wanted)
            if (there := [at for at in text.among[first:last] if at >= 0])
            for begin, end in ((there[0], there[-1] + 1),)
        ]
    best = max(places, key=lambda at: (_agreeing(text, quote, at), -abs(at[0] - quote.begins)), default=None)
    has_context = bool(quote.before or quote.after)
    is_itself = best is not None and (
        len(wanted) >= SURE or not has_context or _agreeing(text, quote, best) >= NEAR
    )
    return best if is_itself else None


def _plain(typed: str) -> str:
    return " ".join(UNSEEN.sub("", SIGNS_OF_OURS.sub(" ", typed)).translate(FOLDED).split())


def _occurrences(letters: str, wanted: str) -> Iterator[tuple[int, int]]:
    at = letters.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = letters.find(wanted, at + 1)


def _agreeing(text: Text, quote: Quote, at: tuple[int, int]) -> int:
    """How many signs next to a place are those that stood next to the passage."""
    begin, end = at
    before, after = text.letters[max(0, begin - CONTEXT) : begin], text.letters[end : end + CONTEXT]
    return _same(before[::-1], quote.before[::-1]) + _same(after, quote.after)


def _same(one: str, other: str) -> int:
    pairs = zip(one.translate(FOLDED), other.translate(FOLDED), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def marked(html: str, text: Text, passages: Sequence[Marked]) -> str:
    """The HTML with a mark around each passage, and after it a link to where its note stands.

    What is marked already is not marked again. A mark never spans elements: it is opened and closed within each.
    """
    put_in: list[tuple[int, str]] = []
    taken: set[int] = set()
    for passage in passages:
        ends = 0
        for begin, end in _runs(html, text, passage, taken):
            name = "" if ends else f' id="mark-{passage.number}"'
            put_in += [(begin, f'<mark{name} class="{passage.look}">'), (end, "</mark>")]
            ends = end
        if ends:
            link = (
                f'<sup class="cite"><a href="#note-{passage.number}" aria-label="{escape(passage.label)}">'
                f"{escape(passage.sign)}</a></sup>"
            )
            put_in.append((_after_links(html, ends), link))
    pieces, done = [], 0
    for at, markup in sorted(put_in, key=lambda each: each[0]):  # what is put in at one place keeps its order
        pieces += [html[done:at], markup]
        done = at
    return "".join([*pieces, html[done:]])


def _runs(html: str, text: Text, passage: Marked, taken: set[int]) -> Iterator[tuple[int, int]]:
    """The stretches of HTML without tags that a passage covers and no mark has covered yet."""
    run: tuple[int, int] | None = None
    for at in range(passage.begin, passage.end):
        begin, end = text.places[at]
        if begin < 0 or at in taken:
            continue
        taken.add(at)
        if run and "<" not in html[run[1] : begin]:
            run = (run[0], end)
            continue
        if run and html[run[0] : run[1]].strip():
            yield run
        run = (begin, end)
    if run and html[run[0] : run[1]].strip():
        yield run


def _after_links(html: str, at: int) -> int:
    """A place, or the end of the link that it lies within: links do not stand in links."""
    opened, closed = html.rfind("<a ", 0, at), html.rfind("</a>", 0, at)
    if opened <= closed:
        return at
    end = html.find("</a>", at)
    return at if end < 0 else end + len("</a>")
