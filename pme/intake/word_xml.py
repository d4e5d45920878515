"""The parts of a Word document as trees: read by a parser that knows no document types, entities or outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

from pme.intake.archive import Archive
from pme.intake.made import Refused
from pme.words.lazily import lazy
from pme.words.speech import _

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
STRICT = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1],
    "http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1],
    "http://purl.oclc.org/ooxml/drawingml/main": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
"""The other names that Word gives the same things when it saves “strict”."""
LARGEST_PART = 40_000_000
MOST_ELEMENTS = 1_500_000
DEEPEST = 120
DAMAGED = lazy("This Word document cannot be read. Open it in Word, save it again as .docx, and send that.")


@dataclass
class Part:
    """A part of the document with what it refers to: by id, the place of another part or an address."""

    root: Element
    relations: Mapping[str, str] = field(default_factory=dict)


def part_of(archive: Archive, name: str) -> Part | None:
    """A part with its relations, or None where the document has none of this name."""
    if name not in archive.entries:
        return None
    folder, _unused, base = name.rpartition("/")
    listed = f"{folder}/_rels/{base}.rels"
    relations = {}
    if listed in archive.entries:
        for each in tree_of(archive.read(listed, LARGEST_PART)).iter(f"{RELATIONS}Relationship"):
            target = each.get("Target", "")  # not words
            is_outside = each.get("TargetMode") == "External"
            place = (
                target
                if is_outside
                else target.lstrip("/")
                if target.startswith("/")
                else f"{folder}/{target}"
            )
            relations[each.get("Id", "")] = place
    return Part(tree_of(archive.read(name, LARGEST_PART)), relations)


def value(element: Element | None, name: str = "val") -> str:
    """An attribute of the language, or nothing."""
    return element.get(f"{W}{name}", "") if element is not None else ""


def local(element: Element) -> str:
    """The name of an element without where it comes from."""
    return str(element.tag).rpartition("}")[2]


def is_on(properties: Element | None, name: str) -> bool:
    """Whether a property such as bold stands there and is not switched off."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and value(found) not in ("0", "false", "off", "none")


def tree_of(content: bytes) -> Element:
    """A part as a tree. Raises Refused for document types, bottomless nesting, or what is no XML."""
    builder, parser = TreeBuilder(), expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise Refused(_("This Word document is nested too deeply, or has too much in it. Divide it."))
        builder.start(_named(name), {_named(key): text for key, text in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(name))

    def refuse(*_unused: object) -> None:
        raise Refused(
            _("This Word document holds a document type or entities, which none made by Word does.")
        )

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003  (the parser takes no names)
        return builder.close()
    except (expat.ExpatError, ParseError, AssertionError) as error:
        raise Refused(DAMAGED) from error


def _named(name: str) -> str:
    space, brace, rest = name.rpartition("}")
    return f"{{{STRICT.get(space, space)}}}{rest}" if brace else name
