"""What the forms of every door share: a button that carries only its CSRF token, and text as people type it."""

import re

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

UNFIT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef]|"
    + "|".join(f"[{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}]" for plane in range(0, 0x110000, 0x10000))
)
"""Control characters and non-characters: no key types them, PostgreSQL refuses some, HTML all of them."""


class ActForm(FlaskForm):
    """A button: nothing to fill in."""


def fit(text: str) -> str:
    """A text without what no page can show."""
    return UNFIT.sub("", text)


def fits(_form: object, field: Field) -> None:
    """Validates that a text can be kept and shown; what cannot is taken out, so that sending again works."""
    text = field.data or ""
    field.data = fit(text)
    if field.data != text:
        raise ValidationError(
            "This text held signs that cannot be kept, such as control characters. They are taken out: "
            "check the text, then send it again."
        )


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
