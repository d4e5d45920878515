"""The author's door at a module: its fields, its outcomes, its pages in order and what each of them teaches."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from pme.authoring.course_fields import fields_of_groups
from pme.authoring.course_problems import refused_prerequisites
from pme.authoring.item_forms import Typed, typed_from
from pme.authoring.loose_library import LoosePage, fields_in, shown_outcome, texts_in, title_of
from pme.authoring.naming import FileKind, file_name
from pme.authoring.rewriting import rewritten
from pme.content.yaml_edit import put, remove
from pme.content.yaml_write import Plain
from pme.errors import NotFound
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.course_files import (
    PAGES,
    CourseFile,
    TypedOutcome,
    changed,
    edited_fields,
    load_course_file,
    save_form,
)
from pme.web.author.drafts import blueprint
from pme.web.author.editors import EDITORS, editor_address
from pme.web.author.module_pages import seen_of
from pme.web.author.outcomes import choices_of, outcomes_of
from pme.web.author.yaml_files import mark_of, sent
from pme.web.loaders import UNKNOWN
from pme.words.speech import _

EDITORS[FileKind.MODULE] = "author.module"
TEACHES = "teaches"


@blueprint.get("/drafts/<int:draft_id>/module/<path:path>")
def module(draft_id: int, path: str) -> ResponseReturnValue:
    """A module: its form, its outcomes and its pages."""
    return _page(_load(Can.SEE_DRAFTS, draft_id, path))


@blueprint.post("/drafts/<int:draft_id>/module/<path:path>")
def save_module(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep the fields of a module. Modules that build on each other in a circle are refused."""
    file = _load(Can.CHANGE_DRAFT, draft_id, path)
    fields = fields_of_groups(file.groups())
    values, errors = sent()
    typed = typed_from(values, fields)
    ticked = [
        name.partition(".")[2] for name, value in typed.items() if name.startswith("prerequisites.") and value
    ]
    if says := refused_prerequisites(file.name.slug, ticked, file.library):
        errors[f"prerequisites.{ticked[0]}"] = says
    if errors:
        return _page(file, typed, errors), HTTPStatus.UNPROCESSABLE_ENTITY
    file, errors, theirs, status = save_form(file, typed, fields)
    if errors:
        return _page(file, typed, errors, theirs), status
    flash(_("Saved in the draft."))
    return redirect(editor_address(draft_id, file.name), HTTPStatus.SEE_OTHER)


@blueprint.get("/drafts/<int:draft_id>/teaching/<path:path>")
def teaching(draft_id: int, path: str) -> ResponseReturnValue:
    """Which page of a module teaches which of its outcomes."""
    file = _load(Can.SEE_DRAFTS, draft_id, path)
    teaches = fields_in(file.content, TEACHES)
    return render_template(
        "author/teaching.html",
        draft=file.draft,
        file=file,
        title=_title(file),
        back=editor_address(draft_id, file.name),
        pages=[(page.slug, page.title, texts_in(teaches, page.slug)) for page in _pages(file)],
        outcomes=[
            (name, shown_outcome(value)) for name, value in fields_in(file.content, "outcomes").items()
        ],
        problems=file.problems,
    )


@blueprint.post("/drafts/<int:draft_id>/teaching/<path:path>")
def save_teaching(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep which page teaches which outcome."""
    _load(Can.CHANGE_DRAFT, draft_id, path)
    return changed(draft_id, path, _taught, _("Saved in the draft."), "pages_title")


def _taught(file: CourseFile) -> str:
    known = list(fields_in(file.content, "outcomes"))
    before = file.content.get(TEACHES)
    kept = dict(before) if isinstance(before, dict) else {}
    after: dict[str, Plain] = dict(kept)
    for page in _pages(file):
        ticked = request.form.getlist(f"{TEACHES}.{page.slug}")
        named = [each for each in texts_in(kept, page.slug) if each in ticked or each not in known]
        named += [each for each in known if each in ticked and each not in named]
        after[page.slug] = list[Plain](named)
    after = {name: value for name, value in after.items() if value}

    def edit(text: str) -> str:
        if not after:
            return remove(text, (TEACHES,)) if TEACHES in file.content else text
        return rewritten(text, (TEACHES,), kept, after) if kept else put(text, (TEACHES,), after)

    return edited_fields(file, edit)


def _page(
    file: CourseFile,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    theirs: list[tuple[str, str]] | None = None,
    outcome: TypedOutcome | None = None,
) -> str:
    groups = file.groups()
    teaches = fields_in(file.content, TEACHES)
    courses = [
        (slug, title_of(course, slug))
        for slug, course in file.library.courses.items()
        if file.name.slug in texts_in(course, "modules")
    ]
    return render_template(
        "author/module.html",
        draft=file.draft,
        file=file,
        title=_title(file),
        groups=groups,
        typed=typed or file.typed(fields_of_groups(groups)),
        errors=errors or {},
        theirs=theirs or [],
        problems=file.problems,
        seen=number_in(request.form.get("seen")) or 0 if errors and "" not in errors else file.revision,
        outcomes=outcomes_of(file, outcome),
        was=mark_of(file.own),
        choices=choices_of(file),
        pages=[(page, texts_in(teaches, page.slug)) for page in _pages(file)],
        pages_seen=seen_of(file.draft, file.tree, file.name.slug),
        page_address=lambda name: editor_address(file.draft.id, name),
        parts=[(file_name(path), _title_of(file, path)) for path in _parts(file)],
        courses=courses,
    )


def _parts(file: CourseFile) -> list[str]:
    """The paths of the quizzes, banks and scenarios of a module."""
    library, slug = file.library, file.name.slug
    return [
        f"quizzes/{name}.{one}.yaml"
        for shelf, one in (("quizzes", "quiz"), ("banks", "bank"), ("scenarios", "scenario"))
        for name in library.of_module(shelf, slug)
    ]


def _title_of(file: CourseFile, path: str) -> str:
    slug, _unused, rest = path.removeprefix("quizzes/").partition(".")
    shelf = {"quiz": file.library.quizzes, "bank": file.library.banks}.get(
        rest.partition(".")[0], file.library.scenarios
    )
    return title_of(shelf.get(slug), slug)


def _title(file: CourseFile) -> str:
    return title_of(file.content, file.name.slug)


def _pages(file: CourseFile) -> tuple[LoosePage, ...]:
    return file.library.pages.get(file.name.slug, ())


def _load(can: Can, draft_id: int, path: str) -> CourseFile:
    file = load_course_file(can, draft_id, path)
    if file.is_course:
        raise NotFound(UNKNOWN)
    return file


PAGES[FileKind.MODULE] = lambda file, typed: _page(file, outcome=typed)
