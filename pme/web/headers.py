"""What every response says to the browser: security, caching, and the request's id."""

from flask import Flask, Response, abort

from pme.config import Settings
from pme.web.answers import vary_by
from pme.web.at_hand import this_g, this_request
from pme.web.kept import squeezed
from pme.web.signin import find_current_visitor
from pme.words.speech import _

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "worker-src 'self'; manifest-src 'self'"
)
LONG = "public, max-age=31536000, immutable"
WORTH_SQUEEZING = 1_000  # bytes
ALWAYS = (
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
"""What no view says otherwise."""
SECURE = (("Strict-Transport-Security", "max-age=31536000"),)
PROBES = ("/healthz", "/readyz")
PERSONAL = "no-store"
PUBLIC = "no-cache"


def install(app: Flask, settings: Settings) -> None:
    """Hang the headers and the Host allow-list on the app."""
    everywhere = ALWAYS + (SECURE if settings.is_https else ())

    @app.before_request
    def know_the_host() -> None:
        request = this_request()
        if request.path in PROBES:  # a load balancer asks by number
            return
        given: str = request.host
        host = given.rpartition(":")[0] if given[-1:].isdigit() else given
        if (host or given).strip("[]").lower() not in settings.allowed_hosts:
            abort(400, _("This address is not one that this platform answers to."))

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        told = {name.lower() for name, _value in headers}
        if "content-security-policy" not in told:
            headers.add("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        for name, value in everywhere:
            headers.add(name, value)
        headers.add("X-Request-Id", this_g().get("request_id", ""))
        if "cache-control" not in told:
            headers.add("Cache-Control", PERSONAL if _is_personal() else PUBLIC)
        return _squeezed(response)


def _squeezed(response: Response) -> Response:
    """Pages travel compressed: links are poor where students are. Every form's token differs each second,
    so that its length gives nothing away (BREACH).
    """
    is_page = response.mimetype == "text/html" and not response.direct_passthrough
    accepted = this_request().environ.get("HTTP_ACCEPT_ENCODING", "")
    if not is_page or response.is_streamed or "gzip" not in accepted:
        return response
    body = b"" if "Content-Encoding" in response.headers else response.get_data()
    if len(body) > WORTH_SQUEEZING:
        response.set_data(squeezed(body))
        response.headers["Content-Encoding"] = "gzip"
    vary_by(response, "Accept-Encoding")
    return response


def _is_personal() -> bool:
    request = this_request()
    return (
        request.method != "GET" or find_current_visitor() is not None or request.path.startswith("/sign-in")
    )
