"""What signs cookies and forms' tokens: its keys are derived once, not anew for each thing that is signed."""

import hmac
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect, same_origin
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

SALT = "wtf-csrf-token"
"""Flask-WTF's own: tokens are made there and looked at here."""
AHEAD = 2 * 3600
"""Seconds by which a clock may be put back without signing everybody out in the middle of what they do."""


class KeptKey(TimestampSigner):
    """A signer that derives each of its keys once, and knows what it signed before its clock was put back."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._derived: dict[Any, bytes] = {}

    def derive_key(self, secret_key: Any = None) -> bytes:
        """The key that signs, for this salt."""
        wanted = self.secret_keys[-1] if secret_key is None else secret_key
        found = self._derived.get(wanted)
        if found is None:
            found = self._derived[wanted] = super().derive_key(wanted)
        return found

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """What was signed, as the parent tells it; what is from an hour that has not come yet is not too old."""
        taken: Callable[..., Any] = super().unsign
        try:
            return taken(signed_value, max_age, return_timestamp)
        except SignatureExpired as error:
            ahead = (error.date_signed.timestamp() if error.date_signed else 0) - self.get_timestamp()
            if not 0 < ahead <= AHEAD:
                raise
            return taken(signed_value, None, return_timestamp)


class Signing(URLSafeTimedSerializer):
    """Signs as the library does, with a signer that is kept for each salt."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named, signer=KeptKey)
        self._signers: dict[Any, Any] = {}

    def make_signer(self, salt: Any = None) -> Any:
        """The signer of a salt."""
        found = self._signers.get(salt)
        if found is None:
            found = self._signers[salt] = super().make_signer(salt)
        return found


class Tokens(CSRFProtect):
    """Flask-WTF's guard of every form, with the same refusals; the token is read by what is made once."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._methods = frozenset(app.config["WTF_CSRF_METHODS"])
        self._made: tuple[Any, Signing] = (app.secret_key, Signing(app.secret_key or "", salt=SALT))

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form whose token is not this browser's."""
        asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        if asked.method not in self._methods or (
            apply_exemptions and (not asked.endpoint or self._is_exempt())
        ):
            return
        why = self._wrong(self._get_csrf_token())
        if not why and asked.is_secure and current_app.config["WTF_CSRF_SSL_STRICT"]:
            why = _wrong_referrer(asked.referrer, asked.host)
        if why:
            self._error_response(why)
        g.csrf_valid = True  # forms look at this

    def _wrong(self, token: str | None) -> str:
        """What is wrong with a form's token; nothing where it is this browser's, and young enough."""
        kept = session.get("csrf_token")
        if not token or kept is None:
            return "The CSRF token is missing."
        try:
            told = self._signing().loads(token, max_age=current_app.config["WTF_CSRF_TIME_LIMIT"])
        except SignatureExpired:
            return "The CSRF token has expired."
        except BadData:
            return "The CSRF token is invalid."
        return "" if hmac.compare_digest(kept, told) else "The CSRF tokens do not match."

    def _signing(self) -> Signing:
        key = current_app.secret_key
        if key != self._made[0]:
            self._made = (key, Signing(key or "", salt=SALT))
        return self._made[1]


def _wrong_referrer(referrer: str | None, host: str) -> str:
    if not referrer:
        return "The referrer header is missing."
    return "" if same_origin(referrer, f"https://{host}/") else "The referrer does not match the host."
