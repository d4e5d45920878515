"""The languages that the platform speaks, what each calls itself, and which way it is written. Pure."""

from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import bidirectional

if TYPE_CHECKING:
    from babel import Locale

SOURCE = "en"
"""The language that the code is written in: its strings are their own translations."""
LANGUAGES = (SOURCE, "fr", "uk", "ar")
OWN_NAMES = {"en": "English", "fr": "Français", "uk": "Українська", "ar": "العربية"}
RIGHT_TO_LEFT = ("ar",)
_LOCALES = {"en": "en_GB"}


def direction(language: str) -> str:
    """Which way a language is written, as HTML says it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@lru_cache
def locale_of(language: str) -> "Locale":
    """What CLDR knows of a language; of one that is not spoken here, what it knows of English."""
    from babel import Locale  # noqa: PLC0415  (a page in English needs none of it)

    known = language if language in LANGUAGES else SOURCE
    return Locale.parse(_LOCALES.get(known, known))


def runs(text: str) -> str:
    """Which way a text of an unknown language is written, by its first letter that has a direction."""
    first = next((each for each in map(bidirectional, text) if each in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"
