"""The academy's door at what is done to one person: roles, standing, appointments, invitations, passwords."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.enrolment.queries import courses_chosen
from pme.errors import Conflict, Invalid
from pme.people import links, memberships
from pme.people.members import Member
from pme.people.models import Standing
from pme.people.personnel import readdress
from pme.permissions import Can
from pme.web.academy.people import roles_in
from pme.web.academy.people_forms import AddressForm, LastDayForm, tell
from pme.web.academy.person import person_page
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.forms import ActForm
from pme.web.letters import Sent, send_link
from pme.web.loaders import load_member
from pme.web.session import transaction
from pme.web.signin import now
from pme.words.speech import _

Act = Callable[[Session, Member], str]
"""Does something to a person and says what was done; "" for nothing."""


@blueprint.post("/people/<int:person_id>/roles")
def save_roles(person_id: int) -> ResponseReturnValue:
    """Give a person exactly the roles that are ticked; those that the visitor may not give stay as they are."""
    require(Can.GRANT_ROLES)

    def act(session: Session, member: Member) -> str:
        roles = roles_in(request.form.getlist("roles"))
        return _("The roles are set.") if memberships.set_roles(session, member, roles, acting()) else ""

    return _done(person_id, act)


@blueprint.post("/people/<int:person_id>/standing")
def save_standing(person_id: int) -> ResponseReturnValue:
    """Suspend a person, or let them in again."""
    which = request.form.get("act", "")

    def act(session: Session, member: Member) -> str:
        if which == "suspend":
            memberships.suspend(session, member, acting())
            return _("Suspended: signed out everywhere, and without access until you restore it.")
        if which == "reinstate":
            memberships.reinstate(session, member, acting())
            return _("Access restored.")
        return ""

    return _done(person_id, act)


@blueprint.post("/people/<int:person_id>/last-day")
def save_last_day(person_id: int) -> ResponseReturnValue:
    """Say until when a person belongs to the academy."""
    member, form = load_member(Can.CHANGE_PERSON, person_id), LastDayForm()
    if not form.validate():
        return person_page(member, form=form), HTTPStatus.UNPROCESSABLE_ENTITY

    def act(session: Session, member: Member) -> str:
        if not memberships.set_last_day(session, member, form.day, acting()):
            return ""
        return _("The last day is set.") if form.day else _("There is no last day any more.")

    return _done(person_id, act)


@blueprint.post("/people/<int:person_id>/courses")
def save_appointments(person_id: int) -> ResponseReturnValue:
    """Appoint an instructor to exactly the courses that are ticked, of those that the academy offers."""
    require(Can.CHOOSE_COURSES)

    def act(session: Session, member: Member) -> str:
        known = courses_chosen(session, member.academy_id) | member.teaches
        wanted = known.intersection(request.form.getlist("courses"))
        return _("The courses are set.") if memberships.appoint_to(session, member, wanted, acting()) else ""

    return _done(person_id, act)


@blueprint.post("/people/<int:person_id>/invitation")
def invite_person(person_id: int) -> ResponseReturnValue:
    """Invite a person again, or take the invitation back."""
    if request.form.get("act") == "withdraw":

        def act(session: Session, member: Member) -> str:
            taken = links.withdraw_invitation(session, member, acting())
            return _("The invitation is withdrawn: its link no longer works.") if taken else ""

        return _done(person_id, act)
    return _sent(person_id, links.invite)


@blueprint.post("/people/<int:person_id>/password")
def offer_password(person_id: int) -> ResponseReturnValue:
    """Send a person a link at which they choose a new password."""
    return _sent(person_id, links.send_reset)


@blueprint.post("/people/<int:person_id>/address")
def change_address(person_id: int) -> ResponseReturnValue:
    """Another address: at once for who has not accepted yet, for others once they confirm it."""
    member, form = load_member(Can.CHANGE_PERSON, person_id), AddressForm()
    if form.validate():
        email = form.email.data or ""
        try:
            with transaction() as session:
                member = load_member(Can.CHANGE_PERSON, person_id, for_update=True)
                if member.standing(now().date()) is Standing.INVITED:
                    member = readdress(session, member, email, acting())
                    sent = send_link(session, links.invite(session, member, acting()), member)
                else:
                    offered = links.offer_address(session, member, email, acting())
                    sent = send_link(session, offered, member)
        except Invalid as error:
            tell(form, error)
        except Conflict as error:
            return _refused(person_id, error)
        else:
            return sent.answer(url_for("academy.person", person_id=member.person_id))
        member = load_member(Can.CHANGE_PERSON, person_id)
    return person_page(member, form=form), HTTPStatus.UNPROCESSABLE_ENTITY


def _done(person_id: int, act: Act) -> ResponseReturnValue:
    """Do something to a person the visitor may change, say so, and show their page again."""
    load_member(Can.CHANGE_PERSON, person_id)
    try:
        with transaction() as session:
            says = act(session, load_member(Can.CHANGE_PERSON, person_id, for_update=True))
    except Conflict as error:
        return _refused(person_id, error)
    except Invalid as error:
        form = ActForm(formdata=None)
        form.form_errors.append(error.says)
        page = person_page(load_member(Can.CHANGE_PERSON, person_id), form=form)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash(says or _("Nothing was changed: it was like this already."), "success" if says else "info")
    return redirect(url_for("academy.person", person_id=person_id), HTTPStatus.SEE_OTHER)


def _sent(
    person_id: int, make: Callable[[Session, Member, memberships.By], links.Made]
) -> ResponseReturnValue:
    """Send a person a link of some kind, and show their page again."""
    load_member(Can.CHANGE_PERSON, person_id)
    try:
        with transaction() as session:
            member = load_member(Can.CHANGE_PERSON, person_id, for_update=True)
            sent: Sent = send_link(session, make(session, member, acting()), member)
    except Conflict as error:
        return _refused(person_id, error)
    return sent.answer(url_for("academy.person", person_id=person_id))


def _refused(person_id: int, error: Conflict) -> ResponseReturnValue:
    flash(error.says, "problem")
    return redirect(url_for("academy.person", person_id=person_id), HTTPStatus.SEE_OTHER)
