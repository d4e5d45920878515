"""Within a paragraph of a Word document: text, links, notes, pictures, and everything that is not understood."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from pme.intake.word_text import Run, escaped
from pme.intake.word_xml import Part, R, W, is_on, local, value
from pme.words.lazily import lazy
from pme.words.speech import _

LEFT_OUT = {
    "del": lazy("tracked deletions, left out"),
    "moveFrom": lazy("tracked moves, taken as they were made"),
    "object": lazy("embedded objects, left out"),
    "commentReference": lazy("comments, left out"),
    "altChunk": lazy("embedded documents, left out"),
    "ruby": lazy("readings above the characters (ruby), left out"),
    "sym": lazy("characters of a symbol font, left out"),
    "chart": lazy("charts, left out: save them as pictures"),
    "relIds": lazy("diagrams (SmartArt), left out: save them as pictures"),
}
KEPT = {
    "ins": lazy("tracked insertions, taken as accepted"),
    "moveTo": lazy("tracked moves, taken as they were made"),
}
WITHIN = {"smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "bdo", "dir", "ins", "moveTo"}
OUTSIDE = ("https://", "http://", "mailto:")  # not words


@dataclass
class Shown:
    """A picture that a paragraph shows: where it is in the document, and its description."""

    part: str
    alt: str


@dataclass
class Inside:
    """What a paragraph holds, in reading order; `boxes` are the paragraphs of text boxes fastened to it."""

    runs: list[Run] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass
class Reader:
    """Reads what is inside of paragraphs; `footnotes` are the ids met, `notes` counts what was not understood."""

    part: Part
    notes: Counter[str]
    footnotes: list[str] = field(default_factory=list)

    def read(self, paragraph: Element) -> Inside:
        """Everything in a paragraph."""
        inside = Inside()
        for child in paragraph:
            self._child(child, inside)
        return inside

    def _child(self, child: Element, inside: Inside) -> None:
        name = local(child)
        if name == "r":
            self._run(child, inside)
        elif name == "hyperlink":
            self._link(child, inside)
        elif name in LEFT_OUT:
            self.notes[str(LEFT_OUT[name])] += 1
        elif name in ("oMath", "oMathPara"):
            self._formula(child, inside)
        elif name in WITHIN:
            if name in KEPT:
                self.notes[str(KEPT[name])] += 1
            for each in child:
                self._child(each, inside)

    def _link(self, link: Element, inside: Inside) -> None:
        target = self.part.relations.get(link.get(f"{R}id", ""), "")  # not words
        within = Inside()
        for each in link:
            self._child(each, within)
        text = "".join(run.text for run in within.runs if not run.raw)
        if target.startswith(OUTSIDE) and text.strip() and not set(target) & set(" ()<>\"'\n"):
            inside.runs.append(Run(f"[{escaped(text)}]({target})", raw=True))
            inside.runs += [run for run in within.runs if run.raw]
        else:
            inside.runs += within.runs
        inside.pictures += within.pictures

    def _formula(self, formula: Element, inside: Inside) -> None:
        self.notes[_("equations, kept as plain characters: look at each")] += 1
        text = "".join(each.text or "" for each in formula.iter() if local(each) == "t")
        inside.runs.append(Run(text))

    def _run(self, run: Element, inside: Inside) -> None:
        properties = run.find(f"{W}rPr")
        if is_on(properties, "vanish"):
            self.notes[_("hidden text, left out")] += 1
            return
        look = {"is_bold": is_on(properties, "b"), "is_italic": is_on(properties, "i")}
        for child in run:
            name = local(child)
            if name == "t":
                inside.runs.append(Run(child.text or "", **look))
            elif name in ("tab", "noBreakHyphen", "br", "cr"):
                sign = {"tab": " ", "noBreakHyphen": "-"}.get(
                    name, "\n" if value(child, "type") == "" else " "
                )
                inside.runs.append(Run(sign, **look))
            elif name in ("footnoteReference", "endnoteReference"):
                key = f"{name[0]}n{value(child, 'id')}"
                self.footnotes.append(key)
                inside.runs.append(Run(f"[^{key}]", raw=True))
            elif name in LEFT_OUT:
                self.notes[str(LEFT_OUT[name])] += 1
            else:
                self._drawn(child, inside)

    def _drawn(self, child: Element, inside: Inside) -> None:
        """Pictures and text boxes, in the new form and the old."""
        described = ""
        for each in _once(child):
            name = local(each)
            if name == "docPr":
                described = each.get("descr", "")
            elif name == "blip" and (place := self._related(each, "embed")):
                inside.pictures.append(Shown(place, described))
            elif name == "imagedata" and (place := self._related(each, "id")):
                inside.pictures.append(Shown(place, each.get("title", "")))
            elif name == "txbxContent":
                self.notes[_("text boxes, placed after the paragraph they were attached to")] += 1
                inside.boxes.append(each)
            elif name in ("chart", "relIds"):
                self.notes[str(LEFT_OUT[name])] += 1

    def _related(self, each: Element, name: str) -> str:
        return self.part.relations.get(each.get(f"{R}{name}", ""), "")


def _once(element: Element) -> Iterator[Element]:
    """Every element below, but one form only of what is there in two, and nothing within text boxes."""
    name = local(element)
    yield element
    if name == "txbxContent":
        return
    children = list(element)
    if name == "AlternateContent":
        children = (
            [next((each for each in children if local(each) == "Choice"), children[0])] if children else []
        )
    for child in children:
        yield from _once(child)
