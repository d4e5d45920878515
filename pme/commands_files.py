"""The command that writes files to take along to a folder: for academies that hand out memory sticks."""

import argparse
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import db
from pme.config import Settings
from pme.content import catalogue
from pme.content.catalogue import Catalogue, Versioned
from pme.content.shapes import Course
from pme.errors import Invalid, Unavailable
from pme.offprints.books import course_book, module_book
from pme.offprints.copies import CourseCopy, ModuleCopy
from pme.offprints.forms import Form, file_name
from pme.offprints.gather import Reader, course_copy
from pme.offprints.making import folder_of, printed
from pme.offprints.setting import as_file
from pme.people.models import Academy


def write_files(given: argparse.Namespace) -> int:
    """Write a module, or a course with all of its modules, as files; an academy's own texts where one is named."""
    settings = Settings.from_environment()
    with db.opened(settings) as database:
        with database.session() as session:
            published = catalogue.current(session)
            academy_id = _academy_id(session, given.academy)
            reader = Reader(given.language or None, academy_id, settings.public_url)
            taken, is_course = _wanted(published, given.name, given.course)
            book = course_copy(session, published, taken, reader, is_dated=True)
        given.out.mkdir(parents=True, exist_ok=True)
        made = {copy.digest: _written(given.out, copy) for copy in book.modules}
        if is_course:
            _write_course(given.out, book, made)
    return 0 if all(Form.PDF in forms for forms in made.values()) else 1


def _academy_id(session: Session, slug: str) -> int | None:
    if not slug:
        return None
    found = session.scalar(select(Academy.id).where(Academy.slug == slug))
    if found is None:
        known = ", ".join(session.scalars(select(Academy.slug).order_by(Academy.slug))) or "none yet"
        raise Invalid(f"There is no academy “{slug}”. Academies here: {known}.")
    return found


def _wanted(published: Catalogue, name: str, course: str) -> tuple[Versioned[Course], bool]:
    """The course of this name; or a course that has the module of this name, with this one alone."""
    if (found := published.course(name)) is not None:
        return found, True
    for each in published.courses:
        if name in each.content.modules and course in ("", each.content.slug):
            return replace(each, content=each.content.model_copy(update={"modules": (name,)})), False
    within = f" in the course “{course}”" if course else ""
    known = ", ".join(each.content.slug for each in published.courses) or "none yet"
    raise Invalid(f"There is no published course or module “{name}”{within}. Published courses: {known}.")


def _written(out: Path, copy: ModuleCopy) -> dict[Form, bytes]:
    made = {Form.HTML: as_file(copy), Form.EPUB: module_book(copy)}
    try:
        made[Form.PDF] = printed(copy)
    except (Invalid, Unavailable) as refusal:
        print(f"{copy.module.slug}: no PDF. {refusal.says}")
    for form, content in made.items():
        _write(out / file_name(copy.module.slug, copy.module.language, form), content)
    return made


def _write_course(out: Path, book: CourseCopy, made: dict[str, dict[Form, bytes]]) -> None:
    slug, language = book.course.slug, book.course.language
    _write(out / file_name(slug, language, Form.EPUB), course_book(book))
    folder = folder_of(book, lambda copy, form: made[copy.digest].get(form))
    _write(out / file_name(slug, language, Form.ZIP), folder)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    print(f"{path} ({len(content):,} bytes)")
