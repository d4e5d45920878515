"""A copy as it is put together from what is published and from an academy's own texts."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.catalogue import Catalogue, Versioned, published_at
from pme.content.editions import current_edition
from pme.content.local_places import places_of
from pme.content.models import MediaFile
from pme.content.shapes import Course, Module
from pme.offprints.carried import ENDINGS
from pme.offprints.copies import CourseCopy, ModuleCopy, Picture
from pme.overlay.queries import local_texts
from pme.overlay.shown import LocalTexts
from pme.people.queries import support_of


@dataclass(frozen=True)
class Reader:
    """For whom a copy is: the language read in, the academy (None: nobody's), and where the platform is."""

    language: str | None
    academy_id: int | None
    public_url: str


def module_copy(
    session: Session,
    course: Course,
    module: Versioned[Module],
    reader: Reader,
    *,
    support: str | None = None,
    is_dated: bool = False,
) -> ModuleCopy:
    """A module as its reader's academy has it; dated, with its pictures, where files are to be made of it.

    `support` is what the academy says of its support, where it is known already.
    """
    shown = module.content.in_language(reader.language)
    if support is None:
        support = support_of(session, reader.academy_id) if reader.academy_id else ""
    return ModuleCopy(
        course=course.in_language(reader.language),
        module=shown,
        source=module.content,
        sha256=module.sha256,
        public_url=reader.public_url,
        local=_local(session, shown, reader),
        support=support,
        published_at=published_at(session, module.version_id) if is_dated else None,
        pictures=_pictures(session, shown) if is_dated else {},
    )


def course_copy(
    session: Session,
    catalogue: Catalogue,
    course: Versioned[Course],
    reader: Reader,
    *,
    is_dated: bool = False,
) -> CourseCopy:
    """A course as somebody takes it, with all of its modules."""
    support = support_of(session, reader.academy_id) if reader.academy_id else ""
    edition = current_edition(session, catalogue, course.content.slug) if is_dated else None
    return CourseCopy(
        course=course.content.in_language(reader.language),
        modules=tuple(
            module_copy(session, course.content, module, reader, support=support, is_dated=is_dated)
            for module in _modules(catalogue, course.content.modules)
        ),
        sha256=course.sha256,
        edition=edition.number if edition else None,
        published_at=(edition.published_at if edition else published_at(session, course.version_id))
        if is_dated
        else None,
    )


def _modules(catalogue: Catalogue, slugs: Iterable[str]) -> list[Versioned[Module]]:
    return [found for slug in slugs if (found := catalogue.module(slug))]


def _local(session: Session, module: Module, reader: Reader) -> LocalTexts:
    """An academy's own texts, asked for only where the module has a place for one."""
    if reader.academy_id is None or next(places_of(module), None) is None:
        return LocalTexts()
    return local_texts(session, reader.academy_id)


def _pictures(session: Session, module: Module) -> dict[str, Picture]:
    wanted = [figure.sha256 for figure in module.figures if figure.mime in ENDINGS]
    if not wanted:
        return {}
    rows = session.execute(
        select(MediaFile.sha256, MediaFile.mime, MediaFile.content).where(MediaFile.sha256.in_(wanted))
    )
    return {row.sha256: Picture(row.mime, row.content) for row in rows.all()}
