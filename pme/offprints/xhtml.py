"""A document of HTML as XHTML, which books for reading devices are written in. Pure.

The text was sanitised when it was published and is read as browsers read it; nothing is lost but comments.
"""

from html import escape
from typing import Any

import tinyhtml5

HTML, SVG, MATHML = (
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1998/Math/MathML",
)
NAMED = {
    "{http://www.w3.org/1999/xlink}": "xlink:",  # not words
    "{http://www.w3.org/XML/1998/namespace}": "xml:",  # not words
}
OPS = "http://www.idpf.org/2007/ops"
VOID = frozenset("area br col embed hr img input link meta source track wbr".split())  # not words


def as_xhtml(html: str) -> str:
    """The same document for a parser of XML."""
    root = tinyhtml5.parse(html)
    pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n']
    _write(root, "", pieces)
    return "".join(pieces) + "\n"


def _write(element: Any, around: str, pieces: list[str]) -> None:
    if not isinstance(element.tag, str):  # a comment
        return
    space, _, name = element.tag.removeprefix("{").rpartition("}")
    pieces.append(f"<{name}")
    if space != around:
        pieces.append(f' xmlns="{space}"')
    if not around:
        pieces.append(f' xmlns:epub="{OPS}"')
    for key, value in element.attrib.items():
        _write_attribute(str(key), str(value), pieces)
    if space == HTML and name in VOID:
        pieces.append("/>")
        return
    pieces.append(">" + _text(element.text))
    for child in element:
        _write(child, space, pieces)
        pieces.append(_text(child.tail))
    pieces.append(f"</{name}>")


def _write_attribute(name: str, value: str, pieces: list[str]) -> None:
    for space, prefix in NAMED.items():
        name = name.replace(space, prefix)
    if name.startswith("xmlns"):
        return
    pieces.append(f' {name}="{escape(value)}"')
    if name == "lang":
        pieces.append(f' xml:lang="{escape(value)}"')


def _text(text: str | None) -> str:
    return escape(text, quote=False) if text else ""
