"""How what is typed into a question is read: numbers with their units, and short texts but for what is folded.

Pure. Authors' keys and students' answers are read by the same rules. The digits of every script are read. A
comma, a point or “٫” stands before decimals; blanks of any width, apostrophes and “٬” stand between thousands,
and so do commas or points that cannot be anything else (“1,234,567”, “1.234,5”); “1,234” alone is 1.234.
Powers of ten (“1e3”) and fractions (“1/2”) are not read.
"""

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

from pme.content.shapes_quiz import Folding, NumericItem

LONGEST_NUMBER = 60
_PARTS = re.compile(r"(?P<sign>[+\-−–]?)\s*(?P<number>[\d.,'’٫٬\s]*)(?P<unit>.*)", re.DOTALL)
_NUMBER = re.compile(
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?P<group>[ ',.٬])[0-9]{3}(?:(?P=group)[0-9]{3})*)?"
    r"(?:(?P<point>[.,٫])(?P<rest>[0-9]*))?"
)
_AMBIGUOUS = re.compile(r"[+\-−]?[1-9]\d{0,2}[.,]\d{3}\Z")


def decimal_of(text: str) -> Decimal | None:
    """The number a text holds, with a decimal point or a decimal comma; None when it is no number."""
    number, unit = number_and_unit(text)
    return None if unit else number


def number_and_unit(text: str) -> tuple[Decimal | None, str]:
    """A number and what stands behind it; no number at all is None, with the text as it was."""
    parts = _PARTS.fullmatch(_seen(text)) if len(text) <= LONGEST_NUMBER else None
    number = _NUMBER.fullmatch(" ".join(_in_ascii(parts["number"]).split())) if parts else None
    if parts is None or number is None or (number["group"] and number["group"] == number["point"]):
        return None, text.strip()
    whole, rest = re.sub(r"\D", "", number["whole"] or ""), number["rest"] or ""
    if not whole + rest:
        return None, text.strip()
    size = Decimal(f"{whole or 0}.{rest or 0}")
    return -size if parts["sign"] in ("-", "−", "–") else size, parts["unit"].strip()


def as_written(number: Decimal) -> str:
    """A number in plain digits with a point, without needless noughts, like “-1234.5”."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def is_ambiguous(text: str) -> bool:
    """Whether a number such as 1,000 may be meant as a thousand or as one."""
    return bool(_AMBIGUOUS.match(_in_ascii(_seen(text))))


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
    out = unicodedata.normalize("NFKC", _seen(text))
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


def words_in(text: str) -> int:
    """How many words a text has: what stands between blanks."""
    return len(text.split())


def _seen(text: str) -> str:
    """A text without marks that nobody sees, such as those of direction."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def _in_ascii(number: str) -> str:
    # The digits of every script; a small raised 2 is none of them.
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in number).replace("’", "'")


def _unit(unit: str) -> str:
    return "".join(unicodedata.normalize("NFKC", unit).casefold().replace("٪", "%").split()).rstrip(".")
