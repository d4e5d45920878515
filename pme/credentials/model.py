"""Whether a document is a credential at all: the demands of W3C Verifiable Credentials Data Model 2.0.

For the credentials of others, of whatever sort; the certificates of this platform have a form of their own.
"""

import re
from collections.abc import Iterable
from typing import Any

from pme.credentials.canonical import ADDRESS
from pme.credentials.contexts import CREDENTIALS
from pme.credentials.status import decoded_list
from pme.credentials.times import read
from pme.errors import Invalid

Json = dict[str, Any]

TYPED = ("credentialStatus", "termsOfUse", "evidence", "refreshService", "credentialSchema", "proof")
WORDS = {"@value", "@language", "@direction"}
INDEX = re.compile(r"0|[1-9][0-9]{0,30}")


class Malformed(Invalid):
    """A document that breaks a rule of the data model; the sentence names the property."""


def check_model(document: Json) -> None:
    """Raise Malformed, naming the first property that is not as the data model demands."""
    _context(document.get("@context"))
    _types(document, "VerifiableCredential", "the credential")
    _identifier(document, "the credential")
    _issuer(document.get("issuer"))
    _subjects(document.get("credentialSubject"))
    _period(document)
    for place in (document, document["issuer"]):
        if isinstance(place, dict):
            _words(place, "name")
            _words(place, "description")
    for name in TYPED:
        for thing in _objects(document, name):
            _types(thing, None, name)
            _identifier(thing, name, must=name == "credentialSchema")
    for thing in _objects(document, "credentialStatus"):
        if thing["type"] == "BitstringStatusListEntry":
            _entry(thing)
    _related(document)
    if "BitstringStatusListCredential" in _listed(document["type"]):
        _list(document["credentialSubject"])


def _need(is_so: bool, says: str) -> None:
    if not is_so:
        raise Malformed(says)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_url(value: object) -> bool:
    return isinstance(value, str) and ADDRESS.fullmatch(value) is not None


def _objects(document: Json, name: str) -> list[Json]:
    if name not in document:
        return []
    found = _listed(document[name])
    _need(bool(found), f"“{name}” is empty.")
    for thing in found:
        _need(isinstance(thing, dict), f"“{name}” must be an object, or a set of objects.")
    return found


def _context(context: object) -> None:
    is_list = isinstance(context, list) and bool(context)
    _need(
        is_list and _listed(context)[0] == CREDENTIALS,
        f"“@context” must be a list that begins with {CREDENTIALS}.",
    )
    for one in _listed(context):
        _need(isinstance(one, dict) or _is_url(one), "“@context” must hold addresses and objects only.")


def _types(thing: Json, wanted: str | None, place: str) -> None:
    types = thing.get("type")
    names = _listed(types)
    are_names = bool(names) and all(isinstance(name, str) and name for name in names)
    _need(are_names, f"“type” of {place} must be one or more names.")
    _need(wanted is None or wanted in names, f"“type” of {place} must include {wanted}.")


def _identifier(thing: Json, place: str, *, must: bool = False) -> None:
    if must or "id" in thing:
        _need(_is_url(thing.get("id")), f"“id” of {place} must be one address.")


def _issuer(issuer: object) -> None:
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    _need(_is_url(found), "“issuer” must be an address, or an object with one as its “id”.")


def _subjects(subjects: object) -> None:
    found = _listed(subjects)
    _need(bool(found), "“credentialSubject” is empty.")
    for subject in found:
        _need(
            isinstance(subject, dict) and bool(subject),
            "Each “credentialSubject” must be an object with a claim.",
        )
        _identifier(subject, "credentialSubject")


def _period(document: Json) -> None:
    times = {name: read(document[name]) for name in ("validFrom", "validUntil") if name in document}
    for name, at in times.items():
        _need(at is not None, f"“{name}” must be a date and time with a time zone (dateTimeStamp).")
    begins, ends = times.get("validFrom"), times.get("validUntil")
    _need(begins is None or ends is None or begins <= ends, "“validUntil” is before “validFrom”.")


def _words(place: Json, name: str) -> None:
    if name not in place:
        return
    for one in _listed(place[name]):
        is_worded = isinstance(one, dict) and isinstance(one.get("@value"), str) and set(one) <= WORDS
        _need(
            isinstance(one, str) or is_worded,
            f"“{name}” must be text, or text with its language and direction.",
        )


def _entry(entry: Json) -> None:
    _need(isinstance(entry.get("statusPurpose"), str), "“statusPurpose” must be a word.")
    index = entry.get("statusListIndex")
    is_index = isinstance(index, str) and INDEX.fullmatch(index) is not None
    _need(is_index, "“statusListIndex” must be a whole number, written as text.")
    address = entry.get("statusListCredential")
    _need(_is_url(address), "“statusListCredential” must be an address.")
    _need(entry.get("id") != address, "“id” of credentialStatus must not be that of the list.")
    size = entry.get("statusSize", 1)
    _need(type(size) is int and size > 0, "“statusSize” must be a whole number above zero.")
    if size > 1 or "statusMessage" in entry:
        messages = entry.get("statusMessage")
        is_whole = isinstance(messages, list) and len(messages) == 2 ** min(size, 16)
        _need(is_whole, "“statusMessage” must have one entry for each possible status.")
        _messages(messages or [])


def _messages(messages: Iterable[object]) -> None:
    for message in messages:
        is_told = isinstance(message, dict) and all(
            isinstance(message.get(key), str) for key in ("status", "message")
        )
        _need(is_told, "Each “statusMessage” must say its status and its message.")


def _related(document: Json) -> None:
    seen = set()
    for thing in _objects(document, "relatedResource"):
        _identifier(thing, "relatedResource", must=True)
        _need(thing["id"] not in seen, "“relatedResource” names the same resource twice.")
        seen.add(thing["id"])
        is_hashed = isinstance(thing.get("digestSRI", thing.get("digestMultibase")), str)
        _need(is_hashed, "Each “relatedResource” must have a digest.")


def _list(subject: object) -> None:
    is_list = isinstance(subject, dict) and subject.get("type") == "BitstringStatusList"
    _need(is_list, "“credentialSubject” of a status list must be a BitstringStatusList.")
    assert isinstance(subject, dict)  # noqa: S101  (said just above)
    _need(
        all(isinstance(one, str) for one in _listed(subject.get("statusPurpose"))),
        "“statusPurpose” must be a word.",
    )
    decoded_list(str(subject.get("encodedList")))
