"""The form that narrows a report, and the address that says the same."""

from datetime import date
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Optional

from pme.enrolment.models import Cohort
from pme.people.models import Personnel
from pme.reports.datasets.column import By, Shape
from pme.reports.datasets.filters import Filters, day_in, from_kept
from pme.reports.models import ReportView
from pme.web.addresses import number_in, url_for
from pme.web.forms import fits, whole_number
from pme.web.listed import chip
from pme.web.loaders import catalogue
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy, lazy_p
from pme.words.speech import _, _n

ANY = ("", lazy("Any"))
MOST_CHOICES = 500
MOST_DAYS = 3_650
NOT_DAYS = lazy("Give a number of days, such as 30.")
NOT_A_DAY = lazy("Give a date, like 2026-03-02.")
UNKNOWN_CHOICE = lazy("Choose one from the list: this one is not there any more.")


class Choice(SelectField):
    """A list to choose one of; what is not on it is answered in a sentence."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  (WTForms asks for it)
        """Refuse what is not on the list."""
        if str(self.data or "") not in {str(value) for value, *_ in self.iter_choices()}:
            raise ValidationError(UNKNOWN_CHOICE)


class Choices(SelectMultipleField):
    """The same for several."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse what is not on the list."""
        known = {str(value) for value, *_ in self.iter_choices()}
        if set(self.data or ()) - known:
            raise ValidationError(UNKNOWN_CHOICE)


def is_day(_form: object, field: Field) -> None:
    """Validates that a text is empty or a day."""
    if (field.data or "").strip() and day_in(field.data.strip()) is None:
        raise ValidationError(NOT_A_DAY)


class FilterForm(SpokenForm):
    """What a report is narrowed to; it is sent by GET, so that the address can be kept."""

    class Meta:
        """Nothing is changed by it, so that it needs no token."""

        csrf = False

    since = StringField(lazy_p("period", "From"), [fits, is_day])
    until = StringField(lazy_p("period", "To"), [fits, is_day])
    courses = Choices(lazy("Courses"))
    cohort = Choice(lazy("Cohort"))
    unit = Choice(lazy("Unit"))
    nation = Choice(lazy("Nation"))
    service = Choice(lazy("Service"))
    status = Choice(lazy("Status"))
    within = StringField(lazy("Ends within (days)"), [Optional(), whole_number(1, MOST_DAYS, NOT_DAYS)])

    def validate_until(self, field: Field) -> None:
        """Refuse a period that ends before it begins."""
        since, until = day_in(self["since"].data), day_in(field.data)
        if since and until and until < since:
            raise ValidationError(_("The period ends before it begins. Swap the two days."))

    @property
    def filters(self) -> Filters:
        """What the form says, once it is valid."""
        return Filters(
            since=_day(self["since"].data),
            until=_day(self["until"].data),
            courses=tuple(self["courses"].data or ()),
            cohort=number_in(self["cohort"].data),
            unit=self["unit"].data or "",
            nation=self["nation"].data or "",
            service=self["service"].data or "",
            status=(self["status"].data or "") if "status" in self else "",
            within=number_in(self["within"].data) if "within" in self else None,
        )


def filter_form(session: Session, shape: Shape, academy_id: int, given: MultiDict[str, str]) -> FilterForm:
    """The form of a dataset, with the academy's own choices, filled with what an address says.

    What the dataset cannot be narrowed by is left out.
    """
    form = FilterForm(formdata=given)
    form["courses"].choices = [(c.content.slug, c.content.title) for c in catalogue().courses]
    form["status"].choices = [ANY, *shape.statuses]
    form["cohort"].choices = [ANY, *_cohorts(session, academy_id)]
    for column in (Personnel.unit, Personnel.nation, Personnel.service):
        form[column.key].choices = [ANY, *_texts(session, column, academy_id)]
    if By.STATUS not in shape.filters:
        del form.status
    if By.WITHIN not in shape.filters:
        del form.within
    return form


def _cohorts(session: Session, academy_id: int) -> list[tuple[str, str]]:
    titles = {c.content.slug: c.content.title for c in catalogue().courses}
    found = session.execute(
        select(Cohort.id, Cohort.course, Cohort.name)
        .where(Cohort.academy_id == academy_id)
        .order_by(Cohort.course, Cohort.name, Cohort.id)
        .limit(MOST_CHOICES)
    )
    return [(str(number), f"{name} ({titles.get(course, course)})") for number, course, name in found]


def _texts(session: Session, column: Any, academy_id: int) -> list[tuple[str, str]]:
    found = session.scalars(
        select(column)
        .where(Personnel.academy_id == academy_id, column != "")
        .distinct()
        .order_by(column)
        .limit(MOST_CHOICES)
    )
    return [(text, text) for text in found]


def as_query(filters: Filters, sort: str = "") -> dict[str, Any]:
    """What an address says of a report: only what narrows it, and its order where it is another."""
    return filters.kept() | ({"sort": sort} if sort else {})


def sort_asked(shape: Shape) -> str:
    """The order that the address asks for; "" for the usual one."""
    asked = request.args.get("sort", "")
    return asked if shape.column(asked.removeprefix("-")) and asked != shape.sort else ""


def narrowed_in_words(form: FilterForm, shape: Shape) -> tuple[tuple[str, str], ...]:
    """What a report is narrowed to, as it stands on paper."""
    return tuple((label, text) for _names, label, text in _narrowing(form, shape))


def chips_of(form: FilterForm, shape: Shape, sort: str) -> list[tuple[str, str]]:
    """What a report is narrowed to, in words, each with the address of the report without it."""
    query = as_query(form.filters, sort)
    return [
        (
            chip(label, text),
            url_for(
                "academy.report",
                dataset=shape.name,
                **{name: value for name, value in query.items() if name not in names},
            ),
        )
        for names, label, text in _narrowing(form, shape)
    ]


def _narrowing(form: FilterForm, shape: Shape) -> list[tuple[tuple[str, ...], str, str]]:
    """What narrows a report: the fields that say so, their name and what they say."""
    filters = form.filters
    found: list[tuple[tuple[str, ...], str, str]] = []
    if filters.since or filters.until:
        since, until = _said(filters.since) or _("the beginning"), _said(filters.until) or _("now")
        days = _("{since} to {until}", since=since, until=until)
        found.append((("since", "until"), _("Period ({period})", period=shape.period), days))
    for name, label in (("courses", _("Courses")), ("cohort", _("Cohort")), ("status", _("Status"))):
        if name in form and form[name].data:
            wanted = form[name].data if isinstance(form[name].data, list) else [form[name].data]
            names = {str(value): text for value, text, *_ in form[name].iter_choices()}
            found.append(((name,), label, ", ".join(str(names.get(each, each)) for each in wanted)))
    if filters.within is not None:
        found.append((("within",), _("Ends within"), _n("{n} day", "{n} days", filters.within)))
    for name, label, text in (
        ("unit", _("Unit"), filters.unit),
        ("nation", _("Nation"), filters.nation),
        ("service", _("Service"), filters.service),
    ):
        if text:
            found.append(((name,), label, text))
    return found


def kept_in_words(
    session: Session, view: ReportView, shape: Shape, academy_id: int
) -> tuple[tuple[str, str], ...]:
    """What a saved view is narrowed to and sorted by."""
    given = MultiDict(as_query(from_kept(view.filters)))
    key, is_descending = shape.order(view.sort)
    column = shape.column(key)
    order = str(column.title) if column else key
    if is_descending:
        order = _("{order}, descending", order=order)
    return (*narrowed_in_words(filter_form(session, shape, academy_id, given), shape), (_("Order"), order))


def _said(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str | None) -> date | None:
    return day_in((text or "").strip())
