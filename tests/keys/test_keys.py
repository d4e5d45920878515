"""An academy's keys: what signs, what is refused, what stays published, and what never shows."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pme.audit import AuditEntry
from pme.errors import Conflict, Invalid, Unavailable
from pme.keys import service
from pme.keys.keyring import Keyring
from pme.keys.models import SigningKey
from pme.keys.public import KeyKind
from pme.keys.queries import current_key, public_keys
from pme.keys.service import Acting
from pme.people.models import Academy
from tests.support.cast import HOME, START
from tests.support.keys import KEYRING, KEYS_SECRET

LATER = START + timedelta(days=40)


@pytest.fixture
def home(session: Session) -> Academy:
    """The home academy, which has its keys."""
    return session.scalars(select(Academy).where(Academy.slug == HOME)).one()


def acting(academy: Academy, keyring: Keyring = KEYRING) -> Acting:
    return Acting(academy, keyring, "command line", LATER)


def forget_keys(session: Session) -> None:
    session.execute(delete(SigningKey))


def test_what_the_signer_signs_its_published_key_verifies(session: Session, home: Academy):
    signer = service.signer(session, home.id, keyring=KEYRING, at=LATER)
    (published,) = (key for key in public_keys(session, home.id) if key.kind is KeyKind.ED25519)
    assert (signer.label, signer.public, signer.is_demo) == ("key-1", published.public, False)
    key, signature = Ed25519PublicKey.from_public_bytes(published.public), signer.sign(b"a record")
    key.verify(signature, b"a record")
    with pytest.raises(InvalidSignature):
        key.verify(signature, b"a rec0rd")
    assert published.multibase.startswith("z6Mk")


def test_the_certificate_for_files_is_the_academys_own_and_long_enough(session: Session, home: Academy):
    paper = service.paper_signer(session, home.id, keyring=KEYRING, at=LATER)
    own, root = (
        x509.load_der_x509_certificate(paper.certificate_der),
        *map(x509.load_der_x509_certificate, paper.chain_der),
    )
    own.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    key = load_der_private_key(paper.private_key_der, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    public = own.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(key.sign(b"a file", ec.ECDSA(SHA256())), b"a file", ec.ECDSA(SHA256()))
    usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert own.not_valid_after_utc > LATER + timedelta(days=3653 + 365)
    assert root.not_valid_after_utc > own.not_valid_after_utc
    with pytest.raises(Unavailable, match="not in date"):
        service.paper_signer(session, home.id, keyring=KEYRING, at=START + timedelta(days=20 * 366))


def test_without_keys_the_refusal_says_what_to_run(session: Session, home: Academy):
    forget_keys(session)
    for use in (service.signer, service.paper_signer):
        with pytest.raises(Unavailable, match=r"“Home Academy” has no key .* pme keys new home"):
            use(session, home.id, keyring=KEYRING, at=LATER)
    made = service.make(session, acting(home))
    assert [key.label for key in made] == ["key-1", "paper-1"]
    with pytest.raises(Conflict, match="pme keys rotate home"):
        service.make(session, acting(home))
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["key made", "key made", "key made"]


def test_without_the_secret_a_real_academy_gets_no_keys_and_a_demonstration_gets_demo_keys(
    session: Session, home: Academy
):
    forget_keys(session)
    bare = Keyring("", install="i" * 40)
    with pytest.raises(Unavailable, match="Set PME_KEYS_SECRET"):
        service.make(session, acting(home, bare))
    home.is_demo = True
    service.make(session, acting(home, bare))
    assert service.signer(session, home.id, keyring=bare, at=LATER).is_demo
    paper = service.paper_signer(session, home.id, keyring=bare, at=LATER)
    assert paper.is_demo
    assert "DEMO" in x509.load_der_x509_certificate(paper.certificate_der).subject.rfc4514_string()
    home.is_demo = False
    for use in (service.signer, service.paper_signer):
        with pytest.raises(Unavailable, match=r"demo key.*pme keys new home"):
            use(session, home.id, keyring=bare, at=LATER)
    service.make(session, acting(home))
    assert not service.signer(session, home.id, keyring=KEYRING, at=LATER).is_demo
    assert not service.paper_signer(session, home.id, keyring=KEYRING, at=LATER).is_demo


def test_after_a_rotation_the_old_key_stays_published_and_its_private_part_is_gone(
    session: Session, home: Academy
):
    before = service.signer(session, home.id, keyring=KEYRING, at=LATER)
    service.rotate(session, acting(home), KeyKind.ED25519)
    after = service.signer(session, home.id, keyring=KEYRING, at=LATER)
    assert (before.label, after.label) == ("key-1", "key-2")
    old, new = (key for key in public_keys(session, home.id) if key.kind is KeyKind.ED25519)
    assert (old.public, old.retired_on, new.retired_on) == (before.public, LATER.date(), None)
    assert session.get_one(SigningKey, before.key_id).private_sealed == ""
    service.rotate(session, acting(home), KeyKind.P256)
    paper = service.paper_signer(session, home.id, keyring=KEYRING, at=LATER)
    first = next(key for key in public_keys(session, home.id) if key.label == "paper-1")
    assert x509.load_pem_x509_certificates(first.chain.encode())[1] == x509.load_der_x509_certificate(
        paper.chain_der[0]
    ), "the academy's authority is the same"


def test_a_revoked_key_signs_nothing_and_says_why(session: Session, home: Academy):
    with pytest.raises(Invalid, match="Say why"):
        service.revoke(session, acting(home), "key-1", "  ")
    service.revoke(session, acting(home), "key-1", "A copy was lost.")
    with pytest.raises(Unavailable, match="pme keys new home"):
        service.signer(session, home.id, keyring=KEYRING, at=LATER)
    with pytest.raises(Conflict, match="already"):
        service.revoke(session, acting(home), "key-1", "Again.")
    (key,) = (key for key in public_keys(session, home.id) if key.label == "key-1")
    assert (key.revoked_on, key.revoked_reason) == (LATER.date(), "A copy was lost.")
    assert [made.label for made in service.make(session, acting(home))] == ["key-2"]


def test_the_secret_can_be_exchanged_while_both_are_known(session: Session, home: Academy):
    fresh, both = Keyring("n" * 40), Keyring("n" * 40, old=KEYS_SECRET)
    with pytest.raises(Unavailable, match="PME_KEYS_SECRET_OLD"):
        service.signer(session, home.id, keyring=fresh, at=LATER)
    assert service.signer(session, home.id, keyring=both, at=LATER).label == "key-1"
    assert len(service.reseal(session, fresh, at=LATER).unopened) == 6
    done = service.reseal(session, both, at=LATER)
    assert (done.anew, done.fresh, done.unopened) == (6, 0, ())
    assert service.reseal(session, fresh, at=LATER).fresh == 6
    service.signer(session, home.id, keyring=fresh, at=LATER).sign(b"x")
    service.paper_signer(session, home.id, keyring=fresh, at=LATER)


def test_a_private_part_that_is_moved_or_changed_opens_nowhere(session: Session, home: Academy):
    away = session.scalars(select(Academy).where(Academy.id != home.id)).one()
    theirs, ours = (current_key(session, each.id, KeyKind.ED25519) for each in (away, home))
    assert theirs is not None
    assert ours is not None
    theirs.private_sealed = ours.private_sealed
    session.flush()
    with pytest.raises(Unavailable):
        service.signer(session, away.id, keyring=KEYRING, at=LATER)
    for broken in ("", "pme1", "pme1.x.y", "!", ours.private_sealed[:-4] + "AAA="):
        ours.private_sealed = broken
        session.flush()
        with pytest.raises(Unavailable, match="sealed with another secret"):
            service.signer(session, home.id, keyring=KEYRING, at=LATER)
