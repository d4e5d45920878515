"""How many questions each bank has, in all and of each learning outcome. Pure."""

from collections import Counter
from collections.abc import Mapping

from pme.authoring.item_forms import Typed
from pme.authoring.naming import FileKind, file_name
from pme.content.yaml_edit import read
from pme.errors import Conflict, Invalid
from pme.words.speech import _

Counts = Mapping[str, Counter[str]]
"""Questions by bank and outcome; under "" all of a bank."""


def bank_counts(files: Mapping[str, bytes]) -> Counts:
    """The questions of every bank that can be read, by its slug."""
    found: dict[str, Counter[str]] = {}
    for path, content in files.items():
        try:
            name = file_name(path)
            if name.kind is not FileKind.BANK or name.language:
                continue
            bank = read(content.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
        except (Conflict, Invalid):
            continue
        items = bank.get("items") if isinstance(bank, dict) else None
        asked = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        counter = Counter(str(item.get("outcome", "")) for item in asked)
        counter[""] = len(asked)
        found[name.slug] = counter
    return found


def available(typed: Typed, counts: Counts) -> dict[str, str]:
    """A sentence for each line of a blueprint that was typed: how many questions it can draw from."""
    lines = typed.get("blueprint")
    found = {}
    for at, line in enumerate(lines if isinstance(lines, list) else ()):
        bank, outcome = str(line.get("bank", "")), str(line.get("outcome", ""))
        if bank in counts:
            number = counts[bank][outcome]
            found[f"blueprint.{at}"] = (
                _("{count} available of {outcome} in {bank}.", count=number, outcome=outcome, bank=bank)
                if outcome
                else _("{count} available in {bank}.", count=number, bank=bank)
            )
    return found
