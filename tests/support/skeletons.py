"""Pages that differ in their words only: the skeleton of a page is all of it but plain words and plain values.

What a strict reader says of a page, and the tree it makes, hangs on the skeleton alone: on the tags, the names of
attributes, blanks at the beginning of a text, and whatever is written in an unusual way. So each skeleton is read
once, with one sign in the place of each word or value, and pages with the same skeleton get a copy with their own.
"""

import json
import os
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from threading import get_ident
from typing import Any

from lxml import etree

FIRST, LAST = 0xF0000, 0xFFFFD
"""The signs that stand for words: nobody's letters."""
SIGN = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")
BLANKS = " \t\n"
PLAIN = re.compile(
    r"(?:[^&<\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U00010000-\U0010ffff]"
    r"|[\U00010000-\U0001fffd]|&(?:amp|lt|gt|quot|#34|#39);)*+"
)
"""Words that are read as they stand, and the five references that templates make: nothing to find fault with."""
TOKEN = re.compile(
    r"""(<!--.*?-->|<(?:script|style)\b[^>]*>.*?</(?:script|style)>|<!doctype[^>]*>"""
    r"""|</?[a-z][^\s/<>"'=]*+(?:[^<>"']|"[^"]*"|'[^']*')*+>)""",
    re.DOTALL | re.IGNORECASE,
)
WHOLE = ("<!", "<script", "<style", "</")
"""How tokens begin that are part of the skeleton as they stand."""
VALUE = re.compile(r"""(?<=\s)([^\s"'<>/=]+)="([^"]+)\"""")
TELLING = ("type", "encoding")
"""Attributes whose values decide where an element goes."""


@dataclass(frozen=True)
class Skeleton:
    """What is left of a page without its words, and the words."""

    page: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A tree with signs in it, and where: number of the element, attribute or text or tail, what stands there."""

    tree: bytes
    places: tuple[tuple[int, str, str], ...]

    @classmethod
    def of(cls, tree: Any) -> "Form":
        """The form that a skeleton was read as."""
        places = []
        for number, element in enumerate(tree.iter()):
            there = [("<", element.text), (">", element.tail), *element.attrib.items()]
            places += [(number, where, text) for where, text in there if text and SIGN.search(text)]
        return cls(etree.tostring(tree), tuple(places))

    @classmethod
    def kept_in(cls, file: Path) -> "Form | None":
        """The form that another worker of this run has kept, if one has."""
        try:
            places, _, tree = file.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        return cls(tree, tuple((number, where, text) for number, where, text in json.loads(places)))

    def keep_in(self, file: Path) -> None:
        """Keep the form for the other workers of this run: whole, or not at all."""
        own = file.with_suffix(f".{os.getpid()}-{get_ident()}")
        own.write_bytes(json.dumps(self.places).encode() + b"\n" + self.tree)
        own.rename(file)

    def filled(self, words: tuple[str, ...]) -> Any:
        """A tree with these words in it."""
        tree = etree.fromstring(self.tree)
        elements = list(tree.iter())
        for number, where, text in self.places:
            said = SIGN.sub(lambda sign: words[ord(sign[0]) - FIRST], text)
            match where:
                case "<":
                    elements[number].text = said
                case ">":
                    elements[number].tail = said
                case _:
                    elements[number].set(where, said)
        return tree


def skeleton_of(html: str) -> Skeleton | None:
    """The skeleton of a page; None where it cannot be told from its words by looking at it."""
    words: list[str] = []

    def sign(word: str) -> str:
        words.append(unescape(word) if "&" in word else word)
        return chr(FIRST + len(words) - 1)

    def value(found: re.Match[str]) -> str:
        name, word = found[1], found[2]
        if name.lower() in TELLING or not PLAIN.fullmatch(word):
            return found[0]
        return f'{name}="{sign(word)}"'

    kept = []
    for number, part in enumerate(TOKEN.split(html)):
        if number % 2:
            kept.append(part if part.lower().startswith(WHOLE) else VALUE.sub(value, part))
            continue
        word = part.lstrip(BLANKS)
        if "<" in word:
            return None
        if word and PLAIN.fullmatch(word):
            part = part[: len(part) - len(word)] + sign(word)  # noqa: PLW2901
        kept.append(part)
    is_told = len(words) <= LAST - FIRST and not SIGN.search(html)
    return Skeleton("".join(kept), tuple(words)) if is_told else None
