"""The rendered text of a page made fit for paper. Pure.

Drawings get the colours of paper, since they see no style sheet of the page; what cannot be printed
or would have to be fetched (photographs, films, sounds) gives its description instead.
"""

import re

_INKS = {
    "fig-accent": "fill:#0b5260",
    "fig-accent-soft": "fill:#e1eef0",
    "fig-warm": "fill:#84480a",
    "fig-warm-soft": "fill:#f9eddb",
    "fig-muted": "fill:#445053",
    "fig-surface": "fill:#ffffff",
    "fig-line": "stroke:#787264",
    "fig-line-accent": "stroke:#0b5260",
}
_STYLE = (
    "<style>svg{fill:#1b2326;color:#1b2326;font-family:Source Sans 3}"
    + "".join(f".{name}{{{ink}}}" for name, ink in _INKS.items())
    + "</style>"
)
_NAMES = re.compile(r"</title><desc\b[^>]*>(.*?)</desc>", re.DOTALL)
_DRAWING = re.compile(r"<svg\b[^>]*>")
_PICTURE = re.compile(r"<img\b(?![^>]*\bsrc=\"data:image/)[^>]*>")
"""Those that would have to be fetched; one that is in the text itself is printed."""
_PLAYER = re.compile(r"<(audio|video)\b([^>]*)>.*?</\1>", re.DOTALL)
_ALT = re.compile(r'\balt="([^"]*)"')
_LABEL = re.compile(r'\baria-label="([^"]*)"')


def for_paper(html: str) -> str:
    """Rendered and sanitised text as it is printed."""
    html = _NAMES.sub(r". \1</title>", html)  # a PDF keeps one description of a figure, and takes the title
    html = _DRAWING.sub(lambda drawing: drawing[0] + _STYLE, html)
    html = _PICTURE.sub(lambda picture: _described(_ALT.search(picture[0])), html)
    return without_players(html)


def without_players(html: str) -> str:
    """Rendered text with a description in place of each film and sound."""
    return _PLAYER.sub(lambda player: _described(_LABEL.search(player[2])), html)


def _described(words: re.Match[str] | None) -> str:
    return f'<span class="not-printed">{words[1]}</span>' if words and words[1] else ""
