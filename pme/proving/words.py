"""What the pages of verification call things: what a file comes to, how a certificate stands, and its fields."""

from dataclasses import fields
from functools import cache

from pme.certificates.press.languages import words_for
from pme.certificates.state import State
from pme.proving.worth import Worth
from pme.words.languages import LANGUAGES
from pme.words.lazily import Lazy, lazy
from pme.words.speech import current

WORTHS = {
    Worth.VALID: lazy("Valid"),
    Worth.ALTERED: lazy("Altered"),
    Worth.REVOKED: lazy("Revoked"),
    Worth.SUPERSEDED: lazy("Replaced by another"),
    Worth.EXPIRED: lazy("No longer valid"),
    Worth.UNKNOWN_ISSUER: lazy("Unknown issuer"),
    Worth.UNPROVEN: lazy("Not proved"),
    Worth.UNREADABLE: lazy("Not readable"),
}
STATES = {
    State.VALID: lazy("Valid"),
    State.REVOKED: lazy("Revoked"),
    State.EXPIRED: lazy("No longer valid"),
    State.SUPERSEDED: lazy("Replaced by another"),
}


def field_named(field: str) -> str:
    """A field as people call it in the language spoken now.

    What certificates print before a fact, in whichever language, is known; a field without a name stays its path.
    """
    return str(field) if isinstance(field, Lazy) else _printed(current()).get(field, field)


@cache
def _printed(language: str) -> dict[str, str]:
    """What certificates print before a fact in each language, and what those in this one print there."""
    told = words_for(language)
    found: dict[str, str] = {}
    for each in LANGUAGES:
        other = words_for(each)
        for one in fields(other):
            before, after = getattr(other, one.name), getattr(told, one.name)
            if isinstance(before, str) and isinstance(after, str):
                found.setdefault(before, after)
    return found
