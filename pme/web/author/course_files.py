"""A course file or a module's front matter as the author's door edits it: read from the draft, saved in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from pme.authoring.course_fields import Group, closed, course_groups, fields_of_groups, module_groups, opened
from pme.authoring.course_problems import for_form, problems_of
from pme.authoring.front_matter import fields_text, with_fields
from pme.authoring.item_fields import Fields
from pme.authoring.item_forms import Entry, Typed, entry_of, typed_of
from pme.authoring.loose_library import LooseLibrary, fields_in, library_of
from pme.authoring.naming import FileKind
from pme.authoring.rewriting import rewritten
from pme.content.problems import Problem
from pme.content.unwritten import is_unwritten
from pme.content.yaml_edit import read
from pme.content.yaml_write import Plain
from pme.errors import Conflict, Invalid
from pme.permissions import Can
from pme.web.author.editors import editor_address
from pme.web.author.removing import tell_act
from pme.web.author.yaml_files import Removal, YamlFile, load_yaml, of_an_act, save_yaml, was_before
from pme.words.speech import _

KINDS = (FileKind.COURSE, FileKind.MODULE)
LISTED = ("modules", "outcomes", "teaches")
Edit = Callable[[str], str]


@dataclass(frozen=True)
class TypedOutcome:
    """An outcome that could not be saved: its id ("" for a new one), what was typed, and why."""

    id: str
    text: str
    verb: str
    serves: tuple[str, ...]
    error: str


PAGES: dict[FileKind, Callable[[CourseFile, TypedOutcome], str]] = {}
"""The page that shows a file with an outcome that could not be saved, by the kind of file."""


@dataclass(frozen=True)
class CourseFile(YamlFile):
    """A course or module as the draft has it."""

    @cached_property
    def content(self) -> Entry:
        """Its fields. Raises Conflict where they cannot be read."""
        found = read(fields_text(self.name, self.text))
        return found if isinstance(found, dict) else {}

    @cached_property
    def library(self) -> LooseLibrary:
        """Everything else of the draft."""
        return library_of(self.tree)

    @property
    def is_course(self) -> bool:
        """Whether it is a course."""
        return self.name.kind is FileKind.COURSE

    @cached_property
    def problems(self) -> Mapping[str, list[Problem]]:
        """What is wrong with it, by the place of its page that shows it."""
        groups = self.groups()
        shown = {field.name for field in fields_of_groups(groups)} | {group.place for group in groups}
        shown |= {"modules", "outcomes", "teaches"}
        shown |= {f"outcomes.{name}" for name in fields_in(self.content, "outcomes")}
        return for_form(problems_of(self.name, self.text, self.library), shown)

    @property
    def own(self) -> Entry:
        """What its form shows of it: everything but what has lists of its own."""
        return {name: value for name, value in self.content.items() if name not in LISTED}

    @property
    def counted(self) -> str:
        """What completes it: the field that its completion names."""
        return "modules" if self.is_course else "pages"

    def groups(self) -> tuple[Group, ...]:
        """The groups of its form."""
        if self.is_course:
            return course_groups(self.library, self.content)
        return module_groups(self.library, self.name.slug)

    def differing(self, typed: Typed, fields: Fields) -> list[tuple[str, str]]:
        """The fields that hold something else by now than what was typed: name and what is there."""
        now = self.typed(fields)
        return [
            (field.label, str(now[field.name]) or _("nothing"))
            for field in fields
            if now[field.name] != typed.get(field.name, "")
        ]

    def typed(self, fields: Fields) -> Typed:
        """Its fields as the form shows them; what is still to be written is an empty field."""
        found = typed_of(opened(self.content, counted=self.counted), fields)
        return {name: "" if is_guide(value) else value for name, value in found.items()}

    def saved_with(self, typed: Typed, fields: Fields) -> str:
        """The text of the file with what was typed; a field left empty keeps its guide."""
        before = opened(self.content, counted=self.counted)
        known = typed_of(before, fields)
        kept: Typed = {
            name: known[name] if not value and is_guide(known[name]) else value
            for name, value in typed.items()
        }
        after = closed(entry_of(kept, fields, before), self.content, counted=self.counted)
        return with_fields(self.name, self.text, lambda text: rewritten(text, (), self.content, after))


def save_form(
    file: CourseFile, typed: Typed, fields: Fields
) -> tuple[CourseFile, dict[str, str], list[tuple[str, str]], HTTPStatus]:
    """Keep a form. Gives the file as it is now, what was wrong, and where somebody else wrote something else."""
    try:
        save_course_file(
            file.draft.id, file.path, lambda now: now.saved_with(typed, fields), lambda now: now.own
        )
    except (Conflict, Invalid) as error:
        now = load_course_file(Can.CHANGE_DRAFT, file.draft.id, file.path)
        is_late = isinstance(error, Conflict)
        status = HTTPStatus.CONFLICT if is_late else HTTPStatus.UNPROCESSABLE_ENTITY
        return now, {"": error.says}, now.differing(typed, fields) if is_late else [], status
    return file, {}, [], HTTPStatus.SEE_OTHER


def is_guide(value: object) -> bool:
    """Whether a field holds nothing but what its author is asked to write."""
    return isinstance(value, str) and value.startswith("{write:") and is_unwritten(value)


def load_course_file(can: Can, draft_id: int, path: str) -> CourseFile:
    """A course or module of a draft, else as it is published; 404 where there is none.

    One whose fields are no readable YAML goes to the editor of texts.
    """
    return load_yaml(can, draft_id, path, CourseFile, KINDS)


def save_course_file(
    draft_id: int,
    path: str,
    edit: Callable[[CourseFile], str],
    part: Callable[[CourseFile], Plain | None] | None = None,
    *,
    removal: Removal | None = None,
) -> CourseFile:
    """Save what an edit makes of the file, which is handed to it. Gives the file as it was.

    `part` is what the form shows of it. Raises Conflict where somebody saved another since it was opened, or the
    file is laid out so that no form can edit it.
    """

    def is_still(file: CourseFile) -> bool:
        return part is not None and was_before(part(file))

    return save_yaml(draft_id, path, edit, CourseFile, KINDS, is_still, removal=removal)


def changed(
    draft_id: int,
    path: str,
    edit: Callable[[CourseFile], str],
    says: str,
    anchor: str = "",
    *,
    removal: Removal | None = None,
) -> ResponseReturnValue:
    """Do one act on a file that needs no form, tell what came of it, and go back to the file's page.

    Where a part was deleted, that is to the top of it, where the way to put it back stands.
    """
    file = load_course_file(Can.CHANGE_DRAFT, draft_id, path)
    try:
        save_course_file(draft_id, path, edit, removal=removal)
    except (Conflict, Invalid) as error:
        flash(of_an_act(error), "problem")
        anchor = ""
    else:
        tell_act(says, draft_id, removal)
    address = editor_address(draft_id, file.name)
    return redirect(f"{address}#{anchor}" if anchor else address, HTTPStatus.SEE_OTHER)


def must_be_place(number: int, of: int) -> None:
    """Raises Invalid unless something of a list can be moved to this number, from 1."""
    if not 1 <= number <= of:
        raise Invalid(_("Choose a place from 1 to {of}.", of=of))


def edited_fields(file: CourseFile, edit: Edit) -> str:
    """The text of a file with an edit of its fields."""
    return with_fields(file.name, file.text, edit)
