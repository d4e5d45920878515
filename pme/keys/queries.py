"""Reads of keys: what is published of an academy's, which sign now, whose a public key is, who has none."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from pme.keys.models import SigningKey
from pme.keys.public import KeyKind, PublicKey
from pme.people.models import Academy
from pme.scope import everywhere

SIGNING = (KeyKind.ED25519, KeyKind.P256)


@dataclass(frozen=True)
class Issuer:
    """Whose public documents are asked for."""

    academy_id: int
    slug: str
    name: str
    nation: str
    is_demo: bool


def public_keys(session: Session, academy_id: int) -> Sequence[PublicKey]:
    """Every key that an academy ever signed with, oldest first: current, retired and revoked ones."""
    return [key.as_public for key in keys_of(session, academy_id) if key.kind in SIGNING]


def keys_of(session: Session, academy_id: int) -> Sequence[SigningKey]:
    """Every key of an academy, its authorities' too, oldest first."""
    return session.scalars(
        select(SigningKey).where(SigningKey.academy_id == academy_id).order_by(SigningKey.id)
    ).all()


def find_key(session: Session, academy_id: int, label: str, *, for_update: bool = False) -> SigningKey | None:
    """A key of an academy by its label, or None."""
    wanted = select(SigningKey).where(SigningKey.academy_id == academy_id, SigningKey.label == label)
    held = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(held if for_update else wanted)


def find_signed_with(session: Session, academy_id: int, key_id: int) -> SigningKey | None:
    """The key of this id with which something of an academy was signed, or None."""
    return session.scalar(
        select(SigningKey).where(SigningKey.academy_id == academy_id, SigningKey.id == key_id)
    )


def current_key(session: Session, academy_id: int, kind: KeyKind) -> SigningKey | None:
    """The key of a kind that signs for an academy now, or None."""
    return session.scalar(
        select(SigningKey).where(
            SigningKey.academy_id == academy_id,
            SigningKey.kind == kind,
            SigningKey.retired_at.is_(None),
            SigningKey.revoked_at.is_(None),
        )
    )


def find_issuer(session: Session, slug: str) -> Issuer | None:
    """The academy of this short name, where it has ever had a key; None otherwise. Asked by anybody."""
    return _published(session, Academy.slug == slug)


def find_published(session: Session, academy_id: int) -> Issuer | None:
    """The academy of this id, where it has ever had a key; None otherwise. Asked by anybody."""
    return _published(session, Academy.id == academy_id)


def _published(session: Session, which: ColumnElement[bool]) -> Issuer | None:
    with everywhere(session):
        found = session.execute(
            select(Academy.id, Academy.slug, Academy.name, Academy.nation, Academy.is_demo).where(
                which, exists().where(SigningKey.academy_id == Academy.id)
            )
        ).one_or_none()
    return Issuer(*found) if found else None


def owner_of(session: Session, public: bytes) -> tuple[str, int, PublicKey] | None:
    """Whose a public key is: the academy's name and id, and what is published of it; None where it is nobody's here."""
    with everywhere(session):
        found = session.execute(
            select(Academy.name, SigningKey)
            .join(SigningKey, SigningKey.academy_id == Academy.id)
            .where(SigningKey.public == public)
        ).one_or_none()
    return (found[0], found[1].academy_id, found[1].as_public) if found else None


def without_keys(session: Session) -> Sequence[tuple[Academy, tuple[KeyKind, ...]]]:
    """The academies at which something cannot be signed, with the kinds of keys that they lack. For commands."""
    current = select(SigningKey.academy_id, SigningKey.kind, SigningKey.is_demo).where(
        SigningKey.retired_at.is_(None), SigningKey.revoked_at.is_(None)
    )
    there = {(row.academy_id, row.kind, row.is_demo) for row in session.execute(current)}
    lacking = []
    for academy in session.scalars(select(Academy).order_by(Academy.slug)):
        kinds = tuple(
            kind
            for kind in SIGNING
            if (academy.id, kind, False) not in there
            and not (academy.is_demo and (academy.id, kind, True) in there)
        )
        if kinds:
            lacking.append((academy, kinds))
    return lacking
