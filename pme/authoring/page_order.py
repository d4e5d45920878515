"""Pages of a module in another order, under another name, or gone: which files get which names. Pure.

The number in a file's name gives the order; the address that links use is the name without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.authoring.course_uses import links_to_page
from pme.authoring.loose_library import fields_in, loose, names_of, texts_in
from pme.authoring.naming import LONGEST_PATH, FileKind, FileName, file_name
from pme.authoring.new_page import LAST, STEP
from pme.content.files import Tree
from pme.content.yaml_edit import insert, put, remove
from pme.content.yaml_write import Plain
from pme.errors import Conflict, Invalid
from pme.words.speech import _


@dataclass(frozen=True)
class Change:
    """What a draft has to save: new text by path, None for a file that goes; and each new name in words."""

    files: Mapping[str, bytes | None]
    renamed: tuple[str, ...] = ()


def swapped(tree: Tree, module: str, page: str, to: int) -> Change:
    """The page at another place (from 0) among those of its module: the files between get each other's numbers."""
    order = _order(tree, module)
    at = _at(order, page)
    if not 0 <= to < len(order) or to == at:
        return Change({})
    numbers = _numbers(order)
    moved = [part for part in order if part != order[at]]
    moved.insert(to, order[at])
    names = {part: f"{number}-{part.partition('-')[2]}" for part, number in zip(moved, numbers, strict=True)}
    return _renamed(tree, module, {old: new for old, new in names.items() if old != new})


def renamed(tree: Tree, module: str, page: str, wanted: str) -> Change:
    """The page under another address, with every link to it. Raises Invalid where that cannot be."""
    order = _order(tree, module)
    part = order[_at(order, page)]
    if wanted == page:
        return Change({})
    new = f"{part.partition('-')[0]}-{wanted}"
    try:
        file_name(f"modules/{module}/{new}.md")
    except Invalid as error:
        raise Invalid(
            _(
                "Use lower-case letters, digits and hyphens, and at most {number} of them.",
                number=LONGEST_PATH,
            ),
            field="slug",
        ) from error
    if any(other.partition("-")[2] == wanted for other in order):
        raise Invalid(_("Another page of this module has this address already."), field="slug")
    change = _renamed(tree, module, {part: new})
    files = dict(change.files)
    link = links_to_page(module, page)
    for name in names_of(tree.files):
        if name.kind not in (FileKind.PAGE, FileKind.MODULE):
            continue
        where = (
            f"modules/{module}/{new}{_suffix(name)}"
            if name.slug == module and name.part == part
            else name.path
        )
        kept = files.get(where)
        text = (kept if kept is not None else tree.files[name.path]).decode("utf-8", "replace")
        if link.search(text):
            files[where] = link.sub(wanted, text).encode()
    return Change(files, change.renamed)


def without_page(tree: Tree, module: str, page: str) -> Change:
    """The module without a page and its translations; links to it stay, and are told before."""
    order = _order(tree, module)
    part = order[_at(order, page)]
    return Change({name.path: None for name in _files(tree, module) if name.part == part})


def front_with(front: str, page: str, wanted: str | None) -> str:
    """A module's fields where a page has another address, or is gone: what it teaches, and whether it counts."""
    teaches = fields_in(loose(front), "teaches")
    if page in teaches:
        named: Plain = list(texts_in(teaches, page))
        if wanted is None:
            front = remove(front, ("teaches", page)) if len(teaches) > 1 else remove(front, ("teaches",))
        else:
            front = insert(front, ("teaches",), list(teaches).index(page), named, name=wanted)
            front = remove(front, ("teaches", page))
    counted = texts_in(fields_in(loose(front), "completion"), "pages")
    if page in counted:
        kept: list[Plain] = [
            (wanted or "") if each == page else each for each in counted if wanted or each != page
        ]
        front = put(front, ("completion", "pages"), kept or "all")
    return front


def _order(tree: Tree, module: str) -> list[str]:
    """The pages of a module in their order, as `10-first-steps`."""
    parts = {name.part for name in _files(tree, module) if not name.language}
    return sorted(parts, key=lambda part: (int(part.partition("-")[0]), part))


def _at(order: Sequence[str], page: str) -> int:
    for at, part in enumerate(order):
        if part.partition("-")[2] == page:
            return at
    raise Conflict(
        _("There is no such page in this module any more. Reload the page to see those there are.")
    )


def _numbers(order: Sequence[str]) -> list[str]:
    """The numbers that the pages have; anew in tens where two are the same."""
    numbers = [part.partition("-")[0] for part in order]
    if len({int(number) for number in numbers}) == len(numbers):
        return numbers
    step = STEP if len(order) * STEP <= LAST else 1
    return [str(at * step) for at in range(1, len(order) + 1)]


def _renamed(tree: Tree, module: str, names: Mapping[str, str]) -> Change:
    files: dict[str, bytes | None] = {}
    told = []
    for name in _files(tree, module):
        if name.part in names:
            new = f"modules/{module}/{names[name.part]}{_suffix(name)}"
            files.setdefault(name.path, None)
            files[new] = tree.files[name.path]
            told.append(
                _(
                    "{before} is {after} now",
                    before=name.path.rpartition("/")[2],
                    after=new.rpartition("/")[2],
                )
            )
    return Change(files, tuple(told))


def _files(tree: Tree, module: str) -> list[FileName]:
    return [name for name in names_of(tree.files) if name.kind is FileKind.PAGE and name.slug == module]


def _suffix(name: FileName) -> str:
    return f".{name.language}.md" if name.language else ".md"
