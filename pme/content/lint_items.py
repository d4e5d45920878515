"""What is wrong with the items of one file, be it a quiz or a bank, each looked at by itself or beside the others.

Pure.
"""

from collections.abc import Iterator, Sequence

from pme.content.inline_text import plain_text
from pme.content.lint_keys import FEWEST, OF_ITEMS, betrayed
from pme.content.lint_wording import flaws
from pme.content.problems import Remark, Severity, near
from pme.content.shapes import AnyItem, Outcome, SingleItem
from pme.words.speech import _

OPTIONS = range(3, 6)


def item_remarks(
    items: Sequence[AnyItem], outcomes: Sequence[Outcome], *, module: str, language: str
) -> Iterator[Remark]:
    """Every remark about the items of one file; `outcomes` are those of its module."""
    known = [outcome.id for outcome in outcomes]
    for item in items:
        if known and item.outcome and item.outcome not in known:
            says = _(
                "{outcome} is not an outcome of the module {module}.{near}",
                outcome=item.outcome,
                module=module,
                near=near(item.outcome, known),
            )
            yield Remark(f"items.{item.id}.outcome", _("Item {id}: {says}", id=item.id, says=says))
        for flaw in flaws(item, is_english=language == "en"):
            yield mention(f"items.{item.id}", _("Item {id}: {flaw}", id=item.id, flaw=flaw))
    yield from _options(items)
    yield from _statements(items)


def mention(place: str, says: str) -> Remark:
    """A remark worth a look."""
    return Remark(place, says, Severity.WARNING)


def _options(items: Sequence[AnyItem]) -> Iterator[Remark]:
    singles = [item for item in items if isinstance(item, SingleItem) and item.type == "single"]
    for item in singles:
        if len(item.options) not in OPTIONS:
            says = _(
                "Item {id} has {len} options; three to five work best.", id=item.id, len=len(item.options)
            )
            yield mention(f"items.{item.id}", says)
    shown = [
        (
            [len(plain_text(option.text_html)) for option in item.options],
            next(at for at, option in enumerate(item.options) if option.correct),
        )
        for item in singles
        if any(option.correct for option in item.options)
    ]
    for says in betrayed(shown, OF_ITEMS):
        yield mention("items", says)


def _statements(items: Sequence[AnyItem]) -> Iterator[Remark]:
    said = [
        option.id for item in items if item.type == "true-false" for option in item.options if option.correct
    ]
    if len(said) >= FEWEST and len(set(said)) == 1:
        says = _(
            "Each of the {len} true-false statements is {said}; word some of them so that the "
            "opposite is right.",
            len=len(said),
            said=said[0],
        )
        yield mention("items", says)
