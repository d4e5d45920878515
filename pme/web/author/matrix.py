"""The author's door at the matrix of a course: which outcome is taught and assessed where, in a draft or published."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import outcome_sheet
from pme.authoring.loose_library import library_of, title_of
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.authoring.outcome_matrix import Matrix, matrix_of
from pme.content.edit import published_tree
from pme.content.files import Tree
from pme.errors import NotFound
from pme.permissions import Can
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.yaml_files import draft_tree
from pme.web.loaders import UNKNOWN, content_academy, load_draft
from pme.web.session import db_session
from pme.web.stream import csv_response, safe_cell


@blueprint.get("/drafts/<int:draft_id>/outcomes-of/<slug>")
def matrix(draft_id: int, slug: str) -> ResponseReturnValue:
    """The matrix of a course as this draft has it."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    return _page(_matrix(draft_tree(draft_id), slug), draft)


@blueprint.get("/drafts/<int:draft_id>/outcomes-of/<slug>.csv")
def matrix_file(draft_id: int, slug: str) -> ResponseReturnValue:
    """The same matrix as a sheet."""
    load_draft(Can.SEE_DRAFTS, draft_id)
    return _sheet(_matrix(draft_tree(draft_id), slug))


@blueprint.get("/outcomes")
def published_outcomes() -> ResponseReturnValue:
    """The published courses, each with its matrix."""
    content_academy(Can.SEE_DRAFTS)
    courses = library_of(published_tree(db_session())).courses
    titles = [(slug, title_of(course, slug)) for slug, course in courses.items()]
    return render_template("author/outcomes.html", courses=titles)


@blueprint.get("/outcomes/<slug>")
def published_matrix(slug: str) -> ResponseReturnValue:
    """The matrix of a course as it is published."""
    content_academy(Can.SEE_DRAFTS)
    return _page(_matrix(published_tree(db_session()), slug), None)


@blueprint.get("/outcomes/<slug>.csv")
def published_matrix_file(slug: str) -> ResponseReturnValue:
    """The same matrix as a sheet."""
    content_academy(Can.SEE_DRAFTS)
    return _sheet(_matrix(published_tree(db_session()), slug))


def _matrix(tree: Tree, slug: str) -> Matrix:
    library = library_of(tree)
    if slug not in library.courses:
        raise NotFound(UNKNOWN)
    return matrix_of(library, slug)


def _page(found: Matrix, draft: Draft | None) -> str:
    path = f"modules/{found.slug}.course.yaml"
    file = (
        url_for("author.matrix_file", draft_id=draft.id, slug=found.slug)
        if draft
        else url_for("author.published_matrix_file", slug=found.slug)
    )
    return render_template(
        "author/matrix.html",
        matrix=found,
        draft=draft,
        file=file,
        course_address=editor_address(draft.id, file_name(path)) if draft else "",
        address=(lambda path: editor_address(draft.id, file_name(path))) if draft else lambda _: "",
        totals=outcome_sheet.totals,
        names=outcome_sheet.TOTALS,
    )


def _sheet(found: Matrix) -> ResponseReturnValue:
    rows = list(outcome_sheet.lines(found))
    headings = [safe_cell(text) for text in outcome_sheet.headings(found)]
    return csv_response(f"outcomes-{found.slug}.csv", headings, lambda _: rows)
