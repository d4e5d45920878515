"""What a check says of a credential: whose it is, whether it was changed, whether it still stands."""

import time
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pme.credentials.bounds import OutOfBounds
from pme.credentials.canonical import NotCanonical, UnknownContext, canonical
from pme.credentials.checking import ALTERED, NO_STATUS, Standing, check, named_in, read_list
from pme.credentials.contexts import CREDENTIALS, UNDEFINED_TERMS
from pme.credentials.jwt import as_jwt
from pme.credentials.making import as_bytes, credential
from pme.credentials.multibase import base58_bytes, base64_bytes, key_of, multikey
from pme.credentials.status import BadList, StatusList, bits_of, decoded_list, encoded_list, status_credential
from pme.credentials.verifying import key_in, verify
from pme.errors import Invalid
from tests.credentials.cast import (
    ADAMS,
    AT,
    ISSUER,
    KEY,
    KEYS,
    LIST,
    METHOD,
    NONE_REVOKED,
    PUBLIC,
    Json,
    certificate,
    signed,
    status_list,
)

REVOKED = {LIST: StatusList(bits_of([ADAMS.status_index]), AT)}
KNOWN = KEYS[METHOD]


def found(
    document: Any, *, keys: Any = KEYS, status: Any = NONE_REVOKED, at: Any = AT
) -> tuple[Standing, str]:
    finding = check(document, keys=keys, status=status, at=at)
    return finding.standing, finding.says


def test_what_the_academy_signed_is_valid_as_document_as_file_and_as_token():
    document = certificate()
    token = as_jwt(document, sign=KEY.sign, method=METHOD)
    for form in (document, as_bytes(document), as_bytes(document).decode(), token, token.encode() + b"\n"):
        finding = check(form, keys=KEYS, status=NONE_REVOKED, at=AT)
        assert finding.is_valid, finding.says
        assert finding.is_status_known
        assert finding.status_of == AT
        assert finding.document
        assert finding.document["credentialSubject"]["licenseNumber"] == ADAMS.number


@pytest.mark.parametrize(
    ("around", "standing", "says"),
    [
        ({"status": REVOKED}, Standing.REVOKED, "since revoked it"),
        ({"status": {}}, Standing.VALID, "could not be looked up"),
        ({"status": {LIST: StatusList(b"\0")}}, Standing.VALID, "could not be looked up"),
        ({"at": AT + timedelta(days=1500)}, Standing.EXPIRED, "until 2029-11-26"),
        ({"at": AT - timedelta(days=1)}, Standing.EARLY, "from 2026-11-26"),
        ({"keys": {}}, Standing.UNKNOWN_ISSUER, f"calls itself {METHOD}"),
        ({"keys": {METHOD: replace(KNOWN, issuer="did:web:b")}}, Standing.UNKNOWN_ISSUER, "another academy"),
        (
            {"keys": {METHOD: replace(KNOWN, revoked_on=date(2027, 1, 2))}},
            Standing.UNKNOWN_ISSUER,
            "revoked the key that signed this, on 02 January 2027",
        ),
        (
            {"keys": {METHOD: replace(KNOWN, retired_on=AT.date() - timedelta(days=1))}},
            Standing.UNKNOWN_ISSUER,
            "retired, on 25 November 2026",
        ),
        (
            {"keys": {METHOD: replace(KNOWN, public=bytes(32))}},
            Standing.ALTERED,
            "changed after it was signed",
        ),
    ],
)
def test_each_way_not_to_stand_is_said_in_its_own_sentence(around: Any, standing: Standing, says: str):
    assert found(certificate(), **around)[0] is standing
    assert says in found(certificate(), **around)[1]


def test_a_key_that_was_put_away_still_vouches_for_what_it_signed_before():
    keys = {METHOD: replace(KNOWN, retired_on=AT.date())}
    assert found(certificate(), keys=keys)[0] is Standing.VALID
    assert found(as_jwt(certificate(), sign=KEY.sign, method=METHOD), keys=keys)[0] is Standing.VALID


def test_a_revocation_is_told_before_an_end():
    assert found(certificate(), status=REVOKED, at=AT + timedelta(days=1500))[0] is Standing.REVOKED


FILE = as_bytes(certificate())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (FILE[:900], "cut short"),
        (FILE[:-1], "cut short"),
        (b"%PDF-1.7 \xff\xfe", "not text in UTF-8"),
        (b"[1, 2]", "JSON, but not a credential"),
        (b'{"a": 1,, }', "line 1, column 9 is not JSON"),
        (b'{"a": 1, "a": 2}', "JSON cannot be read"),
        (b'{"a": NaN}', "JSON cannot be read"),
        (b'{"a": 1e999}', "JSON cannot be read"),
        (b'{"a": 2.50}', "JSON cannot be read"),
        (b'{"a": 2.0}', "JSON cannot be read"),
        (b'{"a": -0}', "JSON cannot be read"),
        (b'{"a":' * 100_000, "cannot be read"),
        (b'{"name": "x"}', "not a signed credential"),
        (b'{"proof": {}, "type": "Elsewhat"}', "not a signed credential"),
        (b"x" * 1_000_001, "larger than a credential"),
        (b"eyJhbGciOiJub25lIn0.e30.", "not a credential signed with EdDSA"),
        (b"eyJ.x", "not a JWT"),
    ],
)
def test_what_is_no_credential_is_told_for_what_it_is(data: bytes, says: str):
    standing, told = found(data)
    assert standing is Standing.UNREADABLE
    assert says in told


def test_words_put_in_after_signing_are_seen_even_where_linked_data_would_drop_them():
    additions: tuple[Json, ...] = (
        {"grade": "best"},
        {"name": ["Human security: foundations"]},
        {"validUntil": None},
        {"evidence": []},
    )
    for more in additions:
        assert found(certificate() | more) == (Standing.ALTERED, ALTERED)
    aliased = certificate() | {"type": ["VerifiableCredential", "AchievementCredential"]}
    assert found(aliased)[0] is Standing.ALTERED
    elsewhere = certificate()
    elsewhere["@context"] = [*elsewhere["@context"], UNDEFINED_TERMS]
    assert found(elsewhere)[0] is Standing.ALTERED


def test_what_an_academy_signed_but_is_no_certificate_is_none():
    assert found(status_list())[0] is Standing.ALTERED
    short = signed({key: value for key, value in credential(ADAMS).items() if key != "awardedDate"})
    assert found(short)[0] is Standing.ALTERED


def test_a_token_whose_claims_say_otherwise_is_refused():
    document = credential(replace(ADAMS, valid_until=None))
    honest = as_jwt(document, sign=KEY.sign, method=METHOD)
    assert found(honest)[0] is Standing.VALID
    claims: tuple[Json, ...] = ({"exp": 9_999_999_999}, {"vc": {}}, {"aud": "b"})
    for claim in claims:
        assert found(as_jwt(document | claim, sign=KEY.sign, method=METHOD)) == (Standing.ALTERED, ALTERED)
    head, body, signature = honest.split(".")
    assert found(f"{head}.{body}.{signature[:-1]}{'AB'[signature[-1] == 'A']}")[0] is not Standing.VALID


@given(st.sets(st.integers(0, 131_071), max_size=60))
@settings(max_examples=5, deadline=None)
def test_a_list_says_of_each_place_what_was_set(places: set[int]):
    bits = StatusList(decoded_list(encoded_list(bits_of(places))))
    assert {place for place in range(131_072) if bits.is_set(place)} == places
    assert bits.is_set(131_072) is bits.is_set(-1) is None


def test_a_status_list_counts_only_as_its_academy_signed_it():
    honest = status_list(7)
    bits = read_list(honest, keys=KEYS, url=LIST, issuer=ISSUER)
    assert (bits.is_set(7), bits.is_set(8), bits.published) == (True, False, AT)
    other = signed(status_credential(url=LIST, issuer=ISSUER, bits=bits_of([]), at=AT, purpose="message"))
    stolen = deepcopy(honest) | {"credentialSubject": status_list()["credentialSubject"]}
    for document, says in (
        (stolen, "not what the academy signed"),
        (other, "does not say what was revoked"),
        (signed(honest | {"type": ["VerifiableCredential"]}), "not a status list"),
        (honest | {"issuer": "did:web:b"}, "not signed by the academy"),
        (honest | {"id": "https://pme.example/x"}, "not a status list of that address"),
        (certificate() | {"id": LIST, "issuer": ISSUER}, "not what the academy signed"),
    ):
        with pytest.raises(BadList, match=says):
            read_list(document, keys=KEYS, url=LIST, issuer=ISSUER)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("zabc", "not written"),
        ("u!!!!", "not written"),
        ("uYWJj", "not compressed"),
        (encoded_list(bytes(100)), "at least 131072"),
        (encoded_list(bytes(4_000_001)), "longer than"),
        (encoded_list(bytes(16_384))[:-8], "cut short"),
    ],
)
def test_a_list_that_is_none_or_a_bomb_is_refused(text: str, says: str):
    with pytest.raises(BadList, match=says):
        decoded_list(text)
    with pytest.raises(ValueError, match="outside a list"):
        bits_of([131_072])


def ring(size: int) -> dict[str, Any]:
    """Blank nodes that all look alike and all know each other: the graph that takes forever to canonicalise."""
    terms = {"knows": {"@id": "https://a.example/knows", "@type": "@id"}}
    nodes = [{"@id": f"_:n{a}", "knows": [f"_:n{b}" for b in range(size) if b != a]} for a in range(size)]
    return {"@context": terms, "@graph": nodes}


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        (ring(12), NotCanonical),
        (ring(25), NotCanonical),
        (
            {"@context": CREDENTIALS, "name": {"a": [[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]}},
            OutOfBounds,
        ),
        ({"@context": CREDENTIALS, "name": ["x"] * 6_000}, OutOfBounds),
        ({"@context": CREDENTIALS, "name": "x" * 5_000_000}, OutOfBounds),
        ({"@context": CREDENTIALS, "name": "a\x00b"}, OutOfBounds),
        ({"@context": CREDENTIALS, "name": "\ud800"}, OutOfBounds),
        ({"@context": CREDENTIALS, "name": None}, OutOfBounds),
        ({"@context": "https://elsewhere.example/context"}, UnknownContext),
        ({"@context": [CREDENTIALS, "file:///etc/passwd"]}, UnknownContext),
        ({"@context": CREDENTIALS, "unheard": "of"}, NotCanonical),
        ({"@context": CREDENTIALS, "id": "relative", "name": "x"}, NotCanonical),
        ({"@context": CREDENTIALS, "type": "Unheard", "name": "x"}, NotCanonical),
        ({"@context": CREDENTIALS, "id": 'a:b> <a:p> "o" . <a:c', "name": "x"}, NotCanonical),
        ({"@context": CREDENTIALS, "name": {"@value": "x", "@language": 'e" .'}}, NotCanonical),
        ({"@context": {"@base": 5}}, NotCanonical),
    ],
    ids=range(16),
)
def test_a_document_made_to_mislead_or_to_stall_is_refused_at_once(document: Any, refusal: type[Invalid]):
    began = time.process_time()
    with pytest.raises(refusal):
        canonical(document)
    assert time.process_time() - began < 2


def test_keys_and_signatures_have_one_spelling():
    assert key_of(multikey(PUBLIC)) == PUBLIC
    assert multikey(PUBLIC).startswith("z6Mk")
    for text in ("u6Mk", "z0OIl", "z" + "1" * 300, "zé", "z111"):
        with pytest.raises(Invalid):
            key_of(text)
    for text in ("", "z" + "1" * 300, "z0", "z2 "):
        with pytest.raises(Invalid):
            base58_bytes(text)
    for text in ("uAB", "uA", "uÄ"):
        with pytest.raises(Invalid):
            base64_bytes(text)
    assert key_in("did:key:z6Mk#z6Mk") is key_in(f"did:key:{multikey(PUBLIC)}") is None


def test_contexts_that_documents_bring_are_not_kept_for_ever():
    for number in range(120):
        terms = {f"word{number}": f"https://a.example/{number}"}
        assert f"/{number}>" in canonical({"@context": terms, f"word{number}": "x"})
    literal = {
        "@context": {"raw": {"@id": "https://a.example/raw", "@type": "@json"}},
        "raw": {"any": [1, "x"]},
    }
    assert "JSON" in canonical(literal)


def test_what_a_credential_says_of_itself_is_read_but_not_believed():
    token = as_jwt(certificate(), sign=KEY.sign, method=METHOD)
    assert named_in(FILE) == named_in(token) == (METHOD, LIST)
    assert named_in(b"{") == named_in({}) == named_in("eyJ.x") == ("", "")
    assert named_in({"proof": {"verificationMethod": 5}, "credentialStatus": {}}) == ("", "")


def test_an_academy_without_a_nation_has_no_address():
    assert "address" not in credential(replace(ADAMS, academy_nation=""))["issuer"]


def test_the_credentials_of_others_are_told_why_they_do_not_hold():
    document = {key: value for key, value in certificate().items() if key != "validUntil"}
    over, early = (
        signed(document | {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2020-01-02T00:00:00Z"}),
        signed(document | {"validFrom": "2999-01-01T00:00:00Z"}),
    )
    gone = replace(KNOWN, revoked_on=AT.date())
    for one, key, says in (
        (over, KNOWN, "past its end"),
        (early, KNOWN, "not valid yet"),
        (certificate(), gone, "revoked the key"),
        (certificate(), None, "not known here"),
    ):
        (problem,) = verify(one, key_at=lambda _, key=key: key, at=AT)  # type: ignore[misc]
        assert says in problem.detail


def test_what_cannot_be_looked_up_is_said():
    assert found(certificate(), status={})[1] == NO_STATUS


def test_the_published_example_of_the_standard_is_canonicalised_as_published():
    """Data Integrity EdDSA Cryptosuites v1.0, B.1: the alumni credential and its hash."""
    published = {
        "@context": [CREDENTIALS, {"@vocab": "https://www.w3.org/ns/credentials/examples#"}],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    }
    digest = sha256(canonical(published).encode()).hexdigest()
    assert digest == "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
