"""From what a panel agreed on to a new text of the file: the key or the pass mark, and where it comes from.

Nothing is published here: the door checks the text as a part of the whole content, and publishes it
when the instructor says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pme.content.provenance import rated_keys
from pme.content.rewrite import Ratings, holds, with_ratings, with_record, with_standard
from pme.content.shapes import (
    Choice,
    DecisionNode,
    PanelRecord,
    PanelRole,
    Quiz,
    RatedOption,
    RatingItem,
    Scenario,
    Standard,
)
from pme.errors import Conflict
from pme.judging import consensus
from pme.judging.angoff import FEWEST_JUDGES, METHOD, Cut
from pme.judging.consensus import DecisionFigures
from pme.judging.models import Trade
from pme.words.speech import _, _n

ROUNDS = 2
HOW = "two-round rating 1-4"  # not words
WORDS = {
    Trade.LEGAL: ("legal", "legal"),
    Trade.MEDICAL: ("medical", "medical"),
    Trade.POLICE: ("police", "police"),
    Trade.GBV: ("gender-based-violence specialist", "gender-based-violence specialists"),
    Trade.SURVIVOR: ("survivor adviser", "survivor advisers"),
    Trade.COMMANDER: ("military commander", "military commanders"),
    Trade.EDUCATOR: ("educator", "educators"),
    Trade.OTHER: ("other", "others"),
}
"""A trade in words, for one and for several."""
TOLD: Mapping[Trade, Callable[[int], str]] = {
    Trade.LEGAL: lambda n: _n("{n} legal", "{n} legal", n),
    Trade.MEDICAL: lambda n: _n("{n} medical", "{n} medical", n),
    Trade.POLICE: lambda n: _n("{n} police", "{n} police", n),
    Trade.GBV: lambda n: _n(
        "{n} gender-based-violence specialist", "{n} gender-based-violence specialists", n
    ),
    Trade.SURVIVOR: lambda n: _n("{n} survivor adviser", "{n} survivor advisers", n),
    Trade.COMMANDER: lambda n: _n("{n} military commander", "{n} military commanders", n),
    Trade.EDUCATOR: lambda n: _n("{n} educator", "{n} educators", n),
    Trade.OTHER: lambda n: _n("{n} other", "{n} others", n),
}
"""The same with a number, in the language spoken now."""


@dataclass(frozen=True)
class KeyOffer:
    """What a panel's key would be. `ratings` are those of the decisions it agrees on; the others keep the key
    they have until they are rewritten. `lacking` says, in sentences, why it cannot be adopted.
    """

    ratings: Ratings
    record: PanelRecord
    agreed: tuple[DecisionFigures, ...]
    to_rewrite: tuple[DecisionFigures, ...]
    lacking: tuple[str, ...]


def in_words(trade: Trade, count: int) -> str:
    """A trade with its number, such as “3 legal” or “1 survivor adviser”."""
    return TOLD[trade](count)


def key_offer(
    content: Scenario | Quiz,
    figures: Sequence[DecisionFigures],
    ratings: Mapping[str, Mapping[str, Sequence[int]]],
    composition: Mapping[Trade, int],
    *,
    at: datetime,
) -> KeyOffer:
    """What the last round of a panel offers; `at` is when it was closed."""
    agreed = tuple(each for each in figures if each.is_agreed)
    rewrite = tuple(each for each in figures if not each.is_agreed)
    n = sum(composition.values())
    lacking = list(consensus.too_few(n, composition.get(Trade.SURVIVOR, 0)))
    if not agreed:
        lacking.append(_("no decision reaches agreement: rewrite them, publish them, and ask again"))
    keys = rated_keys(content)
    lacking += [
        _(
            "“{decision}” carries the ratings of an earlier panel, with which this one does not agree: "
            "give it its author's rating, rewrite it, and ask again",
            decision=each.decision,
        )
        for each in rewrite
        if any(key.by == "panel" for key in keys[each.decision])
    ]
    roles = tuple(
        PanelRole(role=WORDS[trade][count != 1], count=count) for trade, count in composition.items()
    )
    return KeyOffer(
        ratings={
            (each.decision, option): tuple(rated)
            for each in agreed
            for option, rated in ratings[each.decision].items()
        },
        record=PanelRecord(n=max(1, n), date=f"{at:%Y-%m-%d}", composition=roles, rounds=ROUNDS, method=HOW),
        agreed=agreed,
        to_rewrite=rewrite,
        lacking=tuple(lacking),
    )


def means_today(content: Scenario | Quiz) -> dict[tuple[str, str], float]:
    """The rating that each option has as its key now, by (decision, option)."""
    parts: list[tuple[str, Sequence[Choice | RatedOption]]] = []
    if isinstance(content, Scenario):
        parts += [(n.id, n.choices) for n in content.nodes.values() if isinstance(n, DecisionNode)]
    else:
        parts += [(item.id, item.options) for item in content.items if isinstance(item, RatingItem)]
    return {(part, option.id): option.key.mean for part, options in parts for option in options}


def standard_lacking(cut: Cut) -> tuple[str, ...]:
    """Why a cut score cannot be adopted, in sentences; nothing when it can."""
    if cut.judges < FEWEST_JUDGES:
        return (
            _(
                "n too small: {judges} of at least {fewest} judges finished the round",
                judges=cut.judges,
                fewest=FEWEST_JUDGES,
            ),
        )
    return ()


def path_of(content: Scenario | Quiz) -> str:
    """The file in which a quiz or scenario is written."""
    return f"quizzes/{content.slug}.{content.kind}.yaml"


def texts_with_key(
    text_of: Callable[[str], str], content: Scenario | Quiz, offer: KeyOffer
) -> dict[str, str]:
    """The files with the panel's key in them, by path: the content's own, and the banks whose items it rated.

    `text_of` gives the published text of a path. Raises Conflict when the offer lacks something.
    """
    if offer.lacking:
        raise Conflict(_("This key cannot be adopted: {lacking}.", lacking="; ".join(offer.lacking)))
    own = path_of(content)
    new = {own: with_record(text_of(own), content.kind, offer.record)}
    for part in dict.fromkeys(part for part, _option in offer.ratings):
        path = next((each for each in files_of(content) if holds(text_of(each), content.kind, part)), own)
        rated = {where: values for where, values in offer.ratings.items() if where[0] == part}
        new[path] = with_ratings(new.get(path) or text_of(path), content.kind, rated)
    return new


def files_of(content: Scenario | Quiz) -> tuple[str, ...]:
    """The files in which the content is written: its own, and the banks that a quiz draws from."""
    banks = content.blueprint if isinstance(content, Quiz) else ()
    return (path_of(content), *(f"quizzes/{line.bank}.bank.yaml" for line in banks))


def text_with_standard(text: str, cut: Cut, *, at: datetime) -> str:
    """The file with the judges' pass mark in it. Raises Conflict when there are too few judges."""
    lacking = standard_lacking(cut)
    if lacking or cut.min_percent is None:
        raise Conflict(_("This pass mark cannot be adopted: {lacking}.", lacking="; ".join(lacking)))
    standard = Standard(method=METHOD, judges=cut.judges, date=f"{at:%Y-%m-%d}")
    return with_standard(text, cut.min_percent, standard)
