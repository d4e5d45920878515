"""The forms of the account door."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from pme.people.factors_passkeys import LONGEST_NAME
from pme.web.forms import fits
from pme.web.password_now import TOO_LONG, PasswordNowForm
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class NewPasswordForm(PasswordNowForm):
    """Another password, twice."""

    password = PasswordField(
        lazy("New password"),
        [InputRequired(lazy("Enter a new password.")), Length(max=1024, message=TOO_LONG)],
    )
    again = PasswordField(
        lazy("New password again"),
        [InputRequired(lazy("Enter the new password once more.")), Length(max=1024, message=TOO_LONG)],
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Both new ones have to be the same."""
        is_sound = bool(super().validate(extra_validators))
        if is_sound and self.password.data != self.again.data:
            self.again.errors = [_("The two new passwords differ. Type both again.")]
            return False
        return is_sound


class AppForm(PasswordNowForm):
    """The first code of an app, and the password."""

    code = StringField(
        lazy("Code from the app"),
        [
            InputRequired(lazy("Enter the six digits that the app shows now.")),
            Length(max=60, message=lazy("A code has six digits.")),
            fits,
        ],
    )


class PasskeyNameForm(SpokenForm):
    """What a passkey is called."""

    name = StringField(
        lazy("Name of this passkey"),
        [
            InputRequired(lazy("Give it a name by which you know it again, such as “work laptop”.")),
            Length(max=LONGEST_NAME, message=lazy("Use at most {most} characters.", most=LONGEST_NAME)),
            fits,
        ],
    )


class NewPasskeyForm(PasskeyNameForm, PasswordNowForm):
    """A passkey that the browser has made; `ceremony` says for which question."""

    answer = HiddenField(validators=[Length(max=60_000, message=lazy("This answer is too long."))])
    ceremony = HiddenField(validators=[Length(max=2_000, message=lazy("This form cannot be read."))])


class AcademyForm(SpokenForm):
    """The academy to go on at."""

    academy = RadioField(
        lazy("Academy"),
        [InputRequired(lazy("Choose one of your academies."))],
        coerce=int,
        validate_choice=False,
    )


class LanguageForm(SpokenForm):
    """The language in which content is read; empty for that of its source."""

    language = RadioField(lazy("Language of courses"))
