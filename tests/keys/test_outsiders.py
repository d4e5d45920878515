"""What an independent implementation makes of the published keys: what a retired key signed verifies. It takes a key
only where the DID document has it among those that vouch, which is why retired keys stay there (decision 034).
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.credentials.making import credential, secured
from pme.credentials.status import bits_of, status_credential
from pme.keys import service
from pme.keys.documents import Place, did_document
from pme.keys.public import KeyKind
from pme.keys.queries import public_keys
from pme.keys.service import Acting
from pme.people.models import Academy
from tests.credentials.cast import ADAMS, AT, ISSUER, LIST, outsiders_say
from tests.support.cast import HOME
from tests.support.keys import KEYRING

PLACE = Place("https://pme.example", "lakeside")


def published(session: Session, academy: Academy) -> dict[str, Any]:
    """The academy's DID document and its keys, as a resolver gives them."""
    did = did_document(PLACE, public_keys(session, academy.id))
    context = "https://w3id.org/security/multikey/v1"
    return {did["id"]: did} | {
        method["id"]: {"@context": context, **method} for method in did["verificationMethod"]
    }


@pytest.mark.database("sqlite")
def test_credentials_of_a_retired_key_verify_elsewhere_because_it_still_vouches(session: Session):
    home = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
    acting = Acting(home, KEYRING, "command line", AT + timedelta(days=1))
    key = service.signer(session, home.id, keyring=KEYRING, at=AT)
    assert PLACE.did == ISSUER
    method = PLACE.method(key.label)
    one = secured(credential(ADAMS), sign=key.sign, method=method, created=AT)
    service.rotate(session, acting, KeyKind.ED25519)
    after = service.signer(session, home.id, keyring=KEYRING, at=AT)
    listed = status_credential(url=LIST, issuer=ISSUER, bits=bits_of([]), at=AT)
    status = {LIST: secured(listed, sign=after.sign, method=PLACE.method(after.label), created=AT)}
    retired = published(session, home)
    silent = retired | {ISSUER: retired[ISSUER] | {"assertionMethod": [PLACE.method(after.label)]}}
    cases, when = [{"credential": one}], AT + timedelta(days=2)
    said = [outsiders_say(cases, documents=each | status, at=when)[0] for each in (retired, silent)]
    assert [answer["verified"] for answer in said] == [True, False], said
    assert "assertionMethod" in said[1]["reason"]
    service.revoke(session, acting, key.label, "A copy was lost.")
    assert method not in published(session, home)
