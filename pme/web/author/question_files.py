"""A quiz or bank as the author's door edits it: read from the draft with what it names, and saved in place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flask import abort, flash, redirect, request, url_for

from pme.authoring import queries, service
from pme.authoring.item_forms import Entry
from pme.authoring.item_problems import Inspection, inspect
from pme.authoring.models import Draft
from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.edit import published_tree
from pme.content.files import Tree
from pme.content.yaml_edit import read
from pme.content.yaml_write import Plain, block
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.signs import CANNOT_BE_KEPT, fit
from pme.web.addresses import number_in
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now

KINDS = (FileKind.QUIZ, FileKind.BANK)
LATE = "Somebody else has saved this file since you opened it. What you typed is still here: compare it."


@dataclass(frozen=True)
class QuestionFile:
    """A quiz or bank as the draft has it; `revision` is 0 where the draft does not have it yet."""

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

    @cached_property
    def items(self) -> list[Entry]:
        """Its questions; what is none is an empty one, so that the others keep their numbers."""
        items = self.content.get("items")
        found = items if isinstance(items, list) else []
        return [each if isinstance(each, dict) else {} for each in found]

    @cached_property
    def inspection(self) -> Inspection:
        """What is wrong with it."""
        return inspect(self.name, self.tree)

    @property
    def can_change(self) -> bool:
        """Whether the draft is open."""
        return self.draft.status in service.CAN_CHANGE

    def item(self, number: int) -> Entry:
        """A question by its number from 1. Raises NotFound."""
        if not 1 <= number <= len(self.items):
            raise NotFound(UNKNOWN)
        return self.items[number - 1]

    def ids(self) -> list[str]:
        """The ids that are taken."""
        return [str(item["id"]) for item in self.items if "id" in item]


def load_file(can: Can, draft_id: int, path: str) -> QuestionFile:
    """A quiz or bank of a draft, else as it is published; 404 where there is none.

    One that is no readable YAML goes to the editor of texts.
    """
    draft, name = load_draft(can, draft_id), _name(path)
    file = _read(draft, name)
    try:
        _ = file.content
    except Conflict as error:
        flash(error.says, "problem")
        abort(redirect(url_for("author.file", draft_id=draft_id, path=path), 303))
    return file


def save(draft_id: int, path: str, edit: Callable[[QuestionFile], str]) -> QuestionFile:
    """Save what an edit makes of the file, which is handed to it. Gives the file as it was.

    Raises Conflict where somebody saved since it was opened, or the file is laid out so that no form can edit it.
    """
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        file = _read(draft, _name(path))
        if file.revision != (number_in(request.form.get("seen")) or 0):
            raise Conflict(LATE)
        text = edit(file)
        if text != file.text:
            service.save_file(
                session,
                draft,
                path,
                text.encode(),
                seen=file.revision,
                by_id=current_visitor().person_id,
                at=now(),
            )
    return file


def sent() -> tuple[dict[str, str], dict[str, str]]:
    """What was typed, and for each field with signs that cannot be kept (they are taken out) that this is so."""
    values = request.form.to_dict()
    fitting = {name: fit(value) for name, value in values.items()}
    return fitting, {name: CANNOT_BE_KEPT for name, value in values.items() if fitting[name] != value}


def as_text(entry: Plain) -> str:
    """A question in the words of its file."""
    return block(entry, 0).strip("\n")


def skeleton(name: FileName, *, title: str, module: str) -> str:
    """The text of a new quiz or bank."""
    first = {"schema": f"pme-{name.kind.value}/1", "title": title}
    last: Entry = {"language": "en", "module": module}
    if name.kind is FileKind.QUIZ:
        of_quiz: Entry = {
            "minutes": "10",
            "pass": {"min_percent": "80"},
            "attempts": "unlimited",
            "shuffle": {"items": "yes", "options": "yes"},
            "key": {"by": "author"},
        }
        return as_text({**first, "summary": title, **last, **of_quiz, "items": []}) + "\n"
    return as_text({**first, **last, "items": []}) + "\n"


def draft_tree(draft_id: int) -> Tree:
    """The published files with those of a draft in their place."""
    session = db_session()
    files = dict(published_tree(session).files)
    for path, content in queries.edits_of(session, draft_id).items():
        files.pop(path, None)
        if content is not None:
            files[path] = content
    return Tree(files)


def _read(draft: Draft, name: FileName) -> QuestionFile:
    tree, kept = draft_tree(draft.id), queries.file_of(db_session(), draft.id, name.path)
    if name.path not in tree.files:
        raise NotFound(UNKNOWN)
    return QuestionFile(draft, name, kept.revision if kept else 0, tree)


def _name(path: str) -> FileName:
    try:
        name = file_name(path)
    except Invalid as error:
        raise NotFound(UNKNOWN) from error
    if name.kind not in KINDS or name.language:
        raise NotFound(UNKNOWN)
    return name
