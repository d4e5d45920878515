"""What the styles and lists of a Word document mean: headings, quotations, captions, bullets and numbers. Pure."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pme.intake.word_xml import Part, W, value

_HEADING = re.compile(r"heading (\d)\Z", re.IGNORECASE)
PLAIN = {  # not words
    "", "normal", "body text", "body text 2", "body text 3", "body text first indent", "no spacing", "list paragraph",
    "default", "standard", "normal (web)", "plain text", "footnote text", "endnote text", "text body", "table contents",
    "table paragraph", "list", "list continue", "first paragraph", "compact", "subtitle", "header",
    "footer", "comment text",
}  # fmt: skip
BULLETS = ("bullet", "none")


@dataclass(frozen=True)
class Style:
    """A style as it is named, with what it stands on and what it sets."""

    name: str
    based_on: str = ""
    level: int | None = None
    list_id: str = ""


@dataclass
class Styles:
    """Every style by its id, and every list by its id and level: whether it counts."""

    by_id: dict[str, Style] = field(default_factory=dict)
    lists: dict[tuple[str, int], bool] = field(default_factory=dict)

    def name(self, style_id: str) -> str:
        """The name of a style, in small letters."""
        return self.by_id[style_id].name.lower() if style_id in self.by_id else style_id.lower()

    def level(self, style_id: str, own: str) -> int | None:
        """The level of a heading from 1, or None; `own` is the outline level that the paragraph itself sets."""
        if own.isdigit() and int(own) < 9:  # noqa: PLR2004  (9 is body text)
            return int(own) + 1
        for _unused in range(12):
            style = self.by_id.get(style_id)
            if style is None:
                return None
            if match := _HEADING.match(style.name):
                return int(match[1])
            if style.level is not None:
                return style.level + 1 if style.level < 9 else None  # noqa: PLR2004
            style_id = style.based_on
        return None

    def list_of(self, properties: Element | None, style_id: str) -> tuple[int, bool] | None:
        """How deep in a list a paragraph stands, from 0, and whether the list counts; None where it is in none."""
        numbering = properties.find(f"{W}numPr") if properties is not None else None
        if numbering is not None:
            list_id = value(numbering.find(f"{W}numId"))
            depth = value(numbering.find(f"{W}ilvl"))  # not words
            if list_id == "0":
                return None
            level = min(int(depth), 8) if depth.isdigit() else 0
            return level, self.lists.get((list_id, level), False)
        name = self.name(style_id)
        if name.startswith(("list bullet", "list number")):
            level = int(name[-1]) - 1 if name[-1].isdigit() else 0
            return level, name.startswith("list number")
        style = self.by_id.get(style_id)
        return (0, self.lists.get((style.list_id, 0), False)) if style and style.list_id else None


def read_styles(styles: Part | None, numbering: Part | None) -> Styles:
    """The styles and lists of a document; one without them has none."""
    read = Styles()
    for each in styles.root.iter(f"{W}style") if styles else ():  # not words
        properties = each.find(f"{W}pPr")
        outline = value(properties.find(f"{W}outlineLvl")) if properties is not None else ""
        listed = properties.find(f"{W}numPr/{W}numId") if properties is not None else None
        read.by_id[value(each, "styleId")] = Style(
            value(each.find(f"{W}name")),  # not words
            value(each.find(f"{W}basedOn")),
            int(outline) if outline.isdigit() else None,
            value(listed),
        )
    if numbering is None:
        return read
    counts: dict[tuple[str, int], bool] = {}
    for kind in numbering.root.iter(f"{W}abstractNum"):
        for level in kind.iter(f"{W}lvl"):  # not words
            at = value(level, "ilvl")
            if at.isdigit():
                form = value(level.find(f"{W}numFmt"))
                counts[value(kind, "abstractNumId"), int(at)] = form not in BULLETS
    for each in numbering.root.iter(f"{W}num"):  # not words
        meant = value(each.find(f"{W}abstractNumId"))
        for (kind_id, at_level), is_counting in counts.items():
            if kind_id == meant:
                read.lists[value(each, "numId"), at_level] = is_counting
    return read
