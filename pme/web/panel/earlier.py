"""What a panellist is told in round two: their own rating of round one beside everybody's, without names."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from pme.judging.consensus import SCALE, option_figures
from pme.judging.models import Method, Panel
from pme.judging.queries import closed_round
from pme.judging.service import options_of
from pme.judging.subjects import Subject
from pme.words.numbers import decimal
from pme.words.speech import _, _n


def of(session: Session, panel: Panel, subject: Subject, own: Mapping[str, int]) -> dict[str, str]:
    """A sentence for each option."""
    ratings = closed_round(session, panel, 1).ratings.get(subject.id, {})
    return {
        option: _told(panel.method, ratings.get(option, ()), own.get(option))
        for option in options_of(subject)
    }


def _told(method: Method, ratings: Sequence[int], own: int | None) -> str:
    figures = option_figures("", ratings)
    mean = "–" if figures.mean is None else decimal(float(figures.mean), 2)
    spread = "–" if figures.spread is None else decimal(figures.spread, 2)
    if method is Method.ANGOFF:
        span = _("from {low} to {high}", low=min(ratings), high=max(ratings)) if ratings else "–"
        return _n(
            "In round one you said {own}. All {n} judges: mean {mean}, SD {spread}, {span}.",
            "In round one you said {own}. All {n} judges: mean {mean}, SD {spread}, {span}.",
            figures.n,
            own=own,
            mean=mean,
            spread=spread,
            span=span,
        )
    given = ", ".join(
        _n("{n} gave {value}", "{n} gave {value}", figures.counts[v - 1], value=v) for v in SCALE
    )
    return _n(
        "In round one you gave {own}. Of {n} panellists {given}; mean {mean}, SD {spread}.",
        "In round one you gave {own}. Of {n} panellists {given}; mean {mean}, SD {spread}.",
        figures.n,
        own=own,
        given=given,
        mean=mean,
        spread=spread,
    )
