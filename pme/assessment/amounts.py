"""How an amount is said: a number with its unit, so that the two agree in every language. Pure.

An author gives a unit in one form, the one that goes with the answer that is right. Beside another number it may be
the wrong one (“1 days”, “3 днів”), so there the number is told first and then what it counts.
"""

from decimal import Decimal

from pme.content.shapes_quiz import NumericItem
from pme.content.typed import as_written, number_and_unit
from pme.words.speech import _

LONGEST_SIGN = 2
"""A unit of so few letters (l, km, kg) or with other signs (%, km/h) stands beside any number as it is."""


def as_read(item: NumericItem, number: Decimal, typed: str) -> str:
    """What was typed, as it was read: with its unit as somebody wrote it themselves, or else with the author's.

    Never by comparison with the answer that is right: it is told before that may be known.
    """
    _number, unit = number_and_unit(typed)
    if unit or _is_sign(item.unit):
        return f"{as_written(number)} {unit or item.unit}".strip()
    return _("{number}, in {unit}", number=as_written(number), unit=item.unit)


def as_key(item: NumericItem) -> str:
    """What is right, with what is near enough."""
    answer, tolerance = Decimal(item.answer), Decimal(item.tolerance)
    if item.tolerance_is_percent:
        tolerance = abs(answer) * tolerance / 100
    told = f"{as_written(answer)} {item.unit}".strip()
    if not tolerance:
        return told
    low, high = as_written(answer - tolerance), as_written(answer + tolerance)
    return _("{answer} (from {low} to {high} is right)", answer=told, low=low, high=high)


def _is_sign(unit: str) -> bool:
    return len(unit) <= LONGEST_SIGN or not unit.replace(" ", "").isalpha()
