"""Certificates from outside: taken in where they are a chain for signing, and otherwise a sentence says why not."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_der_private_key,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.errors import Conflict, Invalid
from pme.keys import chains, service
from pme.keys.chains import CERTIFICATE_LASTS, Pair, taken_in
from pme.keys.public import KeyKind
from pme.keys.service import Acting
from pme.people.models import Academy
from tests.support.cast import HOME, START
from tests.support.keys import KEYRING

LATER = START + timedelta(days=40)
AUTHORITY = chains.new_authority("Ministry of Lakeside", "Lakeside", is_demo=False, at=START)
OWN = chains.new_certificate(AUTHORITY, "Lakeside Academy", "Lakeside", is_demo=False, at=START)
OTHER = chains.new_authority("Elsewhere", "Elsewhere", is_demo=False, at=START)


def pem(pair: Pair, password: bytes = b"pass") -> bytes:
    key = load_der_private_key(pair.private, None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))


def test_a_chain_from_outside_is_put_in_order_and_signs(session: Session):
    home = session.scalars(select(Academy).where(Academy.slug == HOME)).one()
    acting = Acting(home, KEYRING, "command line", LATER)
    own, root = x509.load_pem_x509_certificates(OWN.chain.encode())
    turned = root.public_bytes(Encoding.PEM) + own.public_bytes(Encoding.PEM)
    pair = taken_in(pem(OWN), turned, password=b"pass", at=LATER)
    assert service.take_in(session, acting, pair).label == "paper-2"
    paper = service.paper_signer(session, home.id, keyring=KEYRING, at=LATER)
    assert paper.certificate_der == own.public_bytes(Encoding.DER)
    assert paper.chain_der == (root.public_bytes(Encoding.DER),)
    with pytest.raises(Invalid, match="pme keys import home"):
        service.rotate(session, acting, KeyKind.P256)
    with pytest.raises(Conflict, match="here already"):
        service.take_in(session, acting, pair)


@pytest.mark.parametrize(
    ("key", "chain", "at", "says"),
    [
        (b"no key", OWN.chain.encode(), LATER, "key cannot be read"),
        (pem(OWN, b"other"), OWN.chain.encode(), LATER, "PME_KEY_PASSWORD"),
        (pem(OWN), b"no chain", LATER, "chain cannot be read"),
        (pem(OWN), AUTHORITY.chain.encode(), LATER, "No certificate of the chain belongs to this key"),
        (pem(OWN), (OWN.chain + OTHER.chain).encode(), LATER, "do not form one chain"),
        (pem(OWN), OWN.chain.encode(), START + 2 * CERTIFICATE_LASTS, "is not in date"),
        (pem(AUTHORITY), AUTHORITY.chain.encode(), LATER, "not for signing documents"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(key: bytes, chain: bytes, at: datetime, says: str):
    with pytest.raises(Invalid, match=says):
        taken_in(key, chain, password=b"pass", at=at)


def test_a_key_on_another_curve_is_refused():
    key = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass")
    )
    with pytest.raises(Invalid, match="P-256"):
        taken_in(key, OWN.chain.encode(), password=b"pass", at=LATER)


def test_a_long_name_of_an_academy_is_cut_to_what_certificates_hold():
    name = "Académie supérieure des sciences de la défense et de la sécurité humaine de Lac-sur-Mer"
    made = chains.new_authority(name, "Nation", is_demo=True, at=START)
    subject = chains.certificates_in(made.chain)[0].subject.rfc4514_string()
    assert "DEMO" in subject
    assert "Académie supérieure" in subject
