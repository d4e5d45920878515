"""How pages and files write a figure of statistics: the number, its interval, or why there is none."""

from flask import Flask
from markupsafe import Markup

from pme.assessment.statistics_figures import Estimate, Figure, TooFew, value_of

NARROW = "\u202f"
MINUS = "\u2212"
MINUTE = 60


def number(value: float, unit: str) -> str:
    """A bare number in its unit: share (0-1 as a percentage), percent (0-100), coefficient, points, seconds."""
    match unit:
        case "share":
            digits = 1 if 0 < value < 0.01 or 0.99 < value < 1 else 0  # noqa: PLR2004  (so that 0 and 100 mean it)
            return f"{100 * value:.{digits}f}"
        case "percent" | "points":
            return f"{value:.1f}"
        case "seconds":
            return duration(value)
        case _:
            return f"{value:.2f}".replace("-", MINUS)


def duration(seconds: float) -> str:
    """Seconds like “34 s” or “8 min 51 s”."""
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes <= 1:
        return f"{round(seconds)}{NARROW}s"
    return f"{minutes}{NARROW}min {rest}{NARROW}s" if rest else f"{minutes}{NARROW}min"


def told(figure: Figure, unit: str) -> Markup:
    """A figure with its interval behind it, for a page; “n too small” and “not defined” are words, never numbers."""
    if isinstance(figure, TooFew):
        return Markup("<small>n too small: {} of {}</small>").format(figure.n, figure.needed)
    if not isinstance(figure, Estimate):
        return Markup("<small>not defined</small>")
    sign = {"share": f"{NARROW}%", "percent": f"{NARROW}%", "points": f"{NARROW}points"}
    after = sign.get(unit, "")
    if figure.low is None or figure.high is None:
        return Markup("{}{}").format(number(figure.value, unit), after)
    return Markup("{}{} <small>({}&nbsp;to&nbsp;{})</small>").format(
        number(figure.value, unit), after, number(figure.low, unit), number(figure.high, unit)
    )


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
