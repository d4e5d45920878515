"""What the QR code of a certificate says: its address, and after the # a short statement that the academy signed.

A telephone opens the address (what stands after the # is sent to nobody); who has no network checks the statement.

    https://HOST/verify/CODE#pme1.PAYLOAD.SIGNATURE

PAYLOAD is base64url (RFC 4648, no padding) of a JSON array, the fields of `Statement` in their order; SIGNATURE is
base64url of an Ed25519 signature (RFC 8032) of the ASCII bytes "pme1." + PAYLOAD.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pme.credentials.checking import KnownKey, Standing
from pme.credentials.reading import Unreadable
from pme.credentials.times import day_told, stamp_told
from pme.words.lazily import lazy
from pme.words.speech import _

TAG = "pme1"
LONGEST = 3000
"""No QR code holds more letters."""
LONGEST_NAME = 60
SIGNED = re.compile(rf"{TAG}\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{{86}})")
FIELDS = (str, str, str, str, str, str, str, float, str, str, int, int)

ALTERED = lazy("This is not what the academy signed: the text of the code was changed.")
CUT_SHORT = lazy(
    "This begins like the text of a certificate's QR code, but it is not whole. Scan the code again, nearer and "
    "in good light, and give all that it says."
)


class OfAnother(Unreadable):
    """The address of a code is that of another certificate."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said in short. Long names end in “…”; `percent` is the result (0-100), `edition` the first letters of
    the hash of the course, dates are written 2026-11-26 and `valid_until` is empty for no end.
    """

    method: str
    code: str
    number: str
    holder: str
    rank: str
    course: str
    edition: str
    percent: float
    issued_on: str
    valid_until: str
    status_list: int
    status_index: int

    @property
    def issuer(self) -> str:
        """The did:web of the academy."""
        return self.method.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The places that an academy has withdrawn, by list, and when that was looked up."""

    places: frozenset[tuple[int, int]]
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a statement comes to, in a word and in a sentence. `statement` is None where nobody known signed it."""

    standing: Standing
    says: str
    statement: Statement | None = None


def short(text: str) -> str:
    """A name as a statement holds it."""
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def qr_text(statement: Statement, *, address: str, sign: Callable[[bytes], bytes]) -> str:
    """All that the code holds. `address` is where the certificate is verified."""
    fields = json.dumps(astuple(statement), ensure_ascii=False, separators=(",", ":"))
    signed = f"{TAG}.{_text(fields.encode())}"
    return f"{address}#{signed}.{_text(sign(signed.encode('ascii')))}"


def is_like_one(text: str) -> bool:
    """Whether a text is, or begins like, what a certificate's QR code says."""
    return f"{TAG}." in text[:LONGEST]


def read(text: str) -> tuple[Statement, str, bytes]:
    """The statement, what was signed, and the signature. Raises Unreadable, saying what to do."""
    address, _sign, said = "".join(text.split())[: LONGEST + 1].rpartition("#")
    found = SIGNED.fullmatch(said)
    if found is None:
        raise Unreadable(str(CUT_SHORT))
    try:
        fields = json.loads(_bytes(found[1]))
        signature = _bytes(found[2])
    except ValueError as error:
        raise Unreadable(str(CUT_SHORT)) from error
    if not isinstance(fields, list) or not _are_fields(fields):
        raise Unreadable(_("The code holds something other than what this platform writes into one."))
    statement = Statement(*fields)
    if address and urlsplit(address).path.rpartition("/")[2] != statement.code:
        raise OfAnother(
            _("The address in this code leads to another certificate than the one that was signed.")
        )
    return statement, f"{TAG}.{found[1]}", signature


def method_in(text: str) -> str:
    """The address of the key that a text says it was signed with, believed by nobody yet; empty where it says none."""
    try:
        return read(text)[0].method
    except Unreadable:
        return ""


def check(
    text: str, *, keys: Mapping[str, KnownKey], withdrawn: Mapping[str, Withdrawn], at: datetime
) -> Verdict:
    """What the text of a QR code is worth, by the keys and the lists at hand (by issuer). Never raises."""
    try:
        statement, signed, signature = read(text)
    except Unreadable as error:
        standing = Standing.ALTERED if isinstance(error, OfAnother) else Standing.UNREADABLE
        return Verdict(standing=standing, says=error.says)
    key = keys.get(statement.method)
    if key is None or key.issuer != statement.issuer:
        says = _(
            "The key that signed this code is not known here, so nothing can be said of it. It calls itself {name}.",
            name=statement.method[:120],
        )
        return Verdict(standing=Standing.UNKNOWN_ISSUER, says=says)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed.encode("ascii"))
    except InvalidSignature:
        return Verdict(standing=Standing.ALTERED, says=ALTERED)
    return _standing(statement, key, withdrawn.get(statement.issuer), at)


def _standing(statement: Statement, key: KnownKey, withdrawn: Withdrawn | None, at: datetime) -> Verdict:
    if key.revoked_on is not None:
        says = _(
            "The academy revoked the key that signed this, on {day}. Ask the academy.",
            day=day_told(key.revoked_on),
        )
        return Verdict(standing=Standing.UNKNOWN_ISSUER, says=says)
    if key.retired_on is not None and date.fromisoformat(statement.issued_on) > key.retired_on:
        says = _(
            "This says it was issued after its key was retired, on {day}. Do not rely on it; ask the academy.",
            day=day_told(key.retired_on),
        )
        return Verdict(standing=Standing.UNKNOWN_ISSUER, says=says)
    if withdrawn and (statement.status_list, statement.status_index) in withdrawn.places:
        says = _(
            "The academy signed this and has revoked it: as of {day}, it is no longer valid.",
            day=day_told(withdrawn.as_of),
        )
        return Verdict(standing=Standing.REVOKED, says=says, statement=statement)
    if statement.valid_until and date.fromisoformat(statement.valid_until) < at.date():
        says = _(
            "The academy signed this. It was valid until {day}: that day is over.",
            day=stamp_told(statement.valid_until),
        )
        return Verdict(standing=Standing.EXPIRED, says=says, statement=statement)
    if withdrawn:
        says = _(
            "The academy signed this, and as of {day} it is valid. Compare each line with the paper in your hands.",
            day=day_told(withdrawn.as_of),
        )
    else:
        says = _(
            "The academy signed this, but whether it was revoked since could not be looked up. Compare each "
            "line with the paper in your hands."
        )
    return Verdict(standing=Standing.VALID, says=says, statement=statement)


def _are_fields(fields: list[object]) -> bool:
    if len(fields) != len(FIELDS):
        return False
    for value, kind in zip(fields, FIELDS, strict=True):
        if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
            return False
    days = [fields[8], fields[9]]
    try:
        return all(date.fromisoformat(str(day)) for day in days if day) and bool(days[0])
    except ValueError:
        return False


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    """The bytes of base64url; raises ValueError, also for a second spelling of the same bytes."""
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _text(data) != text:
        raise ValueError("not the one spelling")  # not words
    return data
