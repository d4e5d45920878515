"""The public door: first page, sign in and out, verify a certificate, and what must be open to all."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.audit import record
from pme.certificates.queries import find_by_code, lineage_of
from pme.errors import NotFound
from pme.keys.queries import find_published
from pme.later import later
from pme.people.service import (
    TooManyFailures,
    begin_session,
    check_not_throttled,
    find_by_password,
    note_failure,
)
from pme.progress.in_force import completion_in_force
from pme.proving.record import record_of
from pme.scope import see_everywhere
from pme.signs import fit
from pme.web import errors, resume
from pme.web.devices import keep_nothing
from pme.web.first_page import first_page_of
from pme.web.forms import SignInForm
from pme.web.loaders import catalogue
from pme.web.public import second
from pme.web.public.forms import VerifyForm
from pme.web.public.statement import PROGRAMS, TESTED_ON
from pme.web.session import db_session, transaction
from pme.web.signin import find_current_visitor, now, seen, settings
from pme.web.signin import sign_out as leave
from pme.words.lazily import lazy
from pme.words.speech import _, current

if TYPE_CHECKING:
    from pme import guests
else:  # they load what makes the demonstration and what erases people
    guests = later("pme.guests")

blueprint = Blueprint("public", __name__)
blueprint.add_url_rule("/sign-in/second", view_func=second.second_step, methods=["GET", "POST"])

NO_MATCH = lazy(
    "This address and password do not belong together. Check both and try again, "
    "or ask for a new password below."
)


@blueprint.before_request
def look_everywhere() -> None:
    """Nobody's academy is known here: a person signs in to theirs, and a code or a link belongs to any."""
    find_current_visitor()  # who is signed in is known first, since that narrows what is seen
    see_everywhere(db_session())


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The first page for strangers; people who are signed in go to their own."""
    visitor = find_current_visitor()
    if visitor is not None:
        return redirect(first_page_of(visitor), HTTPStatus.SEE_OTHER)
    shows_door = settings().demo_door
    return render_template("public/home.html", courses=catalogue().courses, shows_door=shows_door)


@blueprint.post("/look-around")
def look_around() -> ResponseReturnValue:
    """Let a guest in at the demonstration, where the installation allows it."""
    if not settings().demo_door:
        raise NotFound(_("There is no demonstration here."))
    with transaction() as session:
        signed_in = guests.let_in(session, current_app.extensions["pme_hashing"], at=now(), seen=seen())
    entered = second.enter(signed_in, "", "", [])
    if entered is None:
        raise NotFound(_("There is no demonstration here."))
    return entered


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password."""
    visitor = find_current_visitor()
    if visitor is not None and request.method == "GET":
        return redirect(first_page_of(visitor), HTTPStatus.SEE_OTHER)
    form, wanted = SignInForm(), request.args.get("next", "")
    target, fields = resume.carried()
    around = {"form": form, "wanted": wanted, "says": "", "target": target, "fields": fields}
    if not form.validate_on_submit():
        status = HTTPStatus.OK if request.method == "GET" else HTTPStatus.UNPROCESSABLE_ENTITY
        return render_template("public/sign-in.html", **around), status
    email, password = form.email.data or "", form.password.data or ""
    network = request.remote_addr or "unknown"
    try:
        check_not_throttled(db_session(), email=email, network=network, at=now())
    except TooManyFailures as error:
        return errors.page(HTTPStatus.TOO_MANY_REQUESTS, error.says)
    hashing = current_app.extensions["pme_hashing"]
    person = find_by_password(db_session(), hashing, email=email, password=password)
    person_id = person.id if person else None
    if person_id and second.is_asked_of(person_id):
        return second.after_first(person_id, wanted, target, fields)
    with transaction() as session:
        signed_in = begin_session(session, person_id, at=now(), seen=seen()) if person_id else None
        if signed_in is None:
            note_failure(session, email=email, network=network, at=now())
        else:
            record(session, "signed in", actor=f"person {person_id}", subject="browser session", at=now())
    entered = second.enter(signed_in, wanted, target, fields) if signed_in else None
    if entered is None:
        form.password.errors = [*form.password.errors, NO_MATCH]
        return render_template("public/sign-in.html", **around), 422
    return entered


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign out: the session ends on the server, wherever its cookie was copied to."""
    leave()
    response = redirect(url_for("public.home"), HTTPStatus.SEE_OTHER)
    assert isinstance(response, Response)  # noqa: S101  (what this framework redirects with)
    keep_nothing(response)
    return response


@blueprint.get("/verify")
def verify() -> ResponseReturnValue:
    """Ask whether a certificate is true, by the code printed on it."""
    if "code" not in request.args:
        return _code_form(VerifyForm(formdata=None))
    form = VerifyForm(request.args)
    if not form.validate():
        return _code_form(form), 422
    certificate = find_by_code(db_session(), form.code.data or "")
    if certificate is None:
        return _code_form(form, unknown=True), 404
    lang = current() if "lang" in request.args else None
    return redirect(url_for("public.verified", code=certificate.code, lang=lang), HTTPStatus.SEE_OTHER)


@blueprint.get("/verify/<code>")
def verified(code: str) -> ResponseReturnValue:
    """Every printed field of a certificate, and whether it stands."""
    certificate = find_by_code(db_session(), code)
    if certificate is None:
        return _code_form(VerifyForm(formdata=None, code=fit(code[:60])), unknown=True), 404
    standing = completion_in_force(db_session(), certificate.academy_id, certificate.enrolment_id)
    record = record_of(
        lineage_of(db_session(), certificate, at=now()),
        percent=standing.percent if standing else certificate.percent,
    )
    issuer = find_published(db_session(), certificate.academy_id)
    return render_template(
        "public/verified.html",
        certificate=certificate,
        record=record,
        slug=issuer.slug if issuer else "",
        is_demo=certificate.is_demo or (issuer is not None and issuer.is_demo),
    )


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """What was done and tested for accessibility, and what was not."""
    return render_template("public/accessibility.html", tested_on=TESTED_ON, programs=PROGRAMS)


@blueprint.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Search engines may read the public pages only."""
    closed = "/account /learn /attempts /teach /academy /verify/ /panel/ /preview/ /activate/ /reset/ /address/".split()
    body = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed)
    return current_app.response_class(body, mimetype="text/plain")


def _code_form(form: VerifyForm, *, unknown: bool = False) -> str:
    return render_template("public/verify.html", form=form, unknown=unknown)
