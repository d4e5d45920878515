"""What is wrong with a quiz as a whole: its pass rule, what it is sure to ask, what guessing earns. Pure."""

from collections.abc import Iterator

from pme.content.blueprint import always_asked, fewest_by_outcome, own_items
from pme.content.lint_guessing import guess_probability
from pme.content.lint_items import item_remarks, mention
from pme.content.problems import Remark, near
from pme.content.shapes import Quiz, SingleItem
from pme.words.numbers import decimal
from pme.words.speech import _

LUCKY = 0.05
TIMES_AS_MANY = 2
"""How many times as many items a line should draw from as it draws, so that a second attempt is another one."""


def quiz_remarks(quiz: Quiz) -> list[Remark]:
    """Every remark about one quiz and the items of its own file."""
    own = item_remarks(own_items(quiz), quiz.outcomes, module=quiz.module, language=quiz.language)
    return [
        *own,
        *_asks(quiz),
        *_critical(quiz),
        *_least(quiz),
        *_lines(quiz),
        *_time(quiz),
        *_guessing(quiz),
    ]


def _asks(quiz: Quiz) -> Iterator[Remark]:
    if not quiz.items and not quiz.blueprint:
        yield Remark("items", _("This quiz asks nothing yet. Add a question, or draw some from a bank."))


def _critical(quiz: Quiz) -> Iterator[Remark]:
    items = {item.id: item for item in quiz.items}
    always = {item.id for item in always_asked(quiz)}
    for name in quiz.pass_rule.critical:
        if name not in items:
            says = _(
                "The critical item “{name}” is not in this quiz.{near}", name=name, near=near(name, items)
            )
        elif name not in always:
            says = _(
                "The critical item “{name}” is not asked of everybody; write it into the quiz's own items, "
                "or let its line draw every item that it can.",
                name=name,
            )
        elif items[name].type == "essay":
            says = _(
                "The item “{name}” is an essay, and few essays get every point; it cannot be critical.",
                name=name,
            )
        else:
            continue
        yield Remark("pass.critical", says)


def _least(quiz: Quiz) -> Iterator[Remark]:
    known = [outcome.id for outcome in quiz.outcomes]
    asked = fewest_by_outcome(quiz)
    for name in quiz.pass_rule.min_by_outcome:
        place = f"pass.min_by_outcome.{name}"
        if known and name not in known:
            says = _(
                "{name} is not an outcome of the module {module}.{near}",
                name=name,
                module=quiz.module,
                near=near(name, known),
            )
            yield Remark(place, says)
        elif not asked[name]:
            says = _(
                "No question about {name} is sure to be asked, so its minimum percentage would mean nothing.",
                name=name,
            )
            yield Remark(place, says)


def _lines(quiz: Quiz) -> Iterator[Remark]:
    for at, line in enumerate(quiz.blueprint):
        if line.count < len(line.items) < TIMES_AS_MANY * line.count:
            given = {
                "count": line.count,
                "all": len(line.items),
                "bank": line.bank,
                "least": TIMES_AS_MANY * line.count,
            }
            says = (
                _(
                    "Each attempt takes {count} of the {all} items of {outcome} in {bank}, so a second attempt "
                    "repeats most of them. Write at least {least}.",
                    outcome=line.outcome,
                    **given,
                )
                if line.outcome
                else _(
                    "Each attempt takes {count} of the {all} items in {bank}, so a second attempt repeats most "
                    "of them. Write at least {least}.",
                    **given,
                )
            )
            yield mention(f"blueprint.{at}", says)


def _time(quiz: Quiz) -> Iterator[Remark]:
    limit = quiz.time_limit_minutes
    if limit is not None and limit < quiz.minutes:
        says = _(
            "The time limit is {limit} minutes, and the quiz is said to take {minutes}.",
            limit=limit,
            minutes=quiz.minutes,
        )
        yield mention("time_limit_minutes", says)


def _guessing(quiz: Quiz) -> Iterator[Remark]:
    if not quiz.items or any(isinstance(item, SingleItem) and not item.options for item in quiz.items):
        return
    if any(not line.items for line in quiz.blueprint):
        return
    likely = guess_probability(quiz)
    if likely > LUCKY:
        says = _(
            "Blind guessing passes with a probability of {likely}; aim for {lucky} or less.",
            likely=decimal(likely, 2),
            lucky=decimal(LUCKY, 2),
        )
        yield mention("pass", says)
