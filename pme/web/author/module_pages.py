"""The author's door at the pages of a module: their order, their addresses, and a page deleted."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.authoring import queries, removals, service
from pme.authoring.course_uses import uses_of_page
from pme.authoring.front_matter import with_fields
from pme.authoring.loose_library import LoosePage, library_of
from pme.authoring.models import Draft
from pme.authoring.models_removal import Removed
from pme.authoring.naming import file_name
from pme.authoring.page_order import Change, front_with, renamed, swapped, without_page
from pme.authoring.removals import Part
from pme.content.files import Tree
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.signs import fit
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.editors import editor_address
from pme.web.author.removing import tell_act, with_uses
from pme.web.author.yaml_files import Removal, draft_tree
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _

LATE = lazy(
    "Somebody else has changed this module since you opened it. Look at its pages as they are now, then try again."
)


@blueprint.post("/drafts/<int:draft_id>/modules/<slug>/pages/<page>/move")
def move_page(draft_id: int, slug: str, page: str) -> ResponseReturnValue:
    """Give a page another place in its module: files get other numbers, links stay right."""
    to = number_in(request.form.get("to")) or 0
    _load(draft_id, slug)
    try:
        change = _save(draft_id, slug, lambda tree: swapped(tree, slug, page, to - 1))
    except (Conflict, Invalid) as error:
        flash(error.says, "problem")
        return _back(draft_id, slug)
    else:
        flash(
            _("In the draft: {changes}.", changes="; ".join(change.renamed))
            if change.renamed
            else _("Nothing is moved.")
        )
    return _back(draft_id, slug, page)


@blueprint.get("/drafts/<int:draft_id>/modules/<slug>/pages/<page>/rename")
def rename_page(draft_id: int, slug: str, page: str) -> ResponseReturnValue:
    """A form for another address of a page, with what leads to it."""
    return _rename_form(draft_id, slug, page, page)


@blueprint.post("/drafts/<int:draft_id>/modules/<slug>/pages/<page>/rename")
def save_page_name(draft_id: int, slug: str, page: str) -> ResponseReturnValue:
    """Give a page another address, and every link to it."""
    wanted = fit(request.form.get("slug", "")).strip()
    _found(_load(draft_id, slug)[1], slug, page)
    try:
        change = _save(
            draft_id,
            slug,
            lambda tree: _with_front(tree, slug, page, wanted, renamed(tree, slug, page, wanted)),
        )
    except Invalid as error:
        return _rename_form(draft_id, slug, page, wanted, error.says), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(
            _("In the draft: {changes}.", changes="; ".join(change.renamed))
            if change.renamed
            else _("The address stays.")
        )
    return _back(draft_id, slug)


@blueprint.post("/drafts/<int:draft_id>/modules/<slug>/pages/<page>/delete")
def remove_page(draft_id: int, slug: str, page: str) -> ResponseReturnValue:
    """Take a page out of its module, with what its module says of it, to be put back if that was wrong."""
    _unused, tree = _load(draft_id, slug)
    title, library = _found(tree, slug, page).title, library_of(tree)
    removal = Removal(Part(Removed.PAGE, title, f"modules/{slug}/module.md"))
    try:
        _save(
            draft_id,
            slug,
            lambda now: _with_front(now, slug, page, None, without_page(now, slug, page)),
            removal,
        )
    except (Conflict, Invalid) as error:
        flash(error.says, "problem")
        return _back(draft_id, slug)
    says = _("The page “{title}” is deleted from the draft.", title=title)
    tell_act(with_uses(says, uses_of_page(tree, library, slug, page)), draft_id, removal)
    return redirect(_module(draft_id, slug), HTTPStatus.SEE_OTHER)


def seen_of(draft: Draft, tree: Tree, slug: str) -> str:
    """What tells the files of a module from themselves after another save."""
    hashed = hashlib.sha256(str(draft.id).encode())
    for path in sorted(path for path in tree.files if path.startswith(f"modules/{slug}/")):
        hashed.update(path.encode() + b"\0" + hashlib.sha256(tree.files[path]).digest())
    return hashed.hexdigest()[:32]


def _with_front(tree: Tree, slug: str, page: str, wanted: str | None, change: Change) -> Change:
    """A change with what the module says of the page put right."""
    if not change.files:
        return change
    name = file_name(f"modules/{slug}/module.md")
    kept = change.files.get(name.path)
    text = kept.decode() if kept is not None else tree.text(name.path)
    after = with_fields(name, text, lambda front: front_with(front, page, wanted))
    return Change(
        {**change.files, name.path: after.encode()} if after != text else change.files, change.renamed
    )


def _save(draft_id: int, slug: str, make: Callable[[Tree], Change], removal: Removal | None = None) -> Change:
    """Save a change of several files as one, and note it in `removal` where it deletes a page.

    Raises Conflict where the module is another by now.
    """
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        service.must_be_open(draft)
        tree = draft_tree(draft_id)
        if request.form.get("seen", "") != seen_of(draft, tree, slug):
            raise Conflict(LATE)
        change = make(tree)
        before = removals.standing(session, draft, change.files if removal else ())
        for path, content in change.files.items():
            _keep(session, draft, path, content)
        if removal:
            by_id = current_visitor().person_id
            removal.noted = removals.note(session, draft, removal.part, before, by_id=by_id, at=now())
    return change


def _keep(session: Session, draft: Draft, path: str, content: bytes | None) -> None:
    file, at = queries.file_of(session, draft.id, path), now()
    published, was = queries.published_file(session, path)
    if content == was and (file is None or file.base_sha256 == published):
        # As it is published, or never was: nothing of it has to be in the draft.
        service.take_out(session, draft, path, at=at)
        return
    seen = file.revision if file else 0
    service.save_file(session, draft, path, content, seen=seen, by_id=current_visitor().person_id, at=at)


def _load(draft_id: int, slug: str) -> tuple[Draft, Tree]:
    draft, tree = load_draft(Can.CHANGE_DRAFT, draft_id), draft_tree(draft_id)
    if f"modules/{slug}/module.md" not in tree.files:
        raise NotFound(UNKNOWN)
    return draft, tree


def _found(tree: Tree, slug: str, page: str) -> LoosePage:
    for each in library_of(tree).pages.get(slug, ()):
        if each.slug == page:
            return each
    raise NotFound(UNKNOWN)


def _rename_form(draft_id: int, slug: str, page: str, wanted: str, error: str = "") -> str:
    draft, tree = _load(draft_id, slug)
    library = library_of(tree)
    return render_template(
        "author/rename-page.html",
        draft=draft,
        page=_found(tree, slug, page),
        wanted=wanted,
        error=error,
        module=library.module_title(slug),
        uses=uses_of_page(tree, library, slug, page),
        action=url_for("author.save_page_name", draft_id=draft_id, slug=slug, page=page),
        back=_module(draft_id, slug),
        seen=seen_of(draft, tree, slug),
        can_change=draft.status in service.CAN_CHANGE,
    )


def _module(draft_id: int, slug: str) -> str:
    return editor_address(draft_id, file_name(f"modules/{slug}/module.md"))


def _back(draft_id: int, slug: str, page: str = "") -> ResponseReturnValue:
    """To the page of the module, at the row of a page where the act was about one."""
    anchor = f"#page-{page}" if page else ""
    return redirect(f"{_module(draft_id, slug)}{anchor}", HTTPStatus.SEE_OTHER)
