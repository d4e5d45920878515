"""The panellist's door: what is asked, one thing to rate at a time, and sending a round."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.errors import Conflict, Invalid, NotFound
from pme.judging.models import Method
from pme.judging.publication import judged
from pme.judging.queries import own_ratings, own_reasons, submitted_at
from pme.judging.results import facility_shown
from pme.judging.service import hand_in, open_round_for, options_of, save_ratings, subjects_of
from pme.judging.subjects import Subject, dealt
from pme.signs import CANNOT_BE_KEPT, fit
from pme.web import errors
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN
from pme.web.panel import earlier
from pme.web.panel.links import Seat, seat_of
from pme.web.session import db_session, transaction
from pme.web.signin import now
from pme.web.wrong_links import must_wait
from pme.words.lazily import lazy
from pme.words.speech import _, _n

blueprint = Blueprint("panel", __name__, url_prefix="/panel")

TOO_MANY = lazy("There were too many links that belong to no panel. Try again in a quarter of an hour.")
MOST_DIGITS = 4


@blueprint.before_request
def slow_down() -> ResponseReturnValue | None:
    """A network that tries one wrong link after another has to wait."""
    return errors.page(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY) if must_wait() else None


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """The address is the key: no search engine lists it and no cache keeps it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<token>")
def start(token: str) -> ResponseReturnValue:
    """What is asked, how it goes, and how far one is."""
    return _start_page(seat_of(token), token)


@blueprint.get("/<token>/<int:number>")
def rate(token: str, number: int) -> ResponseReturnValue:
    """One thing to rate."""
    seat = seat_of(token)
    if seat.closed_because:
        return _start_page(seat, token)
    subject = _subject(seat, number)
    try:
        open_round_for(db_session(), seat.panel, seat.panellist)
    except Conflict:
        return redirect(url_for("panel.start", token=token), HTTPStatus.SEE_OTHER)
    return _rate_page(seat, token, number, subject)


@blueprint.post("/<token>/<int:number>")
def save(token: str, number: int) -> ResponseReturnValue:
    """Keep what was rated so far, then go where the button says."""
    seat = seat_of(token)
    if seat.closed_because:
        return _start_page(seat, token)
    subject = _subject(seat, number)
    values, typed, wrong = _read(seat, subject)
    reason = fit(request.form.get("reason", ""))
    if reason != request.form.get("reason", ""):
        wrong.append((CANNOT_BE_KEPT, "reason"))
    try:
        with transaction() as session:
            seat = seat_of(token, for_update=True)
            save_ratings(
                session, seat.panel, seat.panellist, subject.id, values=values, reason=reason, at=now()
            )
    except Invalid as error:
        wrong.append((error.says, error.field or "rating"))
        seat = seat_of(token)
    except Conflict as error:
        flash(error.says)
        return redirect(url_for("panel.start", token=token), HTTPStatus.SEE_OTHER)
    missing = len(options_of(subject)) - len(values)
    if missing and not wrong and request.form.get("go") != "list":
        wrong.append((_missing(seat, missing), "rating"))
    if wrong:
        page = _rate_page(seat, token, number, subject, typed=typed, reason=reason, wrong=wrong)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    if request.form.get("go") == "list" or number == len(_subjects(seat)):
        return redirect(url_for("panel.start", token=token), HTTPStatus.SEE_OTHER)
    return redirect(url_for("panel.rate", token=token, number=number + 1), HTTPStatus.SEE_OTHER)


@blueprint.post("/<token>")
def send(token: str) -> ResponseReturnValue:
    """Send the round: from then on it counts and stays as it is. Sending twice changes nothing."""
    seat = seat_of(token)
    if seat.closed_because:
        return _start_page(seat, token)
    subjects = _subjects(seat)
    try:
        with transaction() as session:
            seat = seat_of(token, for_update=True)
            hand_in(session, seat.panel, seat.panellist, subjects, at=now())
        flash(_("Sent. Thank you: your ratings of this round are complete."), "success")
    except Invalid as error:
        return _start_page(seat_of(token), token, error.says)
    except Conflict as error:
        flash(error.says)
    return redirect(url_for("panel.start", token=token), HTTPStatus.SEE_OTHER)


def _subjects(seat: Seat) -> tuple[Subject, ...]:
    return subjects_of(seat.panel.method, judged(db_session(), seat.panel).content)


def _subject(seat: Seat, number: int) -> Subject:
    subjects = _subjects(seat)
    if not 1 <= number <= len(subjects):
        raise NotFound(UNKNOWN)
    return subjects[number - 1]


def _field(position: int) -> str:
    return f"rate-{position}"


def _read(seat: Seat, subject: Subject) -> tuple[dict[str, int], dict[str, str], list[tuple[str, str]]]:
    """What the form says: the values by option, what was typed by field, and what cannot be read."""
    values, typed, wrong = {}, {}, []
    for position, (option, _text) in enumerate(_dealt(seat, subject), start=1):
        given = fit(request.form.get(_field(position), "")).strip()
        typed[_field(position)] = given[:20]
        if not given:
            continue
        if given.isascii() and given.isdecimal() and len(given) < MOST_DIGITS:
            values[option] = int(given)
        else:
            said = given[:20]
            says = (
                _("“{given}” is not a whole number from 0 to 100.", given=said)
                if seat.panel.method is Method.ANGOFF
                else _("“{given}” is not a whole number from 1 to 4.", given=said)
            )
            wrong.append((says, "rating"))
    return values, typed, wrong


def _dealt(seat: Seat, subject: Subject) -> tuple[tuple[str, str], ...]:
    return dealt(subject.options, to=f"{seat.panellist.id}/{subject.id}") or (("", ""),)


def _missing(seat: Seat, missing: int) -> str:
    if seat.panel.method is Method.ANGOFF:
        return _("Give a number from 0 to 100.")
    return _n(
        "Rate every option: {n} option is still open. What you rated is saved.",
        "Rate every option: {n} options are still open. What you rated is saved.",
        missing,
    )


def _start_page(seat: Seat, token: str, error: str = "") -> ResponseReturnValue:
    if seat.closed_because:
        return render_template("panel/ended.html", says=seat.closed_because), HTTPStatus.GONE
    session = db_session()
    content = judged(session, seat.panel).content
    subjects = subjects_of(seat.panel.method, content)
    done = submitted_at(session, seat.panellist.id)
    try:
        number = open_round_for(session, seat.panel, seat.panellist)
        waits_for = ""
    except Conflict as conflict:
        number, waits_for = None, conflict.says
    rated = own_ratings(session, seat.panellist.id, number or 1)
    page = render_template(
        "panel/start.html",
        token=token,
        panel=seat.panel,
        panellist=seat.panellist,
        content=content,
        subjects=subjects,
        rated={subject.id: len(rated.get(subject.id, {})) for subject in subjects},
        wanted={subject.id: len(options_of(subject)) for subject in subjects},
        number=number,
        done=done,
        waits_for=waits_for,
        error=error,
        form=ActForm(formdata=None),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK


def _rate_page(
    seat: Seat,
    token: str,
    number: int,
    subject: Subject,
    *,
    typed: dict[str, str] | None = None,
    reason: str | None = None,
    wrong: list[tuple[str, str]] | None = None,
) -> str:
    session, panel, who = db_session(), seat.panel, seat.panellist
    round_number = panel.open_round or 1
    before = own_ratings(session, who.id, 1).get(subject.id, {}) if round_number > 1 else {}
    kept = before | own_ratings(session, who.id, round_number).get(subject.id, {})
    reasons = own_reasons(session, who.id, 1) | own_reasons(session, who.id, round_number)
    told = earlier.of(session, panel, subject, before) if round_number > 1 else {}
    parts: list[dict[str, Any]] = []
    for position, (option, html) in enumerate(_dealt(seat, subject), start=1):
        field = _field(position)
        shown = typed.get(field, "") if typed is not None else str(kept.get(option, ""))
        parts.append(
            {
                "position": str(position),
                "text_html": html,
                "note": told.get(option, ""),
                "rating": shown,
                "field": field,
            }
        )
    content = judged(session, panel).content
    facility = facility_shown(session, panel).get(subject.id) if round_number > 1 else None
    return render_template(
        "panel/judge.html" if panel.method is Method.ANGOFF else "panel/rate.html",
        token=token,
        panel=panel,
        content=content,
        subject=subject,
        number=number,
        of=len(subjects_of(panel.method, content)),
        parts=parts,
        told=told.get("", ""),
        facility=facility,
        reason=reasons.get(subject.id, "") if reason is None else reason,
        wrong=wrong or [],
        form=ActForm(formdata=None),
    )
