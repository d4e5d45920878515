"""The rooms that are still being marked or translated, from `unfinished.txt`: one a line, with what is left."""

from pathlib import Path

WORK = frozenset({"marking", "fr", "uk", "ar"})


def read(text: str) -> dict[str, frozenset[str]]:
    """Each room with what is left to do."""
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {room: frozenset(what) for room, *what in lines}


UNFINISHED = read(Path(__file__).with_name("unfinished.txt").read_text(encoding="utf-8"))
assert all(what and what <= WORK for what in UNFINISHED.values())
