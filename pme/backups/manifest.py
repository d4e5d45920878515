"""What a backup says of itself: its parts with their hashes, the versions it was made with, rows of tables. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pme.errors import Invalid

FORM = "pme-backup-1"
NAME = "manifest.json"
DATABASE, INSTANCE = "database", "instance/"
SHA256 = re.compile(r"[0-9a-f]{64}")
UNREADABLE = (
    "This is no backup that this version can read, or its list of contents is damaged. Use another backup."
)


@dataclass(frozen=True)
class Part:
    """One file in a backup: `database`, or `instance/` and its path in the instance folder."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A backup. `kind` is sqlite or postgresql; `keys_secret` and `secret_key` are the short names of the secrets that
    belong to it ("" where none was set), never the secrets: they tell whether the right ones are at hand.
    """

    product: str
    revision: str
    kind: str
    database_version: str
    made_at: datetime
    rows: Mapping[str, int]
    keys_secret: str
    secret_key: str
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """The bytes of everything in it, unpacked."""
        return sum(part.size for part in self.parts)

    def as_json(self) -> bytes:
        """As it stands in the file."""
        facts = {"form": FORM, **asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(facts, indent=1, sort_keys=True).encode()


def read(text: bytes) -> Manifest:
    """A manifest as it stands in a file. Raises Invalid where it is none."""
    try:
        facts: dict[str, Any] = json.loads(text)
        if facts.pop("form") != FORM:
            raise Invalid(UNREADABLE)
        parts = tuple(Part(str(p["name"]), int(p["size"]), str(p["sha256"])) for p in facts.pop("parts"))
        rows = {str(table): int(count) for table, count in facts.pop("rows").items()}
        made_at = datetime.fromisoformat(facts.pop("made_at"))
        found = Manifest(parts=parts, rows=rows, made_at=made_at, **{k: str(v) for k, v in facts.items()})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(UNREADABLE) from error
    if made_at.tzinfo is None or not all(map(_is_safe, parts)) or DATABASE not in {p.name for p in parts}:
        raise Invalid(UNREADABLE)
    return found


def _is_safe(part: Part) -> bool:
    """Whether a part stays where it belongs when it is written to a folder."""
    inside = part.name.removeprefix(INSTANCE).split("/") if part.name != DATABASE else ["x"]
    is_ours = part.name == DATABASE or part.name.startswith(INSTANCE)
    return is_ours and SHA256.fullmatch(part.sha256) is not None and not {"", ".", ".."} & set(inside)
