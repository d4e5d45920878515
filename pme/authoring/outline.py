"""The content as its author looks for it: courses, modules with their pages, quizzes, scenarios. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pme.authoring.naming import FileKind, FileName, file_name
from pme.errors import Invalid
from pme.words.lazily import lazy

SHELVES = {
    FileKind.COURSE: lazy("Courses"),
    FileKind.MODULE: lazy("Modules"),
    FileKind.QUIZ: lazy("Quizzes"),
    FileKind.BANK: lazy("Banks of questions"),
    FileKind.SCENARIO: lazy("Scenarios"),
    FileKind.SOURCES: lazy("For all of them"),
}
_STANDS_WITH = {
    FileKind.PAGE: FileKind.MODULE,
    FileKind.MEDIA: FileKind.MODULE,
    FileKind.MEDIA_LIST: FileKind.MODULE,
    FileKind.GLOSSARY: FileKind.SOURCES,
    FileKind.ANSWERS: FileKind.SOURCES,
}
_NAMES = {
    FileKind.MEDIA_LIST: lazy("About the pictures and recordings"),
    FileKind.SOURCES: lazy("Bibliography"),
    FileKind.GLOSSARY: lazy("Glossary"),
    FileKind.ANSWERS: lazy("Answers to warnings"),
}


@dataclass(frozen=True)
class Leaf:
    """One file: its name for people, and whether the draft changes it, brings it or takes it away."""

    name: FileName
    title: str
    is_changed: bool = False
    is_new: bool = False
    is_removed: bool = False


@dataclass(frozen=True)
class Branch:
    """A piece of content: its own file (None where it is missing), and the files that belong to it."""

    slug: str
    title: str
    leaf: Leaf | None
    parts: tuple[Leaf, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """All content of one kind."""

    kind: FileKind
    title: str
    branches: tuple[Branch, ...] = field(default_factory=tuple)


def outline(
    published: Iterable[str], edits: Mapping[str, bytes | None], titles: Mapping[str, str]
) -> tuple[Shelf, ...]:
    """Every file that is published or in the draft, on its shelf. `titles` are known titles by path."""
    known = set(published)
    leaves = [
        Leaf(
            name=name,
            title=titles.get(path) or title_of(name),
            is_changed=path in edits and path in known,
            is_new=path in edits and path not in known,
            is_removed=path in edits and edits[path] is None,
        )
        for path in sorted({*known, *edits})
        if (name := _name(path)) is not None
    ]
    return tuple(
        Shelf(kind, title, tuple(_branches(kind, leaves)))
        for kind, title in SHELVES.items()
        if any(_shelf_of(leaf) is kind for leaf in leaves)
    )


def _branches(kind: FileKind, leaves: Iterable[Leaf]) -> Iterable[Branch]:
    here = [leaf for leaf in leaves if _shelf_of(leaf) is kind]
    if kind is FileKind.SOURCES:
        return [Branch(leaf.name.path, leaf.title, leaf) for leaf in here]
    branches = []
    for slug in sorted({leaf.name.slug for leaf in here}):
        mine = [leaf for leaf in here if leaf.name.slug == slug]
        own = next((leaf for leaf in mine if leaf.name.kind is kind and not leaf.name.language), None)
        parts = tuple(leaf for leaf in mine if leaf is not own)
        branches.append(Branch(slug, own.title if own else slug, own, parts))
    return branches


def _shelf_of(leaf: Leaf) -> FileKind:
    return _STANDS_WITH.get(leaf.name.kind, leaf.name.kind)


def title_of(name: FileName) -> str:
    """What a file is called where it has no title of its own."""
    plain = _NAMES.get(name.kind) or name.part or name.slug
    return f"{plain} ({name.language})" if name.language else plain


def _name(path: str) -> FileName | None:
    try:
        return file_name(path)
    except Invalid:
        return None
