"""The sentences of a Markdown text, without its marks, for the checks of language.

Pure.
"""

import re

from pme.content.parse_fields import Passage

_FENCE = re.compile(r"\s*(```|~~~)")
_SKIPPED = re.compile(r"\s*(?:#{1,6}\s|\||Table:|!\[|!!!|\[\^[^\]]+\]:\s*$|:?-{3,}|<|\{check:)")
_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)]|:|>|\[\^[^\]]+\]:)\s+")
_CITATION = re.compile(r"\s*\[@[^\[\]]{1,400}\]")
_SOURCE = re.compile(r"\[@|\[\^")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,60}\]")
_TERM = re.compile(r"\[\[(?:[^\[\]|]{1,80}\|)?([^\[\]|]{1,200})\]\]")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{1,500}\)")
_EMPHASIS = re.compile(r"[*`]+")


def passages(file: str, text: str, *, first_line: int = 1) -> list[Passage]:
    """Each paragraph and list entry with the line where it begins; no headings, tables or code."""
    found: list[Passage] = []
    gathered: list[str] = []
    start = first_line
    in_code = is_led = is_item = is_example = in_story = False

    def close() -> None:
        nonlocal is_led
        written = " ".join(gathered)
        if words := plain(written):
            has_source = _SOURCE.search(written) is not None
            needs_source = not (has_source or is_example or in_story or (is_led and is_item))
            found.append(Passage(file, start, words, written, needs_source))
            # A list rests on what its lead says it is from.
            is_led = (has_source and words.endswith(":")) or (is_led and is_item)
        gathered.clear()

    for number, line in enumerate(text.split("\n"), start=first_line):
        if line.startswith("!!! ") or (is_example and line.strip() and not line.startswith("    ")):
            close()
            # An example is the course's own story: its numbers are of no source.
            is_example = line.startswith("!!! example")
        if _HEADING.match(line) and not in_code:
            close()
            in_story = "example" in line.lower()
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
                start, is_item = number, item is not None
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
