"""The only place that touches the content on disk: folders in, a frozen tree of bytes out, and back.

Paths stay inside their folder whatever links say, only regular files are read, and none is larger
than its kind may be.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import MappingProxyType

from pme.content.attachments import LARGEST, PDF_LIMIT, described, is_attachment, read_text
from pme.content.media_reading import NotMedia
from pme.content.problems import Problem
from pme.errors import Invalid
from pme.words.speech import _

KILO = 1_000
LIMITS = {".md": 200 * KILO, ".yaml": 500 * KILO}
MEDIA_LIMIT = 1_000 * KILO
MOST_FILES = 20_000


@dataclass(frozen=True)
class Tree:
    """The files by path, such as `modules/first-response/module.md`, and what could not be read.

    For a recording or document `files` has the small text in its place, and `bodies` tells by its hash where
    the folder has it (`attachments`).
    """

    files: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()
    bodies: Mapping[str, Path] = field(default_factory=dict)

    def text(self, path: str) -> str:
        """The text of a file; what is not UTF-8 has been left out of the tree."""
        return self.files[path].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class _Reading:
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    bodies: dict[str, Path] = field(default_factory=dict)


def read_tree(modules: Path, quizzes: Path) -> Tree:
    """Everything in the two folders, under `modules/` and `quizzes/`."""
    reading = _Reading()
    for name, folder in (("modules", modules), ("quizzes", quizzes)):
        if folder.is_dir():
            _read_folder(name, folder, reading)
        else:
            reading.problems.append(Problem(name, 1, _("There is no folder {folder}.", folder=folder)))
    return Tree(MappingProxyType(reading.files), tuple(reading.problems), MappingProxyType(reading.bodies))


Bodies = Callable[[str], Iterable[bytes]]
"""The bytes of an attachment by its hash, piece by piece."""


def _nowhere(_sha256: str) -> Iterable[bytes]:
    raise Invalid(_("A recording is named that the platform does not have. Send it first."))


def write_new(folder: Path, files: Mapping[str, bytes], bodies: Bodies = _nowhere) -> None:
    """Write files to a folder that is new or empty. Raises Invalid when it holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Invalid(
            _("{folder} is there already and not empty. Name a folder that is not there yet.", folder=folder)
        )
    write_back({"modules": folder / "modules", "quizzes": folder / "quizzes"}, files, bodies)


def write_back(
    roots: Mapping[str, Path], files: Mapping[str, bytes | None], bodies: Bodies = _nowhere
) -> None:
    """Write files below the roots their paths begin with; None takes a file away. Attachments are written whole.

    Each file is whole or not there, never half. Raises Invalid for a path that leads out of its root.
    """
    for path, content in files.items():
        name, _unused, rest = path.partition("/")
        root = roots[name].resolve()
        target = (root / rest).resolve()
        if not rest or not target.is_relative_to(root):
            raise Invalid(_("{path} leads out of the content folder.", path=path))
        if content is None:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        attachment = read_text(content) if is_attachment(path) else None
        with beside.open("wb") as file:
            file.writelines(bodies(attachment.sha256) if attachment else [content])
        beside.replace(target)


def _read_folder(name: str, folder: Path, reading: _Reading) -> None:
    root = folder.resolve()
    for path in _walk(folder, name, reading):
        relative = f"{name}/{path.relative_to(folder).as_posix()}"
        if len(reading.files) >= MOST_FILES:
            reading.problems.append(
                Problem(name, 1, _("There are more than {most_files} files.", most_files=MOST_FILES))
            )
            return
        try:
            if not path.resolve(strict=True).is_relative_to(root):
                says = _("This link leads out of the content folder; put the file itself here.")
                reading.problems.append(Problem(relative, 1, says))
                continue
            if is_attachment(relative):
                _describe(relative, path, reading)
                continue
            content = _read(path)
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or _("its links go in a circle")
            reading.problems.append(
                Problem(relative, 1, _("The file cannot be read: {reason}.", reason=reason))
            )
            continue
        _take(relative, content, reading)


def _walk(folder: Path, name: str, reading: _Reading) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, followlinks=False):
        here = Path(place)
        for each in sorted(folders):
            if (here / each).is_symlink():
                relative = f"{name}/{(here / each).relative_to(folder).as_posix()}"
                says = _("This is a link to a folder; links to folders are not followed.")
                reading.problems.append(Problem(relative, 1, says))
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        yield from (here / each for each in sorted(files) if not _is_left_over(each))


def _is_left_over(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(("~", ".swp", ".orig", ".bak")) or name == "README.md"


def _read(path: Path) -> bytes | None:
    """At most one byte more than the file may have; None when it is no regular file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return file.read(_limit(path.name) + 1)


def _describe(relative: str, path: Path, reading: _Reading) -> None:
    """Put the small text of a recording or document into the tree; its bytes stay where they are."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        limit = PDF_LIMIT if relative.lower().endswith(".pdf") else LARGEST
        says = ""
        if not stat.S_ISREG(found.st_mode):
            says = _("This is not a regular file.")
        elif not found.st_size:
            says = _("This file is empty.")
        elif found.st_size > limit:
            says = _("The file is larger than {limit} MB.", limit=limit // 1000000)
        if not says:
            try:
                with mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
                    attachment = described(relative, mapped)
            except NotMedia as reason:
                says = str(reason)
            else:
                reading.files[relative] = attachment.text
                reading.bodies[attachment.sha256] = path
        if says:
            reading.problems.append(Problem(relative, 1, says))


def _limit(name: str) -> int:
    return LIMITS.get(Path(name).suffix, MEDIA_LIMIT)


def _take(relative: str, content: bytes | None, reading: _Reading) -> None:
    if content is None:
        reading.problems.append(Problem(relative, 1, _("This is not a regular file.")))
        return
    limit = _limit(relative)
    if len(content) > limit:
        reading.problems.append(
            Problem(relative, 1, _("The file is larger than {kilo} kB.", kilo=limit // KILO))
        )
        return
    if Path(relative).suffix in LIMITS:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            reading.problems.append(
                Problem(relative, line, _("The file is not UTF-8; save it as UTF-8 text."))
            )
            return
    reading.files[relative] = content
