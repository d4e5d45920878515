"""The academy's door at many people at once: suspended, let in again or given a last day, those chosen or all found."""

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.errors import Conflict
from pme.people.many import Turned, last_day_many, reinstate_many, suspend_many
from pme.people.members import ids_found
from pme.people.memberships import administrators_stay
from pme.people.models import Membership
from pme.permissions import Can
from pme.undoing.models import Did, Thing
from pme.undoing.service import keep, stood
from pme.web.academy.people import people_page
from pme.web.academy.people_asked import asked_for, fields_of
from pme.web.academy.people_forms import LastDayForm
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.addresses import number_in
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import tell_done
from pme.words.lazily import lazy
from pme.words.speech import _, _n

DID = {
    "suspend": Did.SUSPENDED,
    "reinstate": Did.REINSTATED,
    "last-day": Did.LAST_DAY,
    "no-last-day": Did.LAST_DAY,
}
NOBODY = lazy(
    "Nothing was changed: choose at least one person in the list, and an action that applies to them."
)


@blueprint.post("/people/many")
def change_people() -> ResponseReturnValue:
    """Suspend those chosen, let them in again, or give them a last day; whom it does not fit is left and counted."""
    require(Can.MANAGE_PEOPLE)
    visitor, go, asked = current_visitor(), request.form.get("go", ""), asked_for(request.form)
    form = LastDayForm()
    chosen = [number for text in request.form.getlist("person") if (number := number_in(text))]
    page = number_in(request.form.get("page")) or 1
    if go == "last-day" and not (form.validate() and form.day):
        if not form.errors:
            form.until.errors = [_("Give a day, such as 2027-03-14.")]
        return people_page(asked, page, form=form, chosen=chosen), HTTPStatus.UNPROCESSABLE_ENTITY
    people = chosen
    if request.form.get("all") == "yes":
        people = ids_found(db_session(), visitor.academy_id, asked, day=now().date())
    try:
        with transaction() as session, administrators_stay(session, visitor.academy_id):
            before = stood(session, Thing.MEMBERSHIP, visitor.academy_id, people, column=Membership.person_id)
            turned = _act(session, visitor.academy_id, go, people, form)
            kept = None
            if turned.people:
                kept = keep(session, before, DID[go], by=visitor.person_id, at=now())
    except Conflict as error:
        flash(error.says, "problem")
    else:
        if turned.people:
            tell_done(_told(go, turned), kept)
        else:
            flash(NOBODY, "problem")
    fields = fields_of(asked) | ({"page": str(page)} if page > 1 else {})
    address = url_for("academy.people", **fields)  # type: ignore[arg-type]
    return redirect(address, HTTPStatus.SEE_OTHER)


def _act(session: Session, academy_id: int, go: str, chosen: list[int], form: LastDayForm) -> Turned:
    if go == "suspend":
        return suspend_many(session, academy_id, chosen, acting())
    if go == "reinstate":
        return reinstate_many(session, academy_id, chosen, acting())
    if go in ("last-day", "no-last-day"):
        day = form.day if go == "last-day" else None
        return last_day_many(session, academy_id, chosen, day, acting())
    return Turned([], 0)


def _told(act: str, turned: Turned) -> str:
    """What became of so many people, and of those who were left."""
    number = len(turned.people)
    if act == "suspend":
        says = _n(
            "{n} person suspended and signed out everywhere.",
            "{n} people suspended and signed out everywhere.",
            number,
        )
    elif act == "reinstate":
        says = _n("Access restored for {n} person.", "Access restored for {n} people.", number)
    elif act == "no-last-day":
        says = _n("{n} person has no last day any more.", "{n} people have no last day any more.", number)
    else:
        says = _n("The last day of {n} person is set.", "The last day of {n} people is set.", number)
    if not turned.left:
        return says
    left = _n(
        "{n} person was not changed: it does not apply to them, or you may not change them.",
        "{n} people were not changed: it does not apply to them, or you may not change them.",
        turned.left,
    )
    return f"{says} {left}"
