"""Text runs as Markdown: what an author wrote stays what it was, whatever signs it holds. Pure."""

import re
from dataclasses import dataclass

_SIGNS = re.compile(r"([\\`*_{}\[\]])")
_AT_START = re.compile(r"(?m)^(\s*\d*)([#>+.-])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TABLE = re.compile(r"(?i)^Table:")


@dataclass(frozen=True)
class Run:
    """A stretch of text in one look; `raw` is Markdown already."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    raw: bool = False


def escaped(text: str) -> str:
    """Plain text as Markdown that shows exactly it."""
    text = _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace("|", "&#124;")
    return _SIGNS.sub(r"\\\1", text)


def joined(runs: list[Run]) -> str:
    """Runs as one paragraph of Markdown: stretches of one look put together, blanks outside of their signs."""
    out: list[str] = []
    at = 0
    while at < len(runs):
        first, end = runs[at], at + 1
        while end < len(runs) and not first.raw and _look(runs[end]) == _look(first):
            end += 1
        text = first.text if first.raw else escaped("".join(run.text for run in runs[at:end]))
        out.append(_marked(text, first))
        at = end
    text = re.sub(r"[ \t\xa0]*\n[ \t]*", "\n", "".join(out)).strip()
    return text.replace("\n", "  \n")


def paragraph(text: str) -> str:
    """A paragraph that is no heading, list or caption, however it begins."""
    return _TABLE.sub("Table&#58;", _AT_START.sub(r"\1\\\2", text))


def _look(run: Run) -> tuple[bool, bool, bool]:
    return run.is_bold, run.is_italic, run.raw


def _marked(text: str, run: Run) -> str:
    inside = text.strip()
    if run.raw or not inside or not (run.is_bold or run.is_italic):
        return text
    sign = "***" if run.is_bold and run.is_italic else "**" if run.is_bold else "*"
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{sign}{inside}{sign}{after}"
