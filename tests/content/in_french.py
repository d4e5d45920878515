"""A made-up French for tests: every text of a file, recognisable, with its structure kept."""

import re

from pme.content.blocks import Block
from pme.content.translation import source_of
from pme.content.translation_edit import Change, with_changes
from pme.content.translation_files import kind_of
from tests.content.small_library import Shelf

_WORD = re.compile(r"^(#+ |!!! \w+ \"|!\[|\[\^1\]: |\| |Table: |)", re.DOTALL)


def french(block: Block) -> str:
    """The text of a block as it is translated in tests."""
    if block.is_list:
        return "\n".join(f"Fr. {line}" for line in block.text.split("\n"))
    return _WORD.sub(r"\1Fr. ", block.text, count=1)


def translated(path: str, text: str, *, but: tuple[str, ...] = ()) -> str:
    """The translation file of a source, without the blocks named."""
    source = source_of(kind_of(path), text)
    changes = {b.place: Change(french(b)) for b in source.blocks if b.place not in but}
    return with_changes(kind_of(path), "", source, changes)


def translate(shelf: Shelf, path: str, *, but: tuple[str, ...] = ()) -> str:
    """Write the translation of a file of the small library; gives its path."""
    stem, _, suffix = path.rpartition(".")
    target = f"{stem}.fr.{suffix}"
    shelf.write(target, translated(path, shelf.text(path), but=but))
    return target
