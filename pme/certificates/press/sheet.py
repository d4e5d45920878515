"""What a certificate says, in plain values: all the press is ever given."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSheet:
    """Every printed field. `course_version` is a short hash, `language` a tag such as `en` or `uk`.

    `hours` and `result` are already worded ("5 hours", "87 %"); `signatories` are (name, role).
    """

    number: str
    code: str
    holder_name: str
    holder_rank: str
    academy_name: str
    academy_nation: str
    course_title: str
    course_version: str
    statement: str
    certificate_title: str
    outcomes: tuple[str, ...]
    hours: str
    result: str
    issued_on: date
    language: str
    verify_url: str
    signatories: tuple[tuple[str, str], ...]

    def as_json(self) -> bytes:
        """The sheet as it travels to the press."""
        return json.dumps(asdict(self) | {"issued_on": self.issued_on.isoformat()}).encode("ascii")

    @classmethod
    def from_json(cls, text: bytes) -> CertificateSheet:
        """The sheet that `as_json` wrote."""
        values = json.loads(text)
        values["issued_on"] = date.fromisoformat(values["issued_on"])
        values["outcomes"] = tuple(values["outcomes"])
        values["signatories"] = tuple((name, role) for name, role in values["signatories"])
        return cls(**values)
