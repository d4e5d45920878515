"""A module, or a whole course, as an EPUB: a document for each page, its contents, and what a reader is told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import wrap
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pme.content.shapes import Heading, Page
from pme.offprints.carried import as_files, picture_name
from pme.offprints.copies import CourseCopy, ModuleCopy
from pme.offprints.setting import STYLE, Fit, in_light, rendered, style_sheet
from pme.offprints.xhtml import as_xhtml
from pme.offprints.zipped import bound
from pme.words.languages import LANGUAGES
from pme.words.speech import _, speaking

FEATURES = (
    *("alternativeText", "displayTransformability", "pageBreakMarkers", "pageNavigation"),
    *("readingOrder", "structuralNavigation", "tableOfContents"),
)
"""What is true of every one of them."""


COVER = ((18, 48), (24, 38), (30, 30))
"""Signs in a line of a cover, and the size that they are set in: the first in which a title is short enough."""
LINES = 6


@dataclass(frozen=True)
class Leaf:
    """One document: its file, its title with the language that is said of it, and where it stands in the contents."""

    file: str
    title: str
    text: str = field(repr=False)
    tongue: str = ""
    label: str = ""
    headings: tuple[Heading, ...] = ()
    inner: tuple["Leaf", ...] = ()

    @property
    def has_drawing(self) -> bool:
        """Whether there is a drawing within."""
        return "<svg" in self.text

    @property
    def every(self) -> Iterator["Leaf"]:
        """It and those within, in reading order."""
        yield self
        for each in self.inner:
            yield from each.every


def module_book(copy: ModuleCopy) -> bytes:
    """A module as an EPUB."""
    opening, *pages, last = _module_leaves(copy, is_course=False)
    return _book(
        [opening, *pages, last],
        copies=[copy],
        title=copy.module.title,
        language=copy.module.language,
        summary=copy.module.summary,
        authors=copy.module.authors,
        address=copy.address,
        digest=copy.digest,
        at=copy.published_at,
    )


def course_book(book: CourseCopy) -> bytes:
    """A course as an EPUB, with all of its modules."""
    course, language = book.course, book.course.language
    first = Leaf(
        "course.xhtml",
        course.title,
        rendered("leaf.html", language, kind="course", book=book, title=course.title),
    )
    leaves = [first]
    for number, copy in enumerate(book.modules, start=1):
        opening, *pages, last = _module_leaves(
            copy, is_course=True, number=number, around=language, book=book
        )
        inner = (*pages, last)
        leaves.append(Leaf(opening.file, opening.title, opening.text, opening.tongue, inner=inner))
    return _book(
        leaves,
        copies=book.modules,
        title=course.title,
        language=language,
        summary=course.summary,
        authors=course.authors,
        address=f"{book.modules[0].public_url}/learn/{course.slug}" if book.modules else course.slug,
        digest=book.digest,
        at=book.published_at,
    )


def _module_leaves(
    copy: ModuleCopy, *, is_course: bool, number: int = 0, around: str = "", book: CourseCopy | None = None
) -> list[Leaf]:
    """Its opening, its pages, and what is said about it."""
    module, language = copy.module, copy.module.language
    before, tongue = (f"{module.slug}-", "" if language == around else language) if is_course else ("", "")
    fit = _fit(copy, book)

    def made(kind: str, title: str, **more: Any) -> str:
        return rendered(
            "leaf.html", language, fit=fit, kind=kind, copy=copy, title=title, is_course=is_course, **more
        )

    opening = f"{module.slug}.xhtml" if is_course else "title.xhtml"  # not words
    leaves = [Leaf(opening, module.title, made("module", module.title), tongue)]
    for place, page in enumerate(module.pages, start=1):
        label = f"{number}.{place}" if is_course else str(place)
        text = made("page", page.title, page=page, label=label)
        leaves.append(
            Leaf(
                _page_file(before, page),
                page.title,
                text,
                tongue,
                label,
                () if is_course else _headings(page),
            )
        )
    with speaking(language if language in LANGUAGES else None):
        about = _("About this file")
    leaves.append(Leaf(f"{before}about.xhtml", about, made("about", about), tongue))  # not words
    return leaves


def _fit(copy: ModuleCopy, book: CourseCopy | None) -> Fit:
    """Links to pages that are within lead there."""
    copies = {each.module.slug: each.module for each in (book.modules if book else (copy,))}

    def within(module: str, page: str, anchor: str) -> str | None:
        found = copies.get(module)
        if found is None:
            return None
        before, opening = (f"{module}-", f"{module}.xhtml") if book else ("", "title.xhtml")  # not words
        if not page:
            return opening
        there = found.page(page)
        return None if there is None else _page_file(before, there) + (f"#{anchor}" if anchor else "")

    return Fit(within, lambda each: as_files(each.pictures), is_one_document=False)


def _page_file(before: str, page: Page) -> str:
    return f"{before}p-{page.slug}.xhtml"


def _headings(page: Page) -> tuple[Heading, ...]:
    return tuple(heading for heading in page.headings if heading.level == 2)  # noqa: PLR2004  (a section of the page)


def _book(
    leaves: Sequence[Leaf],
    *,
    copies: Sequence[ModuleCopy],
    title: str,
    language: str,
    summary: str,
    authors: Sequence[str],
    address: str,
    digest: str,
    at: datetime | None,
) -> bytes:
    assert at is not None  # noqa: S101  (files are made of dated copies)
    spine = [leaf for top in leaves for leaf in top.every]
    pictures = {picture_name(sha256, each): each for copy in copies for sha256, each in copy.pictures.items()}
    navigation = rendered(
        "nav.html",
        language,
        title=title,
        leaves=leaves,
        begins=spine[1].file,
        pages=[leaf for leaf in spine if leaf.label],
    )
    with speaking(language if language in LANGUAGES else None):
        package = rendered(
            "package.xml",
            language,
            title=title,
            summary=summary,
            languages=list(dict.fromkeys([language, *(copy.module.language for copy in copies)])),
            authors=authors,
            address=address,
            identifier=uuid5(NAMESPACE_URL, digest),
            rights=_("No licence to pass this on is stated: ask your academy before you give it to others."),
            accessible=_(
                "Text with headings, a table of contents and a list of pages. Every figure has a description. "
                "Checked by programs; no person who uses assistive technology has tested this file yet."
            ),
            features=FEATURES,
            has_pictures=bool(pictures) or any(leaf.has_drawing for leaf in spine),
            spine=spine,
            pictures=[(name, each.mime) for name, each in pictures.items()],
            at=at,
        )
    files = [
        ("package.opf", package.encode()),
        ("nav.xhtml", as_xhtml(navigation).encode()),
        ("cover.svg", _cover(title, language).encode()),
        ("style.css", in_light(STYLE.read_text("utf-8")).encode()),
        *((leaf.file, as_xhtml(leaf.text).encode()) for leaf in spine),
        *((f"images/{name}", each.body) for name, each in pictures.items()),
    ]
    return bound(files, at=at)


def _cover(title: str, language: str) -> str:
    """A picture for the shelf of a reader: the title over the land of every course."""
    laid = [(wrap(title, most), size) for most, size in COVER]
    lines, size = next((each for each in laid if len(each[0]) <= LINES), laid[-1])
    return rendered("cover.xml", language, title=title, lines=lines[:9], size=size)


def folder_page(book: CourseCopy, shelf: Sequence[tuple[ModuleCopy, Sequence[tuple[str, str]]]]) -> bytes:
    """The first page of a folder with the files of a course."""
    return rendered("shelf.html", book.course.language, book=book, shelf=shelf, sheet=style_sheet()).encode()
