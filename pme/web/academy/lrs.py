"""The academy's door at its Learning Record Store: how it stands, the connection, pausing, and telling all anew."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from pme.errors import Conflict, Invalid, NotFound, Unavailable
from pme.people.academies import find_academy
from pme.permissions import Can, may
from pme.web.academy.people_forms import tell
from pme.web.academy.views import blueprint, require
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN
from pme.web.paging import Paging
from pme.web.password_now import PasswordNowForm
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.sorting import Sorting
from pme.words.lazily import lazy
from pme.words.speech import _, _n
from pme.xapi import service
from pme.xapi.delivering import line_to
from pme.xapi.models import LrsState
from pme.xapi.queries import SORTS, find_lrs, refused_of, standing_of
from pme.xapi.vocabulary import Words

GIVE_ADDRESS = lazy("Give the address of the LRS, such as https://lrs.example.org/xapi.")
TOO_LONG = lazy("This is too long.")


class LrsForm(PasswordNowForm):
    """How an LRS is reached, and the password of whoever says so."""

    address = StringField(lazy("Address of the LRS"), [InputRequired(GIVE_ADDRESS), fits])
    user = StringField(lazy("User name there"), [InputRequired(service.NO_USER), fits])
    secret = PasswordField(lazy("Password there"), [Length(max=service.LONGEST_SECRET, message=TOO_LONG)])
    names_certificates = BooleanField(lazy("Send the address where each certificate is verified"))


@blueprint.get("/lrs")
def lrs() -> ResponseReturnValue:
    """How the academy's statements stand."""
    require(Can.SEE_ACADEMY)
    visitor, sorting = current_visitor(), Sorting.of(request.args, SORTS, "when")
    standing = standing_of(db_session(), visitor.academy_id)
    paging = Paging.of(standing.refused)
    heads = {"when": _("When"), "what": _("What"), "why": _("Why"), "id": _("Id")}
    return render_template(
        "academy/lrs.html",
        heads=sorting.heads(heads, "academy.lrs", sorting.fields),
        paging=paging,
        lrs=find_lrs(db_session(), visitor.academy_id),
        states=LrsState,
        standing=standing,
        refused=refused_of(
            db_session(), visitor.academy_id, sort=sorting.asked, offset=paging.offset, limit=paging.size
        ),
        keeps=may(visitor, Can.KEEP_LRS, visitor.academy_id),
        profile=Words(settings().public_url).profile,
    )


@blueprint.get("/lrs/connection")
def lrs_connection() -> ResponseReturnValue:
    """How the LRS is reached, to be changed."""
    require(Can.KEEP_LRS)
    kept = find_lrs(db_session(), current_visitor().academy_id)
    shown: dict[str, str | bool] = {"names_certificates": True}
    if kept:
        shown = {
            "address": kept.url,
            "user": kept.user,
            "names_certificates": kept.names_certificates,
        }
    return _connection(LrsForm(formdata=None, data=shown))


@blueprint.post("/lrs/connection")
def connect_lrs() -> ResponseReturnValue:
    """Send there from now on, what was done before too."""
    require(Can.KEEP_LRS)
    form, visitor = LrsForm(), current_visitor()
    if not form.is_theirs():
        return _connection(form), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = service.Wanted(
        form.address.data or "", form.user.data or "", form.secret.data or "", form.names_certificates.data
    )
    try:
        with transaction() as session:
            academy = find_academy(session, visitor.academy_id, for_update=True)
            if academy is None:
                raise NotFound(UNKNOWN)
            service.connect(session, academy, wanted, settings(), by_id=visitor.person_id, at=now())
    except Invalid as error:
        tell(form, error)
        return _connection(form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Unavailable as error:
        return _connection(form, error.says), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved. Everything is sent there from now on. Test the connection."), "success")
    return _back()


@blueprint.post("/lrs/try")
def try_lrs() -> ResponseReturnValue:
    """Ask the LRS who it is, and whether it knows the sign-in."""
    require(Can.KEEP_LRS)
    kept = find_lrs(db_session(), current_visitor().academy_id)
    if kept is None:
        flash(service.NO_LRS, "problem")
        return _back()
    try:
        line = line_to(kept, settings())
    except (Invalid, Unavailable) as error:
        flash(error.says, "problem")
        return _back()
    db_session().rollback()  # an LRS may take its time, and the database waits for nobody
    is_good, says = service.tried(line)
    flash(says, "success" if is_good else "problem")
    return _back()


@blueprint.post("/lrs/pause")
def pause_lrs() -> ResponseReturnValue:
    """Send nothing for now."""
    require(Can.KEEP_LRS)
    visitor = current_visitor()
    try:
        with transaction() as session:
            service.pause(session, visitor.academy_id, by_id=visitor.person_id, at=now())
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(_("Paused. What happens is kept in the outbox until you go on."), "success")
    return _back()


@blueprint.post("/lrs/resume")
def resume_lrs() -> ResponseReturnValue:
    """Send again."""
    require(Can.KEEP_LRS)
    visitor = current_visitor()
    try:
        with transaction() as session:
            service.resume(session, visitor.academy_id, by_id=visitor.person_id, at=now())
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(_("Statements go out again, within a minute."), "success")
    return _back()


@blueprint.post("/lrs/refused")
def send_refused() -> ResponseReturnValue:
    """Send what was refused once more."""
    require(Can.KEEP_LRS)
    visitor = current_visitor()
    try:
        with transaction() as session:
            count = service.send_refused_again(session, visitor.academy_id, by_id=visitor.person_id, at=now())
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(
            _n(
                "{n} wait again, and are sent with the next round.",
                "{n} wait again, and are sent with the next round.",
                count,
            ),
            "success",
        )
    return _back()


@blueprint.get("/lrs/replay")
def replaying_lrs() -> ResponseReturnValue:
    """What telling everything anew does, before it is done."""
    require(Can.KEEP_LRS)
    academy_id = current_visitor().academy_id
    return render_template(
        "academy/lrs-replay.html",
        form=PasswordNowForm(formdata=None),
        lrs=find_lrs(db_session(), academy_id),
        standing=standing_of(db_session(), academy_id),
    )


@blueprint.post("/lrs/replay")
def replay_lrs() -> ResponseReturnValue:
    """Tell everything anew from the start."""
    require(Can.KEEP_LRS)
    form, visitor = PasswordNowForm(), current_visitor()
    if not form.is_theirs():
        found = find_lrs(db_session(), visitor.academy_id)
        standing = standing_of(db_session(), visitor.academy_id)
        page = render_template("academy/lrs-replay.html", form=form, lrs=found, standing=standing)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            service.replay(session, visitor.academy_id, by_id=visitor.person_id, at=now())
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(_("Everything is sent again from the start, in the background."), "success")
    return _back()


def _connection(form: LrsForm, refusal: str = "") -> str:
    kept = find_lrs(db_session(), current_visitor().academy_id)
    return render_template("academy/lrs-connection.html", form=form, lrs=kept, refusal=refusal)


def _back() -> ResponseReturnValue:
    return redirect(url_for("academy.lrs"), HTTPStatus.SEE_OTHER)
