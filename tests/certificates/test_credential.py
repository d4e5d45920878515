"""A certificate at its public addresses: signed, the same at each asking, revocable, read by others' programs."""

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, update

from pme.certificates.credential import credential_of
from pme.certificates.known import check_here
from pme.certificates.models import Certificate, Ground
from pme.certificates.queries import latest_of
from pme.certificates.service import reissue, revoke
from pme.credentials.checking import Standing
from pme.db import Database
from pme.keys import service as keys
from pme.keys.documents import Place, did_document
from pme.keys.public import KeyKind
from pme.keys.queries import public_keys
from pme.people.models import Academy, Person, Personnel
from pme.stores.folder import Folder
from tests.conftest import Visits
from tests.credentials.cast import Json, outsiders_say
from tests.support.cast import HOME, START
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.graduates import graduate
from tests.support.keys import KEYRING

DONE, LATER = START + timedelta(days=1), START + timedelta(days=30)


@pytest.fixture
def certificate(database: Database) -> Certificate:
    """What Adams earned at home."""
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=DONE)
        found = latest_of(session, enrolment.academy_id, enrolment.id)
        assert found is not None
        session.expunge(found)
    return found


@pytest.fixture(autouse=True)
def asked_soon(clock: Clock) -> None:
    """It is first asked for on the day on which it was earned."""
    clock.at = DONE


@pytest.fixture
def url(app: Flask) -> str:
    public_url: str = app.extensions["pme_settings"].public_url
    return public_url


def fetched(visitor: Visit, certificate: Certificate, form: str = "json") -> bytes:
    response = visitor.http.get(f"/verify/{certificate.code}/credential.{form}")
    assert response.status_code == 200, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.mimetype == {"json": "application/vc", "jwt": "application/vc+jwt"}[form]
    body: bytes = response.data
    return body


def listed(visitor: Visit) -> Json:
    response = visitor.http.get(f"/academies/{HOME}/status/1")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    again = visitor.http.get(
        f"/academies/{HOME}/status/1", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    found: Json = json.loads(response.data)
    return found


def acting(database: Database) -> keys.Acting:
    with database.session() as session:
        academy = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
        return keys.Acting(academy, KEYRING, "command line", LATER)


def standing(database: Database, given: bytes, *, at: str) -> Standing:
    with database.session() as session:
        return check_here(session, given, public_url=at, at=LATER + timedelta(days=400)).standing


def test_strangers_read_it_with_what_is_published_and_see_when_it_is_withdrawn(
    visit: Visits, database: Database, certificate: Certificate, url: str
):
    nobody = visit("nobody")
    document, before = json.loads(fetched(nobody, certificate)), listed(nobody)
    with database.writing() as session:
        evans = session.scalars(select(Person.id).where(Person.email.startswith("evans"))).one()
        kept = session.scalars(select(Certificate).where(Certificate.id == certificate.id)).one()
        revoke(session, kept, ground=Ground.ERROR, reason="Not theirs.", by=evans, at=LATER)
        published = did_document(Place(url, HOME), public_keys(session, kept.academy_id))
    after, method = listed(nobody), document["proof"]["verificationMethod"]
    known = {
        key["id"]: key | {"@context": published["@context"][1]} for key in published["verificationMethod"]
    }
    known[published["id"]] = published
    address = document["credentialStatus"]["statusListCredential"]
    said = [
        outsiders_say([{"credential": document}], documents=known | {address: bits}, at=LATER)[0]
        for bits in (before, after)
    ]
    assert [answer["revoked"] for answer in said] == [False, True], said
    assert (said[0]["verified"], method, address) == (True, f"{published['id']}#key-1", before["id"])
    assert standing(database, json.dumps(document).encode(), at=url) is Standing.REVOKED


def test_the_endpoint_of_the_suites_knows_our_keys_and_what_was_withdrawn(
    app: Flask, visit: Visits, database: Database, certificate: Certificate
):
    document = json.loads(fetched(visit("nobody"), certificate))
    closed = app.extensions["pme_settings"]
    app.extensions["pme_settings"] = replace(closed, vc_api_token="t" * 16)
    headers = {"Authorization": "Bearer " + "t" * 16}
    answers = []
    for _ in range(2):
        asked = app.test_client().post(
            "/credentials/verify", json={"verifiableCredential": document}, headers=headers
        )
        answers.append((asked.status_code, (asked.json or {}).get("checks"), (asked.json or {})["errors"]))
        with database.writing() as session:
            evans = session.scalars(select(Person.id).where(Person.email.startswith("evans"))).one()
            kept = session.scalars(select(Certificate).where(Certificate.id == certificate.id)).one()
            if not answers[1:]:
                revoke(session, kept, ground=Ground.ERROR, reason="Not theirs.", by=evans, at=LATER)
    app.extensions["pme_settings"] = closed
    assert answers == [
        (200, ["proof", "credentialStatus"], []),
        (400, None, ["The issuer has revoked this credential."]),
    ]


def test_it_says_what_the_certificate_says_and_is_the_same_at_each_asking(
    visit: Visits, database: Database, certificate: Certificate, url: str
):
    nobody = visit("nobody")
    first = fetched(nobody, certificate)
    assert fetched(visit("evans"), certificate) == first
    document = json.loads(first)
    subject = document["credentialSubject"]
    assert document["id"] == f"{url}/verify/{certificate.code}"
    assert subject["licenseNumber"] == certificate.number
    assert subject["identifier"][0]["identityHash"] == certificate.holder_name
    assert [one["targetName"] for one in subject["achievement"]["alignment"]] == [
        words for _, words, _ in certificate.outcomes
    ]
    token = fetched(nobody, certificate, "jwt")
    for form in (first, token):
        assert standing(database, form, at=url) is Standing.VALID
    assert standing(database, first.replace(b"Adams", b"Baker"), at=url) is Standing.ALTERED
    assert standing(database, first.replace(b"#key-1", b"#key-9"), at=url) is Standing.UNKNOWN_ISSUER
    page = nobody.get(f"/verify/{certificate.code}")
    assert f"/verify/{certificate.code}/credential.json" in page.text


def test_it_outlives_a_new_key_and_a_new_address_but_not_a_key_taken_back(
    visit: Visits, database: Database, certificate: Certificate, url: str
):
    nobody = visit("nobody")
    first = fetched(nobody, certificate)
    with database.writing() as session:
        keys.rotate(session, acting(database), KeyKind.ED25519)
    assert fetched(nobody, certificate) == first
    for at in (url, "https://moved.example"):
        assert standing(database, first, at=at) is Standing.VALID
    changed = first.replace(b"Adams", b"Baker")
    assert standing(database, changed, at="https://moved.example") is Standing.UNKNOWN_ISSUER
    with database.writing() as session:
        keys.revoke(session, acting(database), "key-1", "It was copied.")
    assert standing(database, first, at=url) is Standing.UNKNOWN_ISSUER
    second = fetched(nobody, certificate)
    assert json.loads(second)["proof"]["verificationMethod"].endswith("#key-2")
    assert standing(database, second, at=url) is Standing.VALID


def test_a_corrected_certificate_is_withdrawn_and_named_by_the_one_in_its_place(
    visit: Visits, database: Database, certificate: Certificate, url: str
):
    nobody = visit("nobody")
    first = fetched(nobody, certificate)
    with database.writing() as session:
        evans = session.scalars(select(Person.id).where(Person.email.startswith("evans"))).one()
        kept = session.scalars(select(Certificate).where(Certificate.id == certificate.id)).one()
        known = select(Personnel).where(Personnel.person_id == kept.person_id)
        session.scalars(known).one().rank = "Major"
        other = reissue(session, kept, taking={"holder_rank"}, reason="Promoted before.", by=evans, at=LATER)
        session.expunge(other)
    assert standing(database, first, at=url) is Standing.REVOKED
    second = json.loads(fetched(nobody, other))
    assert second["evidence"][0]["id"] == f"{url}/verify/{certificate.code}"
    assert standing(database, json.dumps(second).encode(), at=url) is Standing.VALID


def test_there_is_none_without_a_name_a_code_or_a_list(
    visit: Visits, database: Database, certificate: Certificate
):
    nobody = visit("nobody")
    for address in (
        f"/verify/{'2' * 24}/credential.json",
        f"/academies/{HOME}/status/2",
        "/academies/none/status/1",
    ):
        assert nobody.http.get(address).status_code == 404
    with database.writing() as session:
        erased = update(Certificate).where(Certificate.id == certificate.id)
        session.execute(erased.values(holder_name="", holder_rank="", reason=""))
    for form in ("json", "jwt"):
        response = nobody.http.get(f"/verify/{certificate.code}/credential.{form}")
        assert response.status_code == 404
        assert "no longer kept" in response.text


def test_two_who_ask_at_once_get_one_credential(
    database: Database, certificate: Certificate, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    with database.session() as session:
        kept = session.scalars(select(Certificate).where(Certificate.id == certificate.id)).one()

        def ask(seconds: int) -> bytes:
            at = LATER + timedelta(seconds=seconds)
            store = Folder(tmp_path)
            return credential_of(
                session, kept, at=at, public_url="https://a.example", keyring=KEYRING, store=store
            )

        first = ask(0)
        monkeypatch.setattr("pme.certificates.credential.read", lambda *_: None)
        assert ask(1) == first
    assert [path.name for path in tmp_path.glob("*/*")] == [f"{certificate.code}.json"]


def test_the_pdf_carries_the_very_bytes(
    visit: Visits, database: Database, certificate: Certificate, url: str
):
    response = visit("adams").http.get(f"/certificates/{certificate.number}.pdf")
    assert response.status_code == 200
    ((carried,),) = PdfReader(BytesIO(response.data)).attachments.values()
    assert carried == fetched(visit("nobody"), certificate)
    assert standing(database, carried, at=url) is Standing.VALID
