"""The statements of W3C's suites for VC Data Model 2.0, Data Integrity EdDSA and Bitstring Status List, asked of
our endpoints as the suites ask them (their assertions are reproduced; docs/credentials.md says how to run theirs).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from pme.config import Settings
from pme.credentials.contexts import CREDENTIALS
from pme.credentials.multibase import base58_bytes, base58_text, multikey
from pme.credentials.proof import signed_bytes
from pme.credentials.status import decoded_list
from pme.errors import Invalid
from tests.credentials.cast import Json, outsiders_say

pytestmark = pytest.mark.database("sqlite")

TOKEN = "suites-only-0123456789"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}
THEIR_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
THEIRS = multikey(THEIR_KEY.public_key().public_bytes_raw())
THEIR_DID, THEIR_METHOD = f"did:key:{THEIRS}", f"did:key:{THEIRS}#{THEIRS}"
CLAIM = {"id": "did:example:subject", "name": "Example"}
BASE = {
    "@context": [CREDENTIALS, "https://www.w3.org/ns/credentials/undefined-terms/v2"],
    "id": "urn:uuid:86294362-4254-4f36-854f-3952fe42555d",
    "type": ["VerifiableCredential"],
    "issuer": "https://issuer.example/1",
    "credentialSubject": CLAIM,
}
EXTRA = {"@value": "Name", "@language": "en", "url": "did:example:x"}
ENTRY = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": "https://issuer.example/status/1",
}
MESSAGES = [{"status": "0x0", "message": "stands"}, {"status": "0x1", "message": "does not"}]


@pytest.fixture
def suite(app: Flask) -> Iterator[FlaskClient]:
    """A client of the endpoints, with the token set."""
    closed: Settings = app.extensions["pme_settings"]
    app.extensions["pme_settings"] = replace(closed, vc_api_token=TOKEN)
    yield app.test_client()
    app.extensions["pme_settings"] = closed


def post(suite: FlaskClient, address: str, body: Any) -> tuple[int, Json]:
    response = suite.post(address, json=body, headers=WITH_TOKEN)
    assert response.is_json, response.text
    return response.status_code, response.json or {}


def context(**terms: Any) -> Json:
    return {"@context": [CREDENTIALS, terms]}


MAPPED = "https://example.org/Custom"
ACCEPTED: dict[str, Json] = {
    "as it is": {},
    "contexts: an object after the address": context(Custom=MAPPED),
    "id: absent, a DID": {"id": "did:example:credential"},
    "type: an address": {"type": ["VerifiableCredential", MAPPED]},
    "type: mapped to an address": context(Custom=MAPPED) | {"type": ["Custom", "VerifiableCredential"]},
    "name: text": {"name": "Name", "description": "Words"},
    "name: with language": {"name": {"@value": "Name", "@language": "en"}},
    "name: with direction": {
        "description": {"@value": "HTML هي لغة", "@language": "ar", "@direction": "rtl"}
    },
    "name: in languages": {
        "name": [{"@value": "Name", "@language": "en"}, {"@value": "Nom", "@language": "fr"}]
    },
    "issuer: an object": {"issuer": {"id": "did:example:issuer", "name": "Issuer", "description": "Words"}},
    "subjects: several": {"credentialSubject": [CLAIM, {"name": "Second"}]},
    "validFrom: milliseconds": {"validFrom": "2024-01-01T00:00:00.123Z"},
    "validFrom: a zone": {
        "validFrom": "2024-01-01T00:00:00-05:00",
        "validUntil": "2999-01-01T00:00:00+14:00",
    },
    "validFrom: far ahead": {"validFrom": "2999-01-01T00:00:00Z"},
    "status: of another sort": {"credentialStatus": {"id": "did:example:status", "type": MAPPED}},
    "status: an entry": {"credentialStatus": ENTRY},
    "status: sizes and messages": {
        "credentialStatus": ENTRY | {"statusPurpose": "message", "statusSize": 1, "statusMessage": MESSAGES}
    },
    "terms of use": {"termsOfUse": [{"type": MAPPED}, {"id": "https://a.example/b", "type": MAPPED}]},
    "evidence": {"evidence": [{"type": MAPPED, "name": "Shown"}, {"type": [MAPPED]}]},
    "refresh": {"refreshService": {"id": "https://a.example/refresh", "type": MAPPED}},
    "schema": {"credentialSchema": [{"id": "https://a.example/schema", "type": MAPPED}]},
    "related": {"relatedResource": [{"id": "https://a.example/r", "digestMultibase": "uEresMS"}]},
}
REFUSED: dict[str, Json] = {
    "contexts: none": {"@context": None},
    "contexts: not first": {"@context": [MAPPED, CREDENTIALS]},
    "contexts: no address": {"@context": [CREDENTIALS, "none"]},
    "contexts: a number": {"@context": [CREDENTIALS, 5]},
    "contexts: an object only": {"@context": {"name": MAPPED}},
    "contexts: elsewhere": {"@context": [CREDENTIALS, "https://elsewhere.example/v1"]},
    "contexts: a term redefined": context(VerifiableCredential="https://a.example/other"),
    "contexts: a word redefined": context(description="https://a.example/other"),
    "id: null": {"id": None},
    "id: several": {"id": ["did:example:a", "did:example:b"]},
    "id: no address": {"id": "not-a-url"},
    "subject: several ids": {"credentialSubject": CLAIM | {"id": ["did:example:a", "did:example:b"]}},
    "type: none": {"type": None},
    "type: empty": {"type": []},
    "type: not of a credential": {"type": [MAPPED]},
    "type: unmapped": {"@context": [CREDENTIALS], "type": ["VerifiableCredential", "Unheard"]},
    "type: mapped to no address": context(Custom="relative") | {"type": ["VerifiableCredential", "Custom"]},
    "name: more than words": {"name": EXTRA},
    "description: more than words": {"description": EXTRA},
    "issuer: name with more": {"issuer": {"id": "did:example:i", "name": EXTRA}},
    "issuer: description with more": {"issuer": {"id": "did:example:i", "description": EXTRA}},
    "issuer: none": {"issuer": None},
    "issuer: no address": {"issuer": "none"},
    "issuer: no id": {"issuer": {"name": "Issuer"}},
    "issuer: id no address": {"issuer": {"id": "none"}},
    "subject: none": {"credentialSubject": None},
    "subject: empty": {"credentialSubject": {}},
    "subject: one of them empty": {"credentialSubject": [CLAIM, {}]},
    "subject: no objects": {"credentialSubject": []},
    "subject: text": {"credentialSubject": "did:example:subject"},
    "validFrom: no time": {"validFrom": "2024-01-01"},
    "validFrom: no zone": {"validFrom": "2024-01-01T00:00:00"},
    "validFrom: no such day": {"validFrom": "2023-02-29T00:00:00Z"},
    "validUntil: no time": {"validUntil": "tomorrow"},
    "validUntil: before": {"validFrom": "2025-01-01T00:00:00Z", "validUntil": "2024-01-01T00:00:00Z"},
    "status: no type": {"credentialStatus": {"id": "did:example:status"}},
    "status: id no address": {"credentialStatus": {"id": "none", "type": MAPPED}},
    "status: several ids": {"credentialStatus": {"id": ["did:a:b", "did:a:c"], "type": MAPPED}},
    "status: index no text": {"credentialStatus": ENTRY | {"statusListIndex": 7}},
    "status: index below zero": {"credentialStatus": ENTRY | {"statusListIndex": "-1"}},
    "status: list no address": {"credentialStatus": ENTRY | {"statusListCredential": "none"}},
    "status: purpose no word": {"credentialStatus": ENTRY | {"statusPurpose": 5}},
    "status: id of the list": {"credentialStatus": ENTRY | {"id": ENTRY["statusListCredential"]}},
    "status: size zero": {"credentialStatus": ENTRY | {"statusSize": 0}},
    "status: size without messages": {"credentialStatus": ENTRY | {"statusSize": 2}},
    "status: messages that say nothing": {"credentialStatus": ENTRY | {"statusMessage": [{}, {}]}},
    "list: too short": {
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "credentialSubject": {
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "uH4sIAAAAAAAAA2NgAAAAAP__AwAAAAAA",
        },
    },
    "list: of another sort": {"type": ["VerifiableCredential", "BitstringStatusListCredential"]},
    "terms of use: no type": {"termsOfUse": {"id": "https://a.example/b"}},
    "evidence: no type": {"evidence": [{"name": "Shown"}]},
    "evidence: text": {"evidence": "shown"},
    "evidence: nothing": {"evidence": []},
    "refresh: no type": {"refreshService": {"id": "https://a.example/refresh"}},
    "refresh: id no address": {"refreshService": {"id": "none", "type": MAPPED}},
    "schema: no type": {"credentialSchema": {"id": "https://a.example/schema"}},
    "schema: no id": {"credentialSchema": {"type": MAPPED}},
    "schema: id no address": {"credentialSchema": {"id": "none", "type": MAPPED}},
    "related: no digest": {"relatedResource": [{"id": "https://a.example/r"}]},
    "related: twice": {"relatedResource": [{"id": "a:b", "digestSRI": "x"}, {"id": "a:b", "digestSRI": "x"}]},
    "proof: no type": {"proof": {"proofValue": "z1"}},
}


def test_the_data_model_is_kept_at_issue_and_at_verification(suite: FlaskClient):
    wrong = []
    for name, change in (ACCEPTED | REFUSED).items():
        status, answer = post(suite, "/credentials/issue", {"credential": BASE | change, "options": {}})
        if status != (201 if name in ACCEPTED else 400):
            wrong.append((name, status, answer))
        if status == 201:
            issued = answer["verifiableCredential"]
            status, answer = post(
                suite, "/credentials/verify", {"verifiableCredential": issued, "options": {}}
            )
            if status != (400 if name == "validFrom: far ahead" else 200):
                wrong.append((name, status, answer))
        elif answer.get("verified") is not False or not answer["problemDetails"][0]["type"].startswith(
            "https://"
        ):
            wrong.append((name, status, answer))
    assert wrong == []


def by_them(**proof: Any) -> Json:
    """A credential of another issuer, with what its proof says changed before it is signed."""
    document = BASE | {"issuer": THEIR_DID}
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2024-01-01T00:00:00Z",
        "verificationMethod": THEIR_METHOD,
        "proofPurpose": "assertionMethod",
    }
    options = {name: value for name, value in (options | proof).items() if value is not None}
    try:
        value = base58_text(THEIR_KEY.sign(signed_bytes(document, options)))
    except Invalid:  # what has no meaning is signed all the same: badly
        value = base58_text(bytes(64))
    return document | {"proof": options | {"proofValue": value}}


def after(change: Callable[[Json], None]) -> Json:
    """A good credential of theirs, with something done to it after it was signed."""
    document = by_them()
    change(document)
    return document


def longer(document: Json) -> None:
    value = base58_bytes(document["proof"]["proofValue"])
    document["proof"]["proofValue"] = base58_text(value + bytes(32))


BROKEN: dict[str, Json] = {
    "proof missing": after(lambda one: one.pop("proof")),
    "proof null": after(lambda one: one.update(proof=None)),
    "proof no object": after(lambda one: one.update(proof="z")),
    "type missing": after(lambda one: one["proof"].pop("type")),
    "type unknown": by_them(type="UnknownProofType"),
    "method missing": by_them(verificationMethod=None),
    "method invalid": by_them(verificationMethod="did:key:invalidVm"),
    "method of another": by_them(verificationMethod=f"did:key:{multikey(bytes(32))}#{multikey(bytes(32))}"),
    "purpose missing": by_them(proofPurpose=None),
    "purpose invalid": by_them(proofPurpose="invalidPurpose"),
    "value missing": after(lambda one: one["proof"].pop("proofValue")),
    "value null": after(lambda one: one["proof"].update(proofValue=None)),
    "value not multibase": after(lambda one: one["proof"].update(proofValue=one["proof"]["proofValue"][1:])),
    "value too long": after(longer),
    "created no time": by_them(created="invalidDate"),
    "created no zone": by_them(created="2024-01-01T00:00:00"),
    "expires no zone": by_them(expires="2024-01-01T00:00:00"),
    "expires over": by_them(expires="2024-01-01T00:00:00Z"),
    "suite unknown": by_them(cryptosuite="UnknownCryptosuite"),
    "suite of another kind": by_them(cryptosuite="eddsa-jcs-2022"),
    "a letter changed": after(lambda one: one.update(name="Other")),
    "issuer changed": after(lambda one: one.update(issuer="did:example:other")),
    "an earlier proof missing": by_them(previousProof="urn:uuid:none"),
}


def test_every_broken_proof_is_refused_and_every_good_one_taken(suite: FlaskClient):
    for good in (by_them(), by_them(created=None), by_them(domain="a.example", challenge="1")):
        status, answer = post(suite, "/credentials/verify", {"verifiableCredential": good, "options": {}})
        assert (status, answer["verified"], answer["errors"]) == (200, True, [])
    for name, broken in BROKEN.items():
        status, answer = post(suite, "/credentials/verify", {"verifiableCredential": broken})
        assert (name, status, answer["verified"]) == (name, 400, False)
        assert answer["problemDetails"][0]["detail"]


@pytest.mark.parametrize(
    "option", [{"expectedProofPurpose": "authentication"}, {"domain": "b"}, {"challenge": "2"}]
)
def test_a_proof_must_be_what_the_caller_expects(suite: FlaskClient, option: Json):
    good = by_them(domain="a.example", challenge="1")
    assert post(suite, "/credentials/verify", {"verifiableCredential": good, "options": option})[0] == 400


def test_proofs_may_stand_beside_and_upon_each_other(suite: FlaskClient):
    first = by_them(id="urn:uuid:first")
    proof = first["proof"]
    second = {key: value for key, value in proof.items() if key != "proofValue"}
    second |= {"id": "urn:uuid:second", "previousProof": "urn:uuid:first"}
    second["proofValue"] = base58_text(THEIR_KEY.sign(signed_bytes(first, second, after=(proof,))))
    both = first | {"proof": [proof, second]}
    assert post(suite, "/credentials/verify", {"verifiableCredential": both})[0] == 200
    assert post(suite, "/credentials/verify", {"verifiableCredential": both | {"proof": [second]}})[0] == 400


def test_what_is_issued_is_taken_by_another_implementation_and_names_a_status_list(suite: FlaskClient):
    status, answer = post(suite, "/credentials/issue?status=yes", {"credential": BASE})
    issued = answer["verifiableCredential"]
    entry, proof = issued["credentialStatus"], issued["proof"]
    listed = suite.get("/credentials/status-list").json or {}
    assert entry["statusListCredential"] == listed["id"]
    assert len(decoded_list(listed["credentialSubject"]["encodedList"])) * 8 >= 131_072
    method = proof["verificationMethod"]
    did, _, name = method.partition("#")
    key = {
        "@context": "https://w3id.org/security/multikey/v1",
        "id": method,
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": name,
    }
    known = {
        did: {"@context": "https://www.w3.org/ns/did/v1", "id": did, "assertionMethod": [method]},
        method: key,
    }
    said = outsiders_say([{"credential": issued}], documents=known | {listed["id"]: listed})
    assert said == [{"verified": True, "revoked": False, "reason": ""}]
    assert (status, issued["issuer"]) == (201, did)


def test_the_endpoints_are_closed_without_their_token(app: Flask, suite: FlaskClient):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        refused = suite.post("/credentials/issue", json={"credential": BASE}, headers=headers)
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    app.extensions["pme_settings"] = replace(app.extensions["pme_settings"], vc_api_token="")
    assert suite.post("/credentials/issue", json={"credential": BASE}, headers=WITH_TOKEN).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"credential": "x"}', b'{"credential": {}, "options": 5}']
)
def test_what_is_no_request_is_told_so(suite: FlaskClient, body: bytes):
    for address in ("/credentials/issue", "/credentials/verify"):
        response = suite.post(address, data=body, headers=WITH_TOKEN)
        assert response.status_code == 400
        assert (response.json or {})["errors"]


def test_only_one_suite_is_signed(suite: FlaskClient):
    asked = {"credential": BASE, "options": {"cryptosuite": "bbs-2023"}}
    assert post(suite, "/credentials/issue", asked)[0] == 400
