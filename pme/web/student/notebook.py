"""What the pages of the student's door show of the visitor's notebook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import request

from pme.content.shapes import Module, Page
from pme.enrolment.models import Enrolment
from pme.enrolment.queries import enrolments_of
from pme.enrolment.taking import Taking
from pme.notebook.models import Colour, Entry, EntryKind
from pme.notebook.queries import entries_in, entries_of
from pme.notebook.quoting import CUT
from pme.notebook.service import Where
from pme.notebook.shown import COLOURS, Shown, places_of, shown_on, tongue_of
from pme.notebook.telling import Section, State, Told
from pme.progress.completion import Place, StepKind
from pme.signs import fit
from pme.web.loaders import catalogue
from pme.web.overlays import local_in
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.web.student.learning import address_of
from pme.web.tongues import spoken_in


@dataclass(frozen=True)
class Noting:
    """A form of the notebook as it was sent, with what is wrong with it: `field` is the id of what to correct."""

    field: str = ""
    says: str = ""
    text: str = ""
    quote: str = ""
    before: str = ""
    after: str = ""
    passage: str = ""
    colour: str = Colour.AMBER.value
    colours: tuple[tuple[str, str], ...] = tuple((each.value, label) for each, label in COLOURS.items())


NOTHING_TYPED = Noting()


def typed(field: str, says: str) -> Noting:
    """The form that was just sent, to be shown again with what is wrong."""
    text, quote, before, after, passage = (
        fit(request.form.get(name, "")) for name in ("text", "quote", "before", "after", "passage")
    )
    colour = request.form.get("colour", "")
    return Noting(
        field,
        says,
        text=text,
        quote=quote,
        before=before,
        after=after,
        passage=passage,
        colour=colour if colour in list(Colour) else Colour.AMBER.value,
    )


def noted(
    enrolment: Enrolment | Taking, module: Module, page: Page, local: Callable[[str], str], *, is_any: bool
) -> Shown:
    """A page with what the visitor kept there; asked for only where they kept anything in the module."""
    entries: Sequence[Entry] = ()
    if is_any:
        entries = entries_in(db_session(), enrolment.academy_id, enrolment.person_id, module.slug)
    return shown_on(page, module, entries, local)


def noted_in(enrolment: Enrolment, module: Module, local: Callable[[str], str]) -> dict[str, Shown]:
    """Every page of a module with what the visitor kept there, in one statement."""
    entries = entries_in(db_session(), enrolment.academy_id, enrolment.person_id, module.slug)
    return {page.slug: shown_on(page, module, entries, local) for page in module.pages}


def where(enrolment: Enrolment, module: Module, page: Page) -> Where:
    """The place of what the visitor is about to keep."""
    return Where(
        academy_id=enrolment.academy_id,
        person_id=enrolment.person_id,
        course=enrolment.course,
        module=module.slug,
        page=page.slug,
        page_title=page.title,
        language=tongue_of(module, page.slug),
    )


def sections(course: str = "") -> list[Section]:
    """The visitor's whole notebook, or what it holds of one course, in the order in which courses are taken."""
    visitor = current_visitor()
    entries = entries_of(db_session(), visitor.academy_id, visitor.person_id, course=course)
    by_page: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        by_page.setdefault((entry.course, entry.module, entry.page), []).append(entry)
    active = {
        each.course
        for each in enrolments_of(db_session(), visitor.person_id, visitor.academy_id)
        if each.status == "active"
    }
    found = [(_order(key), _section(key, kept, is_open=key[0] in active)) for key, kept in by_page.items()]
    return [section for _at, section in sorted(found, key=lambda each: each[0])]


def courses_noted() -> list[tuple[str, str, str]]:
    """The courses of which the visitor keeps something: slug, title and its language, empty where it is the page's."""
    visitor = current_visitor()
    slugs = {e.course for e in entries_of(db_session(), visitor.academy_id, visitor.person_id)}
    found = ((slug, course_title(slug), course_tongue(slug)) for slug in slugs)
    return sorted(found, key=lambda each: (each[1], each[0]))


def course_title(slug: str) -> str:
    """The title of a course in the language that the visitor reads; its slug where it is no longer published."""
    found = catalogue().course(slug)
    return found.content.in_language(current_visitor().reading_language).title if found else slug


def course_tongue(slug: str) -> str:
    """The language of that title, empty where it is that of the page around it."""
    found = catalogue().course(slug)
    return spoken_in(found.content.in_language(current_visitor().reading_language), "title") if found else ""


def _order(key: tuple[str, str, str]) -> tuple[str, int, str, int, str]:
    course, module, page = key
    taken, found = catalogue().course(course), catalogue().module(module)
    modules = list(taken.content.modules) if taken else []
    pages = [each.slug for each in found.content.pages] if found else []
    return (
        course,
        modules.index(module) if module in modules else len(modules),
        module,
        pages.index(page) if page in pages else len(pages),
        page,
    )


def _section(key: tuple[str, str, str], entries: Sequence[Entry], *, is_open: bool) -> Section:
    course, module, page = key
    found = catalogue().module(module)
    content = found.content if found else None
    shown = content.in_language(current_visitor().reading_language) if content else None
    there = shown.page(page) if shown else None
    changed = set() if content is None or there is None else _changed(content, page, entries)
    states = {
        e: State.GONE if there is None else State.CHANGED if e in changed else State.STANDS for e in entries
    }
    order = sorted(entries, key=lambda e: (e.kind is EntryKind.NOTE, e.begins, e.id))
    return Section(
        course=course_title(course),
        module=shown.title if shown else module,
        page=there.title if there else entries[-1].page_title,
        address=address_of(course, Place(StepKind.PAGE, module, page)) if there and is_open else "",
        told=tuple(Told(e, states[e]) for e in order),
        tongues=(
            course_tongue(course),
            spoken_in(shown, "title") if shown else "",
            spoken_in(shown, f"pages.{page}.title") if shown else "",
        ),
    )


def _changed(content: Module, page: str, entries: Sequence[Entry]) -> set[Entry]:
    """The highlights whose passage no longer stands on their page, in the language that each was made in."""
    gone: set[Entry] = set()
    for language in {e.language for e in entries if e.kind is EntryKind.HIGHLIGHT}:
        module = content.in_language(language)
        found = module.page(page)
        own = [e for e in entries if e.kind is EntryKind.HIGHLIGHT and e.language == language]
        local = local_in(module, current_visitor().academy_id)
        html = CUT.join(map(local, found.stretches)) if found else ""
        gone |= set(own) - places_of(html, own).keys()
    return gone
