"""The journal of erasures: a file beside the database, each line chained to one before it of its academy.

A database that is restored from a backup knows again whom it had forgotten. The file does not come back with it,
and says whom to erase again. It holds numbers and hashes, no names. After a restore the chain of an academy may
fork: the file then knows of an erasure that the database never saw, and both go on; so files can be put together.
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
    return read_file(path) if path.exists() else []


def read_file(path: Path) -> list[Line]:
    """Every line of such a file, wherever it is. Raises Invalid like `read`, and where it cannot be read."""
    try:
        texts = _whole(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read as a journal of erasures.") from error
    lines: list[Line] = []
    before: dict[str, list[str]] = {}
    for number, text in enumerate(texts, start=1):
        line = line_in(text)
        earlier = before.setdefault(line.academy, [START]) if line else []
        if line is None or not any(line.sha256 == line.digest(one) for one in reversed(earlier)):
            raise Invalid(
                f"Line {number} of {path} does not follow from the lines before it: it was changed."
            )
        earlier.append(line.sha256)
        lines.append(line)
    return lines


def _whole(text: str) -> list[str]:
    """The lines that were written to their end: a crash may leave half a line, which is written again."""
    return text[: text.rfind("\n") + 1].splitlines()


def line_in(text: str) -> Line | None:
    """A line as it stands in the file, None where it is none."""
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
        known = {line.sha256 for text in whole if (line := line_in(text))}
        for line in lines:
            if line.sha256 not in known:
                file.write(json.dumps(vars(line)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def write_new(path: Path, lines: Sequence[Line]) -> None:
    """Write such a file anew, in one step. Raises Invalid where it cannot be written."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            part.chmod(0o600)
            file.writelines(json.dumps(vars(line)) + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
