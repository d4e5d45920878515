"""Error pages: what happened, what to do next, the request's id, and nothing of the inside."""

import errno
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import InternalError
from werkzeug.exceptions import HTTPException

from pme.db import AWAY
from pme.errors import BUSY, Conflict, Invalid, NotAllowed, NotFound, PmeError, Unavailable, is_for_memory
from pme.stores.home import Away
from pme.web import resume
from pme.web.signin import find_current_visitor
from pme.words.lazily import lazy
from pme.words.speech import _

log = structlog.get_logger()

STATUS: dict[type[PmeError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
TITLES = {
    400: lazy("This request cannot be understood"),
    403: lazy("This is not open to you"),
    404: lazy("Page not found"),
    405: lazy("This address works differently"),
    409: lazy("Something has changed meanwhile"),
    413: lazy("This is too large"),
    422: lazy("This cannot be used as it is"),
    429: lazy("Too many attempts"),
    500: lazy("Something went wrong on our side"),
    503: lazy("This is not possible just now"),
}
SAYS = {
    400: lazy("The address or the form was not what the platform expects."),
    403: lazy("Your account does not open this page."),
    404: lazy("There is nothing at this address, or nothing that your account can see."),
    405: lazy("This address cannot be used in this way. It may have been reloaded after a form was sent."),
    413: lazy("What you sent is larger than this form accepts. Shorten it and send it again."),
    429: lazy("Wait a little, then try again."),
    500: lazy("The fault is ours and has been noted. What you saved before is safe."),
}
NEXT = {
    400: lazy("Go back, reload the page and try again."),
    403: lazy("If you think it should, tell your academy and give the number below."),
    404: lazy("Check the address, or begin again from the first page."),
    409: lazy("Reload the page to see the present state."),
    413: lazy("Go back: your text is still there."),
    500: lazy("Try again in a minute. If it happens again, tell your academy and give the number below."),
    503: lazy("Try again in a minute."),
}
PASSING = (429, 500, 503)
"""What may be otherwise in a moment."""
TO_RELOAD = (400, 405, 409, 429)
"""What is mended by opening the page of the form anew; where text is lost by it, going back is told instead."""
BY_LINK = ("preview", "panel", "feeds", "links")
"""Rooms that a link of their own opens: signing in would help nobody there."""


NO_RECORDS = lazy("The platform cannot reach its records just now. What you saved before is safe.")
NO_ROOM = lazy(
    "The platform has no room on its disk just now, so this was not saved. What you saved before is safe."
)
WAITED_TOO_LONG, SILENT, NO_SPACE = {"55P03", "57014"}, "25P03", "53100"
"""PostgreSQL’s names: for a lock, for a statement; a transaction in which nothing came any more; a full disk."""
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
SCARCE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
"""This process may open no more files, start no more programs, take no more memory."""


def install(app: Flask) -> None:
    """Hang an error page on every kind of no."""

    @app.errorhandler(PmeError)
    def known(error: PmeError) -> Response:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), None)
        if isinstance(error, Away):
            noticed(error)
        return _later(page(int(status or HTTPStatus.INTERNAL_SERVER_ERROR), error.says))

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Response:
        fields = resume.own_fields()
        if fields and find_current_visitor() is not None and request.path != "/sign-in":
            return resume.send_again(request.path, fields, HTTPStatus.BAD_REQUEST)
        return page(400, _("This form is too old or was opened before you signed in. Nothing was changed."))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        behind = getattr(error, "original_exception", None)
        if isinstance(
            behind, AWAY
        ):  # the connection was lost when the page was made and something was noted yet
            return _no_records(behind)
        code = error.code or 500
        if code < HTTPStatus.BAD_REQUEST:
            return make_response(error.get_response())
        says = SAYS.get(code, _("This request cannot be answered."))
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and (most := g.get("largest_upload")):
            says = _(
                "What you sent is larger than {most} MB. Make the file smaller and send it again.",
                most=most // 1000000,
            )
        return _allowing(page(code, says), error)

    for kind in AWAY:
        app.register_error_handler(kind, _no_records)
    app.register_error_handler(InternalError, _ended)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(MemoryError, _scarce)

    app.register_error_handler(Exception, _unknown)


def noticed(error: Away) -> None:
    """Tell whoever runs the platform why its files cannot be reached."""
    log.error("no files", why=error.why, endpoint=request.endpoint)


def _allowing(response: Response, error: HTTPException) -> Response:
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _no_records(error: Exception) -> Response:
    if _state_of(error) in WAITED_TOO_LONG:
        log.error("held up by another session", exc_info=error, endpoint=request.endpoint)
        return _later(page(503, BUSY))
    if _is_full(error):
        log.error("the database has no room", exc_info=error, endpoint=request.endpoint)
        return _later(page(503, NO_ROOM))
    log.error("no database", exc_info=error, endpoint=request.endpoint)
    g.database_is_away = True
    return _later(page(503, NO_RECORDS))


def _ended(error: InternalError) -> Response:
    """The process was frozen in the middle of a save, and PostgreSQL has let go of what it held."""
    return _no_records(error) if _state_of(error) == SILENT else _unknown(error)


def _state_of(error: Exception) -> str:
    return str(getattr(getattr(error, "orig", None), "sqlstate", None))


def _is_full(error: Exception) -> bool:
    told = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    return _state_of(error) == NO_SPACE or told == "SQLITE_FULL"


def _no_room(error: OSError) -> Response:
    if error.errno in SCARCE:
        return _scarce(error)
    if error.errno not in FULL:
        return _unknown(error)
    log.error("no room", exc_info=error, endpoint=request.endpoint)
    return _later(page(503, NO_ROOM))


def _scarce(error: Exception) -> Response:
    log.error("out of files or memory", exc_info=error, endpoint=request.endpoint)
    return _later(page(503, BUSY))


def _unknown(error: Exception) -> Response:
    if is_for_memory(error):
        return _scarce(error)
    log.error("unexpected error", exc_info=error, endpoint=request.endpoint)
    return page(500, SAYS[500])


def _later(response: Response) -> Response:
    """Say to programs, too, when to ask again."""
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "10"
    return response


def _ways(code: int) -> list[tuple[str, str]]:
    """Where to go on from a page that says no, beside the first page: each in words, with its address."""
    if code in PASSING and request.method == "GET":
        return [(_("Try again"), _own(request.full_path))]
    before = urlsplit(request.referrer or "")
    if code in TO_RELOAD and request.method == "POST" and before.netloc == request.host:
        return [(_("Back to where you were"), _own(f"{before.path}?{before.query}"))]
    if code != HTTPStatus.NOT_FOUND or request.method != "GET":
        return []
    visitor = find_current_visitor()
    if visitor is None and request.blueprint in BY_LINK:
        return []
    if visitor is None:
        return [(_("Sign in"), url_for("public.sign_in", next=_own(request.full_path)))]
    return [(_("Search"), url_for("student.search"))] if visitor.is_student else []


def _own(address: str) -> str:
    """An address of this platform, never one of another that begins with two slashes."""
    return f"/{address.lstrip('/').removesuffix('?')}"


def page(code: int, says: str) -> Response:
    """The error page of a status code."""
    g.tells_no = True
    title = TITLES.get(code, _("This request cannot be answered"))
    next_step = "" if code == HTTPStatus.TOO_MANY_REQUESTS else NEXT.get(code, _("Go back and try again."))
    try:
        body = render_template(
            "errors/error.html",
            code=code,
            title=title,
            says=says,
            next_step=next_step,
            ways=_ways(code),
            request_id=g.get("request_id", ""),
        )
    except (OSError, MemoryError):  # not even the page can be opened: its words alone
        words = "".join(f"<p>{escape(str(each))}</p>" for each in (says, next_step))
        name = escape(str(title))
        body = f"<!doctype html><meta charset=utf-8><title>{name}</title><h1>{name}</h1>{words}"
    response = make_response(body, code)
    response.headers["Cache-Control"] = "no-store"
    return response
