"""The author's door at a page of a module, or its introduction: written in Markdown, seen as students will see it."""

from http import HTTPStatus

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import inserts, queries, service
from pme.authoring.front_matter import with_front
from pme.authoring.models import Draft
from pme.authoring.naming import FileKind, FileName
from pme.content.files import LIMITS
from pme.content.preview import Preview, preview
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.practice.checks import checks_shown
from pme.signs import fit
from pme.web.author.conflicts import two_versions
from pme.web.author.drafts import blueprint
from pme.web.author.editors import EDITORS
from pme.web.author.files import keep, known_text
from pme.web.author.forms import PageForm
from pme.web.author.home import Home
from pme.web.author.surrounding import surroundings_of
from pme.web.author.texts import base_to_send, content_of, plain_lines, titles_in
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.rendering import rendering
from pme.web.session import db_session
from pme.words.speech import _

EDITORS[FileKind.PAGE] = "author.page"
LONGEST_LOOK = 2.0
"""Seconds that a preview may take; others wait meanwhile. A check allows more."""
NOBODY = 0
"""Whose order of options a preview shows."""


@blueprint.get("/drafts/<int:draft_id>/page/<path:path>")
def page(draft_id: int, path: str) -> ResponseReturnValue:
    """A page in the editor; with `shown`, as students will see it below; with `q`, what was looked up."""
    draft, name = load_draft(Can.SEE_DRAFTS, draft_id), known_page(path)
    content, revision = content_of(draft, path)
    form = PageForm(
        formdata=None,
        content=content,
        seen=str(revision),
        base=base_to_send(content),
        q=fit(request.args.get("q", "")),
    )
    return _page(draft, name, form, is_shown="shown" in request.args)


@blueprint.post("/drafts/<int:draft_id>/page/<path:path>")
def save_page(draft_id: int, path: str) -> ResponseReturnValue:
    """Keep the page, then show it or what was looked up, as was asked for."""
    form, act = PageForm(), request.form.get("act", "")
    draft, name = load_draft(Can.CHANGE_DRAFT, draft_id), known_page(path)
    if not form.validate_on_submit():
        return _page(draft, name, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        keep(draft_id, path, form)
    except (Conflict, Invalid) as error:
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        if isinstance(error, Conflict) and (compared := two_versions(draft_id, path, form)):
            return compared, status
        form.content.errors = [*form.content.errors, error.says]
        return _page(load_draft(Can.CHANGE_DRAFT, draft_id), name, form), status
    address = url_for(
        "author.page",
        draft_id=draft_id,
        path=path,
        q=form.q.data or None,
        shown="1" if act == "preview" else None,
        _anchor={"preview": "seen_title", "look-up": "insert_title"}.get(act),
    )
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/preview/<path:path>")
def preview_page(draft_id: int, path: str) -> ResponseReturnValue:
    """The text as students would see it and everything to be said of it, while it is typed; keeps nothing."""
    form, draft, name = PageForm(), load_draft(Can.SEE_DRAFTS, draft_id), known_page(path)
    text = plain_lines(form.content.data)
    if not form.validate_on_submit() or len(text.encode()) > LIMITS[".md"]:
        says = " ".join(str(error) for errors in form.errors.values() for error in errors)
        says = says or _(
            "The page is larger than {number} kB. Shorten it or make it two.", number=LIMITS[".md"] // 1000
        )
        return jsonify(error=says), HTTPStatus.UNPROCESSABLE_ENTITY
    if name.kind is FileKind.MODULE:
        text = with_front(text, content_of(draft, path)[0])
    seen = _preview(draft, name, text)
    return jsonify(
        html=render_template("author/page-seen.html", **_seen(draft, name, seen, text)),
        problems=[
            {"line": p.line, "says": p.says, "severity": p.severity.value}
            for p in seen.problems
            if not p.answer
        ],
        words=seen.page.words,
    )


@blueprint.get("/drafts/<int:draft_id>/inserts/<path:path>")
def page_inserts(draft_id: int, path: str) -> ResponseReturnValue:
    """What can be put into a page, searched; with `part`, only the list."""
    draft, name = load_draft(Can.SEE_DRAFTS, draft_id), known_page(path)
    wanted = fit(request.args.get("q", ""))
    kinds = inserts.found(surroundings_of(draft, name), wanted)
    template, level = ("inserts-found.html", 3) if "part" in request.args else ("inserts.html", 2)
    return render_template(
        f"author/{template}", draft=draft, path=path, wanted=wanted, kinds=kinds, level=level
    )


def known_page(path: str) -> FileName:
    """The path of a page or introduction in its first language. Raises NotFound for anything else."""
    name = known_text(path)
    if name.kind not in (FileKind.PAGE, FileKind.MODULE) or name.language:
        raise NotFound(UNKNOWN)
    return name


def _preview(draft: Draft, name: FileName, text: str) -> Preview:
    around = surroundings_of(draft, name)
    with rendering().turn() as renderer:
        usual, renderer.page_seconds = renderer.page_seconds, min(renderer.page_seconds, LONGEST_LOOK)
        try:
            return preview(name.path, text, around, renderer)
        finally:
            renderer.page_seconds = usual


def _seen(draft: Draft, name: FileName, seen: Preview, text: str) -> dict[str, object]:
    lines = text.split("\n")
    at_home = Home(draft, surroundings_of(draft, name))
    return {
        "seen": seen.page,
        "stretches": [at_home.shown(stretch) for stretch in seen.page.stretches],
        "checks": checks_shown(seen.page.checks, {}, enrolment_id=NOBODY),
        "problems": [
            (each, lines[each.line - 1] if each.line <= len(lines) else "") for each in seen.problems
        ],
    }


def _page(draft: Draft, name: FileName, form: PageForm, *, is_shown: bool = False) -> str:
    kept, text = queries.file_of(db_session(), draft.id, name.path), plain_lines(form.content.data)
    seen = _seen(draft, name, _preview(draft, name, text), text) if is_shown else {"seen": None}
    titles = titles_in(draft)
    module = titles.get(f"modules/{name.slug}/module.md", name.slug)
    return render_template(
        "author/page.html",
        draft=draft,
        title=titles.get(name.path, name.part),
        module_title=module,
        path=name.path,
        form=form,
        saved_at=kept.saved_at if kept else None,
        kinds=inserts.found(surroundings_of(draft, name), form.q.data or ""),
        level=3,
        can_change=draft.status in service.CAN_CHANGE,
        is_page=name.kind is FileKind.PAGE,
        **seen,
    )
