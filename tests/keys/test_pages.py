"""Keys in the browser and in public: rotated and revoked with a password, published for anybody's programs."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from pme.audit import AuditEntry
from pme.db import Database
from pme.keys.documents import Place
from pme.keys.models import SigningKey
from tests.conftest import Visits
from tests.support.cast import PASSWORD

WRONG = "another long walk by the river"
DID = "did:web:127.0.0.1%3A8000:academies:home"


def public(visit: Visits, name: str) -> Any:
    """One public document of the home academy."""
    return json.loads(visit("nobody").fetch(f"/academies/home/{name}").get_data(as_text=True))


def test_an_administrator_rotates_a_key_with_the_password_and_the_old_one_stays_published(
    database: Database, visit: Visits
):
    evans = visit("evans")
    page = evans.get("/academy/keys").follow("Rotate: key-1")
    assert "what it signed still verifies" in page.words
    refused = page.press("Rotate key-1", current=WRONG)
    assert (refused.status, [key["state"] for key in public(visit, "keys.json")["keys"]]) == (
        422,
        ["current", "current"],
    )
    assert "not your password" in refused.words
    done = refused.press("Rotate key-1", current=PASSWORD)
    assert "key-2 signs from now on" in done.words
    states = {key["id"]: key["state"] for key in public(visit, "keys.json")["keys"]}
    assert states == {f"{DID}#key-1": "retired", f"{DID}#paper-1": "current", f"{DID}#key-2": "current"}
    did = public(visit, "did.json")
    assert [method["id"] for method in did["verificationMethod"]] == [f"{DID}#key-1", f"{DID}#key-2"]
    with database.session() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "key rotated"))
        assert entry.subject == "key key-2"
        assert entry.detail["before"] == "key-1"
        assert entry.actor.startswith("person ")


def test_a_revoked_key_is_marked_and_leaves_the_document_that_vouches(database: Database, visit: Visits):
    evans = visit("evans")
    page = evans.get("/academy/keys").follow("Revoke: key-1")
    unsaid = page.press("Revoke permanently", current=PASSWORD)
    assert unsaid.status == 422
    assert "Say why" in unsaid.words
    done = unsaid.press("Revoke permanently", current=PASSWORD, reason="A <b>copy</b> was lost.")
    assert "key-1 is revoked" in done.words
    assert "pme keys new home" in done.words
    found = {key["id"]: key for key in public(visit, "keys.json")["keys"]}
    assert found[f"{DID}#key-1"]["state"] == "revoked"
    assert found[f"{DID}#key-1"]["revokedReason"] == "A <b>copy</b> was lost."
    assert public(visit, "did.json")["verificationMethod"] == []
    assert "pme keys new home" in evans.get("/academy/returns").words
    again = done.follow("Create a new key").press("Create a new key", current=PASSWORD)
    assert "key-2 signs from now on" in again.words
    assert public(visit, "did.json")["assertionMethod"] == [f"{DID}#key-2"]


def test_staff_see_the_keys_and_only_administrators_change_them(visit: Visits):
    page = visit("irving").get("/academy/keys")
    assert "Signs now" in page.words
    assert "Rotate" not in page.words
    assert visit("evans").fetch("/academy/keys/authority-1/revoke").status_code == 404
    assert visit("evans").fetch("/academy/keys/rotate/authority").status_code == 404


def test_public_documents_are_for_any_page_and_any_cache(app: Flask, visit: Visits):
    for name, kind in (
        ("did.json", "application/did+ld+json"),
        ("keys.json", "application/json"),
        ("issuer", "application/ld+json"),
    ):
        answer = visit("evans").fetch(f"/academies/home/{name}")
        assert answer.mimetype == kind
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in answer.headers
        again = visit("nobody").fetch(
            f"/academies/home/{name}", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert (again.status_code, again.get_data()) == (304, b"")
    told = public(visit, "issuer")
    assert (told["id"], told["type"], told["name"]) == (DID, ["Profile"], "Home Academy")
    assert told["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    key = public(visit, "keys.json")["keys"][0]
    assert key["publicKeyMultibase"].startswith("z6Mk")
    assert key["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----")


def test_an_academy_without_keys_publishes_nothing_and_says_so_to_its_staff(
    database: Database, visit: Visits
):
    with database.writing() as session:
        session.execute(delete(SigningKey))
    for name in ("did.json", "keys.json", "issuer"):
        assert visit("nobody").fetch(f"/academies/home/{name}").status_code == 404
        assert visit("nobody").fetch(f"/academies/nowhere/{name}").status_code == 404
    page = visit("evans").get("/academy/returns")
    assert "“Home Academy” has no key to sign with yet" in page.words
    period = {"since": "2026-01-01", "until": "2026-12-31", "courses": "core"}
    refused = page.press("Seal it", **period)
    assert refused.status == 422
    assert "2026-12-31" in refused.text, "what was typed is still there"
    assert "pme keys new home" in visit("evans").get("/academy/keys").words


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://pme.example", "did:web:pme.example:academies:lakeside"),
        ("https://PME.example:8443", "did:web:pme.example%3A8443:academies:lakeside"),
        ("https://example.org/pme", "did:web:example.org:pme:academies:lakeside"),
        ("http://[::1]:8000", "did:web:%5B%3A%3A1%5D%3A8000:academies:lakeside"),
    ],
)
def test_the_name_of_an_academy_for_programs_follows_did_web(url: str, did: str):
    assert Place(url, "lakeside").did == did
