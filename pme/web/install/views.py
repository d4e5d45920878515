"""The installation's door: academies listed and added, administrators invited. No student's results are here."""

import re
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from pme import audit
from pme.errors import Conflict, Invalid, NotFound
from pme.people import links
from pme.people.academies import all_academies, find_academy
from pme.people.models import Academy, Role
from pme.people.personnel import Facts, add_member
from pme.people.service import add_academy as add
from pme.scope import see_everywhere
from pme.web.acting import acting
from pme.web.forms import fits
from pme.web.letters import send_link
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import guard, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

blueprint = Blueprint("install", __name__, url_prefix="/install")
guard(blueprint, Role.INSTALL)

LONGEST_SLUG = 40
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@blueprint.before_request
def look_everywhere() -> None:
    """Every academy is numbered here."""
    see_everywhere(db_session())


class AcademyForm(SpokenForm):
    """A new academy."""

    name = StringField(
        lazy("Name"),
        [
            InputRequired(lazy("Give the academy's name.")),
            Length(max=200, message=lazy("Keep this under 200 characters.")),
            fits,
        ],
    )
    nation = StringField(
        lazy("Nation, as it is printed"),
        [
            InputRequired(lazy("Give the academy's nation.")),
            Length(max=80, message=lazy("Keep this under 80 characters.")),
            fits,
        ],
    )
    slug = StringField(lazy("Short name"), [InputRequired(lazy("Give a short name.")), fits])

    def validate_slug(self, field: Field) -> None:
        """Small letters, digits and single dashes."""
        if not SLUG.fullmatch(field.data or "") or len(field.data or "") > LONGEST_SLUG:
            raise ValidationError(_("Use lower-case letters a to z, digits and hyphens, such as lake-side."))


class AdministratorForm(SpokenForm):
    """Who shall administer an academy."""

    name = StringField(lazy("Name"), [InputRequired(lazy("Give the person's name.")), fits])
    rank = StringField(lazy("Rank"), [fits])
    email = StringField(
        lazy("E-mail address"), [InputRequired(lazy("Give the person's e-mail address.")), fits]
    )


@blueprint.get("")
def home() -> ResponseReturnValue:
    """Every academy, with numbers of people."""
    return _home(AcademyForm(formdata=None))


@blueprint.post("")
def add_academy() -> ResponseReturnValue:
    """Add an academy."""
    form = AcademyForm()
    if form.validate():
        try:
            with transaction() as session:
                academy = add(
                    session,
                    slug=form["slug"].data or "",
                    name=" ".join((form["name"].data or "").split()),
                    nation=" ".join((form["nation"].data or "").split()),
                    at=now(),
                )
                number = academy.id
                _record("academy added", academy)
        except Conflict as error:
            form["slug"].errors = [error.says]
        else:
            flash(_("The academy is there. Invite its first administrator."), "success")
            return redirect(url_for("install.academy", academy_id=number), HTTPStatus.SEE_OTHER)
    return _home(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/academies/<int:academy_id>")
def academy(academy_id: int) -> ResponseReturnValue:
    """One academy: numbers of people, and a form to invite an administrator."""
    return _academy_page(academy_id, AdministratorForm(formdata=None))


@blueprint.post("/academies/<int:academy_id>")
def invite_administrator(academy_id: int) -> ResponseReturnValue:
    """Invite somebody to administer an academy; whether the address has an account is not told."""
    form = AdministratorForm()
    _known(academy_id)
    if form.validate():
        facts = Facts(name=form["name"].data or "", rank=form["rank"].data or "")
        try:
            with transaction() as session:
                found = _known(academy_id)
                member = add_member(
                    session,
                    found.id,
                    email=form["email"].data or "",
                    facts=facts,
                    roles={Role.ADMINISTRATOR},
                    by=acting(),
                )
                made = links.invite(session, member, acting())
                _record("administrator invited", found)
                sent = send_link(session, made, member)
        except Invalid as error:
            name = error.field if error.field in form else "email"
            form[name or "email"].errors = [error.says]
        else:
            return sent.answer(url_for("install.academy", academy_id=academy_id))
    return _academy_page(academy_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _known(academy_id: int) -> Academy:
    found = find_academy(db_session(), academy_id)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _record(act: str, academy: Academy) -> None:
    audit.record(
        db_session(), act, actor=acting().actor, subject=f"academy {academy.id}", at=now(), academy_id=None
    )


def _home(form: AcademyForm) -> str:
    return render_template(
        "install/home.html", academies=all_academies(db_session(), now().date()), form=form
    )


def _academy_page(academy_id: int, form: AdministratorForm) -> str:
    found = _known(academy_id)
    numbers = next(n for each, n in all_academies(db_session(), now().date()) if each.id == found.id)
    return render_template("install/academy.html", academy=found, numbers=numbers, form=form)
