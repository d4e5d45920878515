"""The academy's door at sealed returns: ask for one, follow it, and who its pseudonyms stand for."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme import audit
from pme.enrolment.models import Enrolment
from pme.errors import Invalid, NotFound, Unavailable
from pme.keys.public import KeyKind
from pme.keys.queries import current_key, find_signed_with
from pme.keys.service import signer
from pme.people.factors_seal import Seal
from pme.people.models import Person, Personnel
from pme.permissions import Can, may
from pme.privacy.classes import Kept
from pme.privacy.retention import rules_of
from pme.reports.datasets.filters import day_in
from pme.returns import keeping, service
from pme.returns.contents import FEW, pseudonym_with
from pme.returns.models import SealedReturn
from pme.returns.schedules import fresh_secret
from pme.web.academy.report_form import Choices, is_day
from pme.web.academy.views import blueprint, require
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, keyring, now, settings
from pme.web.sorting import Sorting
from pme.web.spoken_forms import SpokenForm
from pme.web.stored import handed, store
from pme.web.stream import Cell, csv_response
from pme.words.lazily import lazy
from pme.words.speech import _


class ReturnForm(SpokenForm):
    """Of which period and courses, and whom it names."""

    since = StringField(
        lazy("First day"), [InputRequired(lazy("Give the first day of the period.")), fits, is_day]
    )
    until = StringField(
        lazy("Last day"), [InputRequired(lazy("Give the last day of the period.")), fits, is_day]
    )
    courses = Choices(lazy("Courses"))
    unnamed = BooleanField(lazy("Name nobody: pseudonyms instead of names, numbers and addresses"))
    few = BooleanField(lazy("Hide groups of fewer than {few}", few=FEW))
    marking = StringField(
        lazy("Classification marking"),
        [Length(max=60, message=lazy("Keep the marking under 60 characters.")), fits],
    )


@blueprint.get("/returns")
def returns() -> ResponseReturnValue:
    """The returns that were sealed, and a form for another."""
    require(Can.SEE_REPORTS)
    return _page(_form(fresh=True))


@blueprint.post("/returns")
def seal_return() -> ResponseReturnValue:
    """Ask for a return; it is sealed in the background."""
    require(Can.SEAL_RETURN)
    form = _form(fresh=False)
    if form.validate() and not _refusal():
        try:
            return_id = _asked(form)
        except Invalid as refusal:
            field = form[refusal.field or "courses"]
            field.errors = [*field.errors, refusal.says]
        else:
            return redirect(url_for("academy.sealed_return", return_id=return_id), HTTPStatus.SEE_OTHER)
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/returns/<int:return_id>")
def sealed_return(return_id: int) -> ResponseReturnValue:
    """One return: what it is of, whether it is sealed, and its fingerprint."""
    require(Can.SEE_REPORTS)
    one = load_return(return_id)
    key = find_signed_with(db_session(), one.academy_id, one.key_id) if one.key_id else None
    return render_template(
        "academy/return.html",
        one=one,
        titles=_titles(),
        key=key.as_public if key else None,
        own=one.by_id == current_visitor().person_id,
        years=rules_of(db_session(), one.academy_id)[Kept.RETURNS].years,
        seals=may(current_visitor(), Can.SEAL_RETURN, one.academy_id),
        few=FEW,
    )


@blueprint.post("/returns/<int:return_id>/file")
def return_file(return_id: int) -> ResponseReturnValue:
    """The file of a return, as it was sealed; that it was taken is recorded first."""
    require(Can.SEE_REPORTS)
    one, visitor = load_return(return_id), current_visitor()
    try:
        name = keeping.whole(store(), one)
    except (NotFound, Unavailable) as refusal:
        flash(refusal.says, "problem")
        return redirect(url_for("academy.sealed_return", return_id=return_id), HTTPStatus.SEE_OTHER)
    with transaction() as session:
        service.note_taken(session, one, by_id=visitor.person_id, at=now())
    return handed(
        name,
        content_type="application/zip",
        tag=one.file_sha256,
        called=f"return-{visitor.academy_slug}-{one.number:04d}.zip",
    )


@blueprint.post("/returns/<int:return_id>/names.csv")
def return_names(return_id: int) -> Response:
    """Who the pseudonyms of a return stand for: kept apart from it, and on record when it is taken."""
    require(Can.SEAL_RETURN)
    one = load_return(return_id)
    if not one.pseudonyms:
        raise NotFound(UNKNOWN)
    seal = Seal(settings().secret_key)
    call = pseudonym_with(bytes.fromhex(seal.open(one.pseudonyms, about=f"pseudonyms {one.academy_id}")))
    academy_id, courses = one.academy_id, one.courses

    def rows(session: Session) -> Iterator[Sequence[Cell]]:
        people = (
            select(Enrolment.person_id, Personnel.rank, Personnel.name, Person.email, Personnel.external_id)
            .join(Person, Person.id == Enrolment.person_id)
            .join(
                Personnel, (Personnel.person_id == Enrolment.person_id) & (Personnel.academy_id == academy_id)
            )
            .where(Enrolment.academy_id == academy_id, Enrolment.course.in_(courses))
            .distinct()
            .order_by(Personnel.name)
        )
        for person, rank, name, email, number in session.execute(people):
            yield (call(person), rank, name, email, number)

    with transaction() as session:
        audit.record(
            session,
            "names of a return taken",
            actor=f"person {current_visitor().person_id}",
            subject=f"return {one.number}",
            at=now(),
            academy_id=academy_id,
        )
    headings = ("pseudonym", "rank", "name", "email", "external_id")
    return csv_response(f"return-{one.number:04d}-names.csv", headings, rows)


def load_return(return_id: int) -> SealedReturn:
    """A return of the visitor's academy, 404 otherwise."""
    one = service.find_return(db_session(), current_visitor().academy_id, return_id)
    if one is None:
        raise NotFound(UNKNOWN)
    return one


def _form(*, fresh: bool) -> ReturnForm:
    form = ReturnForm(formdata=None) if fresh else ReturnForm()
    form.courses.choices = [SelectChoice(slug, title) for slug, title in _titles().items()]
    return form


def _asked(form: ReturnForm) -> int:
    visitor, since, until = current_visitor(), day_in(form.since.data), day_in(form.until.data)
    assert since is not None  # noqa: S101  (the form has looked)
    assert until is not None  # noqa: S101
    secret = fresh_secret(Seal(settings().secret_key), visitor.academy_id) if form.unnamed.data else ""
    with transaction() as session:
        one = service.ask(
            session,
            visitor.academy_id,
            since=since,
            until=until,
            courses=form.courses.data or [],
            secret=secret,
            hides_few=bool(form.few.data),
            marking=form.marking.data or "",
            by_id=visitor.person_id,
            at=now(),
        )
        return one.id


def _titles() -> dict[str, str]:
    return {course.content.slug: course.content.title for course in catalogue().courses}


def _page(form: ReturnForm) -> str:
    visitor, sorting = current_visitor(), Sorting.of(request.args, service.SORTS, "-number")
    key = current_key(db_session(), visitor.academy_id, KeyKind.ED25519)
    paging = Paging.of(service.count_returns(db_session(), visitor.academy_id))
    return render_template(
        "academy/returns.html",
        form=form,
        titles=_titles(),
        returns=service.returns_of(
            db_session(),
            visitor.academy_id,
            sort=sorting.asked,
            offset=paging.offset,
            at_most=paging.size,
        ),
        heads=_heads(sorting),
        paging=paging,
        key=key.as_public if key else None,
        seals=may(visitor, Can.SEAL_RETURN, visitor.academy_id),
        refusal=_refusal(),
        few=FEW,
    )


def _heads(sorting: Sorting) -> list[dict[str, Any]]:
    texts = {
        "number": _("Return"),
        "period": _("Period"),
        "courses": _("Courses"),
        "completions": _("Completions"),
        "sealed": _("Sealed"),
    }
    figures = ("courses", "completions")
    return sorting.heads(texts, "academy.returns", sorting.fields, numbers=figures)


def _refusal() -> str:
    """Why nothing can be sealed here now, in a sentence; "" where it can."""
    try:
        signer(db_session(), current_visitor().academy_id, keyring=keyring(), at=now())
    except Unavailable as error:
        return error.says
    return ""
