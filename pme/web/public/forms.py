"""The forms that anyone may fill in."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from pme.web.forms import fits


class SignInForm(FlaskForm):
    """E-mail address and password."""

    email = EmailField(
        "E-mail address",
        [
            InputRequired("Enter your e-mail address."),
            Length(max=254, message="This address is too long."),
            fits,
        ],
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password."), Length(max=1024, message="This password is too long.")],
    )


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
