"""The account door: the person's own page, and the academy and language that they go on with."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.content.written_in import LANGUAGES, OWN_NAMES
from pme.errors import NotFound
from pme.later import later
from pme.people.factors import factors_of
from pme.people.granting import WORDS
from pme.people.members import find_member
from pme.people.models import Role
from pme.people.service import offer_no_tour, read_in
from pme.people.sessions import academies_of, go_to_academy
from pme.scope import everywhere
from pme.web import resume
from pme.web.account.forms import AcademyForm, LanguageForm
from pme.web.first_page import first_page_of
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, guard, now, reload_visitor
from pme.web.tongues import in_tongue
from pme.words.speech import _

if TYPE_CHECKING:
    from pme import guests
else:  # they load what makes the demonstration and what erases people
    guests = later("pme.guests")

blueprint = Blueprint("account", __name__, url_prefix="/account")
guard(blueprint, *Role)
OF_A_PASSWORD = ("/account/password", "/account/second-step", "/account/recovery-codes", "/account/passkeys")
"""What asks for a password first."""


@blueprint.before_request
def spare_guests() -> ResponseReturnValue | None:
    """Lead a guest, who has no password, to the page that tells so, and never to a form that asks for one."""
    if request.path.startswith(OF_A_PASSWORD) and guests.is_guest(current_visitor().email):
        return redirect(url_for("account.home"), HTTPStatus.SEE_OTHER)
    return None


@blueprint.get("")
def home() -> ResponseReturnValue:
    """What the platform knows of the visitor, and the ways to change it."""
    visitor = current_visitor()
    form = LanguageForm(formdata=None, data={"language": visitor.reading_language or ""})
    return _home(form)


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """Read content in another language where it is translated."""
    form = LanguageForm()
    form.language.choices = _languages()
    if not form.validate_on_submit():
        return _home(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        read_in(session, current_visitor().person_id, form.language.data or None)
    flash(_("Saved. Courses are shown in this language where they are translated."), "success")
    return redirect(url_for("account.home"), HTTPStatus.SEE_OTHER)


@blueprint.post("/tour")
def leave_tour() -> ResponseReturnValue:
    """Be offered the tour no more."""
    with transaction() as session:
        offer_no_tour(session, current_visitor().person_id)
    flash(_("The tour is not offered any more. You find it under Help, at the foot of every page."))
    return redirect(first_page_of(current_visitor()), HTTPStatus.SEE_OTHER)


@blueprint.get("/academy")
def academy() -> ResponseReturnValue:
    """Choose the academy to go on at."""
    return _academies(request.args.get("next", ""))


@blueprint.post("/academy")
def go_to() -> ResponseReturnValue:
    """Go on at another academy in this browser."""
    form, wanted, visitor = AcademyForm(), request.args.get("next", ""), current_visitor()
    if not form.validate_on_submit():
        return _academies(wanted, form), HTTPStatus.UNPROCESSABLE_ENTITY
    with everywhere(db_session()), transaction() as session:
        is_there = go_to_academy(session, visitor.person_id, visitor.session_id, form.academy.data, at=now())
    if not is_there:
        raise NotFound(UNKNOWN)
    there = resume.safe_next(wanted)
    return redirect(there or first_page_of(reload_visitor()), HTTPStatus.SEE_OTHER)


def _languages() -> list[tuple[str, str]]:
    return [
        ("", _("As they were written")),
        *((each, in_tongue(OWN_NAMES[each], each)) for each in LANGUAGES),
    ]


def _own_academies() -> list[tuple[int, str, frozenset[Role]]]:
    with everywhere(db_session()):
        return academies_of(db_session(), current_visitor().person_id, at=now())


def _home(form: LanguageForm) -> str:
    visitor = current_visitor()
    form.language.choices = _languages()
    academies = _own_academies()
    return render_template(
        "account/home.html",
        form=form,
        factors=factors_of(db_session(), visitor.person_id),
        roles=[str(name) for role, name in WORDS.items() if role in visitor.roles],
        has_several=len(academies) > 1,
        is_guest=guests.is_guest(visitor.email),
        member=find_member(db_session(), visitor.academy_id, visitor.person_id),
        at=now(),
    )


def _academies(wanted: str, form: AcademyForm | None = None) -> str:
    visitor = current_visitor()
    form = form or AcademyForm(formdata=None, data={"academy": visitor.academy_id})
    academies = _own_academies()
    form.academy.choices = [(each, name) for each, name, _ in academies]
    hints = {
        each: ", ".join(str(n) for role, n in WORDS.items() if role in held) for each, _, held in academies
    }
    return render_template("account/academy.html", form=form, hints=hints, wanted=wanted)
