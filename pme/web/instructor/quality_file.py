"""The table of questions (or decisions) as rows of a file: plain numbers, empty where there is no figure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pme.assessment.statistics_figures import Figure, TooFew, Undefined
from pme.content.shapes import Outcome
from pme.web.figures import cells
from pme.web.stream import Cell
from pme.words.lazily import lazy
from pme.words.speech import _

if TYPE_CHECKING:  # imports numpy
    from pme.assessment.statistics_items import ItemFigures

HEADINGS = (
    lazy("Number"),
    lazy("Id"),
    lazy("Outcome"),
    lazy("Critical"),
    lazy("Students"),
    lazy("Unanswered"),
    lazy("Facility"),
    lazy("Facility, low"),
    lazy("Facility, high"),
    lazy("Item-total"),
    lazy("Item-total, low"),
    lazy("Item-total, high"),
    lazy("Median seconds"),
    lazy("Median, low"),
    lazy("Median, high"),
    lazy("Stated confidence"),
    lazy("Sure and wrong"),
    lazy("Flags"),
    lazy("Flags that are certain"),
    lazy("No figure because"),
)


def item_rows(items: Sequence["ItemFigures"], outcomes: Sequence[Outcome]) -> Iterator[Sequence[Cell]]:
    """One row a question; intervals are at 95 %."""
    texts = {outcome.id: outcome.text for outcome in outcomes}
    for number, each in enumerate(items, start=1):
        yield (
            number,
            each.item.id,
            texts.get(each.item.stratum, each.item.stratum),
            _("yes") if each.item.is_critical else _("no"),
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
        _("facility"): each.facility,
        _("item-total"): each.discrimination,
        _("time"): each.times.median,
    }
    few = [
        _("{name}: n too small ({n} of {needed})", name=name, n=figure.n, needed=figure.needed)
        for name, figure in figures.items()
        if isinstance(figure, TooFew)
    ]
    undefined = [f"{name}: {figure.why}" for name, figure in figures.items() if isinstance(figure, Undefined)]
    return "; ".join((*few, *undefined))
