"""What WeasyPrint finds out anew for each paper, found out once: the styles of its elements, and each object's bytes.

Nothing of it changes a byte: papers come out as WeasyPrint alone makes them, which the tests compare.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any
from xml.etree import ElementTree

import cssselect2  # type: ignore[import-untyped]
import pydyf
import weasyprint
from weasyprint import css
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.css.validation import preprocess_declarations
from weasyprint.layout import percent
from weasyprint.urls import URLFetcher

MOST_KEPT = 600
"""Kinds of elements whose styles are kept. A look's certificates have some hundred in each language."""
DECLARING = ("style", "lang", "id", "name")
"""Attributes that say something about style."""


@dataclass(frozen=True)
class Computed:
    """A style as it was computed: what was declared, and the value of each property."""

    declared: Mapping[str, Any]
    values: Mapping[str, Any]
    specified: Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """Elements that look the same: within the same kind of parent, by the same rules and attributes. Of what may stand
    before or after them is kept what was declared: next to none of it is ever looked at.
    """

    number: int
    own: Computed
    pseudo: Mapping[str, Mapping[str, Any]]


Styles = dict[tuple[Any, ...], Kind]
"""The kinds of elements that were met under one style sheet."""


class Source(weasyprint.HTML):
    """A paper's text, with what is known of its styles. Its markup is that of XML, too, which is read much faster."""

    def __init__(self, text: str, *, base_url: str, fetcher: URLFetcher, styles: Styles) -> None:
        self.styles = styles
        try:
            root = ElementTree.fromstring(text)  # noqa: S314  (our own template, where all else is escaped)
        except ElementTree.ParseError:  # a letter that XML does not know
            super().__init__(string=text, base_url=base_url, url_fetcher=fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = base_url, fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


class _StyleFor(css.StyleFor):
    """The styles of a document's elements, which are computed only for kinds that were never met."""

    def __init__(self, html: Any, sheets: Any, hints: bool, fonts: Any, collector: Any) -> None:
        if not isinstance(html, Source) or hints:
            super().__init__(html, sheets, hints, fonts, collector)
            return
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Any] = {}
        self.initial_page_sizes = {"box": None, "area": None}
        self._sheets, self.font_config = sheets, fonts
        self._html, self._collector = html, collector
        if len(html.styles) > MOST_KEPT:
            html.styles.clear()
        numbers: dict[Any, int] = {}
        here: dict[int, Any] = {}
        for wrapper in html.wrapper_element.iter_subtree():
            element = wrapper.etree_element
            parent = wrapper.parent.etree_element if wrapper.parent else None
            rules = list(_rules(wrapper, sheets))
            key = (
                numbers.get(parent, 0),
                element.tag,
                *map(element.get, DECLARING),
                *(
                    (id(sheet), specificity, id(declared), layer)
                    for sheet, _o, specificity, _p, declared, layer in rules
                ),
            )
            kind = html.styles.get(key)
            if kind is None:
                kind = html.styles[key] = self._met(element, parent, rules, 1 + len(html.styles))
                here[kind.number] = self._computed_styles[element, None]
            numbers[element] = kind.number
            if kind.number not in here:
                here[kind.number] = self._styled(kind.own, element, parent)
            self._computed_styles[element, None] = here[kind.number]
            for pseudo, declared in kind.pseudo.items():
                self._computed_styles[element, pseudo] = self._noted(
                    self._empty(declared, element, pseudo, element)
                )
        del self._html, self._collector  # nobody asks for them any more

    def _met(self, element: Any, parent: Any, rules: list[Any], number: int) -> Kind:
        """A kind of elements that is met for the first time."""
        cascaded: dict[str | None, dict[str, Any]] = {None: {}}
        for specificity, _element, declarations, base_url in css.find_style_attributes(_Alone(element)):
            _declare(
                cascaded[None], preprocess_declarations(base_url, declarations), "author", inf, specificity
            )
        for _sheet, origin, specificity, pseudo, declarations, layer in rules:
            _declare(cascaded.setdefault(pseudo, {}), declarations, origin, layer, specificity)
        own = cascaded.pop(None)
        style = self._empty(own, element, None, parent)
        for name in INITIAL_VALUES:
            style[name]  # it is computed when it is asked for
        kept = Computed(own, dict(style), dict(style.specified))
        self._computed_styles[element, None] = self._noted(style)
        return Kind(number, kept, {name: declared for name, declared in cascaded.items() if name})

    def _styled(self, computed: Computed, element: Any, parent: Any) -> Any:
        """A style as it was computed, for this document alone, which may change it."""
        style = self._empty(computed.declared, element, None, parent)
        style.update(computed.values)
        style.specified.update(computed.specified)
        return self._noted(style)

    def _noted(self, style: Any) -> Any:
        if style["anchor"]:
            self._collector.collect_anchor(style["anchor"])
        return style

    def _empty(self, declared: Mapping[str, Any], element: Any, pseudo: str | None, parent: Any) -> Any:
        root = self._html.etree_element
        is_root = element is root and pseudo is None
        return css.ComputedStyle(
            None if is_root else self._computed_styles[parent, None],
            declared,
            pseudo,
            css.InitialStyle(self.font_config) if is_root else self._computed_styles[root, None],
            None if pseudo else self._html.base_url,
            self.font_config,
            self.initial_page_sizes,
        )


@dataclass(frozen=True)
class _Alone:
    """An element without those within it."""

    element: Any

    def iter(self) -> Iterator[Any]:
        """It alone."""
        yield self.element


def _rules(wrapper: Any, sheets: Any) -> Iterator[tuple[Any, ...]]:
    """The rules that fit an element, in the order in which they count."""
    for sheet, origin, own_specificity in sheets:
        for specificity, _order, pseudo, (declarations, layer) in sheet.matcher.match(wrapper):
            place = inf if layer is None else sheet.layers.index(layer)
            yield sheet, origin, own_specificity or specificity, pseudo, declarations, place


def _declare(style: dict[str, Any], declarations: Any, origin: str, layer: float, specificity: Any) -> None:
    """Let declarations count where nothing that counts more was declared."""
    for name, values, importance in declarations:
        weight = (css.declaration_precedence(origin, importance), layer, specificity)
        before = style.get(name, (None, None))[1]
        if before is None or before <= weight:
            style[name] = values, weight


class Written(pydyf.Object):
    """An object of a PDF as it is written: a file with an identifier asks each for it twice."""

    data, compressible = b"", False

    def __init__(self, made: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation, self.free = made.number, made.generation, made.free
        self.compressible = made.compressible
        if made.free != "f":
            self.data = made.data


def write_once(pdf: pydyf.PDF) -> None:
    """Put each object's bytes in its place, once nothing of it changes any more."""
    pdf.objects = [Written(each) for each in pdf.objects]


THEIRS = percent.resolve_one_percentage


def _resolve(box: Any, name: str, whole: Any) -> None:
    """As WeasyPrint does it, with the usual cases first: it runs some five thousand times for a certificate."""
    value = box.style[name]
    if value is None or value == "auto":
        used = value
    elif (unit := getattr(value, "unit", None)) == "px":
        used = value.value
    elif unit == "%":
        used = whole * value.value / 100
    else:
        used = percent.percentage(value, box.style, whole)
    setattr(box, name, 0 if used == "auto" and name in ("min_width", "min_height") else used)


css.StyleFor = _StyleFor
percent.resolve_one_percentage = _resolve
