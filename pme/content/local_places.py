"""Places in a page that each academy fills in for itself: a reporting duty, a referral pathway, a hotline.

Pure. A page marks one as `!!! local KIND ID "Title"`; its text tells the academy what to write. The rendered
page holds the place with that text, under an address that no author can forge, so that an academy's own text
is put in when the page is served and no page is rendered anew for it.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from pme.content.inline_text import plain_text
from pme.content.markdown_dialect import BEGIN, END
from pme.content.problems import near
from pme.content.shapes import Module
from pme.words.languages import SOURCE
from pme.words.lazily import lazy
from pme.words.speech import _, speaking

KINDS = {
    "legal-basis": lazy("Legal basis"),
    "reporting-duty": lazy("Reporting duty"),
    "referral": lazy("Referral pathway"),
    "hotline": lazy("Hotline"),
    "other": lazy("Other"),
}
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
LONGEST_ID = 80
HOW = lazy(
    'write !!! local KIND NAME "Title", for example !!! local referral who-takes-over "Local: who takes over"'
)
_RAW = re.compile(
    f'<aside class="admonition local" role="note">{BEGIN}(\\d+){END}\\s*'
    r'(?:<p class="admonition-title">(.*?)</p>)?(.*?)</aside>',
    re.DOTALL,
)
_PLACE = re.compile(
    r'<aside class="admonition local" id="local-([a-z0-9-]+)" data-kind="([a-z-]+)" role="note">\s*'
    r'<p class="admonition-title">(.*?)</p>(.*?)</aside>',
    re.DOTALL,
)
_CITED = '<sup class="cite">'
_TERM = re.compile(r'<a class="term"[^>]*>(.*?)</a>', re.DOTALL)
_PLAIN_TITLE = "Local"  # not words


@dataclass(frozen=True)
class LocalPlace:
    """A place of a page; `prompt_html` tells what belongs there, `digest` changes when that changes."""

    id: str
    kind: str
    title: str
    prompt_html: str

    @property
    def prompt(self) -> str:
        """What belongs there, in plain words."""
        return plain_text(self.prompt_html)

    @property
    def told_html(self) -> str:
        """What belongs there, to stand on another page than its own: without links to the page's terms."""
        return _TERM.sub(r"\1", self.prompt_html)

    @property
    def digest(self) -> str:
        """What the place asks for, as a hash of its words: a better renderer changes nothing."""
        words = [self.kind, self.title, *self.prompt.split()]
        return hashlib.sha256(" ".join(words).encode()).hexdigest()


def with_places(
    html: str, raw: Callable[[int], str], wrong: Callable[[str, str], None]
) -> tuple[str, list[str]]:
    """The HTML with its places as they are served, and their ids. `raw` gives how a mark was written,
    `wrong` is told what was written and what is wrong with it.
    """
    found: list[str] = []

    def place(match: re.Match[str]) -> str:
        written = raw(int(match[1]))
        kind, name, says = _named(written)
        title, prompt = match[2] or "", match[3]
        if title in ("", _PLAIN_TITLE):
            title = _title_of(kind)
        if not says and "<aside" in prompt:
            says = _("A local place holds no other box; write that one before or after it.")
        if not says and _CITED in prompt:
            says = _("A local place cites no source: its text is for the academy. Cite before or after it.")
        if not says and not plain_text(prompt):
            says = _("A local place needs a text that tells the academy what to write there.")
        if says:
            wrong(f"!!! {written}", says)
            return f'<aside class="admonition" role="note"><p class="admonition-title">{title}</p>{prompt}</aside>'
        found.append(name)
        return (
            f'<aside class="admonition local" id="local-{name}" data-kind="{kind}" role="note">'
            f'<p class="admonition-title">{title}</p>{prompt}</aside>'
        )

    return _RAW.sub(place, html), found


@lru_cache(maxsize=512)
def places_in(html: str) -> tuple[LocalPlace, ...]:
    """The places of a rendered text, in order."""
    return tuple(_place(match) for match in _PLACE.finditer(html)) if 'id="local-' in html else ()


def places_of(module: Module) -> Iterator[tuple[str, LocalPlace]]:
    """Every place of a module with the page it is on (empty: the introduction), in reading order."""
    yield from (("", place) for place in places_in(module.intro_html))
    for page in module.pages:
        yield from ((page.slug, place) for place in places_in(page.html))


def put_in(html: str, fill: Callable[[LocalPlace], str]) -> str:
    """The text with what `fill` gives in each place."""
    return _PLACE.sub(lambda match: fill(_place(match)), html) if 'id="local-' in html else html


def _title_of(kind: str) -> str:
    with speaking(SOURCE):  # what is published says the same to everybody
        return f"{_PLAIN_TITLE}: {KINDS.get(kind, _PLAIN_TITLE)}"


def _place(match: re.Match[str]) -> LocalPlace:
    title = unescape(re.sub(r"<[^>]*>", "", match[3]))
    return LocalPlace(match[1], match[2], title, match[4].strip())


def _named(written: str) -> tuple[str, str, str]:
    """The kind and the name of a place as it was written, and what is wrong with them."""
    _unused, *words = written.split()
    kind, name = (*words, "", "")[:2]
    if len(words) != 2:  # noqa: PLR2004  (a kind and a name)
        return kind, name, _("A local place has a kind and a name: {how}.", how=HOW)
    if kind not in KINDS:
        return (
            kind,
            name,
            _(
                "“{kind}” is not a kind of local place; kinds are {join}.{near}",
                kind=kind,
                join=", ".join(KINDS),
                near=near(kind, KINDS),
            ),
        )
    if not ID.match(name) or len(name) > LONGEST_ID:
        return (
            kind,
            name,
            _(
                "“{name}” cannot be the name of a place: use lower-case letters, digits and hyphens.",
                name=name,
            ),
        )
    return kind, name, ""
