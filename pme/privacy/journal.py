"""The journal of erasures: a file beside the database, each line chained to the one before it of its academy.

A database that is restored from a backup knows again whom it had forgotten. The file does not come back with it,
and says whom to erase again. It holds numbers and hashes, no names.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pme.errors import Invalid

NAME = "erasures.jsonl"
START = "0" * 64


@dataclass(frozen=True)
class Line:
    """One erasure. `sha256` is over the one before it of the same academy and all of this but itself."""

    academy: str
    academy_id: int
    person_id: int
    fingerprint: str
    stays: tuple[str, ...]
    at: str
    sha256: str

    def digest(self, previous: str) -> str:
        """What `sha256` has to be after the line with this hash."""
        facts = {name: value for name, value in vars(self).items() if name != "sha256"}
        return hashlib.sha256((previous + json.dumps(facts, sort_keys=True)).encode()).hexdigest()


def line_of(
    *, academy: str, academy_id: int, person_id: int, created_at: datetime, stays: Iterable[str], at: datetime
) -> Line:
    """A line that is not chained yet."""
    return Line(
        academy=academy,
        academy_id=academy_id,
        person_id=person_id,
        fingerprint=fingerprint(person_id, created_at),
        stays=tuple(sorted(stays)),
        at=at.isoformat(),
        sha256="",
    )


def fingerprint(person_id: int, created_at: datetime) -> str:
    """What tells a person from somebody else with the same number: when the account was made, hashed."""
    return hashlib.sha256(f"{person_id} {created_at.isoformat()}".encode()).hexdigest()[:16]


def read(instance_dir: Path) -> list[Line]:
    """Every line of the file, oldest first. Raises Invalid where one was changed, or taken out from between."""
    path = instance_dir / NAME
    if not path.exists():
        return []
    lines: list[Line] = []
    previous: dict[str, str] = {}
    for number, text in enumerate(_whole(path.read_text(encoding="utf-8")), start=1):
        line = _line_in(text)
        if line is None or line.sha256 != line.digest(previous.get(line.academy, START)):
            raise Invalid(
                f"Line {number} of {path} does not follow from the lines before it: it was changed."
            )
        previous[line.academy] = line.sha256
        lines.append(line)
    return lines


def _whole(text: str) -> list[str]:
    """The lines that were written to their end: a crash may leave half a line, which is written again."""
    return text[: text.rfind("\n") + 1].splitlines()


def _line_in(text: str) -> Line | None:
    try:
        facts = json.loads(text)
        return Line(**facts | {"stays": tuple(facts["stays"])})
    except (ValueError, TypeError, KeyError):
        return None


def keep(instance_dir: Path, lines: Sequence[Line]) -> None:
    """Add to the file what it does not have yet, and see that it is on disk."""
    instance_dir.mkdir(parents=True, exist_ok=True)
    with (instance_dir / NAME).open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        whole = _whole(file.read())
        file.truncate(sum(len(text.encode()) + 1 for text in whole))
        known = {line.sha256 for text in whole if (line := _line_in(text))}
        for line in lines:
            if line.sha256 not in known:
                file.write(json.dumps(vars(line)) + "\n")
        file.flush()
        os.fsync(file.fileno())
