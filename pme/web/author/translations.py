"""The author's door at translations: how far each file is, and one file text by text beside its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import queries, service
from pme.authoring.earlier import earlier_texts
from pme.authoring.models import Draft
from pme.authoring.naming import FileKind, file_name
from pme.authoring.translating import (
    TRANSLATED,
    Row,
    changes_in,
    language_of,
    other_languages,
    progress_of,
    rows_of,
    source_paths,
    standing,
)
from pme.content.files import Tree
from pme.content.translation import Matched, State, source_of
from pme.content.translation_edit import with_changes, without_lost
from pme.content.translation_files import kind_of, translation_path
from pme.content.written_in import LANGUAGES, OWN_NAMES
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.author.texts import plain_lines, titles_in
from pme.web.author.yaml_files import LATE, draft_tree, seen, sent
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _

_KINDS = {
    FileKind.COURSE: lazy("Course"),
    FileKind.MODULE: lazy("Module"),
    FileKind.PAGE: lazy("Page"),
    FileKind.QUIZ: lazy("Quiz"),
    FileKind.BANK: lazy("Bank"),
    FileKind.SCENARIO: lazy("Scenario"),
}
A_PART = 30
"""Texts on one screen."""
TEXT, OF = "text-", "of-"


@dataclass(frozen=True)
class Part:
    """Some texts of a file that are shown on one screen; `number` counts from 1."""

    rows: tuple[Row, ...]
    number: int
    of: int


@blueprint.get("/drafts/<int:draft_id>/languages")
def languages(draft_id: int) -> ResponseReturnValue:
    """How far the translation of every file is, in one language."""
    draft, tree = load_draft(Can.SEE_DRAFTS, draft_id), draft_tree(draft_id)
    wanted = request.args.get("to", "")
    to = wanted if wanted in LANGUAGES else other_languages(LANGUAGES[0])[0]
    paths = [path for path in source_paths(sorted(tree.files)) if language_of(tree, path) != to]
    known = titles_in(draft)
    return render_template(
        "author/languages.html",
        draft=draft,
        to=to,
        names=OWN_NAMES,
        lines=[(known.get(path) or _called(path), progress_of(tree, path, to)) for path in paths],
    )


@blueprint.get("/drafts/<int:draft_id>/translation/<language>/<path:path>")
def translation(draft_id: int, language: str, path: str) -> ResponseReturnValue:
    """One file in another language, text by text beside its source."""
    draft, tree = load_draft(Can.SEE_DRAFTS, draft_id), draft_tree(draft_id)
    if path not in tree.files and translation_path(path, language) in tree.files:
        # Its source is gone: there is nothing to stand beside it.
        return redirect(url_for("author.file", draft_id=draft_id, path=translation_path(path, language)))
    known_source(tree, language, path)
    return _page(draft, tree, language, path)


@blueprint.post("/drafts/<int:draft_id>/translation/<language>/<path:path>")
def save_translation(draft_id: int, language: str, path: str) -> ResponseReturnValue:
    """Keep the texts that were changed, and what was said to be still right; everything else stays to the letter."""
    draft, (values, unfit) = load_draft(Can.CHANGE_DRAFT, draft_id), sent()
    known_source(draft_tree(draft_id), language, path)
    errors = {name.removeprefix(TEXT): says for name, says in unfit.items()}
    confirmed = values.get("confirm", "")
    if not errors:
        try:
            keep(draft_id, language, path, values)
        except Invalid as refused:
            errors = {refused.field or "": refused.says}
        except Conflict as late:
            draft, tree = load_draft(Can.SEE_DRAFTS, draft_id), draft_tree(draft_id)
            return _page(draft, tree, language, path, typed=values, says=late.says), HTTPStatus.CONFLICT
    if errors:
        draft, tree = load_draft(Can.SEE_DRAFTS, draft_id), draft_tree(draft_id)
        page = _page(draft, tree, language, path, typed=values, errors=errors)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    part = number_in(values.get("part")) or 1
    address = url_for(
        "author.translation",
        draft_id=draft_id,
        language=language,
        path=path,
        part=part if part > 1 else None,
        _anchor=f"at-{confirmed}" if confirmed else None,
    )
    return redirect(address, HTTPStatus.SEE_OTHER)


def keep(draft_id: int, language: str, path: str, values: Mapping[str, str]) -> None:
    """Put what was sent into the translation file of the draft.

    Raises Conflict where somebody saved since it was opened or the file cannot be edited by place, Invalid
    where a text would break the file.
    """
    target, kind = translation_path(path, language), kind_of(path)
    texts = {n.removeprefix(TEXT): plain_lines(v) for n, v in values.items() if n.startswith(TEXT)}
    digests = {n.removeprefix(OF): v for n, v in values.items() if n.startswith(OF)}
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        tree, kept = draft_tree(draft_id), queries.file_of(session, draft_id, target)
        known_source(tree, language, path)
        revision = kept.revision if kept else 0
        if revision != seen():
            raise Conflict(LATE)
        text, source = tree.text(target) if target in tree.files else "", source_of(kind, tree.text(path))
        matched = standing(tree, path, language)
        changes = changes_in(matched, texts, digests, values.get("confirm", ""))
        edited = with_changes(kind, text, source, changes) if changes else text
        if values.get("act") == "take-out":
            edited = without_lost(kind, edited, source)
        if edited != text:
            by_id = current_visitor().person_id
            service.save_file(session, draft, target, edited.encode(), seen=revision, by_id=by_id, at=now())


def known_source(tree: Tree, language: str, path: str) -> None:
    """Raises NotFound unless this is a file that can be translated into this language."""
    try:
        name = file_name(path)
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    is_source = name.kind in TRANSLATED and not name.language and path in tree.files
    if not is_source or language not in LANGUAGES or language_of(tree, path) == language:
        raise NotFound(UNKNOWN)


def _called(path: str) -> str:
    """A file that has no title of its own, or is not published yet."""
    name = file_name(path)
    return _("{kind}: {name}", kind=_KINDS.get(name.kind, name.kind.value), name=name.part or name.slug)


def _page(
    draft: Draft,
    tree: Tree,
    language: str,
    path: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    says: str = "",
) -> str:
    matched = standing(tree, path, language)
    kept = queries.file_of(db_session(), draft.id, translation_path(path, language))
    asked = number_in((typed or request.args).get("part")) or 1
    return render_template(
        "author/translation.html",
        draft=draft,
        path=path,
        title=titles_in(draft).get(path) or _called(path),
        target=translation_path(path, language),
        language=language,
        source_language=language_of(tree, path),
        names=OWN_NAMES,
        progress=progress_of(tree, path, language),
        part=_part(matched, path, asked),
        lost=matched.lost,
        typed={n.removeprefix(TEXT): v for n, v in (typed or {}).items() if n.startswith(TEXT)},
        seen=request.form.get("seen", "0") if typed else str(kept.revision if kept else 0),
        errors=errors or {},
        says=says,
        saved_at=kept.saved_at if kept else None,
        can_change=draft.status in service.CAN_CHANGE and current_visitor().is_instructor,
        form=ActForm(),
    )


def _part(matched: Matched, path: str, asked: int) -> Part:
    of = max(1, -(-len(matched.stands) // A_PART))
    number = min(asked, of)
    stands = matched.stands[(number - 1) * A_PART : number * A_PART]
    stale = {s.written.source for s in stands if s.written is not None and s.state is State.STALE}
    shown = Matched(stands)
    return Part(rows_of(shown, earlier_texts(db_session(), path, stale)), number, of)
