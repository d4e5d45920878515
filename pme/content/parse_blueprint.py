"""The blueprint of a quiz: how many items each of its lines draws, from which bank, for which outcome. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pme.content.parse_bank import Bank
from pme.content.parse_fields import Form
from pme.content.parsed import Parsed
from pme.content.problems import near
from pme.content.shapes import AnyItem, BlueprintLine, Confidence
from pme.words.speech import _, _n, _p

MOST_DRAWN = 200


@dataclass
class Drawn:
    """What the lines of a blueprint may draw, and the banks' files by path."""

    lines: tuple[BlueprintLine, ...] = ()
    items: tuple[AnyItem, ...] = ()
    source: dict[str, str] = field(default_factory=dict)


def blueprint(
    form: Form,
    banks: Mapping[str, Parsed[Bank] | None],
    own: Iterable[AnyItem],
    *,
    module: str,
    language: str,
    usual: Confidence,
) -> Drawn:
    """What a quiz draws; `own` are the items of its own file, `usual` is its confidence."""
    lines: list[BlueprintLine] = []
    items: dict[str, AnyItem] = {}
    taken = {item.id: _("this quiz itself") for item in own}
    source: dict[str, str] = {}
    for each in form.forms("blueprint", _p("part of a file", "blueprint line"), required=False):
        slug, outcome = each.slug("bank"), each.maybe("outcome")
        count = each.whole("count", low=1, high=MOST_DRAWN)
        each.finish()
        parsed = banks.get(slug)
        if parsed is None:
            if slug and slug not in banks:
                each.error("bank", _("there is no bank “{slug}”.{near}", slug=slug, near=near(slug, banks)))
            continue
        bank = parsed.content
        _refuse_foreign(each, bank, module=module, language=language)
        found = [item for item in bank.items if outcome in (None, item.outcome)]
        _refuse_too_few(each, bank, found, outcome=outcome, count=count)
        _refuse_taken(each, slug, {item.id: taken[item.id] for item in found if item.id in taken})
        fresh = [item for item in found if item.id not in taken]
        taken |= {item.id: _("the line of the blueprint at {line}", line=each.line) for item in fresh}
        items |= {item.id: _asked(item, bank, usual) for item in fresh}
        source |= parsed.source
        line = BlueprintLine(
            bank=slug,
            outcome=outcome,
            count=min(count, max(1, len(fresh))),
            items=tuple(item.id for item in fresh),
        )
        lines.append(line)
    return Drawn(tuple(lines), tuple(items.values()), source)


def _asked(item: AnyItem, bank: Bank, usual: Confidence) -> AnyItem:
    return item.model_copy(update={"confidence": usual}) if item.id in bank.silent else item


def _refuse_foreign(line: Form, bank: Bank, *, module: str, language: str) -> None:
    if bank.module != module:
        line.error(
            "bank",
            _("the bank {slug} holds items of the module “{module}”.", slug=bank.slug, module=bank.module),
        )
    elif bank.language != language:
        line.error(
            "bank",
            _(
                "the bank {slug} is written in “{language}”, this quiz in “{language2}”.",
                slug=bank.slug,
                language=bank.language,
                language2=language,
            ),
        )


def _refuse_taken(line: Form, slug: str, taken: Mapping[str, str]) -> None:
    if not taken:
        return
    first = next(iter(taken))
    given = {"first": first, "bank": slug, "where": taken[first]}
    says = (
        _n(
            "the item {first} (and {n} more) of the bank {bank} is already in {where}; "
            "every item can be reached in one way only.",
            "the item {first} (and {n} more) of the bank {bank} is already in {where}; "
            "every item can be reached in one way only.",
            len(taken) - 1,
            **given,
        )
        if len(taken) > 1
        else _(
            "the item {first} of the bank {bank} is already in {where}; "
            "every item can be reached in one way only.",
            **given,
        )
    )
    line.error("bank", says)


def _refuse_too_few(line: Form, bank: Bank, found: list[AnyItem], *, outcome: str | None, count: int) -> None:
    if len(found) >= count:
        return
    says = (
        _n(
            "The quiz asks for {count}, and the bank {bank} has {n} item of {outcome}.",
            "The quiz asks for {count}, and the bank {bank} has {n} items of {outcome}.",
            len(found),
            count=count,
            bank=bank.slug,
            outcome=outcome,
        )
        if outcome
        else _n(
            "The quiz asks for {count}, and the bank {bank} has {n} item.",
            "The quiz asks for {count}, and the bank {bank} has {n} items.",
            len(found),
            count=count,
            bank=bank.slug,
        )
    )
    line.error("count", says)
