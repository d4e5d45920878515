"""A page: its rendered text with citations numbered, terms linked and figures put in.

Takes a renderer, and is pure beside it. What it puts into the text is made here from known parts;
what authors wrote has been sanitised before.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape, unescape

from pme.content.inline_text import plain_text
from pme.content.local_places import with_places
from pme.content.mark_glue import glue_marks
from pme.content.markdown_dialect import ADMONITIONS, BEGIN, END, LOCAL, TOKEN, Mark
from pme.content.parse_bank import Bank
from pme.content.parse_check import Wanted, placed, wanted
from pme.content.parse_recording import Medium, Recording
from pme.content.parse_sources import Bibliography, Terms
from pme.content.parsed import Parsed
from pme.content.problems import Findings, near
from pme.content.render import NotRendered, Rendered, Renderer
from pme.content.shapes import Citation, Heading, PageCheck, Term
from pme.words.numbers import grouped
from pme.words.speech import _

_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
_HREF = re.compile(r'^<a href="([^"]*)"')
_PAGE_LINK = re.compile(r"page:([a-z0-9-]+)(?:/([a-z0-9-]+))?(#[\w-]+)?\Z")
DEEPEST_HEADING = 3
MOST_WORDS = 1_200
"""What a page may hold and still be read in one go."""


@dataclass(frozen=True)
class Surroundings:
    """What a page may refer to; `address` is the page's own, as module and page."""

    module: str
    language: str
    bibliography: Bibliography
    terms: Terms
    pictures: Mapping[str, Medium | None]
    pages: Mapping[str, frozenset[str]]
    banks: Mapping[str, Parsed[Bank] | None] = field(default_factory=dict)
    source_language: str = ""


@dataclass(frozen=True)
class Composed:
    """A text made ready to be read; `wanted` are its checks, and `places` its local places, with their lines."""

    title: str = ""
    html: str = ""
    headings: tuple[Heading, ...] = ()
    citations: tuple[Citation, ...] = ()
    terms: tuple[Term, ...] = ()
    pictures: tuple[Medium, ...] = ()
    checks: tuple[PageCheck, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    words: int = 0


def compose(
    text: str,
    around: Surroundings,
    *,
    renderer: Renderer,
    findings: Findings,
    first_line: int = 1,
    is_intro: bool = False,
) -> Composed:
    """The text as it will be read; everything wrong in it is noted with its line.

    An introduction has no headings and asks nothing.
    """
    try:
        rendered = renderer.render(text)
    except NotRendered as reason:
        findings.error(first_line, _("The page could not be rendered: {reason}.", reason=reason))
        return Composed()
    composing = _Composing(text, around, findings, first_line, is_intro)
    filled, places = composing.places(rendered, composing.fill(rendered))
    html, checks = placed(filled, composing.checks)
    title, headings = composing.headings(rendered)
    words = len(TOKEN.sub("", plain_text(rendered.html)).split())
    composing.warn(rendered, words)
    return Composed(
        title=title,
        html=html,
        headings=headings,
        citations=tuple(composing.citations),
        terms=tuple(composing.terms.values()),
        pictures=tuple(composing.pictures),
        checks=checks,
        wanted=tuple(composing.checks.values()),
        places=places,
        words=words,
    )


@dataclass
class _Composing:
    text: str
    around: Surroundings
    findings: Findings
    first_line: int
    is_intro: bool
    citations: list[Citation] = field(default_factory=list)
    numbers: dict[tuple[str, str | None], int] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    pictures: list[Medium] = field(default_factory=list)
    checks: dict[int, Wanted] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def fill(self, rendered: Rendered) -> str:
        """Put everything that tokens stand for into the text, in reading order."""
        for mark in rendered.marks:
            if mark.kind == "admonition":
                self._error(
                    f"!!! {mark.raw}",
                    _("“!!! {raw}” is not known.{near}", raw=mark.raw, near=near(mark.raw, ADMONITIONS)),
                )
            elif mark.kind == "link":
                self._error(
                    mark.raw, _("The link to “{raw}” is not allowed; write https://...", raw=mark.raw)
                )
        out: list[str] = []
        position, in_link = 0, False
        for tag in _TAG.finditer(rendered.html):
            out.append(self._text(rendered.html[position : tag.start()], rendered, in_link))
            out.append(self._tag(TOKEN.sub("", tag[0])))
            position = tag.end()
            in_link = tag[0].startswith("<a ") or (in_link and tag[0] != "</a>")
        out.append(self._text(rendered.html[position:], rendered, in_link))
        return glue_marks("".join(out))

    def places(self, rendered: Rendered, html: str) -> tuple[str, tuple[tuple[str, int], ...]]:
        """The text with its local places, and each place with its line."""
        html, names = with_places(html, lambda number: rendered.marks[number].raw, self._error_at)
        written = [mark.raw for mark in rendered.marks if mark.kind == LOCAL]
        lines = {raw.split()[-1]: self._line_of(raw) for raw in written}
        return html, tuple((name, lines.get(name, self.first_line)) for name in names)

    def headings(self, rendered: Rendered) -> tuple[str, tuple[Heading, ...]]:
        """The title and the sections; levels that are wrong are noted."""
        title, level = "", 1
        for section in rendered.headings:
            line = self.line_matching(r"^#{1,6}\s", section.text)
            if self.is_intro:
                self.findings.error(
                    line, _("An introduction has no headings: the title of the module is its heading.")
                )
            elif section.level == 1 and title:
                self.findings.error(
                    line, _("“{text}” is a second title (#); make it a section (##).", text=section.text)
                )
            elif section.level > DEEPEST_HEADING:
                self.findings.error(
                    line, _("“{text}” is too deep; sections are ## and ###.", text=section.text)
                )
            elif section.level > level + 1:
                self.findings.error(
                    line, _("“{text}” skips a level; a ### comes under a ##.", text=section.text)
                )
            title = title or (section.text if section.level == 1 else "")
            level = section.level
        first = rendered.headings[0].level if rendered.headings else 0
        if not self.is_intro and first != 1:
            self.findings.error(
                self.first_line, _("The page does not begin with its title, a line “# Title”.")
            )
        return title, tuple(
            Heading(level=s.level, anchor=s.anchor, text=s.text) for s in rendered.headings if s.anchor
        )

    def warn(self, rendered: Rendered, words: int) -> None:
        """Note what deserves a look; `words` is how many the page shows."""
        for _unused in range(rendered.bare_tables):
            says = _("A table has no caption; write “Table: what it shows” on the line before it.")
            self.findings.warn(self.line_matching(r"^\s*\|"), says)
        for line in rendered.empty_headers:
            says = _("A column of this table has no name; write one in its header.")
            self.findings.warn(self.first_line + line - 1, says)
        for line in rendered.removed_html:
            says = _("HTML here is removed when the page is shown; write Markdown instead.")
            self.findings.warn(self.first_line + line - 1, says)
        if words > MOST_WORDS and not self.is_intro and not self.around.source_language:
            says = _(
                "The page has {words} words; {most} is the most. Shorten it or make it two.",
                words=grouped(words),
                most=grouped(MOST_WORDS),
            )
            self.findings.warn(self.first_line, says)

    def line_matching(self, pattern: str, text: str = "") -> int:
        """The line of the next heading or table row that holds this text, else the first line."""
        wanted = re.compile(pattern)
        key = f"{pattern} {text}"
        self.seen[key] += 1
        found = 0
        words = text.split()[:3]
        for number, line in enumerate(self.text.split("\n")):
            if wanted.match(line) and all(word in line for word in words):
                found += 1
                if found == self.seen[key]:
                    return number + self.first_line
        return self.first_line

    def _line_of(self, raw: str) -> int:
        """The line of a local place, which may be written with more blanks."""
        pattern = re.compile(r"!!!\s*" + r"\s+".join(map(re.escape, raw.split())) + r"\b", re.IGNORECASE)
        found = pattern.search(self.text)
        return self.first_line + (self.text.count("\n", 0, found.start()) if found else 0)

    def _error_at(self, raw: str, says: str) -> None:
        self.findings.error(self._line_of(raw.removeprefix("!!! ")), says)

    def _error(self, raw: str, says: str) -> None:
        """Note an error where this was written; the next place each time it is the same."""
        self.findings.error(self._next_line(raw), says)

    def _next_line(self, raw: str) -> int:
        self.seen[raw] += 1
        at = -1
        for _unused in range(self.seen[raw]):
            at = max(at, self.text.find(raw, at + 1))
        return self.first_line + self.text.count("\n", 0, max(at, 0))

    def _text(self, piece: str, rendered: Rendered, in_link: bool) -> str:
        def put(match: re.Match[str]) -> str:
            mark = rendered.marks[int(match[1])]
            if in_link:
                self._error(mark.raw, _("“{raw}” is inside a link; put it after the link.", raw=mark.raw))
                return ""
            if mark.kind == LOCAL:
                return match[0]
            if mark.kind == "check":
                return self._check(int(match[1]), mark)
            made = {
                "cite": self._cite,
                "term": self._term,
                "figure": self._figure,
                "image": self._image,
                "stray-check": self._stray_check,
            }
            return made[mark.kind](mark)

        return TOKEN.sub(put, piece)

    def _cite(self, mark: Mark) -> str:
        links = []
        for part in mark.raw[2:-1].split(";"):
            cited = part.strip().removeprefix("@").strip()
            key = cited.split(" ", 1)[0]
            citation = self.around.bibliography.cited(cited)
            if citation is None:
                hint = near(key, self.around.bibliography.sources)
                self._error(
                    mark.raw,
                    _(
                        "The page cites [@{key}], which is not in sources.yaml; "
                        "add it there or correct the key.{hint}",
                        key=key,
                        hint=hint,
                    ),
                )
                continue
            place = (citation.source.key, citation.locator)
            if place not in self.numbers:
                self.citations.append(citation)
            number = self.numbers.setdefault(place, len(self.citations))
            self.seen[f"cite {number}"] += 1
            anchor = f"cite-{number}-{self.seen[f'cite {number}']}"
            links.append(f'<a href="#ref-{number}" id="{anchor}" role="doc-noteref">[{number}]</a>')
        return f'<sup class="cite">{" ".join(links)}</sup>' if links else ""

    def _term(self, mark: Mark) -> str:
        slug = mark.raw[2:-2].partition("|")[0].strip()
        term = self.around.terms.find(slug, self.around.language) or self._foreign(slug)
        if term is None:
            hint = near(slug, self.around.terms.slugs(self.around.language))
            self._error(
                mark.raw,
                _(
                    "The page marks [[{slug}]], which is not in glossary.yaml; "
                    "add it there or correct the name.{hint}",
                    slug=slug,
                    hint=hint,
                ),
            )
            return escape(mark.label or slug)
        self.terms[slug] = term
        label = escape(mark.label or term.term)
        return f'<a class="term" href="#term-{slug}" data-term="{slug}">{label}</a>'

    def _figure(self, mark: Mark) -> str:
        if not mark.label:
            self._error(
                mark.raw,
                _("The figure {raw} has no description; write what it shows between [ and ].", raw=mark.raw),
            )
        path = f"modules/{self.around.module}/{mark.raw}"
        if not mark.raw.startswith("media/") or path not in self.around.pictures:
            known = [p.removeprefix(f"modules/{self.around.module}/") for p in self.around.pictures]
            self._error(
                mark.raw,
                _(
                    "The figure {raw} is not a file of this module.{near}",
                    raw=mark.raw,
                    near=near(mark.raw, known),
                ),
            )
            return ""
        picture = self.around.pictures[path]
        if picture is None:
            return ""  # What is wrong with the file is said at the file.
        self.pictures.append(picture)
        number = len(self.pictures)
        is_translated = bool(self.around.source_language)
        if isinstance(picture, Recording):
            spoken = self.around.source_language or self.around.language
            return replace(picture, language=spoken).html(alt=mark.label)
        shown = picture.html(f"fig{number}", alt=mark.label, is_translated=is_translated)
        # Narrow screens scroll a figure sideways, so that its words stay readable.
        return f'<span class="picture" role="group" aria-label="Figure {number}" tabindex="0">{shown}</span>'

    def _image(self, mark: Mark) -> str:
        says = _(
            "The picture {raw} has to stand alone, with an empty line before and after it.", raw=mark.raw
        )
        self._error(f"![{mark.label}](", says)
        return ""

    def _check(self, number: int, mark: Mark) -> str:
        line = self._next_line(mark.raw)
        found = wanted(mark.label, self.around.module, self.around.banks)
        if self.is_intro:
            self.findings.error(line, _("An introduction cannot hold a check; put it on a page."))
        elif isinstance(found, str):
            if found:
                self.findings.error(line, _("The check cannot be asked: {found}", found=found))
        elif any((found.bank, found.item.id) == (o.bank, o.item.id) for o in self.checks.values()):
            self.findings.error(line, _("The check {id} is on this page already.", id=found.item.id))
        else:
            self.checks[number] = replace(found, line=line)
        return f"{BEGIN}{number}{END}"

    def _stray_check(self, mark: Mark) -> str:
        says = _(
            "The check {raw} has to stand alone, with an empty line before and after it, in no list or box.",
            raw=mark.raw,
        )
        self._error(mark.raw, says)
        return ""

    def _foreign(self, slug: str) -> Term | None:
        """The term in the language that the page is translated from."""
        language = self.around.source_language
        term = self.around.terms.find(slug, language) if language else None
        return term.model_copy(update={"language": language}) if term else None

    def _tag(self, tag: str) -> str:
        match = _HREF.match(tag)
        if match is None:
            return tag
        href = unescape(match[1])
        if href.startswith(("https://", "http://")):
            return f'{tag[:-1]} rel="noopener noreferrer">'  # not words
        if href.startswith("page:"):
            return f'<a href="{escape(self._address(href))}"{tag[match.end() :]}'
        if not href.startswith(("#", "mailto:")):
            self._error(
                href,
                _("The link to “{href}” leads nowhere; write https://... or page:module/page.", href=href),
            )
        return tag

    def _address(self, href: str) -> str:
        match = _PAGE_LINK.match(href)
        module, page = (match[1], match[2]) if match else ("", None)
        pages = self.around.pages.get(module)
        if match is None or pages is None or (page is not None and page not in pages):
            known = [f"page:{name}/{slug}" for name, slugs in self.around.pages.items() for slug in slugs]
            self._error(href, _("The link {href} leads to no page.{near}", href=href, near=near(href, known)))
            return "#"
        # Relative to /learn/<course>/<module>/ and the pages below it.
        return f"../{module}/{page or ''}{match[3] or ''}"
