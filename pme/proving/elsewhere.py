"""Judging a file away from the platform, by what academies publish: their keys, and their lists of withdrawals."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from pme.credentials import compact
from pme.credentials.checking import Finding, KnownKey, check, read_list
from pme.credentials.multibase import key_of
from pme.credentials.status import BadList, StatusList
from pme.errors import Invalid
from pme.keys import chains
from pme.proving.worth import STANDINGS, Proof, Worth

NO_KEYS = "{} is no list of public keys: an academy publishes it as …/academies/NAME/keys.json."
NO_LIST = "{} is no list of withdrawals of an academy whose keys were given: {}"
Json = dict[str, Any]


@dataclass
class Known:
    """Keys by the address of the method, chains of paper keys by the SHA-256 of their first, lists by their address."""

    keys: dict[str, KnownKey] = field(default_factory=dict)
    papers: dict[str, set[str]] = field(default_factory=dict)
    lists: dict[str, StatusList] = field(default_factory=dict)

    def withdrawn(self, issuer: str) -> compact.Withdrawn | None:
        """The places that an academy has withdrawn, as far as its lists are here."""
        own = issuer.removeprefix("did:web:").replace(":", "/").replace("%3A", ":")
        places, published = set(), []
        for url, found in self.lists.items():
            address, _, number = url.rpartition("/status/")
            if address.partition("://")[2] != own or not number.isdigit() or found.published is None:
                continue
            published.append(found.published)
            bits = ((byte, bit) for byte, value in enumerate(found.bits) if value for bit in range(8))
            places |= {
                (int(number), byte * 8 + bit) for byte, bit in bits if found.bits[byte] >> (7 - bit) & 1
            }
        return compact.Withdrawn(frozenset(places), min(published)) if published else None


def known_from(keys: Iterable[tuple[str, bytes]], lists: Iterable[tuple[str, bytes]]) -> Known:
    """What published files say, each as (name, content). Raises Invalid, naming the file that is something else."""
    known = Known()
    for name, content in keys:
        try:
            document = json.loads(content)
            for key in document["keys"]:
                _take_key(known, str(document["issuer"]), key)
        except (ValueError, KeyError, TypeError, AttributeError, Invalid) as error:
            raise Invalid(NO_KEYS.format(name)) from error
    for name, content in lists:
        try:
            document = json.loads(content)
            url, issuer = str(document["id"]), str(document["issuer"])
            known.lists[url] = read_list(document, keys=known.keys, url=url, issuer=issuer)
        except BadList as error:
            raise Invalid(NO_LIST.format(name, error.says)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid(NO_LIST.format(name, "it cannot be read.")) from error
    return known


def judge_elsewhere(told: Mapping[str, Any], known: Known, *, at: datetime) -> Proof:
    """What a file comes to by these keys and lists alone."""
    if told["kind"] == "code":
        method = compact.method_in(told["text"])
        issuer = method.partition("#")[0]
        lists = {issuer: found} if (found := known.withdrawn(issuer)) else {}
        verdict = compact.check(told["text"], keys=known.keys, withdrawn=lists, at=at)
        return Proof(STANDINGS[verdict.standing], (verdict.says,), statement=verdict.statement)
    if told["kind"] == "credential":
        return _found(check(told["text"], keys=known.keys, status=known.lists, at=at))
    return _of_pdf(told, known, at)


def _of_pdf(told: Mapping[str, Any], known: Known, at: datetime) -> Proof:
    signature = told["signature"]
    if not told["credential"]:
        says = (
            "This PDF carries no credential, so nothing in it can be proved here. Ask for the original file."
        )
        return Proof(Worth.UNPROVEN, (says,))
    inside = _found(check(told["credential"], keys=known.keys, status=known.lists, at=at))
    if inside.worth is not Worth.VALID:
        return inside
    if signature and signature["fits"] and known.papers.get(signature["by"]) == set(signature["chain"]):
        return Proof(Worth.VALID, ("This is the very file that the academy signed.", *inside.says))
    if signature is None:
        says = (
            "The credential inside is good, the signature of the file is gone, so its pages may be others. "
        )
        return Proof(Worth.UNPROVEN, (says + "Ask for the original file.",))
    if not signature["fits"]:
        return Proof(Worth.ALTERED, ("The file was changed after it was signed. Ask for the original file.",))
    return Proof(
        Worth.UNPROVEN, ("Somebody else than the academy signed this file. Ask for the original file.",)
    )


def _found(finding: Finding) -> Proof:
    return Proof(STANDINGS[finding.standing], (finding.says,), document=finding.document)


def _take_key(known: Known, issuer: str, key: Json) -> None:
    if key["kind"] == "ed25519":
        known.keys[str(key["id"])] = KnownKey(
            public=key_of(key["publicKeyMultibase"]),
            issuer=issuer,
            retired_on=_day(key.get("retired")),
            revoked_on=_day(key.get("revoked")),
        )
    elif key.get("certificateChain") and not key.get("revoked"):
        own, *above = (sha256(each).hexdigest() for each in chains.as_der(key["certificateChain"]))
        known.papers[own] = {own, *above}


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None
