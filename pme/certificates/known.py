"""What this platform knows that a credential can be checked by: its academies' keys, and what they withdrew."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pme.certificates.credential import list_address
from pme.certificates.models import Certificate
from pme.certificates.queries import withdrawn_places
from pme.credentials.checking import Finding, KnownKey, Standing, check, named_in
from pme.credentials.status import StatusList, bits_of
from pme.keys.documents import Place
from pme.keys.public import KeyKind
from pme.keys.queries import Issuer, find_issuer, public_keys
from pme.words.lazily import lazy

METHOD = re.compile(r"did:web:[^#]{1,300}:academies:(?P<slug>[a-z0-9-]{1,100})#(?P<label>[a-z0-9-]{1,60})")
LIST = re.compile(
    r"https?://[^#?]{1,300}/academies/(?P<slug>[a-z0-9-]{1,100})/status/(?P<number>[1-9][0-9]{0,8})"
)
ELSEWHERE = lazy(
    "This is signed in the name of an academy at another address, whose keys are not known here."
)


def check_here(
    session: Session, given: bytes | str | dict[str, Any], *, public_url: str, at: datetime
) -> Finding:
    """Check a credential by all that this platform knows. Never raises.

    One that an academy signed while the platform had another address is known by its key.
    """
    method, url = named_in(given)
    key, status = key_at(session, method), list_at(session, url, at=at)
    finding = check(given, keys={method: key} if key else {}, status={url: status} if status else {}, at=at)
    is_ours = key is not None and key.issuer == Place(public_url, _slug(method)).did
    if finding.standing is Standing.ALTERED and not is_ours:
        return replace(finding, standing=Standing.UNKNOWN_ISSUER, says=ELSEWHERE)
    return finding


def key_at(session: Session, method: str) -> KnownKey | None:
    """The key of an academy here that goes by this address, at whatever host; None where there is none."""
    named = METHOD.fullmatch(method)
    issuer = find_issuer(session, named["slug"]) if named else None
    if named is None or issuer is None:
        return None
    for key in public_keys(session, issuer.academy_id):
        if key.label == named["label"] and key.kind is KeyKind.ED25519:
            did = method.partition("#")[0]
            return KnownKey(
                public=key.public, issuer=did, retired_on=key.retired_on, revoked_on=key.revoked_on
            )
    return None


def list_at(session: Session, url: str, *, at: datetime) -> StatusList | None:
    """The status list of an academy here that goes by this address, as it is now; None where there is none."""
    named = LIST.fullmatch(url)
    issuer = find_issuer(session, named["slug"]) if named else None
    if named is None or issuer is None:
        return None
    return current_list(session, issuer, int(named["number"]), at=at)


def current_list(session: Session, issuer: Issuer, number: int, *, at: datetime) -> StatusList | None:
    """A status list of an academy, as it is now; None where none of its certificates has a place in it."""
    is_used = exists().where(Certificate.academy_id == issuer.academy_id, Certificate.status_list == number)
    if number != 1 and not session.scalar(select(is_used)):
        return None
    return StatusList(bits_of(withdrawn_places(session, issuer.academy_id, number)), at)


def list_url(issuer: Issuer, number: int, *, public_url: str) -> str:
    """The address of a status list."""
    return list_address(Place(public_url, issuer.slug), number)


def _slug(method: str) -> str:
    named = METHOD.fullmatch(method)
    return named["slug"] if named else ""
