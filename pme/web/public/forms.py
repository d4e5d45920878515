"""The forms that anyone may fill in."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from pme.web.forms import fits


class VerifyForm(FlaskForm):
    """The code printed on a certificate."""

    class Meta:
        """A question, not an act: needs no CSRF token and changes nothing."""

        csrf = False

    code = StringField(
        "Verification code",
        [
            InputRequired("Enter the code that is printed beside the QR code of the certificate."),
            Length(max=60, message="A code has 24 letters and digits."),
            fits,
        ],
    )
