"""Drawings of drawing programs, made fit for a page: what only the program needs goes, looks become attributes.

What could run or reach out is not taken away in silence: the reader of drawings refuses it afterwards.
"""

import re
from xml.etree.ElementTree import Element, register_namespace, tostring

from pme.content.parse_svg import ATTRIBUTES, CLASSES, NAMESPACE, read_svg
from pme.intake.made import Refused
from pme.intake.word_xml import tree_of
from pme.words.speech import _, _n

MOST_TOLD = 4
SVG = f"{{{NAMESPACE}}}"
XLINK = "{http://www.w3.org/1999/xlink}href"
DROPPED = {f"{SVG}metadata"}  # not words
HARMLESS = re.compile(r"(?:data-[\w-]+|xml:space|version|baseProfile|enable-background|aria-\w+)\Z")
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)")


def taken_drawing(content: bytes, says: str) -> bytes:
    """A drawing that a page may show: as it was sent where it is fit, else made so. Raises Refused."""
    wrong, drawing = _read(content)
    if drawing:
        return content
    try:
        root = tree_of(content)
    except Refused:
        raise Refused(_told(wrong)) from None
    if root.tag != f"{SVG}svg":
        raise Refused(_told(wrong))
    _fit(root)
    _name(root, says)
    register_namespace("", NAMESPACE)
    made: bytes = tostring(root, encoding="utf-8")
    wrong, drawing = _read(made)
    if not drawing:
        raise Refused(_told(wrong))
    return made


def _read(content: bytes) -> tuple[list[str], bool]:
    wrong: list[str] = []
    drawing = read_svg(
        content, lambda line, says: wrong.append(_("Line {line}: {says}", line=line, says=says))
    )
    if drawing is not None and not (drawing.title and drawing.description):
        wrong.append(_("A drawing needs a <title> and a <desc> right inside its <svg>."))
        drawing = None
    return wrong, drawing is not None


def _told(wrong: list[str]) -> str:
    more = _n(" And {n} more.", " And {n} more.", len(wrong) - MOST_TOLD) if len(wrong) > MOST_TOLD else ""
    return _(
        "This drawing holds what a page may not. {wrong}{more} Take it out of the drawing, "
        "or send it as a PNG picture.",
        wrong=" ".join(wrong[:MOST_TOLD]),
        more=more,
    )


def _fit(root: Element) -> None:
    """Take away what belongs to the program that drew it."""
    if "viewBox" not in root.attrib:
        wide, high = (_SIZE.match(root.get(side, "")) for side in ("width", "height"))
        if wide and high:
            root.set("viewBox", f"0 0 {wide[1]} {high[1]}")
    for name in ("width", "height", "x", "y"):
        root.attrib.pop(name, None)
    for element in list(root.iter()):
        for child in list(element):
            if not str(child.tag).startswith(SVG) or child.tag in DROPPED:
                element.remove(child)
        _fit_attributes(element)


def _fit_attributes(element: Element) -> None:
    if XLINK in element.attrib:
        element.set("href", element.attrib.pop(XLINK))
    for look in element.attrib.pop("style", "").split(";"):
        name, _unused, value = (part.strip() for part in look.partition(":"))
        if name in ATTRIBUTES and value:
            element.set(name, value)
    for name in list(element.attrib):
        if name.startswith("{") or HARMLESS.match(name):
            del element.attrib[name]
    if "class" in element.attrib and not set(element.get("class", "").split()) <= CLASSES:
        del element.attrib["class"]


def _name(root: Element, says: str) -> None:
    """Give it the name and the description that it lacks, in the words of whoever sent it."""
    for position, name in enumerate(("title", "desc")):
        found = root.find(f"{SVG}{name}")
        if found is not None and (found.text or "").strip():
            root.remove(found)
        else:
            found = Element(f"{SVG}{name}")
            found.text = says
        root.insert(position, found)
