"""The public door at links that open an account: accept an invitation, choose a new password, confirm an address.

Whoever opens a link has no account yet, or cannot get into it. Nothing here tells a stranger which addresses
have accounts.
"""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import EmailField, PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

from pme.errors import Conflict, Invalid, NotFound
from pme.people import links
from pme.people.asking import may_ask, note_asking
from pme.people.models import Person
from pme.people.models_links import AccountLink, Purpose
from pme.people.passwords import Hashing, check_quality
from pme.people.personnel import UNUSABLE
from pme.people.queries import get_academy, get_person, person_by_email
from pme.people.service import EMAIL, TooManyFailures, check_not_throttled, note_failure
from pme.scope import see_everywhere
from pme.web import alarms, errors
from pme.web.forms import fits
from pme.web.letters import letters_go_out, mail_reset
from pme.web.session import db_session, meanwhile, transaction
from pme.web.signin import find_current_visitor, now
from pme.web.spoken import academy_speaks
from pme.web.spoken_forms import SpokenForm
from pme.web.wrong_links import must_wait, note_wrong_link
from pme.words.lazily import lazy
from pme.words.speech import _

blueprint = Blueprint("links", __name__)

UNKNOWN_LINK = lazy(
    "This link is not known. Check that you have all of it, and that no newer one has replaced it."
)
TOO_MANY_LINKS = lazy("There were too many links that are not known. Try again in a quarter of an hour.")
TOO_MANY_ASKED = lazy("Too many new passwords were asked for from here. Try again in a quarter of an hour.")
DOES_NOT_FIT = lazy(
    "This address has an account already, and this is not its password. Give the password with which you "
    "sign in, or ask for a new one on the page to sign in."
)
TRY_AGAIN = lazy("This is not the password of your account. Try again.")


class PasswordForm(SpokenForm):
    """A password, twice, so that no slip of a key shuts anybody out."""

    password = PasswordField(lazy("Password"), [InputRequired(lazy("Enter a password.")), Length(max=1024)])
    again = PasswordField(
        lazy("The same password again"), [InputRequired(lazy("Enter it a second time.")), Length(max=1024)]
    )

    def validate_again(self, field: PasswordField) -> None:
        """The same as above."""
        if field.data != self.password.data:
            raise ValidationError(_("The two are not the same. Enter the password again in both."))


class OwnPasswordForm(SpokenForm):
    """The password of the account."""

    password = PasswordField(
        lazy("Your password"), [InputRequired(lazy("Enter your password.")), Length(max=1024)]
    )


class ForgottenForm(SpokenForm):
    """Whose password was forgotten."""

    email = EmailField(
        lazy("E-mail address"),
        [
            InputRequired(lazy("Enter your e-mail address.")),
            Length(max=254, message=lazy("This address is too long.")),
            fits,
        ],
    )

    def validate_email(self, field: EmailField) -> None:
        """What can be an address at all."""
        if not EMAIL.fullmatch((field.data or "").strip()):
            raise ValidationError(_("Give an e-mail address like name@academy.example."))


@blueprint.before_request
def slow_down() -> ResponseReturnValue | None:
    """A network that tries one wrong link after another has to wait; a link belongs to any academy."""
    find_current_visitor()  # who is signed in is known first, since that narrows what is seen
    see_everywhere(db_session())
    return errors.page(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY_LINKS) if must_wait() else None


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """The address is the key: no search engine lists it and no cache keeps it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/activate/<token>")
def activate(token: str) -> ResponseReturnValue:
    """Who invites, and a password to choose."""
    return _shown(token, Purpose.INVITATION, lambda link: _activation(link, PasswordForm(formdata=None)))


@blueprint.post("/activate/<token>")
def accept(token: str) -> ResponseReturnValue:
    """Accept an invitation: with a new password, or with that of the account that the address has already."""
    link, form = _link(token, Purpose.INVITATION), PasswordForm()
    if not link.is_open(now()):
        return _ended(link)
    if form.validate():
        person, password = get_person(db_session(), link.person_id), form.password.data or ""
        try:
            new_hash = _fresh_hash(person, password)
            with transaction() as session:
                found = links.find_link(session, token, Purpose.INVITATION, for_update=True)
                links.accept(session, found or link, new_hash=new_hash, at=now())
        except TooManyFailures as error:
            return errors.page(HTTPStatus.TOO_MANY_REQUESTS, error.says)
        except Invalid as error:
            form.password.errors = [error.says]
        except Conflict as error:
            return errors.page(HTTPStatus.CONFLICT, error.says)
        else:
            flash(_("Your account is ready. Sign in with your address and this password."), "success")
            return redirect(url_for("public.sign_in"), HTTPStatus.SEE_OTHER)
    return _activation(_link(token, Purpose.INVITATION), form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/forgotten")
def forgotten() -> ResponseReturnValue:
    """Ask for a new password by letter."""
    return render_template(
        "public/forgotten.html",
        form=ForgottenForm(formdata=None),
        letters_go_out=letters_go_out(),
        is_asked="asked" in request.args,
    )


@blueprint.post("/forgotten")
def ask() -> ResponseReturnValue:
    """The same answer to every address; a letter goes to those that have an account in use."""
    form = ForgottenForm()
    if not letters_go_out() or not form.validate():
        page = render_template(
            "public/forgotten.html", form=form, letters_go_out=letters_go_out(), is_asked=False
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    email, network = form.email.data or "", request.remote_addr or "unknown"
    asked = may_ask(db_session(), email=email, network=network, at=now())
    if asked.is_network_tired:
        return errors.page(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY_ASKED)
    with transaction() as session:
        note_asking(session, email=email, network=network, at=now())
        person = person_by_email(session, email)
        if person is not None and not asked.is_address_tired and links.is_welcome(session, person, now()):
            mail_reset(session, links.ask_reset(session, person, now()), person)
    return redirect(url_for("links.forgotten", asked=1), HTTPStatus.SEE_OTHER)


@blueprint.get("/reset/<token>")
def reset(token: str) -> ResponseReturnValue:
    """A new password to choose."""
    return _shown(token, Purpose.RESET, lambda link: _reset_page(link, PasswordForm(formdata=None)))


@blueprint.post("/reset/<token>")
def choose(token: str) -> ResponseReturnValue:
    """Choose it: whoever is signed in anywhere is signed out."""
    link, form = _link(token, Purpose.RESET), PasswordForm()
    if not link.is_open(now()):
        return _ended(link)
    if form.validate():
        person, password = get_person(db_session(), link.person_id), form.password.data or ""
        try:
            check_quality(password, email=person.email, name=person.name)
            meanwhile()
            new_hash = _hashing().hash(password)
            with transaction() as session:
                found = links.find_link(session, token, Purpose.RESET, for_update=True)
                links.choose_password(session, found or link, new_hash=new_hash, at=now())
                _tell(session, alarms.Change.PASSWORD, link, person.email)
        except Invalid as error:
            form.password.errors = [error.says]
        except Conflict as error:
            return errors.page(HTTPStatus.CONFLICT, error.says)
        else:
            flash(_("Your new password counts from now on. Sign in with it."), "success")
            return redirect(url_for("public.sign_in"), HTTPStatus.SEE_OTHER)
    return _reset_page(_link(token, Purpose.RESET), form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/address/<token>")
def address(token: str) -> ResponseReturnValue:
    """A new address, to be confirmed with the password."""
    return _shown(token, Purpose.ADDRESS, lambda link: _address_page(link, OwnPasswordForm(formdata=None)))


@blueprint.post("/address/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Confirm it: only who knows the password of the account can."""
    link, form = _link(token, Purpose.ADDRESS), OwnPasswordForm()
    if not link.is_open(now()):
        return _ended(link)
    if form.validate():
        person = get_person(db_session(), link.person_id)
        try:
            _check_password_of(person, form.password.data or "")
            with transaction() as session:
                found = links.find_link(session, token, Purpose.ADDRESS, for_update=True)
                before = get_person(session, link.person_id).email
                links.confirm_address(session, found or link, now())
                _tell(session, alarms.Change.ADDRESS, link, before)
        except TooManyFailures as error:
            return errors.page(HTTPStatus.TOO_MANY_REQUESTS, error.says)
        except Invalid as error:
            form.password.errors = [error.says]
        except Conflict as error:
            return errors.page(HTTPStatus.CONFLICT, error.says)
        else:
            flash(_("Your new address counts from now on. Sign in with it."), "success")
            return redirect(url_for("public.home"), HTTPStatus.SEE_OTHER)
    return _address_page(_link(token, Purpose.ADDRESS), form), HTTPStatus.UNPROCESSABLE_ENTITY


def _shown(token: str, purpose: Purpose, page: Callable[[AccountLink], str]) -> ResponseReturnValue:
    link = _link(token, purpose)
    return page(link) if link.is_open(now()) else _ended(link)


def _link(token: str, purpose: Purpose) -> AccountLink:
    """The link with this secret. Raises NotFound for one that is nobody's."""
    link = links.find_link(db_session(), token, purpose)
    if link is None:
        note_wrong_link()
        raise NotFound(UNKNOWN_LINK)
    if link.academy_id:
        academy_speaks(get_academy(db_session(), link.academy_id).language)
    return link


def _ended(link: AccountLink) -> ResponseReturnValue:
    return render_template("public/link-ended.html", link=link), HTTPStatus.GONE


def _tell(session: Session, change: alarms.Change, link: AccountLink, email: str) -> None:
    """Write to the address that the account had until now what was changed."""
    alarms.tell(
        session,
        change,
        person_id=link.person_id,
        academy_id=link.academy_id,
        academy=get_academy(session, link.academy_id).name if link.academy_id else "",
        email=email,
        called=get_person(session, link.person_id).name,
    )


def _fresh_hash(person: Person, password: str) -> str | None:
    """What to keep for a new account; None where it has a password already and this is it.

    Raises Invalid, with the same words for a password too easy to guess in both cases.
    """
    if person.password_hash != UNUSABLE and _is_password_of(person, password):
        return None
    check_quality(password, email=person.email, name=person.name)
    if person.password_hash != UNUSABLE:
        raise Invalid(DOES_NOT_FIT, field="password")
    meanwhile()
    return _hashing().hash(password)


def _is_password_of(person: Person, password: str) -> bool:
    """Whether a password fits; tries are counted as those to sign in. Raises TooManyFailures."""
    email, network = person.email, request.remote_addr or "unknown"
    check_not_throttled(db_session(), email=email, network=network, at=now())
    meanwhile()
    if _hashing().matches(person.password_hash, password):
        return True
    with transaction() as session:
        note_failure(session, email=email, network=network, at=now())
    return False


def _check_password_of(person: Person, password: str) -> None:
    if not _is_password_of(person, password):
        raise Invalid(TRY_AGAIN, field="password")


def _hashing() -> Hashing:
    found: Hashing = current_app.extensions["pme_hashing"]
    return found


def _activation(link: AccountLink, form: PasswordForm) -> str:
    academy = get_academy(db_session(), link.academy_id or 0)
    return render_template("public/activate.html", link=link, academy=academy, form=form)


def _reset_page(link: AccountLink, form: PasswordForm) -> str:
    return render_template("public/reset.html", link=link, form=form)


def _address_page(link: AccountLink, form: OwnPasswordForm) -> str:
    person = get_person(db_session(), link.person_id)
    return render_template("public/address.html", link=link, person=person, form=form)
