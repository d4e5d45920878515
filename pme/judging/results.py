"""What a panel's closed rounds amount to: figures by option, by round and by trade, or the cut score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pme.content.shapes import Quiz, Scenario
from pme.errors import Conflict
from pme.judging.adoption import KeyOffer, key_offer
from pme.judging.angoff import FEWEST_ANSWERS, Cut, cut_score, weights_of
from pme.judging.consensus import Change, DecisionFigures, change, decision_figures
from pme.judging.models import Panel, Trade
from pme.judging.queries import Round, closed_round, facilities, reasons_given
from pme.judging.subjects import subjects_to_judge, subjects_to_rate
from pme.words.speech import _

FEWEST_IN_TRADE = 3
"""With fewer of a trade, its mean would show who rated what."""

Means = Mapping[tuple[str, str], Mapping[Trade, float]]


@dataclass(frozen=True)
class RatingResults:
    """A rating panel after its last closed round. `means` are by (decision, option) and trade."""

    number: int
    panellists: int
    composition: Mapping[Trade, int]
    figures: tuple[DecisionFigures, ...]
    change: Change | None
    means: Means
    reasons: Mapping[str, Sequence[str]]
    offer: KeyOffer


@dataclass(frozen=True)
class StandardResults:
    """A pass-mark panel after its last closed round; `first` is the cut of the round before, if any.

    `facility` is the mean credit of each item in percent, where enough have answered it.
    """

    number: int
    composition: Mapping[Trade, int]
    cut: Cut
    first: Cut | None
    facility: Mapping[str, float]
    reasons: Mapping[str, Sequence[str]]


def rating_results(session: Session, panel: Panel, content: Scenario | Quiz) -> RatingResults:
    """The results of a rating panel. Raises Conflict while round one is open."""
    number = _last_round(panel)
    last = closed_round(session, panel, number)
    figures = figures_of(last, content)
    moved = None
    if number > 1:
        first = closed_round(session, panel, 1, only=last.panellists)
        moved = change(first.ratings, last.ratings)
    return RatingResults(
        number=number,
        panellists=len(last.panellists),
        composition=last.composition,
        figures=figures,
        change=moved,
        means=_means(last),
        reasons=reasons_given(session, panel, number),
        offer=key_offer(
            content, figures, last.ratings, last.composition, at=panel.closed_at or panel.opened_at
        ),
    )


def figures_of(round_: Round, content: Scenario | Quiz) -> tuple[DecisionFigures, ...]:
    """The figures of every decision in a closed round, in the order of the scenario or quiz."""
    return tuple(
        decision_figures(
            subject.id,
            {option: round_.ratings.get(subject.id, {}).get(option, []) for option, _ in subject.options},
        )
        for subject in subjects_to_rate(content)
    )


def standard_results(session: Session, panel: Panel, quiz: Quiz) -> StandardResults:
    """The results of a pass-mark panel. Raises Conflict while round one is open."""
    number = _last_round(panel)
    last = closed_round(session, panel, number)
    return StandardResults(
        number=number,
        composition=last.composition,
        cut=cut_of(last, quiz),
        first=cut_of(closed_round(session, panel, 1), quiz) if number > 1 else None,
        facility=facility_shown(session, panel),
        reasons=reasons_given(session, panel, number),
    )


def cut_of(round_: Round, quiz: Quiz) -> Cut:
    """The cut score of a closed round."""
    said = {item.id: round_.ratings.get(item.id, {}).get("", []) for item in subjects_to_judge(quiz)}
    return cut_score(said, weights_of(quiz))


def facility_shown(session: Session, panel: Panel) -> dict[str, float]:
    """Each item's facility in percent at the panel's academy, where enough have answered it."""
    found = facilities(session, panel.academy_id, panel.version_id)
    return {item: 100 * mean for item, (n, mean) in found.items() if n >= FEWEST_ANSWERS}


def _last_round(panel: Panel) -> int:
    if not panel.closed_rounds:
        raise Conflict(_("Ratings are shown once the round is closed; until then only who has answered."))
    return panel.closed_rounds


def _means(round_: Round) -> dict[tuple[str, str], dict[Trade, float]]:
    shown = [trade for trade, count in round_.composition.items() if count >= FEWEST_IN_TRADE]
    found: dict[tuple[str, str], dict[Trade, float]] = {}
    for subject, options in round_.ratings.items():
        for option, rated in options.items():
            by_trade = {
                trade: [value for value, whose in zip(rated, round_.trades, strict=True) if whose is trade]
                for trade in shown
            }
            found[subject, option] = {trade: sum(each) / len(each) for trade, each in by_trade.items()}
    return found
