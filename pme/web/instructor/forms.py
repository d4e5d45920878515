"""The instructor door's forms."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from pme.enrolment.service import LONGEST_NAME
from pme.judging.models import Trade
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy, lazy_grouped
from pme.words.speech import _

LONGEST_TITLE, LONGEST_PURPOSE, MOST_YEARS = 120, 4_000, 70
TRADES = [
    (Trade.LEGAL.value, lazy("Legal")),
    (Trade.MEDICAL.value, lazy("Medical")),
    (Trade.POLICE.value, lazy("Police")),
    (Trade.GBV.value, lazy("Gender-based-violence specialist")),
    (Trade.SURVIVOR.value, lazy("Survivor adviser")),
    (Trade.COMMANDER.value, lazy("Military commander")),
    (Trade.EDUCATOR.value, lazy("Educator")),
    (Trade.OTHER.value, lazy("Other")),
]


def a_day(_form: object, field: Field) -> None:
    """Validates a day as date fields send it."""
    try:
        date.fromisoformat(field.data or "")
    except ValueError:
        field.data = ""
        raise ValidationError(_("Give a day, such as 2027-03-14.")) from None


class CohortForm(SpokenForm):
    """The name of a cohort."""

    name = StringField(
        lazy("Name of the cohort"),
        [
            InputRequired(lazy("Give the cohort a name, for example “Spring 2026”.")),
            Length(
                max=LONGEST_NAME,
                message=lazy("Keep the name under {most} characters.", most=LONGEST_NAME),
            ),
            fits,
        ],
    )


class Listed(StringField):
    """A text out of a list of pairs (value, words)."""

    choices: Sequence[tuple[str, str]] = ()


class Trades(Listed):
    """What a panellist knows about."""

    choices = TRADES


class PanelForm(SpokenForm):
    """A new panel: what it judges, why, and until when."""

    subject = Listed(lazy("What should the panel judge?"))
    title = StringField(
        lazy("Title"),
        [
            InputRequired(lazy("Give the panel a title that its people recognise.")),
            Length(
                max=LONGEST_TITLE,
                message=lazy("Keep the title under {most} characters.", most=LONGEST_TITLE),
            ),
            fits,
        ],
    )
    purpose = TextAreaField(
        lazy("What you ask for, and why"),
        [
            InputRequired(lazy("Say in a few sentences what you ask for and what it is used for.")),
            Length(
                max=LONGEST_PURPOSE,
                message=lazy("Keep this under {most} characters.", most=lazy_grouped(LONGEST_PURPOSE)),
            ),
            fits,
        ],
    )
    due = StringField(lazy("Round one ends on"), [a_day])

    def validate_subject(self, field: Field) -> None:
        """One of what is offered."""
        if field.data not in dict(self.subject.choices):
            raise ValidationError(_("Choose what the panel should judge."))


class DueForm(SpokenForm):
    """Until when round two is open."""

    due = StringField(lazy("Round two ends on"), [a_day])


class InviteForm(SpokenForm):
    """Somebody to be invited to a panel."""

    name = StringField(
        lazy("Name"),
        [
            InputRequired(lazy("Give the name, as the person wants to be addressed.")),
            Length(max=120, message=lazy("Keep the name under 120 characters.")),
            fits,
        ],
    )
    email = StringField(
        lazy("E-mail address"),
        [
            InputRequired(lazy("Give the address that you will send the link to.")),
            Length(max=254, message=lazy("This address is too long.")),
            fits,
        ],
    )
    trade = Trades(lazy("What this person knows about"))
    years = StringField(lazy("Years of experience"), [fits])

    def validate_trade(self, field: Field) -> None:
        """One of the trades."""
        if field.data not in dict(TRADES):
            raise ValidationError(_("Choose from the list; “other” is for everybody else."))

    def validate_years(self, field: Field) -> None:
        """A number of years, or nothing."""
        given = (field.data or "").strip()
        if given and not (given.isascii() and given.isdecimal() and int(given[:4]) <= MOST_YEARS):
            raise ValidationError(
                _("Give whole years from 0 to {most}, or leave this empty.", most=MOST_YEARS)
            )

    @property
    def years_given(self) -> int | None:
        """The years, or None."""
        given = (self.years.data or "").strip()
        return int(given) if given else None


def due_at(form: PanelForm | DueForm) -> datetime:
    """The last second of the day that was given, in UTC."""
    return datetime.combine(date.fromisoformat(form.due.data or ""), time(23, 59, 59), UTC)
