"""What a file comes to, in a word, in sentences, and field by field."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pme.certificates.models import Certificate
from pme.credentials.checking import Standing
from pme.credentials.compact import Statement


class Worth(StrEnum):
    """What a file comes to."""

    VALID = "valid"
    ALTERED = "altered"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown issuer"
    UNPROVEN = "unproven"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Difference:
    """A field that is not as it was issued. `in_file` is empty where the file does not say it at all."""

    field: str
    on_record: str
    in_file: str = ""


@dataclass(frozen=True)
class Proof:
    """What was found: in a word, in sentences, and where the file differs.

    `certificate` is the record of this platform, if any; `statement` and `document` are what the file says, once its
    signature is known to be good.
    """

    worth: Worth
    says: tuple[str, ...]
    differences: tuple[Difference, ...] = ()
    certificate: Certificate | None = None
    is_demo: bool = False
    statement: Statement | None = None
    document: dict[str, Any] | None = None


STANDINGS = {
    Standing.VALID: Worth.VALID,
    Standing.ALTERED: Worth.ALTERED,
    Standing.REVOKED: Worth.REVOKED,
    Standing.EXPIRED: Worth.EXPIRED,
    Standing.EARLY: Worth.UNPROVEN,
    Standing.UNKNOWN_ISSUER: Worth.UNKNOWN_ISSUER,
    Standing.UNREADABLE: Worth.UNREADABLE,
}
