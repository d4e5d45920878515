"""The sentences of a Markdown text, without its marks, for the checks of language.

Pure.
"""

import re

from pme.content.parse_fields import Passage

_FENCE = re.compile(r"\s*(```|~~~)")
_SKIPPED = re.compile(r"\s*(?:#{1,6}\s|\||Table:|!\[|!!!|\[\^[^\]]+\]:\s*$|:?-{3,}|<|\{check:)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)]|:|>|\[\^[^\]]+\]:)\s+")
_CITATION = re.compile(r"\s*\[@[^\[\]]{1,400}\]")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\]")
_TERM = re.compile(r"\[\[(?:[^\[\]|]{1,80}\|)?([^\[\]|]{1,200})\]\]")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{1,500}\)")
_EMPHASIS = re.compile(r"[*`]+")


def passages(file: str, text: str, *, first_line: int = 1) -> list[Passage]:
    """Each paragraph and list entry with the line where it begins; no headings, tables or code."""
    found: list[Passage] = []
    gathered: list[str] = []
    start = first_line
    in_code = False

    def close() -> None:
        if words := plain(" ".join(gathered)):
            found.append(Passage(file, start, words))
        gathered.clear()

    for number, line in enumerate(text.split("\n"), start=first_line):
        if _FENCE.match(line):
            in_code = not in_code
            close()
        elif in_code or not line.strip() or _SKIPPED.match(line):
            close()
        else:
            item = _ITEM.match(line)
            if item:
                close()
            if not gathered:
                start = number
            gathered.append(line[item.end() :] if item else line.strip())
    close()
    return found


def plain(text: str) -> str:
    """A piece of Markdown as its words only."""
    for pattern, instead in (
        (_CITATION, ""),
        (_FOOTNOTE, ""),
        (_TERM, r"\1"),
        (_LINK, r"\1"),
        (_EMPHASIS, ""),
    ):
        text = pattern.sub(instead, text)
    return " ".join(text.split())
