"""The table of questions (or decisions) as rows of a file: plain numbers, empty where there is no figure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pme.assessment.statistics_figures import Figure, TooFew, Undefined
from pme.content.shapes import Outcome
from pme.web.figures import cells
from pme.web.stream import Cell

if TYPE_CHECKING:  # imports numpy
    from pme.assessment.statistics_items import ItemFigures

HEADINGS = (
    "Number",
    "Id",
    "Outcome",
    "Critical",
    "Students",
    "Unanswered",
    "Facility",
    "Facility, low",
    "Facility, high",
    "Item-total",
    "Item-total, low",
    "Item-total, high",
    "Median seconds",
    "Median, low",
    "Median, high",
    "Told confidence",
    "Sure and wrong",
    "Flags",
    "Certain flags",
    "No figure because",
)


def item_rows(items: Sequence["ItemFigures"], outcomes: Sequence[Outcome]) -> Iterator[Sequence[Cell]]:
    """One row a question; intervals are at 95 %."""
    texts = {outcome.id: outcome.text for outcome in outcomes}
    for number, each in enumerate(items, start=1):
        yield (
            number,
            each.item.id,
            texts.get(each.item.stratum, each.item.stratum),
            "yes" if each.item.is_critical else "no",
            each.n,
            each.unanswered,
            *cells(each.facility),
            *cells(each.discrimination),
            *cells(each.times.median),
            each.sureness.told,
            each.sureness.sure_and_wrong,
            _flags(each, certain=False),
            _flags(each, certain=True),
            _missing(each),
        )


def _flags(each: "ItemFigures", *, certain: bool) -> str:
    names = (
        f"{remark.flag} ({remark.part})" if remark.part else remark.flag.value
        for remark in each.remarks
        if remark.is_certain or not certain
    )
    return "; ".join(names)


def _missing(each: "ItemFigures") -> str:
    figures: dict[str, Figure] = {
        "facility": each.facility,
        "item-total": each.discrimination,
        "time": each.times.median,
    }
    few = [
        f"{name}: n too small ({figure.n} of {figure.needed})"
        for name, figure in figures.items()
        if isinstance(figure, TooFew)
    ]
    undefined = [f"{name}: {figure.why}" for name, figure in figures.items() if isinstance(figure, Undefined)]
    return "; ".join((*few, *undefined))
