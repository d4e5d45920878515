"""A YAML file as forms of the author's door edit it: read from the draft with what it names, and saved in place.

A form says which part of the file it shows and what that part was (`was`): where somebody else saved meanwhile
and the part is as it was, the edit is made on the newer text, because edits go by the place of what they change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, TypeVar

from flask import abort, flash, redirect, request, url_for

from pme.authoring import queries, removals, service
from pme.authoring.item_forms import Entry
from pme.authoring.item_problems import modules_of
from pme.authoring.loose_library import titles_of
from pme.authoring.models import Draft
from pme.authoring.models_removal import DraftRemoval
from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.edit import published_tree
from pme.content.files import Tree
from pme.content.yaml_edit import read
from pme.content.yaml_write import Plain, block
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can, may
from pme.signs import CANNOT_BE_KEPT, fit
from pme.web.addresses import number_in
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy

LATE_ACT = lazy(
    "Somebody else has changed this file meanwhile. Here it is as it is now: do it again if it still applies."
)
LATE = lazy(
    "Somebody else has saved this file since you opened it. What you typed is still here: compare it."
)


@dataclass(frozen=True)
class YamlFile:
    """A file as the draft has it; `revision` is 0 where the draft does not have it yet."""

    draft: Draft
    name: FileName
    revision: int
    tree: Tree

    @property
    def path(self) -> str:
        """Where the file is kept."""
        return self.name.path

    @cached_property
    def text(self) -> str:
        """What the file holds."""
        return self.tree.text(self.path)

    @cached_property
    def content(self) -> Entry:
        """Its fields."""
        found = read(self.text)
        return found if isinstance(found, dict) else {}

    def with_text(self, text: str) -> Self:
        """The same file with another text, which is not saved."""
        return replace(self, tree=Tree({**self.tree.files, self.path: text.encode()}))

    @property
    def can_change(self) -> bool:
        """Whether the draft is open, and the visitor one of those who write in it."""
        return self.draft.status in service.CAN_CHANGE and may(
            current_visitor(), Can.CHANGE_DRAFT, self.draft
        )


F = TypeVar("F", bound=YamlFile)


@dataclass
class Removal:
    """An act that deletes a part; `noted` is what it can be undone by, once it is done."""

    part: removals.Part
    noted: DraftRemoval | None = None


def load_yaml(can: Can, draft_id: int, path: str, made: type[F], kinds: Collection[FileKind]) -> F:
    """A file of a draft, else as it is published; 404 where there is none.

    One that is no readable YAML goes to the editor of texts.
    """
    draft = load_draft(can, draft_id)
    file = _read(draft, _name(path, kinds), made)
    try:
        _ = file.content
    except Conflict as error:
        flash(error.says, "problem")
        abort(redirect(url_for("author.file", draft_id=draft_id, path=path), 303))
    return file


def save_yaml(
    draft_id: int,
    path: str,
    edit: Callable[[F], str],
    made: type[F],
    kinds: Collection[FileKind],
    is_still: Callable[[F], bool] | None = None,
    *,
    removal: Removal | None = None,
) -> F:
    """Save what an edit makes of the file, which is handed to it. Gives the file as it was.

    `removal` is noted, where the edit deletes a part. `is_still` tells whether what the form shows of a file is as
    it was. Raises Conflict where somebody else saved
    another since it was opened, or the file is laid out so that no form can edit it.
    """
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        file = _read(draft, _name(path, kinds), made)
        if file.revision != seen() and not (is_still and is_still(file)):
            raise Conflict(LATE)
        text = edit(file)
        if text != file.text:
            by_id, at = current_visitor().person_id, now()
            before = removals.standing(session, draft, [path] if removal else [])
            service.save_file(session, draft, path, text.encode(), seen=file.revision, by_id=by_id, at=at)
            if removal:
                removal.noted = removals.note(session, draft, removal.part, before, by_id=by_id, at=at)
    return file


def of_an_act(error: Conflict | Invalid) -> str:
    """Why an act could not be done, for which nothing was typed."""
    return str(LATE_ACT) if error.says == str(LATE) else error.says


def seen() -> int:
    """The revision that the writer had before them."""
    return number_in(request.form.get("seen")) or 0


def mark_of(part: Plain | None) -> str:
    """What tells a part of a file from what it becomes, for a form to carry."""
    return hashlib.sha256(json.dumps(part).encode()).hexdigest()[:32]


def was_before(part: Plain | None) -> bool:
    """Whether a part is still what the form that was sent began with."""
    return part is not None and request.form.get("was") == mark_of(part)


def sent() -> tuple[dict[str, str], dict[str, str]]:
    """What was typed, and for each field with signs that cannot be kept (they are taken out) that this is so."""
    values = request.form.to_dict()
    fitting = {name: fit(value) for name, value in values.items()}
    return fitting, {name: CANNOT_BE_KEPT for name, value in values.items() if fitting[name] != value}


def as_text(entry: Plain) -> str:
    """An entry in the words of its file."""
    return block(entry, 0).strip("\n")


def draft_tree(draft_id: int) -> Tree:
    """The published files with those of a draft in their place."""
    session = db_session()
    files = dict(published_tree(session).files)
    for path, content in queries.edits_of(session, draft_id).items():
        files.pop(path, None)
        if content is not None:
            files[path] = content
    return Tree(files)


def _read(draft: Draft, name: FileName, made: type[F]) -> F:
    tree, kept = draft_tree(draft.id), queries.file_of(db_session(), draft.id, name.path)
    if name.path not in tree.files:
        raise NotFound(UNKNOWN)
    return made(draft, name, kept.revision if kept else 0, tree)


def _name(path: str, kinds: Collection[FileKind]) -> FileName:
    try:
        name = file_name(path)
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    if name.kind not in kinds or name.language:
        raise NotFound(UNKNOWN)
    return name


def module_choices(tree: Tree) -> tuple[tuple[str, str], ...]:
    """The modules of a tree as a form offers them: their names, and their titles."""
    paths = {slug: f"modules/{slug}/module.md" for slug in modules_of(tree)}
    titles = titles_of({path: tree.files[path] for path in paths.values()})
    found = ((slug, titles.get(path, slug)) for slug, path in paths.items())
    return tuple(sorted(found, key=lambda each: each[1].casefold()))
