"""What a panellist is told in round two: their own rating of round one beside everybody's, without names."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from pme.judging.consensus import SCALE, option_figures
from pme.judging.models import Method, Panel
from pme.judging.queries import closed_round
from pme.judging.service import options_of
from pme.judging.subjects import Subject


def of(session: Session, panel: Panel, subject: Subject, own: Mapping[str, int]) -> dict[str, str]:
    """A sentence for each option."""
    ratings = closed_round(session, panel, 1).ratings.get(subject.id, {})
    return {
        option: _told(panel.method, ratings.get(option, ()), own.get(option))
        for option in options_of(subject)
    }


def _told(method: Method, ratings: Sequence[int], own: int | None) -> str:
    figures = option_figures("", ratings)
    mean = "–" if figures.mean is None else f"{float(figures.mean):.2f}"
    spread = "–" if figures.spread is None else f"{figures.spread:.2f}"
    if method is Method.ANGOFF:
        span = f"from {min(ratings)} to {max(ratings)}" if ratings else "–"
        return f"In round one you said {own}. All {figures.n} judges: mean {mean}, SD {spread}, {span}."
    given = ", ".join(f"{figures.counts[value - 1]} gave {value}" for value in SCALE)
    return f"In round one you gave {own}. Of {figures.n} panellists {given}; mean {mean}, SD {spread}."
