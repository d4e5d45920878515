"""The forms around cohorts that more than one door shows: dates, codes, extensions."""

from datetime import date

from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from pme.enrolment.codes import MOST
from pme.enrolment.cohorts import YEARS
from pme.enrolment.due import LONGEST_REASON, NO_REASON
from pme.enrolment.service import LONGEST_NAME
from pme.signs import fit
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy, lazy_grouped
from pme.words.numbers import grouped
from pme.words.speech import _

NO_DAY = lazy("Give a day like 2026-06-30, between the years 2000 and 2100")


def day_of(text: str | None) -> date | None:
    """The day that a text names, or None where it is empty. Raises ValueError where it names none."""
    given = (text or "").strip()
    if not given:
        return None
    day = date.fromisoformat(given)
    if day.year not in YEARS:
        raise ValueError(given)
    return day


def as_typed(day: date | None) -> str:
    """A day as a field for it holds it."""
    return day.isoformat() if day else ""


def is_day(_form: object, field: Field) -> None:
    """Validates that a text is empty or names a day."""
    field.data = fit(field.data or "")
    try:
        day_of(field.data)
    except ValueError as error:
        raise ValidationError(_("{NO_DAY}, or leave this empty.", NO_DAY=NO_DAY)) from error


def is_given_day(_form: object, field: Field) -> None:
    """Validates that a text names a day."""
    is_day(_form, field)
    if day_of(field.data) is None:
        raise ValidationError(f"{NO_DAY}.")


def cohort_name() -> StringField:
    """The name of a cohort."""
    return StringField(
        lazy("Name of the cohort"),
        [
            InputRequired(lazy("Give the cohort a name, for example “Spring 2026”.")),
            Length(
                max=LONGEST_NAME,
                message=lazy("Keep the name under {LONGEST_NAME} characters.", LONGEST_NAME=LONGEST_NAME),
            ),
            fits,
        ],
    )


class DatesForm(SpokenForm):
    """When a cohort starts and is due."""

    starts = StringField(lazy("Starts on"), [is_day])
    due = StringField(lazy("Due on"), [is_day])

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The two days, once they are valid."""
        return day_of(self.starts.data), day_of(self.due.data)


class CodeForm(SpokenForm):
    """Until when a code lets students in, and how many."""

    until = StringField(lazy("Valid until"), [is_given_day])
    capacity = StringField(lazy("Places"), [fits])

    def validate_capacity(self, field: Field) -> None:
        """A number of places, or nothing."""
        given = (field.data or "").strip()
        if given and not (given.isascii() and given.isdecimal() and 1 <= int(given[:7]) <= MOST):
            raise ValidationError(
                _("Give a whole number from 1 to {most}, or leave this empty.", most=grouped(MOST))
            )

    @property
    def last_day(self) -> date:
        """The last day, once it is valid."""
        return date.fromisoformat((self.until.data or "").strip())

    @property
    def places(self) -> int | None:
        """How many may come, or None for any number."""
        given = (self.capacity.data or "").strip()
        return int(given) if given else None


class ExtensionForm(SpokenForm):
    """A due date of one's own, and why."""

    due = StringField(lazy("Due on"), [is_given_day])
    reason = TextAreaField(
        lazy("Reason"),
        [
            InputRequired(NO_REASON),
            Length(
                max=LONGEST_REASON,
                message=lazy("Keep the reason under {most} characters.", most=lazy_grouped(LONGEST_REASON)),
            ),
            fits,
        ],
    )

    @property
    def last_day(self) -> date:
        """The due date, once it is valid."""
        return date.fromisoformat((self.due.data or "").strip())
