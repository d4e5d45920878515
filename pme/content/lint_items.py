"""What is wrong with the items of one file, be it a quiz or a bank, each looked at by itself or beside the others.

Pure.
"""

from collections.abc import Iterator, Sequence

from pme.content.inline_text import plain_text
from pme.content.lint_keys import FEWEST, betrayed
from pme.content.lint_wording import flaws
from pme.content.problems import Remark, Severity, near
from pme.content.shapes import AnyItem, Outcome, SingleItem

OPTIONS = range(3, 6)


def item_remarks(
    items: Sequence[AnyItem], outcomes: Sequence[Outcome], *, module: str, language: str
) -> Iterator[Remark]:
    """Every remark about the items of one file; `outcomes` are those of its module."""
    known = [outcome.id for outcome in outcomes]
    for item in items:
        if known and item.outcome and item.outcome not in known:
            says = f"{item.outcome} is not an outcome of the module {module}.{near(item.outcome, known)}"
            yield Remark(f"items.{item.id}.outcome", f"Item {item.id}: {says}")
        for flaw in flaws(item, is_english=language == "en"):
            yield mention(f"items.{item.id}", f"Item {item.id}: {flaw}")
    yield from _options(items)
    yield from _statements(items)


def mention(place: str, says: str) -> Remark:
    """A remark worth a look."""
    return Remark(place, says, Severity.WARNING)


def _options(items: Sequence[AnyItem]) -> Iterator[Remark]:
    singles = [item for item in items if isinstance(item, SingleItem) and item.type == "single"]
    for item in singles:
        if len(item.options) not in OPTIONS:
            says = f"Item {item.id} has {len(item.options)} options; three to five work best."
            yield mention(f"items.{item.id}", says)
    shown = [
        (
            [len(plain_text(option.text_html)) for option in item.options],
            next(at for at, option in enumerate(item.options) if option.correct),
        )
        for item in singles
        if any(option.correct for option in item.options)
    ]
    for says in betrayed(shown, "item", "right option"):
        yield mention("items", says)


def _statements(items: Sequence[AnyItem]) -> Iterator[Remark]:
    said = [
        option.id for item in items if item.type == "true-false" for option in item.options if option.correct
    ]
    if len(said) >= FEWEST and len(set(said)) == 1:
        says = f"Each of the {len(said)} true-false statements is {said[0]}; word some the other way round."
        yield mention("items", says)
