"""A formative check within a page: which item of which bank it asks, and where in the page it stands. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pme.content.markdown_dialect import BEGIN, END
from pme.content.parse_bank import Bank
from pme.content.parsed import Parsed
from pme.content.problems import near
from pme.content.shapes import AnyItem, PageCheck
from pme.words.speech import _

_PLACE = re.compile(f"<p>{BEGIN}(\\d+){END}</p>\\n?")


@dataclass(frozen=True)
class Wanted:
    """An item that a page asks, and the bank it is of; `line` is where the page says so."""

    bank: str
    item: AnyItem
    line: int = 0


@dataclass(frozen=True)
class PlacedCheck:
    """A check with the file and line where it was written."""

    file: str
    line: int
    bank: str
    item: AnyItem


def wanted(name: str, module: str, banks: Mapping[str, Parsed[Bank] | None]) -> Wanted | str:
    """The item that `item` or `bank/item` names among the banks of a module, or what is wrong with the name."""
    own = {slug: bank.content for slug, bank in banks.items() if bank and bank.content.module == module}
    slug, slash, item_id = name.strip().rpartition("/")
    if slash and slug not in own:
        if slug in banks and banks[slug] is None:
            return ""  # What is wrong with the file is said at the file.
        return _("“{slug}” is not a bank of this module.{near}", slug=slug, near=near(slug, own))
    found = [
        Wanted(bank.slug, item)
        for bank in ([own[slug]] if slash else own.values())
        if (item := bank.item(item_id)) is not None
    ]
    if not found:
        if not slash and None in banks.values():
            return ""
        known = [item.id for bank in own.values() for item in bank.items]
        return _(
            "“{item}” is not an item of this module's banks.{near}",
            item=name.strip(),
            near=near(item_id, known),
        )
    if len(found) > 1:
        return _(
            "“{item_id}” is an item of {bank} and of {bank2}; write {bank}/{item_id}.",
            item_id=item_id,
            bank=found[0].bank,
            bank2=found[1].bank,
        )
    if found[0].item.type == "essay":
        return _(
            "“{item_id}” is an essay, which is marked by hand; a page cannot tell how good it is. "
            "Ask it in a quiz, or write a reflection prompt.",
            item_id=item_id,
        )
    return found[0]


def placed(html: str, checks: Mapping[int, Wanted]) -> tuple[str, tuple[PageCheck, ...]]:
    """The HTML without the marks of its checks, and each check with its place in it.

    Where a mark stands for no check, because something was wrong with it, it only goes.
    """
    out: list[str] = []
    found: list[PageCheck] = []
    length = position = 0
    for match in _PLACE.finditer(html):
        out.append(html[position : match.start()])
        length += len(out[-1])
        position = match.end()
        check = checks.get(int(match[1]))
        if check is not None:
            found.append(PageCheck(bank=check.bank, item=_unmarked(check.item), at=length))
    out.append(html[position:])
    return "".join(out), tuple(found)


def _unmarked(item: AnyItem) -> AnyItem:
    # Nothing on a page counts for a mark, how sure somebody is neither.
    return item.model_copy(update={"confidence": "asked"}) if item.confidence == "marked" else item
