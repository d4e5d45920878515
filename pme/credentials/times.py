"""Times as credentials write them: UTC, whole seconds, a Z at the end."""

import re
from datetime import UTC, datetime

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
