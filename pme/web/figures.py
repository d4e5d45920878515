"""How pages and files write a figure of statistics: the number, its interval, or why there is none."""

from flask import Flask
from markupsafe import Markup

from pme.assessment.statistics_figures import Estimate, Figure, TooFew, value_of
from pme.words.numbers import MINUS, decimal, with_percent
from pme.words.speech import _
from pme.words.times import duration


def number(value: float, unit: str) -> str:
    """A bare number in its unit: share (0-1 as a percentage), percent (0-100), coefficient, points, seconds."""
    match unit:
        case "share":
            digits = 1 if 0 < value < 0.01 or 0.99 < value < 1 else 0  # noqa: PLR2004  (so that 0 and 100 mean it)
            return decimal(100 * value, digits)
        case "percent" | "points":
            return decimal(value, 1)
        case "seconds":
            return duration(value)
        case _:
            return decimal(value, 2).replace("-", MINUS)


def told(figure: Figure, unit: str) -> Markup:
    """A figure with its interval behind it, for a page; “n too small” and “not defined” are words, never numbers."""
    if isinstance(figure, TooFew):
        return Markup("<small>{}</small>").format(
            _("n too small: {n} of {needed}", n=figure.n, needed=figure.needed)
        )
    if not isinstance(figure, Estimate):
        return Markup("<small>{}</small>").format(_("not defined"))
    written = _signed(number(figure.value, unit), unit)
    if figure.low is None or figure.high is None:
        return Markup("{}").format(written)
    interval = _("{low}\u00a0to\u00a0{high}", low=number(figure.low, unit), high=number(figure.high, unit))
    return Markup("{} <small>({})</small>").format(written, interval)


def _signed(written: str, unit: str) -> str:
    match unit:
        case "share" | "percent":
            return with_percent(written)
        case "points":
            return _("{number}\u202fpoints", number=written)
        case _:
            return written


def cells(figure: Figure) -> tuple[float | None, float | None, float | None]:
    """A figure as three cells of a file: value, low, high; empty where there is none."""
    low, high = (figure.low, figure.high) if isinstance(figure, Estimate) else (None, None)
    return _rounded(value_of(figure)), _rounded(low), _rounded(high)


def place(figure: Figure, end: str = "value", start: float = 0.0, stop: float = 1.0) -> float | None:
    """Where the figure (or an end of its interval) lies on a scale, 0-100; None where there is nothing to draw."""
    found = getattr(figure, end) if isinstance(figure, Estimate) else None
    return None if found is None else round(100 * min(1.0, max(0.0, (found - start) / (stop - start))), 2)


def install(app: Flask) -> None:
    """Give templates `told`, `duration` and `place`."""
    app.add_template_filter(told)
    app.add_template_filter(duration)
    app.add_template_filter(place)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
