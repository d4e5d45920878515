"""What was written is not lost when a session has ended: it travels through signing in, and is sent again.

The fields of a form that came too late are carried as hidden fields, first through the sign-in form, then
to a page that shows them and sends them to where they were going. Nothing is sent by itself.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.signs import fit
from pme.web.forms import ActForm
from pme.words.lazily import lazy

KEPT = "kept-"
TARGET = "kept_target"
WAITED = lazy("You were signed out after a time without activity, or in another window. Sign in to go on.")
WITH_WORDS = lazy(
    " What you had just written is kept on this page, and you can send it once you are signed in."
)

Fields = list[tuple[str, str]]


def own_fields() -> Fields:
    """The fields of the form that came too late, without its token."""
    return [
        (fit(name), fit(value))
        for name, values in request.form.lists()
        for value in values
        if name != "csrf_token" and not name.startswith(KEPT) and name != TARGET
    ]


def carried() -> tuple[str, Fields]:
    """Where carried fields were going ("" for nowhere), and the fields."""
    fields = [
        (fit(name.removeprefix(KEPT)), fit(value))
        for name, values in request.form.lists()
        for value in values
        if name.startswith(KEPT)
    ]
    target = request.form.get(TARGET, "")
    return (target if is_ours(target) else ""), fields


def is_ours(address: str) -> bool:
    """Whether an address is a plain path of this platform."""
    return address.startswith("/") and not address.startswith("//") and "\\" not in address


def safe_next(wanted: str) -> str | None:
    """The address to go on to after signing in, if it is one of ours."""
    parts = urlsplit(wanted)
    return wanted if is_ours(wanted) and not parts.netloc and not parts.scheme else None


def sign_in_first(form: object) -> ResponseReturnValue:
    """Instead of an act by someone who is signed out: the sign-in form, carrying what was written."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=WAITED), HTTPStatus.UNAUTHORIZED
    fields = own_fields()
    return render_template(
        "public/sign-in.html",
        form=form,
        wanted="",
        says=WAITED + (WITH_WORDS if fields else ""),
        target=request.path,
        fields=fields,
    ), HTTPStatus.UNAUTHORIZED


def send_again(target: str, fields: Fields, status: int = HTTPStatus.OK) -> Response:
    """A page that shows what was written, and sends it with a fresh token."""
    body = render_template(
        "public/send-again.html",
        target=target,
        fields=fields,
        shown=[value for name, value in fields if name.startswith("prompt_") and value.strip()],
        form=ActForm(),
        home=url_for("public.home"),
    )
    return make_response(body, status)
