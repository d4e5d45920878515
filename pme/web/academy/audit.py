"""The academy's door at the record of who did what: searched, verified, and as a file."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from pme.audit import first_broken, record
from pme.permissions import Can
from pme.trail.queries import (
    COLUMNS,
    Line,
    Sought,
    acts_of,
    aliases_meant,
    every,
    head_in,
    head_of,
    holds,
    names_in,
    search,
    told,
)
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.forms import ActForm, fits
from pme.web.listed import chip, narrowed
from pme.web.session import database, db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.sorting import Sorting
from pme.web.spoken_forms import SpokenForm
from pme.web.stream import csv_response
from pme.words.lazily import lazy, lazy_p
from pme.words.speech import _

HEADINGS = (
    "position",
    "at",
    "actor",
    "act",
    "subject",
    "source",
    "detail",
    "sha256",
)
TOO_MANY = lazy(
    "These letters are in the names of many people. Give more of the name, or the whole e-mail address."
)
NOBODY = lazy("This matches nobody at your academy. Check it, or leave the field empty.")
NOT_A_HEAD = lazy("A head looks like 1234-5f0c…: a number, a dash and 64 letters and digits. Copy it whole.")


def is_day(_form: object, field: StringField) -> None:
    """Validates that a text is empty or a day."""
    text = (field.data or "").strip()
    try:
        if text:
            date.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(_("Give the day like 2026-03-31.")) from error


def is_head(_form: object, field: StringField) -> None:
    """Validates that a text is empty or the head of a chain."""
    if (field.data or "").strip() and head_in(field.data or "") is None:
        raise ValidationError(NOT_A_HEAD)


class SearchForm(SpokenForm):
    """What is looked for."""

    class Meta:
        """Asking changes nothing, and an address may be kept."""

        csrf = False

    act = SelectField(lazy("What was done"), validate_choice=False)
    person = StringField(lazy("Who did it, or to whom"), [Length(max=254), fits])
    subject = StringField(lazy("To what"), [Length(max=200), fits])
    since = StringField(lazy_p("period", "From"), [is_day])
    until = StringField(lazy_p("period", "To"), [is_day])
    head = StringField(lazy("A head that you kept"), [Length(max=100), is_head])


@blueprint.get("/audit")
def audit() -> ResponseReturnValue:
    """The record as far as it is sought, the newest first or by a heading; and whether it is whole, when asked."""
    require(Can.SEE_AUDIT)
    session, academy_id = db_session(), current_visitor().academy_id
    form = _form(session, academy_id, request.args)
    is_right = form.validate()
    sought = _sought(session, academy_id, form) if is_right else None
    before, after = number_in(request.args.get("before")), number_in(request.args.get("after"))
    sorting = Sorting.of(request.args, COLUMNS, "-number")
    found = (
        search(session, academy_id, sought, sort=sorting.asked, before=before, after=after)
        if sought
        else None
    )
    lines = found.lines if found else ()
    kept = {name: value for name, value in form.data.items() if value and name != "head"}
    fields = {**kept, **sorting.fields}
    body = render_template(
        "academy/audit.html",
        form=form,
        head=head_of(session, academy_id),
        verified=_verified(session, academy_id, form) if is_right else None,
        lines=[(line, told(line.detail)) for line in lines],
        names=names_in(session, academy_id, lines),
        newer=url_for(".audit", **fields, after=found.previous) if found and found.previous else "",
        older=url_for(".audit", **fields, before=found.following) if found and found.following else "",
        kept=kept,
        heads=_heads(sorting, fields),
        sort=sorting.fields.get("sort", ""),
        chips=[
            (chip(form[name].label.text, value), narrowed("academy.audit", fields, name))
            for name, value in kept.items()
        ],
        button=ActForm(),
    )
    return body if sought else (body, HTTPStatus.UNPROCESSABLE_ENTITY)


def _heads(sorting: Sorting, fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The headings of the list, each but the last two of which sorts it."""
    texts = {
        "number": _("No."),
        "when": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "to": _("To what"),
    }
    heads = sorting.heads(texts, "academy.audit", fields, numbers=("number",))
    return [*heads, {"text": _("Before and after")}, {"text": _("From where")}]


@blueprint.post("/audit/file")
def audit_file() -> Response:
    """The record as CSV or JSON, as far as it is sought, with codes for people; the download is recorded first."""
    require(Can.SEE_AUDIT)
    visitor = current_visitor()
    form = _form(db_session(), visitor.academy_id, request.form)
    sought = (_sought(db_session(), visitor.academy_id, form) if form.validate() else None) or Sought()
    kind = "json" if request.form.get("kind") == "json" else "csv"
    with transaction() as session:
        record(
            session,
            "audit trail exported",
            actor=f"person {visitor.person_id}",
            subject="audit trail",
            at=now(),
            academy_id=visitor.academy_id,
            detail={"as": kind, "whole": sought == Sought()},
        )
    name = f"audit-{visitor.academy_slug}-{now():%Y-%m-%d}.{kind}"

    def rows(session: Session) -> Iterator[Sequence[str]]:
        return (_cells(line) for line in every(session, visitor.academy_id, sought))

    if kind == "csv":
        return csv_response(name, HEADINGS, rows)
    return _json_response(name, visitor.academy_slug, visitor.academy_id, sought)


def _form(session: Session, academy_id: int, given: MultiDict[str, str]) -> SearchForm:
    form = SearchForm(formdata=given)
    form.act.choices = [
        ("", _("Anything")),
        *((act, act.capitalize()) for act in acts_of(session, academy_id)),
    ]
    return form


def _sought(session: Session, academy_id: int, form: SearchForm) -> Sought | None:
    """What the form asks for; None, and a sentence beside the field, where it means nobody or too many."""
    aliases: tuple[str, ...] | None = None
    if words := (form.person.data or "").strip():
        aliases = aliases_meant(session, academy_id, words)
        if not aliases:
            form.person.errors = [TOO_MANY if aliases is None else NOBODY]
            return None
    return Sought(
        act=form.act.data or "",
        aliases=aliases,
        subject=(form.subject.data or "").strip(),
        since=_midnight(form.since.data),
        until=_midnight(form.until.data, after=timedelta(days=1)),
    )


def _midnight(text: str | None, after: timedelta = timedelta()) -> datetime | None:
    if not (text or "").strip():
        return None
    return datetime.combine(date.fromisoformat((text or "").strip()), time(), UTC) + after


def _verified(session: Session, academy_id: int, form: SearchForm) -> dict[str, Any] | None:
    """Where the chain first breaks (None: nowhere), and whether a head that was given is in it."""
    head = head_in(form.head.data or "")
    if head is None and "verify" not in request.args:
        return None
    return {
        "broken": first_broken(session, academy_id=academy_id),
        "head": head,
        "holds": head is None or holds(session, academy_id, head),
    }


def _cells(line: Line) -> Sequence[str]:
    detail = json.dumps(line.detail, ensure_ascii=False, sort_keys=True) if line.detail else ""
    at = line.at.isoformat(timespec="microseconds")
    return (
        str(line.position),
        at,
        line.actor,
        line.act,
        line.subject,
        line.source or "",
        detail,
        line.sha256,
    )


def _json_response(name: str, slug: str, academy_id: int, sought: Sought) -> Response:
    owner = database()

    def parts() -> Iterator[str]:
        with owner.session() as session:
            head = head_of(session, academy_id)
            yield json.dumps({"academy": slug, "length": head.length, "sha256": head.sha256})[:-1]
            yield ', "entries": ['
            for number, line in enumerate(every(session, academy_id, sought)):
                entry = vars(line) | {"at": line.at.isoformat()}
                yield (",\n" if number else "\n") + json.dumps(entry, ensure_ascii=False)
            yield "\n]}\n"

    response = Response(parts(), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
