"""What stands around every page: which entries the navigation has, and the tokens of its forms."""

from typing import Any, NamedTuple

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from itsdangerous.encoding import base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin

from pme.web.at_hand import this_app, this_g
from pme.web.kept import GAP, fill_with
from pme.web.loaders import may_author
from pme.web.personal import is_for_everybody
from pme.web.signin import find_current_visitor
from pme.web.tokens import Signing

TOKEN = "csrf_token"  # noqa: S105  (a name)
"""Where a session and a request keep it, as Flask-WTF does."""
SALT = "wtf-csrf-token"


class Shell(NamedTuple):
    """Everything that the head of a page depends on but for the name in it; `here` is the current entry."""

    here: str
    is_kept: bool
    is_signed_in: bool = False
    is_student: bool = False
    is_instructor: bool = False
    is_author: bool = False
    is_install: bool = False
    reads_academy: bool = False

    @property
    def key(self) -> "Shell | None":
        """By what the head is kept; a preview, whose addresses are its own, keeps nothing."""
        return self if self.is_kept else None


def shell_of(here: str, *, is_trial: bool) -> Shell:
    """The shell of this request's page."""
    visitor = find_current_visitor()
    if visitor is None:
        return Shell(here, not is_trial)
    return Shell(
        here,
        not is_trial,
        is_signed_in=True,
        is_student=visitor.is_student,
        is_instructor=visitor.is_instructor,
        is_author=may_author(),
        is_install=visitor.is_install,
        reads_academy=visitor.reads_academy,
    )


class Tokens(Signing):
    """Flask-WTF's tokens, which are too short to be worth squeezing."""

    def dump_payload(self, obj: Any) -> bytes:
        """As the parent does, without trying."""
        return base64_encode(super(URLSafeSerializerMixin, self).dump_payload(obj))


def token() -> str:
    """The token of this request's forms, the same in all of them, as Flask-WTF makes and checks it.

    In a part that is kept for everybody it is a gap, which is filled for each reader.
    """
    if is_for_everybody():
        return GAP
    notes = this_g()
    found: str | None = notes.get(TOKEN)
    if found is None:
        known = session.get(TOKEN)
        if not isinstance(known, str):
            return str(generate_csrf())
        tokens: Tokens = this_app().extensions["pme_tokens"]
        notes.csrf_token = found = tokens.dumps(known)
    return found


def install(app: Flask) -> None:
    """Give templates the shell and the tokens."""
    app.extensions["pme_tokens"] = Tokens(app.config["SECRET_KEY"], salt=SALT)
    app.jinja_env.globals |= {"shell_of": shell_of, TOKEN: token}
    fill_with(app, token)
    app.context_processor(lambda: {TOKEN: token})  # after Flask-WTF's own
