"""SVG figures: what a drawing may hold, and the drawing as it goes into a page.

Pure. Read by a parser that refuses document types and entities, against a list of what is allowed:
no script, style, event or outside reference can get through, because nothing unknown does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.parsers import expat

from pme.content.problems import near
from pme.words.speech import _

ELEMENTS = set(  # not words
    "svg g path rect circle ellipse line polyline polygon text tspan textPath title desc defs marker pattern "
    "linearGradient radialGradient stop clipPath mask".split()
)
ATTRIBUTES = set(
    "x y x1 y1 x2 y2 cx cy r rx ry fx fy d dx dy points width height viewBox preserveAspectRatio transform "
    "id class role lang aria-hidden aria-label aria-labelledby aria-describedby opacity color visibility "
    "fill fill-opacity fill-rule stroke stroke-opacity stroke-width stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit vector-effect paint-order font-family font-size "
    "font-style font-variant font-weight letter-spacing word-spacing text-anchor text-decoration "
    "dominant-baseline alignment-baseline baseline-shift textLength lengthAdjust rotate startOffset href "
    "clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits marker-start marker-mid marker-end "
    "markerWidth markerHeight markerUnits orient refX refY offset stop-color stop-opacity gradientUnits "
    "gradientTransform spreadMethod patternUnits patternContentUnits patternTransform".split()
)
CLASSES = set(
    "fig-accent fig-accent-soft fig-warm fig-warm-soft fig-muted fig-surface fig-line fig-line-accent".split()
)
NAMESPACE = "http://www.w3.org/2000/svg"
MOST_ELEMENTS = 4_000
DEEPEST = 40
SMALLEST_TEXT = 14
PAGE_WIDTH = 720
_LOCAL = re.compile(r"#([A-Za-z][\w.-]*)\Z")
_URL = re.compile(r"url\(\s*[\"']?#([A-Za-z][\w.-]*)[\"']?\s*\)\Z")
_RISKY = re.compile(r"url\(|[a-z]+script:|data:|expression\(|@import|&#|\\", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z][\w.-]*\Z")
_POINTS = re.compile(r"\s*([\d.]+)(?:px)?\s*\Z")
_ID_LISTS = {"aria-labelledby", "aria-describedby"}


@dataclass(frozen=True)
class Drawing:
    """A drawing that passed: `markup` has `PREFIX` before each id, and no title, role or label yet."""

    markup: str
    title: str
    description: str

    def inline(self, prefix: str, *, alt: str, is_translated: bool = False) -> str:
        """The drawing as part of a page, its ids made unique, with its name and description.

        `alt` describes it where the drawing has no description of its own, or is read in another language.
        """
        title, described = self.title or alt, self.description or alt
        if is_translated:
            title = described = alt
        head = (
            f'<svg role="img" aria-labelledby="{prefix}-title {prefix}-desc" focusable="false"'
            if described != title
            else f'<svg role="img" aria-labelledby="{prefix}-title" focusable="false"'
        )
        names = f'<title id="{prefix}-title">{escape(title)}</title>'
        if described != title:
            names += f'<desc id="{prefix}-desc">{escape(described)}</desc>'
        return self.markup.replace(HEAD, head, 1).replace(NAMES, names, 1).replace(PREFIX, prefix + "-")


HEAD, NAMES, PREFIX = "\ue010", "\ue011", "\ue012"


def read_svg(content: bytes, note: Callable[[int, str], None]) -> Drawing | None:
    """The drawing, or None when anything in it is not allowed; `note` is told each line and why."""
    reader = _Reader(note)
    try:
        reader.parser.Parse(content, True)  # noqa: FBT003  (the parser takes no names)
    except expat.ExpatError as error:
        note(
            error.lineno,
            _("This is not readable XML: {errorstring}.", errorstring=expat.ErrorString(error.code)),
        )
        return None
    except _Refused as refused:
        note(reader.parser.CurrentLineNumber, str(refused))
        return None
    return reader.drawing()


class _Refused(Exception):
    """Something that ends the reading at once."""


class _Reader:
    """Writes down what is allowed while the parser reads, and notes all the rest."""

    def __init__(self, note: Callable[[int, str], None]) -> None:
        self.note = note
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.EntityDeclHandler = self._refuse_doctype
        self.parser.ProcessingInstructionHandler = self._refuse_instruction
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.out: list[str] = []
        self.path: list[str] = []
        self.named: dict[str, list[str]] = {"title": [], "desc": []}
        self.count = 0
        self.clean = True
        self.width = float(PAGE_WIDTH)
        self.ids: set[str] = set()
        self.wanted: list[tuple[int, str]] = []

    def drawing(self) -> Drawing | None:
        """The drawing, once everything is read."""
        for line, name in self.wanted:
            if name not in self.ids:
                self._wrong(_("“#{name}” points to nothing in this drawing.", name=name), line)
        if not self.clean:
            return None
        title, description = (" ".join("".join(parts).split()) for parts in self.named.values())
        return Drawing("".join(self.out), title, description)

    def _wrong(self, says: str, line: int | None = None) -> None:
        self.clean = False
        self.note(line or self.parser.CurrentLineNumber, says)

    def _refuse_doctype(self, *_unused: Any) -> None:
        raise _Refused(_("Document types and entities are not allowed in a figure."))

    def _refuse_instruction(self, target: str, _data: str) -> None:
        self._wrong(_("A processing instruction (<?{target}) is not allowed in a figure.", target=target))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.path) >= DEEPEST:
            raise _Refused(
                _(
                    "A figure has at most {most_elements} elements, nested {deepest} deep.",
                    most_elements=MOST_ELEMENTS,
                    deepest=DEEPEST,
                )
            )
        self.path.append(name)
        if len(self.path) == 1:
            self._root(name, attributes)
            return
        if name not in ELEMENTS or name == "svg":
            self._wrong(_("<{name}> is not allowed in a figure.{near}", name=name, near=near(name, ELEMENTS)))
        if self._names_the_drawing():
            return
        self.out.append(f"<{name}{self._attributes(attributes)}>")

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name != "svg" or attributes.get("xmlns") != NAMESPACE:
            raise _Refused(_('A figure begins with <svg xmlns="{namespace}">.', namespace=NAMESPACE))
        box = attributes.get("viewBox", "").replace(",", " ").split()
        width = _POINTS.match(box[2]) if len(box) == len(("x", "y", "width", "height")) else None
        if width and float(width[1]) > 0:
            self.width = float(width[1])
        else:
            self._wrong(_('A figure needs a viewBox, such as viewBox="0 0 720 400".'))
        if "width" in attributes or "height" in attributes:
            self._wrong(_("A figure has no width or height of its own; the page sets its size."))
        own = {"xmlns", "role", "aria-labelledby", "aria-describedby", "aria-label", "width", "height", "id"}
        kept = {key: value for key, value in attributes.items() if key not in own}
        self.out.append(f"{HEAD}{self._attributes(kept)}>{NAMES}")

    def _end(self, name: str) -> None:
        if not self._names_the_drawing():
            last = self.out[-1]
            if last.startswith(f"<{name}") and not last.endswith("/>"):
                self.out[-1] = last[:-1] + "/>"
            else:
                self.out.append(f"</{name}>")
        self.path.pop()

    def _text(self, text: str) -> None:
        if any(mark in text for mark in (HEAD, NAMES, PREFIX)):
            self._wrong(_("A private-use character is not allowed in a figure."))
        if self._names_the_drawing():
            self.named[self.path[-1]].append(text)
        else:
            self.out.append(escape(text) if text.strip() else " ")

    def _names_the_drawing(self) -> bool:
        return self.path[1:] in (["title"], ["desc"])

    def _attributes(self, attributes: dict[str, str]) -> str:
        kept = []
        for name, value in attributes.items():
            if name == "xml:space":
                continue
            allowed = self._value(name, value)
            if allowed is not None:
                kept.append(f' {name}="{escape(allowed)}"')
        return "".join(kept)

    def _value(self, name: str, value: str) -> str | None:
        if name not in ATTRIBUTES:
            self._wrong(_why_not(name))
            return None
        if any(mark in value for mark in (HEAD, NAMES, PREFIX)):
            self._wrong(_("A private-use character is not allowed in a figure."))
            return None
        if name == "id":
            self.ids.add(value)
            if _ID.match(value):
                return PREFIX + value
            self._point_out(name, value)
            return None
        if name == "class":
            return self._classes(value)
        if name in _ID_LISTS:
            return " ".join(PREFIX + part for part in value.split())
        if name == "font-size":
            self._size(value)
        local = _LOCAL.match(value) if name == "href" else _URL.match(value)
        if local:
            self.wanted.append((self.parser.CurrentLineNumber, local[1]))
            return f"#{PREFIX}{local[1]}" if name == "href" else f"url(#{PREFIX}{local[1]})"
        if name != "href" and not _RISKY.search(value):
            return value
        self._point_out(name, value)
        return None

    def _point_out(self, name: str, value: str) -> None:
        self._wrong(
            _(
                '{name}="{what}" is not allowed in a figure; it may point only inside itself.',
                name=name,
                what=value[:60],
            )
        )

    def _classes(self, value: str) -> str:
        for unknown in sorted(set(value.split()) - CLASSES):
            self._wrong(
                _(
                    "The class “{unknown}” is not one of the figure classes.{near}",
                    unknown=unknown,
                    near=near(unknown, CLASSES),
                )
            )
        return value

    def _size(self, value: str) -> None:
        size = _POINTS.match(value)
        if size and float(size[1]) * PAGE_WIDTH / self.width < SMALLEST_TEXT - 0.01:
            self._wrong(_("Text of size {what} is too small: at least 14 on a drawing 720 wide.", what=value))


def _why_not(name: str) -> str:
    if name.lower().startswith("on"):
        return _("{name}: event handlers are not allowed in a figure.", name=name)
    if name == "style":
        return _("style is not allowed in a figure; use attributes and the figure classes.")
    if name.endswith(":href"):
        return _("{name} is not allowed in a figure; write href, and only for places inside it.", name=name)
    return _("The attribute {name} is not allowed in a figure.{near}", name=name, near=near(name, ATTRIBUTES))
