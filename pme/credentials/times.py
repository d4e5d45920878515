"""Times as credentials write them: UTC, whole seconds, a Z at the end."""

import re
from datetime import UTC, date, datetime

from pme.words.languages import SOURCE
from pme.words.speech import current
from pme.words.times import day

LONGEST = 60
STAMP = re.compile(
    r"-?\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)"
)
"""An XML Schema dateTimeStamp, of which the calendar is then asked whether there is such a day."""


def written(at: datetime) -> str:
    """A time as text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: object) -> datetime | None:
    """The time that a text says, or None where it is no dateTimeStamp of this calendar."""
    if not isinstance(text, str) or len(text) > LONGEST or not STAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def day_told(on: date) -> str:
    """A day in a sentence about a credential."""
    return f"{on:%d %B %Y}" if current() == SOURCE else day(on)


def stamp_told(text: str) -> str:
    """The day of a time that a credential says: in English as it stands there."""
    try:
        return text[:10] if current() == SOURCE else day(date.fromisoformat(text[:10]))
    except ValueError:
        return text[:10]
