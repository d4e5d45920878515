"""The forms of the account door."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from pme.people.factors_passkeys import LONGEST_NAME
from pme.web.forms import fits
from pme.web.password_now import TOO_LONG, PasswordNowForm


class NewPasswordForm(PasswordNowForm):
    """Another password, twice."""

    password = PasswordField(
        "New password", [InputRequired("Enter a new password."), Length(max=1024, message=TOO_LONG)]
    )
    again = PasswordField(
        "New password again",
        [InputRequired("Enter the new password once more."), Length(max=1024, message=TOO_LONG)],
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Both new ones have to be the same."""
        is_sound = bool(super().validate(extra_validators))
        if is_sound and self.password.data != self.again.data:
            self.again.errors = ["The two new passwords differ. Type both again."]
            return False
        return is_sound


class AppForm(PasswordNowForm):
    """The first code of an app, and the password."""

    code = StringField(
        "Code from the app",
        [
            InputRequired("Enter the six digits that the app shows now."),
            Length(max=60, message="A code has six digits."),
            fits,
        ],
    )


class PasskeyNameForm(FlaskForm):
    """What a passkey is called."""

    name = StringField(
        "Name of this passkey",
        [
            InputRequired("Give it a name by which you know it again, such as “work laptop”."),
            Length(max=LONGEST_NAME, message=f"Use at most {LONGEST_NAME} characters."),
            fits,
        ],
    )


class NewPasskeyForm(PasskeyNameForm, PasswordNowForm):
    """A passkey that the browser has made; `ceremony` says for which question."""

    answer = HiddenField(validators=[Length(max=60_000, message="This answer is too long.")])
    ceremony = HiddenField(validators=[Length(max=2_000, message="This form cannot be read.")])


class AcademyForm(FlaskForm):
    """The academy to go on at."""

    academy = RadioField(
        "Academy", [InputRequired("Choose one of your academies.")], coerce=int, validate_choice=False
    )


class LanguageForm(FlaskForm):
    """The language in which content is read; empty for that of its source."""

    language = RadioField("Language of courses")
