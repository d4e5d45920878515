"""Whether banks, the quizzes that draw from them and the pages that ask them fit together. Pure."""

from collections.abc import Iterator

from pme.content.blueprint import fewest_by_outcome
from pme.content.inline_text import plain_text
from pme.content.lint_items import item_remarks, mention
from pme.content.parse import Collection
from pme.content.parse_bank import Bank
from pme.content.parse_check import PlacedCheck
from pme.content.parsed import Parsed
from pme.content.problems import Problem, Remark, Severity, near
from pme.content.shapes import DecisionNode, Quiz
from pme.words.speech import _


def bank_remarks(read: Collection) -> Iterator[Problem]:
    """Everything wrong with banks, and with what draws from them."""
    for bank in read.banks.values():
        if bank is not None:
            yield from map(bank.problem, _bank(bank, read))
    for quiz in read.quizzes.values():
        yield from map(quiz.problem, _unserved(quiz.content, read))
    for check in read.checks:
        yield from _shown_keys(check, read)


def _bank(parsed: Parsed[Bank], read: Collection) -> Iterator[Remark]:
    bank = parsed.content
    if bank.module and bank.module not in read.named["module"]:
        says = _(
            "There is no module “{module}”.{near}",
            module=bank.module,
            near=near(bank.module, read.named["module"]),
        )
        yield Remark("module", says)
    module = read.modules.get(bank.module)
    outcomes = module.content.outcomes if module else ()
    yield from item_remarks(bank.items, outcomes, module=bank.module, language=bank.language)
    yield from _unused(bank, read)


def _unused(bank: Bank, read: Collection) -> Iterator[Remark]:
    asked = {
        name
        for quiz in read.quizzes.values()
        for line in quiz.content.blueprint
        if line.bank == bank.slug
        for name in line.items
    }
    asked |= {check.item.id for check in read.checks if check.bank == bank.slug}
    if not asked and bank.items:
        yield mention("", _("No quiz and no page uses this bank; nobody sees its items."))
        return
    for item in bank.items:
        if item.id not in asked:
            yield mention(f"items.{item.id}", _("Item {id} is asked by no quiz and no page.", id=item.id))


def _unserved(quiz: Quiz, read: Collection) -> Iterator[Remark]:
    if not quiz.blueprint or any(not line.items for line in quiz.blueprint):
        return
    sure = {name for name, number in fewest_by_outcome(quiz).items() if number}
    elsewhere = _served_elsewhere(quiz, read)
    for outcome in quiz.outcomes:
        if outcome.id not in sure | elsewhere:
            says = _(
                "No question about {id} is sure to be asked; add a line for it to the blueprint, or a "
                "scenario that exercises it.",
                id=outcome.id,
            )
            yield Remark("blueprint", says)


def _served_elsewhere(quiz: Quiz, read: Collection) -> set[str]:
    module = read.modules.get(quiz.module)
    done = module.content.completion if module else None
    served: set[str] = set()
    for slug in done.quizzes if done else ():
        if slug != quiz.slug and slug in read.quizzes:
            served |= {n for n, number in fewest_by_outcome(read.quizzes[slug].content).items() if number}
    for slug in done.scenarios if done else ():
        if slug in read.scenarios:
            nodes = read.scenarios[slug].content.nodes.values()
            served |= {name for node in nodes if isinstance(node, DecisionNode) for name in node.outcomes}
    return served


def _shown_keys(check: PlacedCheck, read: Collection) -> Iterator[Problem]:
    stem = plain_text(check.item.stem_html).casefold()
    for slug, parsed in read.quizzes.items():
        quiz = parsed.content
        if any(line.bank == check.bank and check.item.id in line.items for line in quiz.blueprint):
            says = _(
                "The quiz {slug} may ask {id} as well, and this page shows its key; "
                "ask an item here that no quiz draws, from a bank of its own.",
                slug=slug,
                id=check.item.id,
            )
            yield Problem(check.file, check.line, says)
        elif any(plain_text(item.stem_html).casefold() == stem for item in quiz.items):
            says = _(
                "The quiz {slug} asks in the same words as {id}, and this page shows a key; "
                "word one of the two differently, or see that the answers differ.",
                slug=slug,
                id=check.item.id,
            )
            yield Problem(check.file, check.line, says, Severity.WARNING)
