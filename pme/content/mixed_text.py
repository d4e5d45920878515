"""A Markdown text in another language, paragraph by paragraph, the source where there is none. Pure.

What stays in the language of the source is framed by signs that no author can write, which become
elements with that language once the text has been rendered and sanitised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pme.content.shapes import Heading, Page
from pme.content.translation import Stand

OPEN, CLOSE = "\ue002", "\ue003"
_UNFRAMED = re.compile(r"#\s|\[\^?[^\]]+\]:")
_FRAME = re.compile(f"<p>([{OPEN}{CLOSE}])</p>\\n?")
_HEADING = re.compile(r'<h([23]) id="[^"]*">')
RIGHT_TO_LEFT = ("ar",)


@dataclass(frozen=True)
class Mixed:
    """The text, and for each of its lines the line of the translation that it came from, 0 for the source."""

    text: str
    origins: tuple[int, ...]


def direction(language: str) -> str:
    """Which way a language is written, as HTML says it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def mixed(text: str, stands: Sequence[Stand], first_line: int = 1) -> Mixed:
    """The text with every paragraph in the other language that is translated as it stands now."""
    lines = text.translate({ord(OPEN): None, ord(CLOSE): None}).split("\n")
    out: list[tuple[str, int]] = []
    at = 0
    for stand in stands:
        begin = stand.block.line - first_line
        out += [(line, 0) for line in lines[at:begin]]
        at = begin + stand.block.lines
        if stand.written is not None and stand.is_current:
            wording = stand.written.text.translate({ord(OPEN): None, ord(CLOSE): None}).split("\n")
            out += [(line, stand.written.line + number) for number, line in enumerate(wording)]
        elif _UNFRAMED.match(stand.block.text):
            out += [(line, 0) for line in lines[begin:at]]
        else:
            framed = [OPEN, "", *lines[begin:at], "", CLOSE]
            out += [(line, 0) for line in framed]
    out += [(line, 0) for line in lines[at:]]
    return Mixed("\n".join(line for line, _ in out), tuple(origin for _, origin in out))


def framed(html: str, language: str) -> str:
    """Rendered text with elements of the source's language in place of the signs."""
    opening = f'<div lang="{language}" dir="{direction(language)}">'
    return _FRAME.sub(lambda sign: opening if sign[1] == OPEN else "</div>", html)


def settled(page: Page, source: Page, language: str) -> Page:
    """A page with the anchors of its source, so that links hold in both. `language` is that of the source."""
    anchors = iter([heading.anchor for heading in source.headings])
    has_all = len(page.headings) == len(source.headings)

    def put(match: re.Match[str]) -> str:
        return f'<h{match[1]} id="{next(anchors, "")}">'

    stretches = [framed(each, language) for each in page.stretches]
    if has_all:
        stretches = [_HEADING.sub(put, each) for each in stretches]
    places = list(accumulate(len(each) for each in stretches[:-1]))
    return page.model_copy(
        update={
            "html": "".join(stretches),
            "headings": _headings(page, source) if has_all else page.headings,
            "checks": tuple(
                check.model_copy(update={"at": at}) for check, at in zip(page.checks, places, strict=True)
            ),
        }
    )


def _headings(page: Page, source: Page) -> tuple[Heading, ...]:
    pairs = zip(page.headings, source.headings, strict=True)
    return tuple(own.model_copy(update={"anchor": was.anchor}) for own, was in pairs)
