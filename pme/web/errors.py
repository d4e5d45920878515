"""Error pages: what happened, what to do next, the request's id, and nothing of the inside."""

import errno
from http import HTTPStatus

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from pme.db import AWAY
from pme.errors import Conflict, Invalid, NotAllowed, NotFound, PmeError, Unavailable
from pme.web import resume
from pme.web.signin import find_current_visitor

log = structlog.get_logger()

STATUS: dict[type[PmeError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
TITLES = {
    400: "This request cannot be understood",
    403: "This is not open to you",
    404: "Page not found",
    405: "This address works differently",
    409: "Things have moved on",
    413: "This is too large",
    422: "This cannot be used as it is",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    503: "This is not possible just now",
}
SAYS = {
    400: "The address or the form was not what the platform expects.",
    403: "Your account does not open this page.",
    404: "There is nothing at this address, or nothing that your account can see.",
    405: "This address cannot be used in this way. It may have been reloaded after a form was sent.",
    413: "What you sent is larger than this form takes. Shorten it and send it again.",
    500: "The fault is ours and has been noted. What you saved before is safe.",
}
NEXT = {
    400: "Go back, reload the page and try again.",
    403: "If you think it should, tell your academy and give the number below.",
    404: "Check the address, or begin again from the first page.",
    409: "Reload the page to see how things stand now.",
    413: "Go back: your text is still there.",
    429: "Wait a little, then try again.",
    500: "Try again in a minute. If it happens again, tell your academy and give the number below.",
    503: "Try again in a minute.",
}


NO_RECORDS = "The platform cannot reach its records just now. What you saved before is safe."
NO_ROOM = (
    "The platform has no room on its disk just now, so this was not taken. What you saved before is safe."
)
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def install(app: Flask) -> None:
    """Hang an error page on every kind of no."""

    @app.errorhandler(PmeError)
    def known(error: PmeError) -> Response:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), None)
        return _later(page(int(status or HTTPStatus.INTERNAL_SERVER_ERROR), error.says))

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Response:
        fields = resume.own_fields()
        if fields and find_current_visitor() is not None and request.path != "/sign-in":
            return resume.send_again(request.path, fields, HTTPStatus.BAD_REQUEST)
        return page(400, "This form is too old or was opened before you signed in. Nothing was changed.")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = error.code or 500
        if code < HTTPStatus.BAD_REQUEST:
            return make_response(error.get_response())
        says = SAYS.get(code, "This request cannot be answered.")
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and (most := g.get("largest_upload")):
            says = f"What you sent is larger than {most // 1_000_000} MB. Make the file smaller and send it again."
        response = page(code, says)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(allowed)
        return response

    for kind in AWAY:
        app.register_error_handler(kind, _no_records)
    app.register_error_handler(OSError, _no_room)

    app.register_error_handler(Exception, _unknown)


def _no_records(error: Exception) -> Response:
    log.error("no database", exc_info=error, endpoint=request.endpoint)
    g.database_is_away = True
    return _later(page(503, NO_RECORDS))


def _no_room(error: OSError) -> Response:
    if error.errno not in FULL:
        return _unknown(error)
    log.error("no room", exc_info=error, endpoint=request.endpoint)
    return _later(page(503, NO_ROOM))


def _unknown(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error, endpoint=request.endpoint)
    return page(500, SAYS[500])


def _later(response: Response) -> Response:
    """Say to programs, too, when to ask again."""
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "10"
    return response


def page(code: int, says: str) -> Response:
    """The error page of a status code."""
    g.tells_no = True
    body = render_template(
        "errors/error.html",
        code=code,
        title=TITLES.get(code, "This request cannot be answered"),
        says=says,
        next_step=NEXT.get(code, "Go back and try again."),
        request_id=g.get("request_id", ""),
    )
    response = make_response(body, code)
    response.headers["Cache-Control"] = "no-store"
    return response
