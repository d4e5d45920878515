"""The small pictures that guides show in the product, one for each language that its guide is written in.

They are made with the large ones of docs/screenshots by `python -m tests.browser.screenshots`, and ship with the
package like style sheets and scripts.
"""

from functools import cache
from pathlib import Path

from pme.words.languages import SOURCE

PICTURES = Path(__file__).resolve().parent.parent / "static" / "guide"
WIDTH, HEIGHT = 800, 500
"""Of every picture, in pixels."""
LARGEST = 30_000
"""Bytes that one may have."""


@cache
def pictures() -> tuple[Path, ...]:
    """Every picture that there is."""
    return tuple(sorted(PICTURES.glob("*.webp")))


def file_of(name: str, language: str) -> str:
    """The file of a picture in a language."""
    return f"{name}.{language}.webp"  # not words


@cache
def picture_of(name: str, language: str) -> str:
    """The file that shows something in a language, or in English where there is none."""
    known = {path.name for path in pictures()}
    return own if (own := file_of(name, language)) in known else file_of(name, SOURCE)
