"""Texts of a design: plain words with a few names in braces, which are replaced by what they name. Pure.

What is replaced is not looked at again, and nothing else in a text means anything.
"""

import re
from collections.abc import Mapping

from pme.words.speech import _

OF_COURSE = ("course", "academy", "nation")
OF_HOLDER = ("holder", "rank", "number")
LONGEST = {"heading": 70, "opening": 100, "statement": 160, "footer": 120}
PLACES: Mapping[str, tuple[str, ...]] = {
    "heading": OF_COURSE,
    "opening": OF_COURSE + OF_HOLDER,
    "statement": OF_COURSE,
    "footer": OF_COURSE + OF_HOLDER,
}
"""The names that each text may hold. Heading and statement are kept with the certificate, also when its holder is
erased, so that they never hold a name."""

_PLACE = re.compile(r"\{([^{}]*)\}")


def refusal(kind: str, text: str) -> str:
    """Why a text cannot be used, as a sentence; empty where it can."""
    if len(text) > LONGEST[kind]:
        return _("Keep this under {most} characters; it has {count}.", most=LONGEST[kind], count=len(text))
    allowed = PLACES[kind]
    listed = ", ".join(f"{{{name}}}" for name in allowed)
    for name in _PLACE.findall(text):
        if name in OF_HOLDER and name not in allowed:
            return _(
                "{place} cannot be used here: this text is kept with the certificate even when its holder's "
                "data are erased. Use {listed}.",
                place=f"{{{name}}}",
                listed=listed,
            )
        if name not in allowed:
            return _("{place} is not known. Use {listed}.", place=f"{{{name[:40]}}}", listed=listed)
    if set("{}") & set(_PLACE.sub("", text)):
        return _("A brace is missing its pair. Braces only go around a name: {listed}.", listed=listed)
    return ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each known name replaced by its value; spaces left by empty ones are closed up."""
    return " ".join(_PLACE.sub(lambda found: values.get(found[1], ""), text).split())
