"""The author's door at a course or module that is not there yet: a few questions, then its files in a draft."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.authoring import queries, service
from pme.authoring.course_fields import TONGUES
from pme.authoring.course_templates import (
    COURSES,
    MODULES,
    MOST_MODULES,
    NewCourse,
    NewModule,
    files_of_course,
    files_of_module,
)
from pme.authoring.loose_library import fields_in, library_of, names_of, text_in, texts_in, title_of
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.authoring.new_page import slug_of
from pme.content.edit import published_tree
from pme.content.files import Tree
from pme.content.yaml_edit import insert, put
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.author.course_forms import NewContentForm, NewCourseForm, NewModuleForm
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.yaml_files import draft_tree
from pme.web.loaders import content_academy, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _

NO_NAME = lazy(
    "Give it a short name in lower-case letters, digits and hyphens; none can be made from this title."
)
TAKEN = lazy("This name is already in use. Give another short name.")
A_YEAR = timedelta(days=365)


@blueprint.get("/new-course")
def new_course() -> ResponseReturnValue:
    """The questions about a new course, which begins a draft of its own."""
    content_academy(Can.WRITE_DRAFTS)
    return _course_page(NewCourseForm(formdata=None), None)


@blueprint.post("/new-course")
def begin_course() -> ResponseReturnValue:
    """Begin a draft with a new course in it."""
    academy_id = content_academy(Can.WRITE_DRAFTS)
    return _begin_course(published_tree(db_session()), None, academy_id)


@blueprint.get("/drafts/<int:draft_id>/new-course")
def new_course_here(draft_id: int) -> ResponseReturnValue:
    """The questions about a new course in a draft."""
    return _course_page(NewCourseForm(formdata=None), load_draft(Can.CHANGE_DRAFT, draft_id))


@blueprint.post("/drafts/<int:draft_id>/new-course")
def begin_course_here(draft_id: int) -> ResponseReturnValue:
    """Begin a course in a draft."""
    draft = load_draft(Can.CHANGE_DRAFT, draft_id)
    return _begin_course(draft_tree(draft_id), draft, draft.academy_id)


@blueprint.get("/drafts/<int:draft_id>/new-module")
def new_module(draft_id: int) -> ResponseReturnValue:
    """The questions about a new module; `course` is that which it will be in."""
    draft, tree = load_draft(Can.CHANGE_DRAFT, draft_id), draft_tree(draft_id)
    form = _module_form(tree, formdata=None)
    wanted = library_of(tree).courses.get(request.args.get("course", ""))
    if wanted is not None:
        form.course.data = request.args.get("course")
        form.level.data = text_in(wanted, "level")
        form.language.data = text_in(wanted, "language") or "en"
    return _module_page(form, draft)


@blueprint.post("/drafts/<int:draft_id>/new-module")
def begin_module(draft_id: int) -> ResponseReturnValue:
    """Begin a module in a draft, and put it at the end of its course."""
    draft, tree = load_draft(Can.CHANGE_DRAFT, draft_id), draft_tree(draft_id)
    form = _module_form(tree)
    if not form.validate_on_submit():
        return _module_page(form, draft), HTTPStatus.UNPROCESSABLE_ENTITY
    library = library_of(tree)
    course = library.courses.get(form.course.data or "", {})
    try:
        slug = _slug(form)
        new = NewModule(
            slug=slug,
            template=form.template.data,
            title=_line(form.title.data),
            summary=_line(form.summary.data),
            language=form.language.data,
            level=_line(form.level.data),
            author=current_visitor().name,
            review_date=_review_date(),
            serves=tuple(list(fields_in(course, "outcomes"))[:1]),
        )
        files = files_of_module(new)
        _must_be_free(files, tree, library_names=_taken(tree))
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            _save(session, draft, files)
            if course:
                _into_course(session, draft, f"modules/{form.course.data}.course.yaml", slug)
    except (Conflict, Invalid) as error:
        form.slug.errors = [*form.slug.errors, error.says]
        return _module_page(form, load_draft(Can.CHANGE_DRAFT, draft_id)), _status(error)
    flash(_("The module is in the draft. What is still to be written is noted at each place."))
    return redirect(editor_address(draft_id, file_name(f"modules/{slug}/module.md")), HTTPStatus.SEE_OTHER)


def _begin_course(tree: Tree, draft: Draft | None, academy_id: int) -> ResponseReturnValue:
    form = NewCourseForm()
    if not form.validate_on_submit():
        return _course_page(form, draft), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        slug = _slug(form)
        files = files_of_course(
            NewCourse(
                slug=slug,
                template=form.template.data,
                title=_line(form.title.data),
                summary=_line(form.summary.data),
                language=form.language.data,
                level=_line(form.level.data),
                hours=(form.hours.data or "").strip(),
                author=current_visitor().name,
                review_date=_review_date(),
                titles=_titles(form.modules.data or "", _taken(tree)),
            )
        )
        _must_be_free(files, tree, library_names=_taken(tree))
        with transaction() as session:
            if draft is None:
                draft = service.begin_draft(
                    session,
                    academy_id=academy_id,
                    author_id=current_visitor().person_id,
                    title=_line(form.title.data),
                    at=now(),
                )
            else:
                draft = load_draft(Can.CHANGE_DRAFT, draft.id, for_update=True)
            draft_id = draft.id
            _save(session, draft, files)
    except (Conflict, Invalid) as error:
        field = form.modules if isinstance(error, Invalid) and error.field == "modules" else form.slug
        field.errors = [*field.errors, error.says]
        return _course_page(form, draft), _status(error)
    flash(_("The course is in the draft. What is still to be written is noted at each place."))
    return redirect(editor_address(draft_id, file_name(f"modules/{slug}.course.yaml")), HTTPStatus.SEE_OTHER)


def _save(session: Session, draft: Draft, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        kept = queries.file_of(session, draft.id, path)
        # A draft that takes a file away may begin it anew; else there is none yet.
        seen = kept.revision if kept and kept.content is None else 0
        by_id = current_visitor().person_id
        service.save_file(session, draft, path, text.encode(), seen=seen, by_id=by_id, at=now())


def _into_course(session: Session, draft: Draft, path: str, slug: str) -> None:
    """Put a module at the end of a course, as the draft has it now."""
    text, kept = draft_tree(draft.id).text(path), queries.file_of(session, draft.id, path)
    known = texts_in(library_of(Tree({path: text.encode()})).courses[file_name(path).slug], "modules")
    after = insert(text, ("modules",), len(known), slug) if known else put(text, ("modules",), [slug])
    seen, by_id = kept.revision if kept else 0, current_visitor().person_id
    service.save_file(session, draft, path, after.encode(), seen=seen, by_id=by_id, at=now())


def _taken(tree: Tree) -> set[str]:
    """The names that courses, modules, quizzes, banks and scenarios have."""
    return {name.slug for name in names_of(tree.files)}


def _must_be_free(files: Iterable[str], tree: Tree, *, library_names: set[str]) -> None:
    for path in files:
        name = file_name(path)
        if path in tree.files or (
            name.path.endswith((".course.yaml", "module.md")) and name.slug in library_names
        ):
            raise Conflict(f"{TAKEN} ({name.slug})")


def _titles(text: str, taken: set[str]) -> list[tuple[str, str]]:
    """The titles of modules, one a line, each with a slug of its own."""
    titles = [_line(line) for line in text.splitlines() if line.strip()]
    if len(titles) > MOST_MODULES:
        raise Invalid(
            _(
                "Begin with at most {number} modules; more can be added later.",
                number=MOST_MODULES,
            ),
            field="modules",
        )
    found: list[tuple[str, str]] = []
    for title in titles:
        slug = slug_of(title)
        if not slug:
            says = _(
                "No short name can be made from “{title}”: use some letters of the Latin alphabet in it.",
                title=title,
            )
            raise Invalid(says, field="modules")
        if slug in taken or slug in {each for _title, each in found}:
            raise Invalid(
                _(
                    "There is a module “{slug}” already. Give “{title}” another title.",
                    slug=slug,
                    title=title,
                ),
                field="modules",
            )
        found.append((title, slug))
    return found


def _slug(form: NewContentForm) -> str:
    wanted = (form.slug.data or "").strip() or slug_of(form.title.data or "")
    if not wanted:
        raise Invalid(NO_NAME)
    try:
        return file_name(f"modules/{wanted}/module.md").slug
    except Invalid as error:
        raise Invalid(
            _("Use lower-case letters, digits and hyphens for the short name, such as first-response.")
        ) from error


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _review_date() -> str:
    return f"{(now() + A_YEAR).date():%Y-%m-%d}"


def _status(error: Conflict | Invalid) -> HTTPStatus:
    return HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY


def _module_form(tree: Tree, **more: object) -> NewModuleForm:
    form = NewModuleForm(**more)
    courses = library_of(tree).courses
    form.course.choices = [
        SelectChoice("", _("None yet")),
        *(SelectChoice(slug, title_of(course, slug)) for slug, course in courses.items()),
    ]
    return form


def _course_page(form: NewCourseForm, draft: Draft | None) -> str:
    _preselect(form, next(iter(COURSES)))
    return render_template("author/new-course.html", draft=draft, form=form)


def _module_page(form: NewModuleForm, draft: Draft) -> str:
    _preselect(form, next(iter(MODULES)))
    return render_template("author/new-module.html", draft=draft, form=form)


def _preselect(form: NewCourseForm | NewModuleForm, template: str) -> None:
    form.language.data = form.language.data if form.language.data in TONGUES else next(iter(TONGUES))
    form.template.data = form.template.data or template
