"""A course as one package: which files belong to it, and what of the shared files it uses. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping

from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.parse_sources import GLOSSARY, SOURCES
from pme.content.yaml_edit import read
from pme.content.yaml_write import Plain
from pme.errors import Conflict, Invalid

MANIFEST = "pme-package.json"
_PART = re.compile(r"[\w-]")
_MODULE = re.compile(r"(?m)^module:[ \t]+([\"']?)([a-z][a-z0-9-]*)\1[ \t]*(?:#.*)?$")
_KEY = re.compile(r"(?m)^(?![ \t#-])[\"']?([^\s:\"'#][^:\"'\n]*)[\"']?:")


def course_files(files: Mapping[str, bytes], course: str) -> dict[str, bytes]:
    """The files of a course: its own, its modules with pages and media, their quizzes, banks and scenarios, the
    translations of all of these, and of the bibliography and the glossary what they use.
    """
    names = [name for path in files if (name := _name(path)) is not None]
    modules = set(_texts(_read(files, f"modules/{course}.course.yaml"), "modules"))
    tasks = _tasks(files, names, modules)
    chosen = {
        name.path: files[name.path]
        for name in names
        if (name.kind is FileKind.COURSE and name.slug == course)
        or (name.path.startswith("modules/") and name.path.split("/")[1] in modules)
        or (name.kind, name.slug) in tasks
    }
    said = "\n".join(
        content.decode("utf-8", "replace")
        for path, content in chosen.items()
        if path.endswith((".md", ".yaml"))
    )
    for shared in (SOURCES, GLOSSARY):
        if shared in files and (text := used_entries(files[shared].decode("utf-8-sig"), said)):
            chosen[shared] = text.encode()
    return dict(sorted(chosen.items()))


def manifest(files: Mapping[str, bytes], course: str) -> bytes:
    """What stands beside the files of a package: the hash that each was published with."""
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    return (
        json.dumps({"schema": "pme-package/1", "course": course, "files": hashes}, indent=1).encode() + b"\n"
    )


def entries(text: str) -> tuple[str, dict[str, str]]:
    """A file of named entries taken apart: what stands before the first, and each entry to the letter."""
    found = list(_KEY.finditer(text))
    if not found:
        return text, {}
    ends = [match.start() for match in found[1:]] + [len(text)]
    return text[: found[0].start()], {
        match[1].strip(): text[match.start() : end] for match, end in zip(found, ends, strict=True)
    }


def used_entries(text: str, said: str) -> str:
    """The entries of a file whose names stand in these texts; the whole of it where it cannot be taken apart."""
    head, each = entries(text)
    if not each:
        return text
    used = [entry for key, entry in each.items() if _stands_in(said, key)]
    return head + "".join(used) if used else ""


def _stands_in(text: str, name: str) -> bool:
    """Whether a name stands in a text, not as a part of a longer one. A text of megabytes is asked for hundreds."""
    at = text.find(name)
    while at >= 0:
        if not _PART.match(text[at - 1 : at]) and not _PART.match(text, at + len(name)):
            return True
        at = text.find(name, at + 1)
    return False


def _tasks(
    files: Mapping[str, bytes], names: Iterable[FileName], modules: set[str]
) -> set[tuple[FileKind, str]]:
    """Quizzes, banks and scenarios that a module asks for or that name one."""
    kinds = (FileKind.QUIZ, FileKind.BANK, FileKind.SCENARIO)
    tasks = {
        (name.kind, name.slug)
        for name in names
        if name.kind in kinds and _module_of(files, name.path) in modules
    }
    for module in modules:
        front = files.get(f"modules/{module}/module.md", b"").decode("utf-8", "replace")
        done = _field(_parsed(front.removeprefix("---\n").partition("\n---")[0]), "completion")
        for field, kind in (("quizzes", FileKind.QUIZ), ("scenarios", FileKind.SCENARIO)):
            tasks |= {(kind, slug) for slug in _texts(done, field)}
    return tasks


def _module_of(files: Mapping[str, bytes], path: str) -> str:
    """The module that a file names. The line that says so is read by itself: taking a hundred files apart for it takes
    seconds. Where it is written in any other way the file is read whole.
    """
    found = _MODULE.findall(files.get(path, b"").decode("utf-8-sig", "replace"))
    return found[0][1] if len(found) == 1 else str(_field(_read(files, path), "module"))


def _read(files: Mapping[str, bytes], path: str) -> Plain:
    return _parsed(files.get(path, b"").decode("utf-8-sig", "replace"))


def _parsed(text: str) -> Plain:
    try:
        return read(text)
    except Conflict:
        return {}


def _field(tree: Plain, name: str) -> Plain:
    return tree.get(name, "") if isinstance(tree, dict) else ""


def _texts(tree: Plain, name: str) -> list[str]:
    listed = _field(tree, name)
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def _name(path: str) -> FileName | None:
    try:
        return file_name(path)
    except Invalid:
        return None
