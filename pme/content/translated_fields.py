"""The fields of a file with their texts in another language; ids, keys and ways stay those of the source. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pme.content.blocks import name_of
from pme.content.translation import Written
from pme.content.yaml_tree import Fields, Items, Node, Text

FAR = 1_000_000
"""Added to the lines of what comes from a translation, so that a problem can be told at its own file."""


@dataclass(frozen=True)
class Words:
    """A language and its texts by place."""

    language: str
    texts: Mapping[str, Written] = field(default_factory=dict)
    source_language: str = ""


def translated(tree: Fields, words: Words) -> Fields:
    """The fields as they read in another language."""
    entries = tuple(
        (key, Text(words.language, value.line))
        if key.value == "language" and isinstance(value, Text)
        else _entry(key, value, words.texts, key.value)
        for key, value in tree.entries
    )
    return Fields(entries, tree.line)


def _entry(key: Text, value: Node, texts: Mapping[str, Written], place: str) -> tuple[Text, Node]:
    if place not in texts:
        return key, _inside(value, texts, place)
    line = FAR + texts[place].line
    return Text(key.value, line), _reworded(value, texts[place].text, line)


def _inside(node: Node, texts: Mapping[str, Written], place: str) -> Node:
    if isinstance(node, Fields):
        entries = (_entry(key, value, texts, f"{place}.{key.value}") for key, value in node.entries)
        return Fields(tuple(entries), node.line)
    if isinstance(node, Items):
        items = (
            _inside(item, texts, f"{place}.{name_of(item, position)}")
            for position, item in enumerate(node.items)
        )
        return Items(tuple(items), node.line)
    return node


def _reworded(node: Node, text: str, line: int) -> Node:
    if not isinstance(node, Items):
        return Text(text, line, node.value if isinstance(node, Text) else None)
    wordings = text.strip().split("\n")
    was = [item.value for item in node.items if isinstance(item, Text)]
    originals = was if len(was) == len(wordings) else [None] * len(wordings)
    return Items(
        tuple(Text(each, line, before) for each, before in zip(wordings, originals, strict=True)), line
    )
