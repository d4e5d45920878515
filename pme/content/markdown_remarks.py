"""Where a page's Markdown holds what is changed when it is shown: HTML removed, columns without a name.

Pure. Runs with the rendering, in the child process; lines count from 1.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import pairwise

from pme.content.markdown_clean import keeps

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"(?<!`)(`{1,9})(?!`)[^`]+\1(?!`)")
_BELOW_HEADER = re.compile(r"(?=[^-]*-)(?=[^|]*\|)[\s|:-]+\Z")


def removed_html(text: str, raw_pieces: Iterable[object]) -> list[int]:
    """The lines of the tags that cleaning changes; `raw_pieces` is the HTML that Markdown met."""
    prose = without_code(text)
    last: dict[str, int] = {}
    lines = []
    for piece in raw_pieces:
        # Fenced code is kept among the raw pieces, already escaped.
        if isinstance(piece, str) and not piece.startswith("<pre><code"):
            for tag in _removed_tags(piece):
                last[tag] = max(last.get(tag, -1), prose.find(tag, last.get(tag, -1) + 1))
                lines.append(prose.count("\n", 0, max(last[tag], 0)) + 1)
    return sorted(set(lines))


def empty_headers(text: str) -> list[int]:
    """The lines of the table headers in which a column has no name."""
    lines = without_code(text).split("\n")
    return [
        number
        for number, (line, below) in enumerate(pairwise(lines), start=1)
        if "|" in line
        and _BELOW_HEADER.match(below)
        and len(_cells(line)) == len(_cells(below))
        and not all(map(str.strip, _cells(line)))
    ]


def without_code(text: str) -> str:
    """The text with blank lines for fenced code, and blanks for code within a line."""
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
            lines.append("")
        elif mark:
            fence = mark[1]
            lines.append("")
        else:
            lines.append(_CODE.sub(lambda code: " " * len(code[0]), line))
    return "\n".join(lines)


class _Tags(HTMLParser):
    """Gathers the opening tags that cleaning takes away or takes something from."""

    def __init__(self) -> None:
        super().__init__()
        self.removed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        if not keeps(tag, [(name, value or "") for name, value in attrs]):
            self.removed.append(self.get_starttag_text() or f"<{tag}")


def _removed_tags(piece: str) -> Iterator[str]:
    tags = _Tags()
    tags.feed(piece)
    tags.close()
    yield from tags.removed


def _cells(line: str) -> list[str]:
    return line.strip().removeprefix("|").removesuffix("|").split("|")
