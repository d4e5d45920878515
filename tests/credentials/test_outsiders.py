"""Another implementation, from other people, reads what we make: Digital Bazaar's for Node.js, and jose."""

from base64 import urlsafe_b64encode
from copy import deepcopy
from dataclasses import replace

import pytest

from pme.credentials.jwt import as_jwt
from pme.credentials.making import credential
from tests.credentials.cast import (
    ADAMS,
    KEY,
    LIST,
    METHOD,
    PUBLIC,
    Json,
    certificate,
    outsiders_say,
    published,
    signed,
    status_list,
)

JWK = {"kty": "OKP", "crv": "Ed25519", "x": urlsafe_b64encode(PUBLIC).decode().rstrip("=")}


def changed(**claims: str) -> Json:
    document = deepcopy(certificate())
    document["credentialSubject"] |= claims
    return document


def token(document: Json) -> str:
    return as_jwt(document, sign=KEY.sign, method=METHOD)


def alike() -> Json:
    """Two subjects without names of their own, who look alike and are told apart by nothing."""
    one = {"name": "Somebody", "https://a.example/knows": {"name": "Another"}}
    document = {key: value for key, value in credential(ADAMS).items() if key != "credentialSubject"}
    return document | {"credentialSubject": [one, one]}


@pytest.fixture(scope="module")
def answers() -> dict[str, Json]:
    """One process answers all: starting it takes longer than checking."""
    bare = replace(
        ADAMS, ects=5.0, outcomes=(), frameworks=(), valid_until=None, replaces=None, holder_rank=""
    )
    revoked_at = LIST.replace("/1", "/2")
    elsewhere = replace(ADAMS, status_list_url=revoked_at)
    revoking = status_list(ADAMS.status_index)
    revoking = signed({key: value for key, value in revoking.items() if key != "proof"} | {"id": revoked_at})
    cases: dict[str, Json] = {
        "ours": {"credential": certificate()},
        "the least of ours": {"credential": signed(credential(bare))},
        "one letter of the number changed": {"credential": changed(licenseNumber="LAKESIDE-2026-000002")},
        "a claim added": {"credential": changed(creditsEarned="9")},
        "things that look alike": {"credential": signed(alike())},
        "revoked": {"credential": signed(credential(elsewhere))},
        "the list": {"credential": status_list(5), "isList": True},
        "token": {"jwt": token(certificate()), "key": JWK},
        "changed token": {"jwt": token(certificate()).replace(".ey", ".fy"), "key": JWK},
    }
    documents = published() | {LIST: status_list(5), revoked_at: revoking}
    return dict(zip(cases, outsiders_say(list(cases.values()), documents=documents), strict=True))


@pytest.mark.parametrize("case", ["ours", "the least of ours", "things that look alike"])
def test_they_accept_what_we_sign(answers: dict[str, Json], case: str):
    assert answers[case] == {"verified": True, "revoked": False, "reason": ""}


def test_they_accept_our_status_list(answers: dict[str, Json]):
    assert answers["the list"]["verified"] is True, answers["the list"]["reason"]


@pytest.mark.parametrize("case", ["one letter of the number changed", "a claim added"])
def test_they_refuse_what_was_changed(answers: dict[str, Json], case: str):
    assert answers[case]["verified"] is False
    assert "signature" in answers[case]["reason"].lower()


def test_they_see_a_revocation(answers: dict[str, Json]):
    assert answers["revoked"]["revoked"] is True


def test_they_read_the_same_claims_in_the_token(answers: dict[str, Json]):
    document, read = certificate(), answers["token"]
    assert read["verified"] is True
    assert read["header"] == {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": METHOD}
    assert {key: read["payload"][key] for key in document if key != "proof"} == {
        key: value for key, value in document.items() if key != "proof"
    }
    assert read["payload"]["iss"] == document["issuer"]["id"]
    assert answers["changed token"]["verified"] is False
