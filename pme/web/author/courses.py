"""The author's door at a course: its fields, its modules in order, and how its certificate will look."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring.course_fields import fields_of_groups
from pme.authoring.course_uses import uses_of_module
from pme.authoring.item_forms import Typed, typed_from
from pme.authoring.loose_library import fields_in, text_in, texts_in, title_of
from pme.authoring.models_removal import Removed
from pme.authoring.naming import FileKind, file_name
from pme.authoring.removals import Part
from pme.authoring.workload import hours_of, workload_of
from pme.certificates.sheet import hours_text
from pme.content.yaml_edit import insert, move, put, remove
from pme.content.yaml_write import Plain
from pme.errors import Conflict, NotFound
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.course_files import (
    PAGES,
    CourseFile,
    TypedOutcome,
    changed,
    edited_fields,
    load_course_file,
    must_be_place,
    save_form,
)
from pme.web.author.drafts import blueprint
from pme.web.author.editors import EDITORS, editor_address
from pme.web.author.outcomes import outcomes_of
from pme.web.author.removing import with_uses
from pme.web.author.yaml_files import Removal, mark_of, sent
from pme.web.loaders import UNKNOWN
from pme.words.speech import _

EDITORS[FileKind.COURSE] = "author.course"
MODULES = "modules"


@blueprint.get("/drafts/<int:draft_id>/course/<path:path>")
def course(draft_id: int, path: str) -> ResponseReturnValue:
    """A course: its form, its modules, its outcomes and the picture of its certificate."""
    return course_page(_load(Can.SEE_DRAFTS, draft_id, path))


@blueprint.post("/drafts/<int:draft_id>/course/<path:path>")
def save_course(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep the fields of a course."""
    file = _load(Can.CHANGE_DRAFT, draft_id, path)
    fields = fields_of_groups(file.groups())
    values, errors = sent()
    typed = typed_from(values, fields)
    if errors:
        return course_page(file, typed, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    file, errors, theirs, status = save_form(file, typed, fields)
    if errors:
        return course_page(file, typed, errors, theirs), status
    flash(_("Saved in the draft."))
    return redirect(url_for("author.course", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/course-module/add/<path:path>")
def add_module(draft_id: int, path: str) -> ResponseReturnValue:
    """Put a module of the library at the end of a course."""
    slug = request.form.get("module", "")
    file = _load(Can.CHANGE_DRAFT, draft_id, path)
    if slug not in file.library.modules:
        flash(_("Choose a module from the list first."), "problem")
        return redirect(editor_address(draft_id, file.name), HTTPStatus.SEE_OTHER)
    says = _("“{title}” is in the course now.", title=file.library.module_title(slug))
    return changed(draft_id, path, lambda now: with_module(now, slug), says, "modules_title")


@blueprint.post("/drafts/<int:draft_id>/course-module/move/<slug>/<path:path>")
def move_module(draft_id: int, slug: str, path: str) -> ResponseReturnValue:
    """Move a module of a course up or down."""
    to = number_in(request.form.get("to")) or 0

    def moved(file: CourseFile) -> str:
        at = _position(file, slug)
        must_be_place(to, len(texts_in(file.content, MODULES)))
        return edited_fields(file, lambda text: move(text, (MODULES, at), to - 1))

    return changed(draft_id, path, moved, _("The module is number {to} now.", to=to), f"module-{slug}")


@blueprint.post("/drafts/<int:draft_id>/course-module/drop/<slug>/<path:path>")
def remove_module(draft_id: int, slug: str, path: str) -> ResponseReturnValue:
    """Take a module out of a course, to be put back if that was wrong; its files stay. Say what follows."""
    known = _load(Can.CHANGE_DRAFT, draft_id, path)

    def without(file: CourseFile) -> str:
        at = _position(file, slug)
        needed = texts_in(fields_in(file.content, "completion"), MODULES)

        def edit(text: str) -> str:
            only = len(texts_in(file.content, MODULES)) == 1
            text = put(text, (MODULES,), []) if only else remove(text, (MODULES, at))
            if slug in needed:
                others: list[Plain] = [each for each in needed if each != slug]
                text = put(text, ("completion", MODULES), others or "all")
            return text

        return edited_fields(file, edit)

    title, uses = known.library.module_title(slug), uses_of_module(known.library, known.name.slug, slug)
    says = with_uses(_("“{title}” is out of the course. Its files stay.", title=title), uses)
    return changed(draft_id, path, without, says, removal=Removal(Part(Removed.MODULE, title, path)))


def with_module(file: CourseFile, slug: str) -> str:
    """The text of a course with a module more at its end. Raises Conflict where it is there already."""
    known = texts_in(file.content, MODULES)
    if slug in known:
        raise Conflict(_("This module is in the course already."))
    return edited_fields(
        file,
        lambda text: insert(text, (MODULES,), len(known), slug) if known else put(text, (MODULES,), [slug]),
    )


def course_page(
    file: CourseFile,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    theirs: list[tuple[str, str]] | None = None,
    outcome: TypedOutcome | None = None,
) -> str:
    """The page of a course, with what was typed where it could not be saved."""
    groups = file.groups()
    modules = texts_in(file.content, MODULES)
    loads = workload_of(file.library, file.name.slug)
    return render_template(
        "author/course.html",
        draft=file.draft,
        file=file,
        title=title_of(file.content, file.name.slug),
        groups=groups,
        typed=typed or file.typed(fields_of_groups(groups)),
        errors=errors or {},
        theirs=theirs or [],
        problems=file.problems,
        seen=number_in(request.form.get("seen")) or 0 if errors and "" not in errors else file.revision,
        modules=[(slug, file.library.module_title(slug), slug in file.library.modules) for slug in modules],
        others=[
            (slug, file.library.module_title(slug)) for slug in file.library.modules if slug not in modules
        ],
        loads=loads,
        hours=hours_of(loads),
        said=text_in(file.content, "hours"),
        outcomes=outcomes_of(file, outcome),
        was=mark_of(file.own),
        hours_words=_hours_in_words(text_in(file.content, "hours")),
        address=lambda slug: editor_address(draft_id_of(file), file_name(f"modules/{slug}/module.md")),
    )


def draft_id_of(file: CourseFile) -> int:
    """The draft that a file is looked at in."""
    return file.draft.id


def _hours_in_words(hours: str) -> str:
    try:
        return hours_text(float(hours))
    except ValueError:
        return ""


def _position(file: CourseFile, slug: str) -> int:
    known = texts_in(file.content, MODULES)
    if slug not in known:
        raise Conflict(_("This module is not in the course any more."))
    return known.index(slug)


def _load(can: Can, draft_id: int, path: str) -> CourseFile:
    file = load_course_file(can, draft_id, path)
    if not file.is_course:
        raise NotFound(UNKNOWN)
    return file


PAGES[FileKind.COURSE] = lambda file, typed: course_page(file, outcome=typed)
