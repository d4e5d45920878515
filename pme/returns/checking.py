"""Checking a sealed return, by nothing but the file itself: seal, files, and which cell was changed. Pure."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pme.intake.archive import Archive, opened, shown
from pme.intake.made import Made, Refused
from pme.keys.public import fingerprint
from pme.returns.manifest import KEY, MANIFEST, SCHEMA, SIGNATURE, is_signed
from pme.words.speech import _

LONGEST_TOLD = 120
LARGEST = 200_000_000
MOST_TOLD = 20
TABLES = ("completions", "changes")


@dataclass(frozen=True)
class Verdict:
    """What was found. `problems` is empty where the return is as it was sealed; `key` is the public key in it."""

    problems: tuple[str, ...]
    manifest: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    manifest_sha256: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was sealed."""
        return not self.problems

    @property
    def told(self) -> dict[str, str]:
        """What the manifest says of the return, as texts: whoever wrote it, it may say anything."""
        academy = self.manifest.get("academy")
        found = {
            "number": self.manifest.get("number"),
            "academy": academy.get("name") if isinstance(academy, dict) else None,
            "since": self.manifest.get("since"),
            "until": self.manifest.get("until"),
        }
        return {
            key: shown(str(value))[:LONGEST_TOLD] if value is not None else "–"
            for key, value in found.items()
        }

    @property
    def fingerprint(self) -> str:
        """The key as people compare it."""
        return fingerprint(bytes.fromhex(self.key)) if self.key else ""


def take_return(data: Any, _options: Mapping[str, Any]) -> Made:
    """The verdict on a return, as a task of the intake."""
    return Made(asdict(check(bytes(data))))


def check(content: bytes) -> Verdict:
    """Everything that is wrong with a return, in sentences."""
    try:
        archive = opened(content)
        return _checked(archive)
    except Refused as refusal:
        return Verdict((str(refusal),))


def _checked(archive: Archive) -> Verdict:
    if missing := [name for name in (MANIFEST, SIGNATURE, KEY) if name not in archive.entries]:
        return Verdict((_("This is not a sealed return: {names} is missing.", names=", ".join(missing)),))
    sealed = archive.read(MANIFEST, LARGEST)
    signature, key = (
        archive.read(name, 1_000).decode("ascii", "replace").split("\n")[0] for name in (SIGNATURE, KEY)
    )
    try:
        manifest: dict[str, Any] = dict(json.loads(sealed))
        files = {str(each["name"]): str(each["sha256"]) for each in manifest["files"]}
    except (ValueError, KeyError, TypeError):
        return Verdict((_("The manifest cannot be read."),))
    problems = []
    if manifest.get("schema") != SCHEMA:
        problems.append(_("The manifest is not of the kind {schema}.", schema=SCHEMA))
    if not is_signed(key, sealed, signature):
        problems.append(_("The seal does not match: the manifest, its signature or the key was changed."))
    problems += _files(archive, files)
    is_key = len(key) == 64 and all(sign in "0123456789abcdef" for sign in key)  # noqa: PLR2004  (32 bytes)
    return Verdict(tuple(problems), manifest, key if is_key else "", hashlib.sha256(sealed).hexdigest())


def _files(archive: Archive, files: Mapping[str, str]) -> Iterator[str]:
    changed = set()
    for name, sha256 in files.items():
        if name not in archive.entries:
            yield _("{name} is missing.", name=name)
        elif hashlib.sha256(archive.read(name, LARGEST)).hexdigest() != sha256:
            changed.add(name)
            yield _("{name} differs from what was sealed.", name=name)
    for name in archive.entries:
        if name not in files and name not in (MANIFEST, SIGNATURE, KEY):
            yield _("{name} was added: it is not in the manifest.", name=name)
    for table in TABLES:
        if {f"{table}.csv", f"{table}.json"} & changed:  # not words
            yield from _cells(archive, table)


def _cells(archive: Archive, table: str) -> Iterator[str]:
    """Where the two files of one table differ, since one of them is as it was."""
    try:
        text = archive.read(f"{table}.csv", LARGEST).decode("utf-8-sig")  # not words
        heading, *lines = csv.reader(io.StringIO(text, newline=""))
        rows = json.loads(archive.read(f"{table}.json", LARGEST))["rows"]
    except (KeyError, ValueError, Refused):
        return
    if len(lines) != len(rows):
        yield _(
            "{table}.csv has {count} rows and {table}.json {other}.",
            table=table,
            count=len(lines),
            other=len(rows),
        )
    told = 0
    for number, (line, row) in enumerate(zip(lines, rows, strict=False), start=1):
        for key, cell in zip(heading, line, strict=False):
            other = as_cell(row.get(key))
            if cell.removeprefix("'") != other.removeprefix("'") and told < MOST_TOLD:
                told += 1
                yield _(
                    "Row {number}, {key}: {table}.csv says “{cell}”, {table}.json says “{other}”.",
                    number=number,
                    key=key,
                    table=table,
                    cell=cell,
                    other=other,
                )


def as_cell(value: object) -> str:
    """A value of the JSON file as the CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
