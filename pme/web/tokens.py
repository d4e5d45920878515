"""What signs cookies and forms' tokens: its keys are derived once, not anew for each thing that is signed."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from flask import Flask, session
from flask_wtf.csrf import CSRFProtect, same_origin
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from pme.web.at_hand import this_app, this_g, this_request

SALT = "wtf-csrf-token"
"""Flask-WTF's own: tokens are made there and looked at here."""
AHEAD = 2 * 3600
"""Seconds by which a clock may be put back without signing everybody out in the middle of what they do."""


BLOCK = 64
"""Bytes that SHA-1 takes at a time."""


class Sha1Kept:
    """HMAC with SHA-1, to which its key is given once: what stands before each text is worked out already."""

    def __init__(self, key: bytes) -> None:
        key = (hashlib.sha1(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")  # noqa: S324
        self._inner = hashlib.sha1(bytes(each ^ 0x36 for each in key))  # noqa: S324  (within HMAC)
        self._outer = hashlib.sha1(bytes(each ^ 0x5C for each in key))  # noqa: S324

    def of(self, text: bytes) -> bytes:
        """The code of a text."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()


class KeptKey(TimestampSigner):
    """A signer that derives each of its keys once, and knows what it signed before its clock was put back."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._derived: dict[Any, bytes] = {}
        self._codes: dict[bytes, Sha1Kept] = {}

    def derive_key(self, secret_key: Any = None) -> bytes:
        """The key that signs, for this salt."""
        wanted = self.secret_keys[-1] if secret_key is None else secret_key
        found = self._derived.get(wanted)
        if found is None:
            found = self._derived[wanted] = super().derive_key(wanted)
        return found

    def get_signature(self, value: str | bytes) -> bytes:
        """The signature of what is signed now, as the parent makes it."""
        key = self.derive_key()
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = Sha1Kept(key)
        return base64_encode(code.of(value.encode() if isinstance(value, str) else value))

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

    def loads(  # type: ignore[override]  # as the parent has it
        self, s: Any, max_age: int | None = None, return_timestamp: bool = False, salt: Any = None
    ) -> Any:
        """What was signed, as the parent tells it; whatever is not as usual is left to the parent to refuse."""
        text = s.encode() if isinstance(s, str) else s
        signed, _dot, signature = text.rpartition(b".")
        payload, _dot, stamp = signed.rpartition(b".")
        signer = self.make_signer(salt)
        if return_timestamp or not hmac.compare_digest(signer.get_signature(signed), signature):
            return super().loads(s, max_age, return_timestamp, salt)
        try:
            age = signer.get_timestamp() - int.from_bytes(base64_decode(stamp), "big")
        except BadData:
            age = -1
        if max_age is not None and not 0 <= age <= max_age:
            return super().loads(s, max_age, return_timestamp, salt)
        return self.load_payload(payload)


class Tokens(CSRFProtect):
    """Flask-WTF's guard of every form, with the same refusals; the token is read by what is made once."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._methods = frozenset(app.config["WTF_CSRF_METHODS"])
        self._open: dict[str, bool] = {}
        self._made: tuple[Any, Signing] = (app.secret_key, Signing(app.secret_key or "", salt=SALT))

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form whose token is not this browser's."""
        asked = this_request()
        if asked.method not in self._methods or (
            apply_exemptions and (not asked.endpoint or self._is_open(asked.endpoint))
        ):
            return
        why = self._wrong(asked.form.get("csrf_token") or self._get_csrf_token())
        if not why and asked.is_secure and this_app().config["WTF_CSRF_SSL_STRICT"]:
            why = _wrong_referrer(asked.referrer, asked.host)
        if why:
            self._error_response(why)
        this_g().csrf_valid = True  # forms look at this

    def _is_open(self, endpoint: str) -> bool:
        """Whether a view needs no token, which never changes."""
        found = self._open.get(endpoint)
        if found is None:
            found = self._open[endpoint] = bool(self._is_exempt())
        return found

    def _wrong(self, token: str | None) -> str:
        """What is wrong with a form's token; nothing where it is this browser's, and young enough."""
        kept = session.get("csrf_token")
        if not token or kept is None:
            return "The CSRF token is missing."
        try:
            told = self._signing().loads(token, max_age=this_app().config["WTF_CSRF_TIME_LIMIT"])
        except SignatureExpired:
            return "The CSRF token has expired."
        except BadData:
            return "The CSRF token is invalid."
        return "" if hmac.compare_digest(kept, told) else "The CSRF tokens do not match."

    def _signing(self) -> Signing:
        key = this_app().secret_key
        if key != self._made[0]:
            self._made = (key, Signing(key or "", salt=SALT))
        return self._made[1]


def _wrong_referrer(referrer: str | None, host: str) -> str:
    if not referrer:
        return "The referrer header is missing."
    return "" if same_origin(referrer, f"https://{host}/") else "The referrer does not match the host."
