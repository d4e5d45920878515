"""Short texts with a little emphasis: stems, options, feedback, what a scenario tells.

Pure and linear in time. Knows `**bold**`, `*italic*`, `` `code` ``, `[text](https://...)` and a
backslash before a character that should stay itself. Everything else is text, and is escaped.
"""

import re
from html import escape, unescape

_PIECES = re.compile(
    r"\\(?P<kept>[\\`*\[\]()!_])"
    r"|`(?P<code>[^`\n]{1,500})`"
    r"|\[(?P<label>[^\[\]\n]{1,300})\]\((?P<url>https://[^\s()<>\"]{1,500})\)"
    r"|(?P<stars>\*\*?)"
)
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
"""Blanks that may be any number; one that keeps words together, as French writes it, stays."""
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_TAGS = re.compile(r"<[^>]*>")
_BLOCK_ENDS = re.compile(r"</(?:p|li|h[1-6]|dd|dt|td|th|caption|figcaption|blockquote)>|<br>")
_ELEMENT = {"*": "em", "**": "strong"}


def inline_html(text: str) -> str:
    """The text as phrasing content; a blank line becomes two line breaks."""
    return "<br><br>".join(map(_line, _parts(text)))


def paragraphs_html(text: str) -> str:
    """The text as paragraphs, parted by blank lines."""
    return "".join(f"<p>{_line(part)}</p>" for part in _parts(text))


def plain_text(html: str) -> str:
    """The words of rendered text, with a line for each block."""
    return unescape(_TAGS.sub("", _BLOCK_ENDS.sub("\n", html))).strip()


def _parts(text: str) -> list[str]:
    parts = (_BLANKS.sub(" ", part).strip() for part in _BLANK_LINES.split(text.strip()))
    return [part for part in parts if part]


def _line(text: str) -> str:
    out: list[str] = []
    waiting: dict[str, int] = {}
    position = 0
    for match in _PIECES.finditer(text):
        out.append(escape(text[position : match.start()]))
        position = match.end()
        stars = match["stars"]
        if not stars:
            out.append(_piece(match))
            continue
        out.append(stars)
        if stars in waiting and text[match.start() - 1] not in " *":
            # Whatever began inside and did not end stays as it was written.
            start = waiting[stars]
            waiting = {mark: at for mark, at in waiting.items() if at < start}
            out[start], out[-1] = f"<{_ELEMENT[stars]}>", f"</{_ELEMENT[stars]}>"
        elif stars not in waiting and text[position : position + 1] not in ("", " "):
            waiting[stars] = len(out) - 1
    out.append(escape(text[position:]))
    return "".join(out)


def _piece(match: re.Match[str]) -> str:
    if match["kept"]:
        return escape(match["kept"])
    if match["code"]:
        return f"<code>{escape(match['code'])}</code>"
    return f'<a href="{escape(match["url"])}" rel="noopener noreferrer">{escape(match["label"])}</a>'
