"""Days, moments and durations in the language spoken now. Digits are those of the page: Latin in each language."""

from datetime import UTC, date, datetime
from functools import lru_cache

from pme.words.languages import SOURCE, locale_of
from pme.words.speech import _, current

NARROW = "\u202f"  # keeps a number and its sign on one line
MINUTE = 60


def day(moment: date) -> str:
    """A date like “23 November 2026”."""
    if current() == SOURCE:
        return f"{moment.day} {moment:%B %Y}"
    return _formatted(date(moment.year, moment.month, moment.day), current(), "long")


def short_day(moment: date) -> str:
    """A date like “23 Nov 2026”, on one line, for a narrow column."""
    if current() == SOURCE:
        return f"{moment.day}\u00a0{moment:%b}\u00a0{moment.year}"
    return _formatted(date(moment.year, moment.month, moment.day), current(), "d MMM y").replace(  # not words
        " ", "\u00a0"
    )


def month(moment: date) -> str:
    """A month like “November 2026”."""
    if current() == SOURCE:
        return f"{moment:%B %Y}"
    return _formatted(date(moment.year, moment.month, 1), current(), "LLLL y")


def month_name(moment: date) -> str:
    """A month without its year, like “November”."""
    return (
        f"{moment:%B}" if current() == SOURCE else _formatted(date(2000, moment.month, 1), current(), "LLLL")
    )


def short_month(moment: date) -> str:
    """A month for a narrow column, like “Mar”."""
    return (
        f"{moment:%b}" if current() == SOURCE else _formatted(date(2000, moment.month, 1), current(), "LLL")
    )


def month_and_day(moment: date) -> str:
    """A day without its year, like “23 November”."""
    if current() == SOURCE:
        return f"{moment.day} {moment:%B}"
    return _formatted(date(2000, moment.month, moment.day), current(), "d MMMM")


def weekday(moment: date) -> str:
    """A day of the week, like “Monday”."""
    if current() == SOURCE:
        return f"{moment:%A}"
    return _formatted(date(moment.year, moment.month, moment.day), current(), "EEEE")


def clock(at: datetime) -> str:
    """A time of day like “14:05”, in UTC."""
    return f"{at.astimezone(UTC):%H:%M}"


def moment(at: datetime) -> str:
    """A moment like “23 November 2026, 14:05 UTC”."""
    at = at.astimezone(UTC)
    return _("{day}, {time} UTC", day=day(at), time=f"{at:%H:%M}")


def hours(minutes: int) -> str:
    """Minutes as reading time, like “35 min” or “1 h 20 min”."""
    whole, rest = divmod(minutes, MINUTE)
    if not whole:
        return _("{minutes} min", minutes=rest)
    return _("{hours} h {minutes} min", hours=whole, minutes=rest) if rest else _("{hours} h", hours=whole)


def duration(seconds: float) -> str:
    """Seconds like “34 s” or “8 min 51 s”."""
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes <= 1:
        return _("{seconds}\u202fs", seconds=round(seconds))
    if rest:
        return _("{minutes}\u202fmin {seconds}\u202fs", minutes=minutes, seconds=rest)
    return _("{minutes}\u202fmin", minutes=minutes)


@lru_cache(maxsize=512)
def _formatted(on: date, language: str, pattern: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415  (a page in English needs none of it)

    said = format_date(on, pattern, locale_of(language))
    return f"1er{said[1:]}" if language == "fr" and said.startswith("1 ") else said
