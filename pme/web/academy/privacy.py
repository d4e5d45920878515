"""The academy's door at the data of its people: how long it is kept, everything of somebody, and their erasure."""

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, StringField

from pme import audit
from pme.errors import Conflict, Invalid, NotAllowed, NotFound
from pme.people.granting import may_change
from pme.people.members import Member, find_member
from pme.permissions import Can
from pme.privacy import journal
from pme.privacy.classes import Kept
from pme.privacy.due import decline, waiting
from pme.privacy.erasing import ONESELF, account_goes, erase, is_erased, preview, remove
from pme.privacy.exporting import certificates_of, gather, zipped
from pme.privacy.journal_shared import share
from pme.privacy.retention import rules_of, set_rule, stays_of
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN
from pme.web.printing import printed
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.spoken_forms import SpokenForm
from pme.web.stored import store
from pme.words.lazily import lazy
from pme.words.speech import _, _n
from pme.xapi.queries import delivered_of

NOT_THIS = lazy("Type the e-mail address of this person exactly, so that nobody else is erased by mistake.")
NOBODY = lazy("Nothing was changed: choose at least one person in the list.")
HIGHER = lazy("This person holds roles that you may not give. Ask somebody who may give them.")


class RuleForm(SpokenForm):
    """How long a class of data is kept."""

    years = StringField(lazy("Years after the last activity"), [fits])
    basis = StringField(lazy("On what basis"), [fits])
    is_kept = BooleanField(lazy("What counts stays after an erasure, without a name"))


class EraseForm(SpokenForm):
    """Whom to erase: said twice, by the page and by their address."""

    email = StringField(lazy("E-mail address of the person"), [fits])


@blueprint.get("/retention")
def retention() -> ResponseReturnValue:
    """How long each class of data is kept, and whose time is over."""
    require(Can.KEEP_PERSONAL_DATA)
    academy_id = current_visitor().academy_id
    return render_template(
        "academy/retention.html",
        rules=rules_of(db_session(), academy_id).values(),
        waiting=waiting(db_session(), academy_id),
        form=ActForm(),
    )


@blueprint.get("/retention/<data_class>")
def retention_rule(data_class: str) -> ResponseReturnValue:
    """One rule, to be changed."""
    require(Can.KEEP_PERSONAL_DATA)
    kept = _class(data_class)
    rule = rules_of(db_session(), current_visitor().academy_id)[kept]
    shown = {"years": str(rule.years), "basis": rule.basis, "is_kept": rule.is_kept}
    return _rule_page(kept, RuleForm(formdata=None, data=shown))


@blueprint.post("/retention/<data_class>")
def set_retention(data_class: str) -> ResponseReturnValue:
    """Change a rule."""
    require(Can.KEEP_PERSONAL_DATA)
    kept, form, visitor = _class(data_class), RuleForm(), current_visitor()
    if not form.validate():
        return _rule_page(kept, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            before, after = set_rule(
                session,
                visitor.academy_id,
                kept,
                years=form["years"].data or "",
                basis=form["basis"].data or "",
                is_kept=form["is_kept"].data,
                by=visitor.person_id,
                at=now(),
            )
            facts = [{"years": rule.years, "stays": rule.is_kept} for rule in (before, after)]
            _record(session, "retention changed", f"class {kept}", {"before": facts[0], "after": facts[1]})
    except Invalid as error:
        form[error.field or "years"].errors = [error.says]
        return _rule_page(kept, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(
        _n(
            "{rule}: {n} years from now on.",
            "{rule}: {n} years from now on.",
            after.years,
            rule=after.about.title,
        ),
        "success",
    )
    return redirect(url_for("academy.retention"), HTTPStatus.SEE_OTHER)


@blueprint.post("/people/<int:person_id>/data.zip")
def personal_data(person_id: int) -> ResponseReturnValue:
    """Everything that the academy and the account hold of somebody, as one file; recorded first."""
    require(Can.KEEP_PERSONAL_DATA)
    academy_id = current_visitor().academy_id
    _member(person_id)
    with transaction() as session:
        _record(session, "personal data exported", f"person {person_id}", {})  # not words
        found = gather(session, academy_id, person_id, at=now(), by_oneself=False)
        certificates = certificates_of(session, academy_id, person_id)
        session.expunge_all()
    response = Response(zipped(found, certificates, printed), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="person-{person_id}.zip"'
    return response


@blueprint.get("/people/<int:person_id>/erase")
def erase_page(person_id: int) -> ResponseReturnValue:
    """What erasing somebody would do, before it is done."""
    require(Can.KEEP_PERSONAL_DATA)
    return _erase_page(_member(person_id), EraseForm(formdata=None))


@blueprint.post("/people/<int:person_id>/erase")
def erase_person(person_id: int) -> ResponseReturnValue:
    """Erase somebody for good."""
    require(Can.KEEP_PERSONAL_DATA)
    member, form, visitor, place = _member(person_id), EraseForm(), current_visitor(), settings()
    typed = (form["email"].data or "").strip().lower()
    if not form.validate() or typed != member.holder.email:
        form["email"].errors = [NOT_THIS]
        return _erase_page(member, form), HTTPStatus.UNPROCESSABLE_ENTITY
    _require_reach(member)
    elsewhere = _elsewhere(person_id)
    try:
        with transaction() as session:
            done = erase(
                session,
                visitor.academy_id,
                person_id,
                stays=stays_of(rules_of(session, visitor.academy_id)),
                by=visitor.person_id,
                at=now(),
                store=store(),
            )
    except Conflict as error:
        form["email"].errors = [error.says]
        return _erase_page(_member(person_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    journal.keep(place.instance_dir, [done.line])
    share(store(), [done.line])
    remove(store(), done.files)
    flash(_("Erased. Nothing here names this person any more."), "success")
    if elsewhere:
        flash(elsewhere, "info")
    return redirect(url_for("academy.retention"), HTTPStatus.SEE_OTHER)


@blueprint.post("/retention/keep")
def keep_people() -> ResponseReturnValue:
    """Keep those chosen, whose time is over, for a year more: then it is looked again."""
    require(Can.KEEP_PERSONAL_DATA)
    visitor = current_visitor()
    ids = [number for text in request.form.getlist("person") if (number := number_in(text))]
    with transaction() as session:
        kept = decline(session, visitor.academy_id, ids, by=visitor.person_id, at=now())
        for person_id in kept:
            _record(session, "erasure declined", f"person {person_id}", {})
    if kept:
        says = _n("{n} person is kept for another year.", "{n} people are kept for another year.", len(kept))
        flash(says, "success")
    else:
        flash(NOBODY, "problem")
    return redirect(url_for("academy.retention"), HTTPStatus.SEE_OTHER)


def _elsewhere(person_id: int) -> str:
    """What an LRS has of a person, which nothing here can take back."""
    found = delivered_of(db_session(), current_visitor().academy_id, person_id)
    if found is None:
        return ""
    return _(
        "Your academy's Learning Record Store ({address}, and any that it had before) has statements on "
        "this person under the pseudonym {pseudonym}; {number} are noted as delivered. Write the pseudonym "
        "down and ask the administrator of the store to delete them: once this person is erased, nothing "
        "here shows whose they are.",
        address=found.url,
        pseudonym=found.name,
        number=found.statements,
    )


def _class(name: str) -> Kept:
    try:
        return Kept(name)
    except ValueError as error:
        raise NotFound(UNKNOWN) from error


def _member(person_id: int) -> Member:
    academy_id = current_visitor().academy_id
    member = find_member(db_session(), academy_id, person_id)
    if member is None or is_erased(db_session(), academy_id, person_id):
        raise NotFound(UNKNOWN)
    return member


def _require_reach(member: Member) -> None:
    if not may_change(current_visitor().roles, member.roles):
        raise NotAllowed(HIGHER)


def _record(session: Session, act: str, subject: str, detail: dict[str, object]) -> None:
    visitor = current_visitor()
    audit.record(
        session,
        act,
        actor=f"person {visitor.person_id}",
        subject=subject,
        at=now(),
        academy_id=visitor.academy_id,
        detail=detail,
    )


def _rule_page(kept: Kept, form: RuleForm) -> str:
    rule = rules_of(db_session(), current_visitor().academy_id)[kept]
    return render_template("academy/retention-rule.html", rule=rule, form=form)


def _erase_page(member: Member, form: EraseForm) -> str:
    session, visitor = db_session(), current_visitor()
    return render_template(
        "academy/erase.html",
        member=member,
        lines=preview(
            session, visitor.academy_id, member.person_id, rules_of(session, visitor.academy_id), at=now()
        ),
        account_goes=account_goes(session, visitor.academy_id, member.person_id),
        is_self=member.person_id == visitor.person_id,
        oneself=ONESELF,
        elsewhere=_elsewhere(member.person_id),
        form=form,
    )
