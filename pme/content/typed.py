"""How what is typed into a question is read: numbers with their units, and short texts but for what is folded.

Pure. Authors' keys and students' answers are read by the same rules.
"""

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

from pme.content.shapes_quiz import Folding, NumericItem

_NUMBER = re.compile(r"(?P<number>[+\-−]?\d{1,12}(?:[.,٫]\d{1,9})?)\s*(?P<unit>\D.{0,38})?\Z", re.DOTALL)
_AMBIGUOUS = re.compile(r"[+\-−]?[1-9]\d{0,2}[.,]\d{3}\Z")


def decimal_of(text: str) -> Decimal | None:
    """The number a text holds, with a decimal point or a decimal comma; None when it is no number."""
    number, unit = number_and_unit(text)
    return None if unit else number


def number_and_unit(text: str) -> tuple[Decimal | None, str]:
    """A number and what stands behind it; no number at all is None, with the text as it was."""
    match = _NUMBER.match(_plain(text))
    if match is None:
        return None, text.strip()
    number = match["number"].replace("−", "-").replace(",", ".").replace("٫", ".")
    return Decimal(number), (match["unit"] or "").strip()


def is_ambiguous(text: str) -> bool:
    """Whether a number such as 1,000 may be meant as a thousand or as one."""
    return bool(_AMBIGUOUS.match(_plain(text)))


def is_unit_of(item: NumericItem, unit: str) -> bool:
    """Whether what was typed behind the number is the item's unit, or nothing at all."""
    known = {_unit(each) for each in ("", item.unit, *item.accepted_units)}
    return _unit(unit) in known


def is_near_enough(item: NumericItem, given: Decimal) -> bool:
    """Whether a number is within the item's tolerance, its edges included."""
    answer, tolerance = Decimal(item.answer), Decimal(item.tolerance)
    if item.tolerance_is_percent:
        tolerance = abs(answer) * tolerance / 100
    return abs(given - answer) <= tolerance


def folded(text: str, folding: Collection[Folding]) -> str:
    """A short text without the differences that do not matter."""
    out = unicodedata.normalize("NFKC", text)
    if "case" in folding:
        out = out.casefold()
    if "accents" in folding:
        out = "".join(c for c in unicodedata.normalize("NFD", out) if not unicodedata.combining(c))
    if "punctuation" in folding:
        # A hyphen parts words, so it becomes a blank; other marks stand at words and go.
        out = "".join(" " if unicodedata.category(c) == "Pd" else c for c in out)
        out = "".join(c for c in out if not unicodedata.category(c).startswith("P"))
    if "spaces" in folding:
        out = "".join(out.split())
    return unicodedata.normalize("NFC", " ".join(out.split()))


def _plain(text: str) -> str:
    # Digits of every script, no-break and thin blanks, full-width signs.
    normal = unicodedata.normalize("NFKC", text).strip()
    return "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in normal)


def _unit(unit: str) -> str:
    return "".join(unicodedata.normalize("NFKC", unit).casefold().split()).rstrip(".")
