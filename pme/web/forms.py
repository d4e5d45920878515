"""What the forms of every door share: a button that carries only its CSRF token, and text as people type it."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

from pme.signs import CANNOT_BE_KEPT, fit


class ActForm(FlaskForm):
    """A button: nothing to fill in."""


def fits(_form: object, field: Field) -> None:
    """Validates that a text can be kept and shown; what cannot is taken out, so that sending again works."""
    text = field.data or ""
    field.data = fit(text)
    if field.data != text:
        raise ValidationError(CANNOT_BE_KEPT)


def moment_in(text: str | None) -> datetime | None:
    """The moment that a hidden field names; None where it names none that can be read."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


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
