"""Calendars as other programs read them: iCalendar, RFC 5545. Pure.

A day without a time is a DATE: it is that day wherever the reader is. A moment is a UTC DATE-TIME. Lines end in
CRLF and are folded at 75 octets, never within a sign. An event keeps its UID for good; its DTSTAMP is when it
was last changed, as section 3.8.7.2 says of calendars without a METHOD.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//PME//Human security education//EN"  # not words
LONGEST_LINE = 75
MEDIA_TYPE = "text/calendar"
NO_EVENT = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""What stands in a calendar without events, which must hold something (section 3.6)."""


@dataclass(frozen=True)
class Event:
    """Something with a day (a `date`) or a moment (a `datetime` with its zone) at which it is."""

    uid: str
    changed_at: datetime
    when: date | datetime
    summary: str
    description: str = ""
    address: str = ""


def calendar(name: str, events: Sequence[Event]) -> str:
    """A whole calendar as text."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        *([line for event in events for line in _lines(event)] or NO_EVENT),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """A TEXT value (section 3.3.11): what has a meaning in the format is marked, and control signs are left out."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in whole if sign == "\n" or (sign >= " " and sign != "\x7f"))
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, each further one begun by a blank (section 3.1)."""
    pieces, piece, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    return "\r\n".join([*pieces, piece])


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{_moment(event.changed_at)}"
    if isinstance(event.when, datetime):
        yield f"DTSTART:{_moment(event.when)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.when:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.when + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.address:
        yield f"URL:{event.address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
