"""What a credential says, in plain values: all that making one is ever given."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One learning outcome as it stood on the day of issue; `level` is a word, or empty where none is stated."""

    code: str
    text: str
    level: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFacts:
    """Every claim of one certificate.

    `id_url` is its own public address and `issuer_url` that of the academy's profile; `issuer_did` is the
    academy's did:web. `status_index` is its place in the list at `status_list_url`. `hours` is workload,
    `ects` credits where the academy states them, `percent` the result (0-100). `frameworks` are pairs of a
    qualifications framework and the level in it. `replaces` is the address of the certificate that this one
    corrects. Times are aware.
    """

    id_url: str
    status_list_url: str
    status_index: int
    number: str
    holder_name: str
    holder_rank: str
    course_slug: str
    course_title: str
    edition: str
    course_sha256: str
    description: str
    criteria: str
    outcomes: tuple[Outcome, ...]
    hours: float
    ects: float | None
    frameworks: tuple[tuple[str, str], ...]
    percent: float
    language: str
    academy_name: str
    academy_nation: str
    issuer_did: str
    issuer_url: str
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime | None
    replaces: str | None
    is_demo: bool = False
