"""Numbers, shares, sizes and lists in the language spoken now. Digits are Latin in each language."""

from collections.abc import Iterable

from pme.words.languages import RIGHT_TO_LEFT, SOURCE, locale_of
from pme.words.speech import _, current

NARROW = "\u202f"  # keeps a number and its sign on one line
LEFT_TO_RIGHT = "\u200e"  # keeps a sign at its number's right, also where writing runs to the left
MINUS = "\u2212"
KILO = 1000


def decimal(value: float, digits: int = 0) -> str:
    """A number with so many digits after the sign of its language, and nothing between its thousands."""
    written = f"{float(value):.{digits}f}"  # of a fraction too
    return written if current() == SOURCE else written.replace(".", _sign(current()))


def grouped(value: int) -> str:
    """A whole number with its thousands apart, like “12,345”."""
    if current() == SOURCE:
        return f"{value:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415  (a page in English needs none of it)

    return format_decimal(value, locale=locale_of(current()))


def with_percent(figure: str) -> str:
    """A figure with the sign for percent behind it."""
    mark = LEFT_TO_RIGHT if current() in RIGHT_TO_LEFT else ""
    return f"{figure}{mark or NARROW}%{mark}"


def percent(number: float | None) -> str:
    """A mark of 0-100 like “83 %”, rounded down so that no mark looks passed that is not."""
    return "–" if number is None else with_percent(str(int(number + 1e-9)))


def size(number: int) -> str:
    """A size of a file like “340 kB” or “1.2 MB”."""
    if number < KILO:
        return _("{size} bytes", size=number)
    if number < KILO * KILO:
        return _("{size} kB", size=round(number / KILO))
    return _("{size} MB", size=decimal(number / (KILO * KILO), 1))


def listed(items: Iterable[object]) -> str:
    """A list in a sentence: “a, b and c”."""
    said = [str(item) for item in items]
    if current() == SOURCE:
        return " and ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)  # not words
    from babel.lists import format_list  # noqa: PLC0415  (a page in English needs none of it)

    return format_list(said, locale=locale_of(current()))


def either(items: Iterable[object]) -> str:
    """A choice in a sentence: “a, b or c”."""
    said = [str(item) for item in items]
    if current() == SOURCE:
        return " or ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)  # not words
    from babel.lists import format_list  # noqa: PLC0415  (a page in English needs none of it)

    return format_list(said, style="or", locale=locale_of(current()))


def _sign(language: str) -> str:
    found: str = locale_of(language).number_symbols["latn"]["decimal"]
    return found
