"""What a certificate says, in plain values: all the press is ever given."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pme.certificates.press.look import HOUSE, Look

_PAIRS = ("outcomes", "frameworks", "signatories")
_DATES = ("issued_on", "valid_until")
PICTURE = b"picture "
_RARE = ("is_specimen", "look")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSheet:
    """Every printed field. `course_version` is a short hash, `language` a tag such as `en` or `uk`.

    `result` is already worded ("87 %"); `outcomes` are (text, level), where a level may be empty;
    `frameworks` are (framework, level); `signatories` are (name, role). `hours` is the workload,
    `credits` the same in ECTS-style credits. `assessment` says how the course was assessed, where that
    differs from the usual words. `replaces` is the number of the certificate that this one corrects or
    renews. `qr_text` is what the code holds, if that is more than the address. `is_demo` prints DEMO
    across both pages, `is_specimen` SPECIMEN. `look` is None for the house's.
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
    outcomes: tuple[tuple[str, str], ...]
    hours: float
    result: str
    issued_on: date
    language: str
    verify_url: str
    signatories: tuple[tuple[str, str], ...]
    course_sha256: str = ""
    edition: str = ""
    credits: float | None = None
    frameworks: tuple[tuple[str, str], ...] = ()
    assessment: str = ""
    valid_until: date | None = None
    replaces: str = ""
    qr_text: str = ""
    is_demo: bool = False
    is_specimen: bool = False
    look: Look | None = None

    @property
    def dressed(self) -> Look:
        """The look in which it is printed."""
        return self.look or HOUSE

    def as_json(self) -> bytes:
        """The sheet as it travels to the press, on one line."""
        dates = {name: day.isoformat() for name in _DATES if (day := getattr(self, name))}
        values = asdict(self) | dates
        for name in _RARE:
            if not values[name]:
                del values[name]  # so that files of the house's look keep their names
        return json.dumps(values).encode("ascii")

    @classmethod
    def from_json(cls, text: bytes) -> CertificateSheet:
        """The sheet that `as_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        for name in _DATES:
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        for name in _PAIRS:
            values[name] = tuple((first, second) for first, second in values[name])
        if values.get("look"):
            values["look"] = Look.of(values["look"])
        return cls(**values)


def job_of(sheet: CertificateSheet, attachment: bytes | None) -> bytes:
    """A sheet, and the credential that its PDF shall carry, as one message to the press."""
    return sheet.as_json() + b"\n" + (attachment or b"")


def picture_job(sheet: CertificateSheet, width: int) -> bytes:
    """A sheet whose first page shall come back as a WebP so many points wide."""
    return PICTURE + str(width).encode() + b"\n" + sheet.as_json()


def picture_wanted(job: bytes) -> tuple[CertificateSheet, int] | None:
    """The sheet and the width that `picture_job` packed; None for a job that asks for a PDF."""
    if not job.startswith(PICTURE):
        return None
    width, _, sheet = job.removeprefix(PICTURE).partition(b"\n")
    return CertificateSheet.from_json(sheet), int(width)


def read_job(job: bytes) -> tuple[CertificateSheet, bytes | None]:
    """The sheet and the credential that `job_of` packed."""
    sheet, _, attachment = job.partition(b"\n")
    return CertificateSheet.from_json(sheet), attachment or None
