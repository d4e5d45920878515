"""What is wrong with a quiz as a whole. Pure."""

from collections.abc import Iterator

from pme.content.inline_text import plain_text
from pme.content.lint_guessing import guess_probability
from pme.content.lint_keys import betrayed
from pme.content.problems import Remark, Severity, near
from pme.content.shapes import Quiz, SingleItem

LUCKY = 0.05
OPTIONS = range(3, 6)


def quiz_remarks(quiz: Quiz) -> list[Remark]:
    """Every remark about one quiz."""
    return [*_names(quiz), *_options(quiz), *_guessing(quiz)]


def _names(quiz: Quiz) -> Iterator[Remark]:
    items = [item.id for item in quiz.items]
    for name in quiz.pass_rule.critical:
        if name not in items:
            yield Remark(
                "pass.critical", f"The critical item “{name}” is not in this quiz.{near(name, items)}"
            )
    outcomes = [outcome.id for outcome in quiz.outcomes]
    for item in quiz.items:
        if outcomes and item.outcome and item.outcome not in outcomes:
            says = (
                f"{item.outcome} is not an outcome of the module {quiz.module}.{near(item.outcome, outcomes)}"
            )
            yield Remark(f"items.{item.id}.outcome", f"Item {item.id}: {says}")


def _options(quiz: Quiz) -> Iterator[Remark]:
    singles = [item for item in quiz.items if isinstance(item, SingleItem) and item.type == "single"]
    for item in singles:
        if len(item.options) not in OPTIONS:
            says = f"Item {item.id} has {len(item.options)} options; three to five work best."
            yield _mention(f"items.{item.id}", says)
    shown = [
        (
            [len(plain_text(option.text_html)) for option in item.options],
            next(at for at, option in enumerate(item.options) if option.correct),
        )
        for item in singles
        if any(option.correct for option in item.options)
    ]
    for says in betrayed(shown, "item", "right option"):
        yield _mention("items", says)


def _guessing(quiz: Quiz) -> Iterator[Remark]:
    if not quiz.items or any(isinstance(item, SingleItem) and not item.options for item in quiz.items):
        return
    likely = guess_probability(quiz)
    if likely > LUCKY:
        says = f"Blind guessing passes with a probability of {likely:.2f}; aim for {LUCKY} or less."
        yield _mention("pass", says)


def _mention(place: str, says: str) -> Remark:
    return Remark(place, says, Severity.WARNING)
