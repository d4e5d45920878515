"""The academy's door at one person: what it knows of them, what they are here, and what was changed by whom."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.enrolment.queries import courses_chosen, enrolments_of
from pme.errors import Invalid
from pme.people import links
from pme.people.granting import OF_AN_ACADEMY, WORDS
from pme.people.members import Member, history_of
from pme.people.models import Role, Standing
from pme.people.models_links import Purpose
from pme.people.personnel import UNUSABLE, correct, facts_of
from pme.permissions import Can, may
from pme.web.academy.people import STANDINGS, role_choices, role_hints
from pme.web.academy.people_forms import (
    LANGUAGES,
    AddressForm,
    CorrectionForm,
    LastDayForm,
    tell,
)
from pme.web.academy.views import blueprint
from pme.web.acting import acting
from pme.web.forms import ActForm
from pme.web.letters import letters_go_out
from pme.web.loaders import catalogue, load_member
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

HISTORY_SHOWN = 100
FACTS = {
    "name": lazy("Name"),
    "rank": lazy("Rank"),
    "nation": lazy("Nation"),
    "service": lazy("Service"),
    "unit": lazy("Unit"),
    "external_id": lazy("Number at your academy"),
    "language": lazy("Language of letters"),
    "email": lazy("E-mail address"),
    "roles": lazy("Roles"),
    "standing": lazy("Status"),
    "ends": lazy("Last day"),
    "courses": lazy("Appointed to"),
}
"""What each fact of a history is called."""


@blueprint.get("/people/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """One person of the academy."""
    return person_page(load_member(Can.SEE_PEOPLE, person_id))


@blueprint.get("/people/<int:person_id>/record")
def edit_person(person_id: int) -> ResponseReturnValue:
    """A form to correct what the academy knows."""
    member = load_member(Can.CHANGE_PERSON, person_id)
    return _record_page(member, CorrectionForm(formdata=None, data=vars(facts_of(member.record))))


@blueprint.post("/people/<int:person_id>/record")
def save_person(person_id: int) -> ResponseReturnValue:
    """Correct it; what was there before stays in the history."""
    member, form = load_member(Can.CHANGE_PERSON, person_id), CorrectionForm()
    if form.validate():
        try:
            with transaction() as session:
                member = load_member(Can.CHANGE_PERSON, person_id, for_update=True)
                changed = correct(session, member, form.facts, acting(), why=form.why.data or "")
        except Invalid as error:
            tell(form, error)
            member = load_member(Can.CHANGE_PERSON, person_id)
        else:
            says = (
                _("Saved. The earlier value is in the history.")
                if changed
                else _("Nothing was changed: it was like this already.")
            )
            flash(says, "success" if changed else "info")
            return redirect(url_for("academy.person", person_id=person_id), HTTPStatus.SEE_OTHER)
    return _record_page(member, form), HTTPStatus.UNPROCESSABLE_ENTITY


def person_page(member: Member, *, form: SpokenForm | None = None) -> str:
    """The page of a person; `form` is one of its forms that was refused."""
    session, visitor, today = db_session(), current_visitor(), now().date()
    academy_id, standing = member.academy_id, member.standing(now().date())
    until = member.valid_until.isoformat() if member.valid_until else ""
    titles = {course.content.slug: course.content.title for course in catalogue().courses}
    offered = courses_chosen(session, academy_id) | member.teaches
    return render_template(
        "academy/person.html",
        member=member,
        standing=standing,
        standings=STANDINGS,
        is_over=member.valid_until is not None and member.valid_until < today,
        can_change=may(visitor, Can.CHANGE_PERSON, member),
        can_appoint=may(visitor, Can.CHOOSE_COURSES, academy_id) and Role.INSTRUCTOR in member.roles,
        is_oneself=member.person_id == visitor.person_id,
        invitation=links.open_link(session, academy_id, member.person_id, Purpose.INVITATION, now()),
        address=links.open_link(session, academy_id, member.person_id, Purpose.ADDRESS, now()),
        is_in_use=standing is Standing.ACTIVE and member.holder.password_hash != UNUSABLE,
        held=[str(WORDS[role]) for role in (*OF_AN_ACADEMY, Role.INSTALL) if role in member.roles],
        role_choices=role_choices(),
        role_hints=role_hints(),
        roles=[role.value for role in member.roles],
        enrolments=enrolments_of(session, member.person_id, academy_id),
        courses=sorted((slug, titles.get(slug, slug)) for slug in offered),
        titles=titles,
        languages=LANGUAGES,
        history=history_of(session, academy_id, member.person_id, at_most=HISTORY_SHOWN),
        facts=FACTS,
        letters_go_out=letters_go_out(),
        form=form or ActForm(),
        last_day=form if isinstance(form, LastDayForm) else LastDayForm(formdata=None, data={"until": until}),
        new_address=form if isinstance(form, AddressForm) else AddressForm(formdata=None),
    )


def _record_page(member: Member, form: CorrectionForm) -> str:
    return render_template("academy/person-record.html", member=member, form=form)
