"""The academy's door at the page for commanders: what a course of theirs tells of a period, on screen and on paper."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, StringField, ValidationError
from wtforms.validators import Length

from pme.audit import record
from pme.content.shapes import Course
from pme.errors import Invalid, NotFound, Unavailable
from pme.permissions import Can
from pme.reports.commander.few import FEW
from pme.reports.commander.months import MOST, Months, latest, month_in, short, told
from pme.reports.commander.read import ForCommanders, for_commanders
from pme.reports.commander.reteach import ENOUGH, OFTEN
from pme.reports.files import pdf
from pme.reports.files.form import LONGEST_MARKING
from pme.reports.files.paper import Sheet, around_numbers
from pme.web.academy.reports import MARKING, TOO_LONG
from pme.web.academy.views import blueprint, require
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN, catalogue
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

NOT_A_MONTH = lazy("Give a month, like 2026-03.")
TOO_MANY = lazy("Choose at most {most} months, so that the page can be read at a glance.", most=MOST)


def is_month(_form: object, field: Field) -> None:
    """Validates that a text is empty or a month."""
    if (field.data or "").strip() and month_in(field.data) is None:
        raise ValidationError(NOT_A_MONTH)


class MonthsForm(SpokenForm):
    """Which months; it is sent by GET, so that the address can be kept."""

    class Meta:
        """Nothing is changed by it, so that it needs no token."""

        csrf = False

    first = StringField(lazy("First month"), [fits, is_month])
    last = StringField(lazy("Last month"), [fits, is_month])

    def validate_last(self, field: Field) -> None:
        """Refuse a period that ends before it begins, or that is too long."""
        if not self["first"].data or month_in(self["first"].data) is None or month_in(field.data) is None:
            return
        if len(self.months.all) > MOST:
            raise ValidationError(TOO_MANY)
        if not self.months.all:
            raise ValidationError(_("The period ends before it begins. Swap the two months."))

    @property
    def months(self) -> Months:
        """What the form says, once it is valid; the last twelve months where it says nothing."""
        usual = latest(now().date())
        return Months(month_in(self["first"].data) or usual.first, month_in(self["last"].data) or usual.last)


class PaperForm(SpokenForm):
    """How the page is wanted on paper."""

    marking = StringField(
        lazy("Classification marking"), [Length(max=LONGEST_MARKING, message=TOO_LONG), fits]
    )


@dataclass(frozen=True)
class Asked:
    """A page as the address asks for it."""

    course: Course
    form: MonthsForm

    def found(self) -> ForCommanders:
        """What there is to tell."""
        academy_id = current_visitor().academy_id
        return for_commanders(db_session(), academy_id, self.course, self.form.months, at=now())


def asked(slug: str) -> Asked:
    """The page that the address names. Raises NotFound where no such course is published."""
    require(Can.SEE_REPORTS)
    course = catalogue().course(slug)
    if course is None:
        raise NotFound(UNKNOWN)
    usual = latest(now().date())
    given = request.args or None
    form = MonthsForm(formdata=given, data={"first": usual.first, "last": usual.last})
    return Asked(course.content, form)


@blueprint.get("/reports/courses/<course>/commander")
def commander(course: str) -> ResponseReturnValue:
    """What a course tells whoever sends people to it."""
    return commander_page(asked(course), PaperForm(formdata=None, data={"marking": MARKING}))


def commander_page(one: Asked, paper: PaperForm, *, status: int = HTTPStatus.OK) -> ResponseReturnValue:
    """The page on screen; 422 where its period cannot be read."""
    is_valid = one.form.validate()
    page = render_template(
        "academy/commander.html", one=one, paper=paper, found=one.found() if is_valid else None, **WORDS
    )
    return page, status if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/reports/courses/<course>/commander")
def commander_file(course: str) -> ResponseReturnValue:
    """The same as a PDF; that it was taken is recorded first."""
    one, form = asked(course), PaperForm()
    if not form.validate() or not one.form.validate():
        return commander_page(one, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sheet = sheet_of(one, (form["marking"].data or "").strip())
    try:
        db_session().rollback()  # nothing holds the database while the page is printed
        content = pdf.render(sheet)
    except (Invalid, Unavailable) as refusal:
        form["marking"].errors = [refusal.says]
        return commander_page(one, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    note(one)
    name = f"commander-{one.course.slug}-{current_visitor().academy_slug}-{now():%Y-%m-%d}.pdf"
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sheet_of(one: Asked, marking: str) -> Sheet:
    """The page as it is printed."""
    academy, at = current_visitor().academy_name, now()
    return Sheet(
        render_template(
            "print/commander.html",
            course=one.course,
            found=one.found(),
            academy=academy,
            marking=marking,
            at=at,
            around=around_numbers(),
            foot=f"{one.course.title} · {academy} · {at:%Y-%m-%d}",
            **WORDS,
        )
    )


def note(one: Asked) -> None:
    """Put on record that the page was taken."""
    visitor, months = current_visitor(), one.form.months
    with transaction() as session:
        record(
            session,
            "report exported",
            actor=f"person {visitor.person_id}",
            subject=f"page for commanders {one.course.slug}",
            at=now(),
            academy_id=visitor.academy_id,
            detail={"form": "pdf", "first": months.first, "last": months.last},
        )


def address_of(course: str) -> str:
    """Where the page of a course is."""
    return url_for("academy.commander", course=course)


WORDS: dict[str, Any] = {"few": FEW, "enough": ENOUGH, "often": OFTEN, "short": short, "told": told}
"""What both templates say."""
