"""The second step of signing in: a code from an app, a passkey, or a recovery code."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from pme.audit import record
from pme.people.factors import (
    Half,
    begin_half,
    end_half,
    factors_of,
    find_half,
    has_second_factor,
    subject_of_throttle,
    take_any_code,
)
from pme.people.factors_passkeys import options_to_use, passkeys_of, take_passkey
from pme.people.service import (
    SignedIn,
    TooManyFailures,
    academy_to_begin_at,
    begin_session,
    check_not_throttled,
    forget_failures,
    note_failure,
)
from pme.people.sessions import academies_of
from pme.web import errors, resume
from pme.web.alarms import Change, tell_visitor
from pme.web.first_page import first_page_of
from pme.web.forms import SignInForm
from pme.web.public.forms import SecondStepForm
from pme.web.session import db_session, transaction
from pme.web.signin import find_current_visitor, load_visitor, now, seen
from pme.web.signin import sign_in as hand_over
from pme.web.signin import sign_out as leave
from pme.web.sites import seal, this_site
from pme.words.lazily import lazy
from pme.words.speech import _

HALF = "half"
TOO_LATE = lazy("Signing in took too long, or was begun in another window. Begin again.")
NO_CODE = lazy(
    "This code is not right. Enter the six digits that your app shows now: each code is taken once. "
    "Or enter a recovery code that you have not used."
)
NO_PASSKEY = lazy("This passkey could not be checked. Try again, or enter a code.")


def is_asked_of(person_id: int) -> bool:
    """Whether this person, whose password was right, takes a second step."""
    return (
        has_second_factor(db_session(), person_id)
        and academy_to_begin_at(db_session(), person_id, at=now()) is not None
    )


def after_first(person_id: int, wanted: str, target: str, fields: resume.Fields) -> ResponseReturnValue:
    """Note that the password was right, and ask for the second step; what was carried goes along."""
    with transaction() as db:
        session[HALF] = begin_half(db, person_id, at=now())
    half = _half() if target else None
    if half is None:
        return redirect(url_for("public.second_step", next=wanted or None), HTTPStatus.SEE_OTHER)
    return _page(half, SecondStepForm(formdata=None), wanted, target, fields)


def enter(signed_in: SignedIn, wanted: str, target: str, fields: resume.Fields) -> ResponseReturnValue | None:
    """Hand the browser its session and go on to where its person wanted; None where the person may not enter."""
    visitor = load_visitor(signed_in.token)
    if visitor is None:
        return None
    leave()
    hand_over(signed_in, visitor)
    if target:
        return resume.send_again(target, fields)
    there = resume.safe_next(wanted)
    if len(academies_of(db_session(), visitor.person_id, at=now())) > 1:
        return redirect(url_for("account.academy", next=there), HTTPStatus.SEE_OTHER)
    return redirect(there or first_page_of(visitor), HTTPStatus.SEE_OTHER)


def second_step() -> ResponseReturnValue:
    """The second step: a code, or what a passkey has signed."""
    wanted = request.args.get("next", "")
    target, fields = resume.carried()
    half, form = _half(), SecondStepForm()
    if half is None:
        return _begin_again(wanted, target, fields)
    if not form.validate_on_submit():
        status = HTTPStatus.OK if request.method == "GET" else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(half, form, wanted, target, fields), status
    subject, network = subject_of_throttle(half.person_id), request.remote_addr or "unknown"
    try:
        check_not_throttled(db_session(), email=subject, network=network, at=now())
    except TooManyFailures as error:
        return errors.page(HTTPStatus.TOO_MANY_REQUESTS, error.says)
    actor = f"person {half.person_id}"
    signed_in = None
    with transaction() as db:
        way = _way_taken(half, form)
        if not way:
            note_failure(db, email=subject, network=network, at=now())
            record(db, "second step failed", actor=actor, subject="browser session", at=now())
        elif end_half(db, half.id):
            forget_failures(db, subject)
            signed_in = begin_session(db, half.person_id, at=now(), seen=seen(way))
            detail = {"second_step": way}
            record(db, "signed in", actor=actor, subject="browser session", at=now(), detail=detail)
    if not way:
        field, says = (form.answer, NO_PASSKEY) if form.answer.data else (form.code, NO_CODE)
        field.errors = [says]
        return _page(half, form, wanted, target, fields), HTTPStatus.UNPROCESSABLE_ENTITY
    entered = enter(signed_in, wanted, target, fields) if signed_in else None
    if way == "recovery" and entered is not None:
        with transaction() as db:
            tell_visitor(db, Change.RECOVERY)
        left = factors_of(db_session(), half.person_id).codes_left
        flash(
            _(
                "You used a recovery code; {left} are left. Make new ones on your account page in time.",
                left=left,
            ),
            "info",
        )
    return entered or _begin_again(wanted, target, fields)


def _way_taken(half: Half, form: SecondStepForm) -> str:
    answer = form.answer.data or ""
    if answer:
        fits = take_passkey(
            db_session(), half.person_id, this_site(), challenge=half.challenge, answer=answer, at=now()
        )
        return "passkey" if fits else ""
    return take_any_code(db_session(), seal(), half.person_id, form.code.data or "", at=now())


def _half() -> Half | None:
    token = session.get(HALF)
    return find_half(db_session(), token, at=now()) if isinstance(token, str) else None


def _begin_again(wanted: str, target: str, fields: resume.Fields) -> ResponseReturnValue:
    visitor = find_current_visitor()
    if visitor is not None:
        return redirect(resume.safe_next(wanted) or first_page_of(visitor), HTTPStatus.SEE_OTHER)
    if request.method == "GET":
        return redirect(url_for("public.sign_in", next=wanted or None), HTTPStatus.SEE_OTHER)
    around = {"wanted": wanted, "says": TOO_LATE, "target": target, "fields": fields}
    return render_template("public/sign-in.html", form=SignInForm(formdata=None), **around), 401


def _page(half: Half, form: SecondStepForm, wanted: str, target: str, fields: resume.Fields) -> str:
    site = this_site()
    passkeys = passkeys_of(db_session(), half.person_id, site=site.host)
    return render_template(
        "public/second-step.html",
        form=form,
        wanted=wanted,
        target=target,
        fields=fields,
        options=options_to_use(site, challenge=half.challenge, known=passkeys) if passkeys else "",
        has_app=factors_of(db_session(), half.person_id).app_since is not None,
    )
