"""Sanitising: what of a page's HTML may stay, and the parts that are added once it is safe.

Pure. Everything not on these lists goes; nothing in a page can run, load or reach anything.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import nh3

from pme.content.inline_text import plain_text
from pme.content.markdown_dialect import SCHEMES, TOKEN

TAGS = set(  # not words
    "a abbr aside blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "ins kbd li ol p pre q s section small strong sub sup table tbody td tfoot th thead tr ul".split()
)
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "class", "title"},
    "abbr": {"title"},
    "aside": {"class", "role"},
    "div": {"class"},
    "li": {"id"},
    "ol": {"start"},
    "p": {"class"},
    "sup": {"id"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan", "scope"},
}
_CLASSES = {
    "a": {"footnote-ref", "footnote-backref"},
    "aside": {"admonition", "note", "important", "warning", "example", "reflection", "local"},
    "div": {"footnote"},
    "p": {"admonition-title"},
    "td": {"num"},
    "th": {"num"},
}
_VALUES = {
    "id": re.compile(r"fn(ref\d*)?-[\w-]{1,60}\Z"),
    "role": re.compile(r"note\Z"),
    "scope": re.compile(r"(col|row)\Z"),
    "colspan": re.compile(r"\d{1,2}\Z"),
    "rowspan": re.compile(r"\d{1,2}\Z"),
    "start": re.compile(r"\d{1,4}\Z"),
    "dir": re.compile(r"(ltr|rtl|auto)\Z"),
    "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z"),
}
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>\n?", re.DOTALL)
_TABLE = re.compile(r"<table>(\s*<caption>(.*?)</caption>)?", re.DOTALL)
_EMPTY_HEADER = re.compile(r"<th((?: [^<>]*)?)>(?:\s|&nbsp;)*</th>")
_SCOPE = re.compile(r' scope="\w+"')
_BACK_LINK = re.compile(r'(<a class="footnote-backref" href="#fnref[^"]*") title=')
_ANCHOR = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Section:
    """A heading as it stands in the page; the anchor is empty for other levels than 2 and 3."""

    level: int
    text: str
    anchor: str


def clean(html: str) -> str:
    """The HTML with everything gone that a page may not hold."""
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style", "svg", "math", "template", "iframe", "object", "noscript"},
        attributes=ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    # The arrow of a back link says nothing when it is read aloud; its title does.
    return _BACK_LINK.sub(r"\1 aria-label=", cleaned)


def keeps(tag: str, attributes: Iterable[tuple[str, str]]) -> bool:
    """Whether cleaning leaves an opening tag as it was written."""
    known = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
    return tag in TAGS and all(
        name in known and _allowed(tag, name, value) == value and (name != "href" or _leads(value))
        for name, value in attributes
    )


def name_headers(html: str) -> tuple[str, int]:
    """The HTML with plain cells for headers without words, and how many there were."""
    return _EMPTY_HEADER.subn(lambda header: f"<td{_SCOPE.sub('', header[1])}></td>", html)


def take_headings(html: str) -> tuple[str, list[Section]]:
    """The HTML with anchors at its sections and without its title, and every heading of it."""
    sections: list[Section] = []
    taken: set[str] = set()

    def place(match: re.Match[str]) -> str:
        level = int(match[1])
        text = " ".join(TOKEN.sub("", plain_text(match[2])).split())
        anchor = _anchor(text, taken) if level in (2, 3) else ""
        sections.append(Section(level, text, anchor))
        if level == 1:
            return ""
        return f'<h{level} id="{anchor}">{match[2]}</h{level}>\n' if anchor else match[0]

    return _HEADING.sub(place, html), sections


def frame_tables(html: str) -> tuple[str, int]:
    """The HTML with each table in a labelled region that scrolls, and how many lack a caption."""
    labels: list[str] = []

    def frame(match: re.Match[str]) -> str:
        number = len(labels) + 1
        labels.append(match[2] or "")
        if match[2] is None:
            return f'<section class="scroll" tabindex="0" aria-label="Table {number}"><table>'
        anchor = f"table-{number}"
        return (
            f'<section class="scroll" tabindex="0" aria-labelledby="{anchor}"><table>'
            f'<caption id="{anchor}">{match[2]}</caption>'
        )

    framed = _TABLE.sub(frame, html).replace("</table>", "</table></section>")
    return framed, labels.count("")


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        kept = [name for name in value.split() if name in _CLASSES.get(tag, ())]
        return " ".join(kept) or None
    pattern = _VALUES.get(attribute)
    return value if pattern is None or pattern.match(value) else None


def _leads(href: str) -> bool:
    scheme, colon, _ = href.strip().partition(":")
    return not colon or "/" in scheme or "#" in scheme or scheme.lower() in SCHEMES


def _anchor(text: str, taken: set[str]) -> str:
    # The prefix keeps a heading such as “Main” away from the ids of the page around it.
    slug = "s-" + (_ANCHOR.sub("-", text.lower()).strip("-")[:60] or "section")
    anchor, number = slug, 2
    while anchor in taken:
        anchor, number = f"{slug}-{number}", number + 1
    taken.add(anchor)
    return anchor
