"""The Flask application with what it would find out anew for each request."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import BuildError, MapAdapter, Rule
from werkzeug.wsgi import get_host

from pme.web.answers import Answer, vary_by
from pme.web.doors import Addresses, Doors
from pme.web.spoken import Templates
from pme.web.tokens import Signing


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies; what signs them is made once."""

    def __init__(self) -> None:
        self._made: tuple[str | bytes | None, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs the cookies of the app's key."""
        key, made = self._made
        if made is None or key != app.secret_key:
            plain = super().get_signing_serializer(app)
            made = plain and Signing(
                plain.secret_keys,
                salt=plain.salt,
                serializer=plain.serializer,
                signer_kwargs=plain.signer_kwargs,
            )
            self._made = (app.secret_key, made)
        return made

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As the parent does; most answers only say that they depend on the cookie."""
        if session.modified or session.permanent or not session:
            super().save_session(app, session, response)
        elif session.accessed:
            vary_by(response, "Cookie")


class Address(Rule):
    """A rule whose builders of addresses are compiled when they are first used: most processes build few of them."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            made = compile_now(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", made)
            told: tuple[str, str] = made(**values)
            return told

        return build


class Platform(Flask):
    """Flask, whose functions here are never coroutines, and whose templates speak."""

    jinja_environment = Templates
    url_rule_class = Address
    url_map_class = Addresses
    url_map: Addresses
    response_class = Answer

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.session_interface = Cookies()
        self.doors = Doors(self.register_blueprint)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: looking whether it is a coroutine took longer than most of them."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What finds the view of a request; its door is opened for that."""
        if request is not None:
            self.doors.knock(request.path)
            if self._is_usual(request):
                request.host = host = get_host(request.environ, request.trusted_hosts)
                return self.url_map.way(host.lower(), request)
        return super().create_url_adapter(request)

    def _is_usual(self, request: Request) -> bool:
        """Whether a request asks for a page as nearly all do; others are looked at as Flask does."""
        environ = request.environ
        is_plain = "HTTP_UPGRADE" not in environ and environ.get("PATH_INFO", "")[:1] == "/"
        return is_plain and self.config["SERVER_NAME"] is None and self.config["TRUSTED_HOSTS"] is None

    def handle_url_build_error(self, error: BuildError, endpoint: str, values: dict[str, Any]) -> str:
        """The address of what is behind a door that was closed, or the error."""
        if self.doors.lead(endpoint):
            return self.url_for(endpoint, **values)
        return super().handle_url_build_error(error, endpoint, values)

    def _check_setup_finished(self, f_name: str) -> None:
        """Doors are opened after the first request, too."""
