"""Acts on keys: make, take in, rotate, revoke, seal anew, and sign with. None of them ever tells a private part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme import audit
from pme.errors import Conflict, Invalid, NotFound, Unavailable
from pme.keys.keyring import Keyring
from pme.keys.models import SigningKey
from pme.keys.public import KeyKind
from pme.keys.queries import SIGNING, current_key, find_key, keys_of
from pme.keys.signers import PaperSigner, Signer
from pme.later import later
from pme.people.models import Academy
from pme.words.lazily import lazy
from pme.words.speech import _
from pme.words.times import day

if TYPE_CHECKING:
    from pme.keys import chains
else:  # most requests sign nothing
    chains = later("pme.keys.chains")

LABELS = {KeyKind.ED25519: "key", KeyKind.P256: "paper", KeyKind.AUTHORITY: "authority"}
LONGEST_REASON = 300
SAY_WHY = lazy("Say why: it is published with the key.")


@dataclass(frozen=True)
class Acting:
    """Who acts on the keys of an academy, with which keyring, and when."""

    academy: Academy
    keyring: Keyring
    actor: str
    at: datetime


def signer(session: Session, academy_id: int, *, keyring: Keyring, at: datetime) -> Signer:  # noqa: ARG001
    """What signs an academy's credentials, returns and QR codes. `at` is there as it is for paper.

    Raises Unavailable, saying what to run, where there is no key, or none that may or can be used.
    """
    key, private = _in_use(session, academy_id, KeyKind.ED25519, keyring)
    return Signer(key.label, key.public, key.is_demo, key.id, Ed25519PrivateKey.from_private_bytes(private))


def paper_signer(session: Session, academy_id: int, *, keyring: Keyring, at: datetime) -> PaperSigner:
    """What signs an academy's PDF files. Raises Unavailable, saying what to run, where nothing can."""
    key, private = _in_use(session, academy_id, KeyKind.P256, keyring)
    if not chains.is_in_date(key.certificate_chain, at):
        slug = session.scalar(select(Academy.slug).where(Academy.id == academy_id))
        raise Unavailable(
            _(
                "The certificate of {label} is not in date, so no PDF can be signed. Whoever runs the platform "
                "makes another: pme keys rotate {slug} --kind p256",
                label=key.label,
                slug=slug,
            )
        )
    own, *above = chains.as_der(key.certificate_chain)
    return PaperSigner(key.label, private, own, tuple(above), key.is_demo, key.id)


def make(session: Session, acting: Acting, kinds: Sequence[KeyKind] = ()) -> list[SigningKey]:
    """The keys that an academy lacks, of every kind or of these. Raises Conflict where it lacks none.

    A demo key of an academy that is real counts as none, and is retired.
    """
    _alone(session, acting)
    made = []
    for kind in kinds or SIGNING:
        there = current_key(session, acting.academy.id, kind)
        if there is not None and there.is_demo <= acting.academy.is_demo:
            continue
        if there is not None:
            _retire(session, there, acting)
        made.append(_keep(session, acting, kind, _fresh(session, acting, kind), act="key made"))
    if not made:
        raise Conflict(
            _(
                "“{name}” has its keys already. To take new ones, rotate them: pme keys rotate {slug}",
                name=acting.academy.name,
                slug=acting.academy.slug,
            )
        )
    return made


def rotate(session: Session, acting: Acting, kind: KeyKind) -> SigningKey:
    """A new key in the place of the one that signs now. The old one stays published, and its private part is
    forgotten. Raises Invalid for a certificate that came from outside.
    """
    if kind not in SIGNING:
        raise Invalid(_("An authority is created again automatically when a certificate needs one."))
    _alone(session, acting)
    old = current_key(session, acting.academy.id, kind)
    if old is not None and kind is KeyKind.P256 and _is_from_outside(session, old):
        raise Invalid(
            _(
                "{label} came with certificates from outside. Take the next ones in: "
                "pme keys import {slug} --key FILE --chain FILE",
                label=old.label,
                slug=acting.academy.slug,
            )
        )
    acting.keyring.require(is_demo=acting.academy.is_demo)
    if old is not None:
        _retire(session, old, acting)
    return _keep(session, acting, kind, _fresh(session, acting, kind), act="key rotated", before=old)


def take_in(session: Session, acting: Acting, pair: "chains.Pair") -> SigningKey:
    """Sign PDF files with a key and certificates from outside, in the place of those that did so before."""
    _alone(session, acting)
    if session.scalar(select(SigningKey.id).where(SigningKey.public == pair.public)):
        raise Conflict(_("This key is here already. One that was retired or revoked never signs again."))
    old = current_key(session, acting.academy.id, KeyKind.P256)
    acting.keyring.require(is_demo=acting.academy.is_demo)
    if old is not None:
        _retire(session, old, acting)
    return _keep(session, acting, KeyKind.P256, pair, act="key taken in", before=old)  # not words


def revoke(session: Session, acting: Acting, label: str, reason: str) -> SigningKey:
    """Believe nothing any more that a key signed. Raises NotFound, Conflict, or Invalid without a reason."""
    said = " ".join(reason.split())
    if not said:
        raise Invalid(SAY_WHY, field="reason")
    if len(said) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {most} characters.", most=LONGEST_REASON),
            field="reason",
        )
    _alone(session, acting)
    key = find_key(session, acting.academy.id, label, for_update=True)
    if key is None:
        raise NotFound(_("“{name}” has no key {label}.", name=acting.academy.name, label=label))
    if key.revoked_at is not None:
        raise Conflict(_("{label} was revoked on {day} already.", label=label, day=day(key.revoked_at)))
    key.revoked_at, key.revoked_reason, key.private_sealed = acting.at, said, ""
    session.flush()
    _record(session, "key revoked", acting, key, {"reason": said})
    return key


@dataclass(frozen=True)
class Resealed:
    """How many private parts were sealed anew, how many were sealed so already, and which nobody could open."""

    anew: int
    fresh: int
    unopened: tuple[str, ...]


def reseal(session: Session, keyring: Keyring, *, at: datetime) -> Resealed:
    """Seal every private part with the secret that is in force, of every academy. For commands."""
    if not keyring.is_set:
        keyring.require(is_demo=False)
    anew, fresh, unopened = 0, 0, []
    for key in session.scalars(
        select(SigningKey).where(SigningKey.private_sealed != "").order_by(SigningKey.id).with_for_update()
    ):
        if keyring.is_fresh(key.private_sealed):
            fresh += 1
            continue
        try:
            private = _opened(key, keyring)
        except Unavailable:
            unopened.append(f"{key.label} of academy {key.academy_id}")  # not words
            continue
        key.private_sealed = keyring.seal(private, about=_about(key), is_demo=key.is_demo)
        anew += 1
    session.flush()
    if anew:
        audit.record(
            session, "keys sealed anew", actor="command line", subject="keyring", at=at, detail={"keys": anew}
        )
    return Resealed(anew, fresh, tuple(unopened))


def can_be_opened(key: SigningKey, keyring: Keyring) -> bool:
    """Whether the private part of a key that signs can be had with the secrets at hand."""
    try:
        _opened(key, keyring)
    except Unavailable:
        return False
    return True


def _in_use(session: Session, academy_id: int, kind: KeyKind, keyring: Keyring) -> tuple[SigningKey, bytes]:
    academy = session.execute(
        select(Academy.slug, Academy.name, Academy.is_demo).where(Academy.id == academy_id)
    ).one()
    key = current_key(session, academy_id, kind)
    command = f"pme keys new {academy.slug}"  # not words
    if key is None:
        raise Unavailable(
            _(
                "“{name}” has no key to sign with yet. Whoever runs the platform makes one: {command}",
                name=academy.name,
                command=command,
            )
        )
    if key.is_demo and not academy.is_demo:
        raise Unavailable(
            _(
                "{label} is a demo key, and “{name}” is no demonstration, so it signs nothing here. "
                "Whoever runs the platform makes real keys: {command}",
                label=key.label,
                name=academy.name,
                command=command,
            )
        )
    return key, _opened(key, keyring)


def _fresh(session: Session, acting: Acting, kind: KeyKind) -> "chains.Pair":
    academy, is_demo, at = acting.academy, acting.academy.is_demo, acting.at
    acting.keyring.require(is_demo=is_demo)
    if kind is KeyKind.ED25519:
        key = Ed25519PrivateKey.generate()
        return chains.Pair(key.private_bytes_raw(), key.public_key().public_bytes_raw(), "")
    if kind is KeyKind.AUTHORITY:
        return chains.new_authority(academy.name, academy.nation, is_demo=is_demo, at=at)
    return chains.new_certificate(
        _authority(session, acting), academy.name, academy.nation, is_demo=is_demo, at=at
    )


def _authority(session: Session, acting: Acting) -> "chains.Pair":
    """The academy's own authority, made anew where there is none that can be used and lives long enough."""
    there = current_key(session, acting.academy.id, KeyKind.AUTHORITY)
    if there is not None:
        is_right = there.is_demo == acting.academy.is_demo
        if is_right and chains.lasts_long_enough(there.certificate_chain, acting.at):
            return chains.Pair(_opened(there, acting.keyring), there.public, there.certificate_chain)
        _retire(session, there, acting)
    pair = _fresh(session, acting, KeyKind.AUTHORITY)
    _keep(session, acting, KeyKind.AUTHORITY, pair, act="key made")
    return pair


def _keep(
    session: Session,
    acting: Acting,
    kind: KeyKind,
    pair: "chains.Pair",
    *,
    act: str,
    before: SigningKey | None = None,
) -> SigningKey:
    academy_id = acting.academy.id
    of_kind = select(func.count()).where(SigningKey.academy_id == academy_id, SigningKey.kind == kind)
    key = _row(acting, kind, pair, number=(session.scalar(of_kind) or 0) + 1)
    session.add(key)
    session.flush()
    _record(session, act, acting, key, {"before": before.label} if before else {})
    return key


def _row(acting: Acting, kind: KeyKind, pair: "chains.Pair", *, number: int) -> SigningKey:
    key = SigningKey(
        academy_id=acting.academy.id,
        kind=kind,
        label=f"{LABELS[kind]}-{number}",
        public=pair.public,
        certificate_chain=pair.chain,
        is_demo=acting.academy.is_demo,
        created_at=acting.at,
    )
    key.private_sealed = acting.keyring.seal(pair.private, about=_about(key), is_demo=key.is_demo)
    return key


def _retire(session: Session, key: SigningKey, acting: Acting) -> None:
    """What it signed stays good; nobody needs its private part any more, so nobody can lose it."""
    key.retired_at, key.private_sealed = acting.at, ""
    session.flush()


def _opened(key: SigningKey, keyring: Keyring) -> bytes:
    first = f"return key {key.academy_id} {key.public.hex()}"
    return keyring.open(key.private_sealed, about=_about(key), first_about=first)


def _about(key: SigningKey) -> str:
    return f"signing key {key.academy_id} {key.kind} {key.public.hex()}"


def _is_from_outside(session: Session, key: SigningKey) -> bool:
    *_, root = chains.as_der(key.certificate_chain)
    own = (one for one in keys_of(session, key.academy_id) if one.kind is KeyKind.AUTHORITY)
    return all(root not in chains.as_der(one.certificate_chain) for one in own)


def _alone(session: Session, acting: Acting) -> None:
    """Put those who change the keys of one academy in a line."""
    session.execute(select(Academy.id).where(Academy.id == acting.academy.id).with_for_update())


def _record(session: Session, act: str, acting: Acting, key: SigningKey, detail: dict[str, str]) -> None:
    audit.record(
        session,
        act,
        actor=acting.actor,
        subject=f"key {key.label}",
        at=acting.at,
        academy_id=acting.academy.id,
        detail=detail | {"kind": key.kind.value, "fingerprint": key.as_public.fingerprint},
    )
