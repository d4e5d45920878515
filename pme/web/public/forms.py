"""The forms that anyone may fill in."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class VerifyForm(SpokenForm):
    """The code printed on a certificate."""

    class Meta:
        """A question, not an act: needs no CSRF token and changes nothing."""

        csrf = False

    code = StringField(
        lazy("Verification code"),
        [
            InputRequired(lazy("Enter the code that is printed beside the QR code of the certificate.")),
            Length(max=60, message=lazy("A code has 24 letters and digits.")),
            fits,
        ],
    )


class SecondStepForm(SpokenForm):
    """A code as it was typed, or what a passkey has signed."""

    code = StringField(
        lazy("Code"),
        [Length(max=60, message=lazy("A code has six digits, or sixteen letters and digits.")), fits],
    )
    answer = HiddenField(validators=[Length(max=20_000, message=lazy("This answer is too long."))])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """One of both has to be there."""
        is_sound = bool(super().validate(extra_validators))
        if is_sound and not (self.code.data or "").strip() and not self.answer.data:
            self.code.errors = [_("Enter the code that your app shows now, or a recovery code.")]
            return False
        return is_sound
