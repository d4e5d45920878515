"""Passkeys (WebAuthn) as a second step: made, named, checked and removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pme.errors import Conflict, Invalid
from pme.later import later
from pme.people.factors_models import Passkey
from pme.words.speech import _

if TYPE_CHECKING:
    import webauthn
    from webauthn import helpers
    from webauthn.helpers import exceptions, structs
else:
    webauthn, helpers = later("webauthn"), later("webauthn.helpers")
    exceptions, structs = later("webauthn.helpers.exceptions"), later("webauthn.helpers.structs")

MOST = 10
LONGEST_NAME = 60
WAIT = 120_000  # ms that a browser waits for its person


@dataclass(frozen=True)
class Site:
    """What a passkey is bound to: the host that it was made for, and the address that the browser shows."""

    host: str
    origin: str


def options_to_make(
    site: Site, *, challenge: str, handle: bytes, email: str, name: str, known: Sequence[Passkey]
) -> str:
    """What the browser is asked to make a passkey by, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="PME",
        user_id=handle,
        user_name=email,
        user_display_name=name,
        challenge=helpers.base64url_to_bytes(challenge),
        timeout=WAIT,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
    )
    return webauthn.options_to_json(options)


def options_to_use(site: Site, *, challenge: str, known: Sequence[Passkey]) -> str:
    """What the browser is asked to use a passkey by, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=helpers.base64url_to_bytes(challenge),
        timeout=WAIT,
        allow_credentials=_described(known),
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def add_passkey(
    session: Session, person_id: int, site: Site, *, challenge: str, answer: str, name: str, at: datetime
) -> Passkey:
    """Keep a passkey that the browser has made. Raises Invalid when what it says does not hold."""
    if len(passkeys_of(session, person_id)) >= MOST:
        raise Conflict(
            _("You have {most} passkeys, which is the most. Remove one that you do not use.", most=MOST)
        )
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid(_("The browser’s answer could not be checked. Try again."), field="name") from error
    credential = helpers.bytes_to_base64url(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential == credential)) is not None:
        raise Conflict(_("This passkey is kept already."))
    passkey = Passkey(
        person_id=person_id,
        site=site.host,
        credential=credential,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name.strip()[:LONGEST_NAME],
        made_at=at,
    )
    session.add(passkey)
    session.flush()
    return passkey


def take_passkey(
    session: Session, person_id: int, site: Site, *, challenge: str, answer: str, at: datetime
) -> bool:
    """Whether the answer was signed by a passkey of this person, for this challenge and this site."""
    try:
        credential = helpers.parse_authentication_credential_json(answer)
        passkey = session.scalar(
            select(Passkey)
            .where(
                Passkey.person_id == person_id,
                Passkey.site == site.host,
                Passkey.credential == helpers.bytes_to_base64url(credential.raw_id),
            )
            .with_for_update()
        )
        if passkey is None:
            return False
        checked = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        return False
    passkey.sign_count, passkey.used_at = checked.new_sign_count, at
    session.flush()
    return True


def passkeys_of(session: Session, person_id: int, *, site: str | None = None) -> list[Passkey]:
    """A person's passkeys, or those of one site, the oldest first."""
    wanted = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    return list(session.scalars(wanted if site is None else wanted.where(Passkey.site == site)))


def rename_passkey(session: Session, person_id: int, passkey_id: int, name: str) -> None:
    """Call one's own passkey by another name."""
    session.execute(
        update(Passkey)
        .where(Passkey.id == passkey_id, Passkey.person_id == person_id)
        .values(name=name.strip()[:LONGEST_NAME])
    )


def remove_passkey(session: Session, person_id: int, passkey_id: int) -> None:
    """Forget one of a person's passkeys."""
    session.execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id))


def _described(known: Sequence[Passkey]) -> list[structs.PublicKeyCredentialDescriptor]:
    return [
        structs.PublicKeyCredentialDescriptor(id=helpers.base64url_to_bytes(each.credential))
        for each in known
    ]
