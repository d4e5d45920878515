"""Courses, modules, quizzes, banks and scenarios of a draft as their files hold them, finished or not. Pure.

Nothing is checked or rendered here: what cannot be read is empty, so that a form can be shown at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.files import Tree
from pme.content.front_matter import split_front
from pme.content.problems import Findings
from pme.content.unwritten import is_unwritten
from pme.content.yaml_tree import Fields, Items, Node, read_yaml
from pme.content.yaml_write import Plain
from pme.errors import Invalid
from pme.words.speech import _

Loose: TypeAlias = "Mapping[str, Plain]"
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_CHECK = re.compile(r"\{check:([^{}\n]{1,200})\}")
_KINDS = (FileKind.COURSE, FileKind.MODULE, FileKind.QUIZ, FileKind.BANK, FileKind.SCENARIO)


@dataclass(frozen=True)
class LoosePage:
    """A page of a module: its file, its address, its title and its text."""

    name: FileName
    text: str

    @property
    def number(self) -> int:
        """Its number in the module."""
        return int(self.name.part.partition("-")[0])

    @property
    def slug(self) -> str:
        """Its address."""
        return self.name.part.partition("-")[2]

    @property
    def title(self) -> str:
        """Its first heading, else its address."""
        found = _TITLE.search(self.text)
        return found[1].strip() if found and not is_unwritten(found[1]) else self.slug

    @property
    def checks(self) -> tuple[str, ...]:
        """What it asks, as `item` or `bank/item`."""
        return tuple(found.strip() for found in _CHECK.findall(self.text))


@dataclass(frozen=True)
class LooseLibrary:
    """Everything of a tree, by slug; `pages` in the order of their numbers."""

    courses: Mapping[str, Loose] = field(default_factory=dict)
    modules: Mapping[str, Loose] = field(default_factory=dict)
    quizzes: Mapping[str, Loose] = field(default_factory=dict)
    banks: Mapping[str, Loose] = field(default_factory=dict)
    scenarios: Mapping[str, Loose] = field(default_factory=dict)
    pages: Mapping[str, tuple[LoosePage, ...]] = field(default_factory=dict)

    def of_module(self, kind: str, module: str) -> dict[str, Loose]:
        """The quizzes, banks or scenarios (`kind` is the name of the shelf) that name a module as theirs."""
        shelf: Mapping[str, Loose] = getattr(self, kind)
        return {slug: content for slug, content in shelf.items() if content.get("module") == module}

    def module_title(self, slug: str) -> str:
        """The title of a module, else its slug."""
        return title_of(self.modules.get(slug, {}), slug)


def library_of(tree: Tree) -> LooseLibrary:
    """The files of a tree as they are."""
    shelves: dict[FileKind, dict[str, Loose]] = {kind: {} for kind in _KINDS}
    pages: dict[str, list[LoosePage]] = {}
    for name in names_of(tree.files):
        if name.language:
            continue
        if name.kind is FileKind.PAGE:
            pages.setdefault(name.slug, []).append(LoosePage(name, tree.text(name.path)))
        elif name.kind is FileKind.MODULE:
            front, _unused, _unused_too = split_front(tree.text(name.path))
            shelves[name.kind][name.slug] = loose(front or "")
        elif name.kind in shelves:
            shelves[name.kind][name.slug] = loose(tree.text(name.path))
    return LooseLibrary(
        courses=shelves[FileKind.COURSE],
        modules=shelves[FileKind.MODULE],
        quizzes=shelves[FileKind.QUIZ],
        banks=shelves[FileKind.BANK],
        scenarios=shelves[FileKind.SCENARIO],
        pages={slug: tuple(sorted(found, key=lambda p: (p.number, p.slug))) for slug, found in pages.items()},
    )


def names_of(files: Iterable[str]) -> Iterator[FileName]:
    """Every content file among these paths, by path."""
    for path in sorted(files):
        try:
            yield file_name(path)
        except Invalid:
            continue


@lru_cache(maxsize=256)
def loose(text: str) -> Loose:
    """The fields of a YAML text, all values as text; none where it cannot be read. Not to be changed."""
    node = read_yaml(text, Findings(""))
    found = _plain(node) if isinstance(node, Fields) else {}
    return found if isinstance(found, dict) else {}


def titles_of(files: Mapping[str, bytes | None]) -> dict[str, str]:
    """The titles of files by path, as far as they have one; of a translation with its language."""
    found = {}
    kept = {path: content for path, content in files.items() if content is not None}
    for name in names_of(kept):
        text = kept[name.path].decode("utf-8-sig", "replace").replace("\r\n", "\n") if name.is_text else ""
        if name.kind is FileKind.PAGE:
            title = LoosePage(name, text).title
        elif name.kind in _KINDS:
            front = (split_front(text)[0] or "") if name.kind is FileKind.MODULE else text
            title = title_of(loose(front), name.slug)
        else:
            continue
        found[name.path] = f"{title} ({name.language})" if name.language else title
    return found


def text_in(entry: Plain | Loose | None, name: str) -> str:
    """The text of a field, "" where there is none."""
    value = entry.get(name) if isinstance(entry, Mapping) else None
    return " ".join(value.split()) if isinstance(value, str) else ""


def title_of(entry: Plain | Loose | None, slug: str) -> str:
    """The title of something, else its slug: where there is none yet, or only what its author shall write."""
    title = text_in(entry, "title")
    return slug if not title or is_unwritten(title) else title


def texts_in(entry: Plain | Loose | None, name: str) -> list[str]:
    """The texts of a list, none where it is no list."""
    value = entry.get(name) if isinstance(entry, Mapping) else None
    return [each.strip() for each in value if isinstance(each, str)] if isinstance(value, list) else []


def entries_in(entry: Plain | Loose | None, name: str) -> list[Loose]:
    """The entries of a list, those with named fields only."""
    value = entry.get(name) if isinstance(entry, Mapping) else None
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def fields_in(entry: Plain | Loose | None, name: str) -> Loose:
    """The named fields within a field."""
    value = entry.get(name) if isinstance(entry, Mapping) else None
    return value if isinstance(value, dict) else {}


def outcome_text(value: Plain | None) -> str:
    """The words of an outcome, written as a text or with its verb."""
    return " ".join(value.split()) if isinstance(value, str) else text_in(value, "text")


def shown_outcome(value: Plain | None) -> str:
    """The words of an outcome for a list of them."""
    words = outcome_text(value)
    return _("still to be written") if not words or is_unwritten(words) else words


def _plain(node: Node) -> Plain:
    if isinstance(node, Fields):
        return {key.value: _plain(value) for key, value in node.entries}
    if isinstance(node, Items):
        return [_plain(each) for each in node.items]
    return node.value
