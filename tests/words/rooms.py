"""The rooms by which words are shared out among those who mark and translate them, and what is in each."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PME, TEMPLATES = ROOT / "pme", ROOT / "templates"
DOORS = frozenset(
    path.name for path in (PME / "web").iterdir() if path.is_dir() and path.name != "__pycache__"
)
SPEAKS_ENGLISH = Path(__file__).with_name("english.txt")
"""What nobody translates, with the reason: one pattern a line."""
OWN_WORDS = ("certificate", "email", "style-guide")
"""Folders of templates that hold their words for each language themselves, or show none to users."""


def room_of(name: str) -> str:
    """The room of a file, by its name from the root: a door with its templates, or a room below."""
    first, *rest = Path(name).parts
    if first == "templates":
        return rest[0] if len(rest) > 1 and rest[0] != "errors" else "web"
    if rest[0] == "web":
        return rest[1] if rest[1] in DOORS else "web"
    return rest[0] if len(rest) > 1 else "acts"


@cache
def _in_english() -> tuple[str, ...]:
    lines = SPEAKS_ENGLISH.read_text(encoding="utf-8").splitlines()
    return tuple(line.split("  ")[0] for line in lines if line and not line.startswith("#"))


def is_spoken(name: str) -> bool:
    """Whether a file says anything to people in their language."""
    path = Path(name)
    return not any(path.match(pattern) for pattern in _in_english())


def python_files() -> Iterator[str]:
    """Every file of code that may say something."""
    names = (path.relative_to(ROOT).as_posix() for path in sorted(PME.rglob("*.py")))
    return (name for name in names if is_spoken(name))


def templates() -> Iterator[str]:
    """Every template that may say something."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(ROOT).as_posix()
        if path.relative_to(TEMPLATES).parts[0] not in OWN_WORDS and is_spoken(name):
            yield name


def rooms() -> list[str]:
    """The rooms, by name."""
    return sorted({room_of(name) for name in (*python_files(), *templates())})
