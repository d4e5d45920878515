"""The forms about an academy's people."""

from datetime import date

from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from pme.errors import Invalid
from pme.people.personnel import Facts
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

LANGUAGES = {
    "": lazy("As the academy writes"),
    "en": lazy("English"),
    "fr": lazy("French"),
    "uk": lazy("Ukrainian"),
    "ar": lazy("Arabic"),
}
TEXTS = ("name", "rank", "nation", "service", "unit", "external_id", "language")


class FactsForm(SpokenForm):
    """What the academy knows of a person."""

    name = StringField(lazy("Name"), [InputRequired(lazy("Give the person's name.")), fits])
    rank = StringField(lazy("Rank"), [fits])
    nation = StringField(lazy("Nation"), [fits])
    service = StringField(lazy("Service"), [fits])
    unit = StringField(lazy("Unit"), [fits])
    external_id = StringField(lazy("Number at your academy"), [fits])
    language = SelectField(
        lazy("Language of letters"),
        choices=[SelectChoice(key, text) for key, text in LANGUAGES.items()],
        default="",
    )

    @property
    def facts(self) -> Facts:
        """What was typed."""
        return Facts(**{name: self[name].data or "" for name in TEXTS})


class CorrectionForm(FactsForm):
    """What changes of it, and why."""

    why = TextAreaField(lazy("Why it changes"), [fits])


class NewPersonForm(FactsForm):
    """Somebody new: where to write to, and as what."""

    email = StringField(
        lazy("E-mail address"), [InputRequired(lazy("Give the person's e-mail address.")), fits]
    )
    roles = SelectMultipleField(lazy("Roles"), validate_choice=False)


class AddressForm(SpokenForm):
    """Another address to sign in with."""

    email = StringField(lazy("New e-mail address"), [InputRequired(lazy("Give the new address.")), fits])


class LastDayForm(SpokenForm):
    """Until when somebody belongs to the academy; empty for no end."""

    until = StringField(lazy("Last day"))

    def validate_until(self, field: Field) -> None:
        """A day as date fields send it, or nothing."""
        try:
            _day(field.data)
        except ValueError:
            field.data = ""
            raise ValidationError(_("Give a day, such as 2027-03-14, or leave this empty.")) from None

    @property
    def day(self) -> date | None:
        """The day, None for no end."""
        return _day(self.until.data)


def tell(form: SpokenForm, error: Invalid) -> None:
    """Put what is wrong beside the field that it is about."""
    name = error.field if error.field in form else None
    if name is None:
        form.form_errors.append(error.says)
    else:
        form[name].errors = [error.says]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and text.strip() else None
