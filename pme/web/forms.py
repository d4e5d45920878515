"""What the forms of every door share: a button that carries only its CSRF token, and text as people type it."""

import re
from collections.abc import Callable
from datetime import datetime

from wtforms import EmailField, Field, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from pme.assessment.allowances import LEAST_PERCENT, MOST_BREAK, MOST_PERCENT
from pme.signs import CANNOT_BE_KEPT, fit
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy


class ActForm(SpokenForm):
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


class SignInForm(SpokenForm):
    """E-mail address and password."""

    email = EmailField(
        lazy("E-mail address"),
        [
            InputRequired(lazy("Enter your e-mail address.")),
            Length(max=254, message=lazy("This address is too long.")),
            fits,
        ],
    )
    password = PasswordField(
        lazy("Password"),
        [
            InputRequired(lazy("Enter your password.")),
            Length(max=1024, message=lazy("This password is too long.")),
        ],
    )


def whole_number(least: int, most: int, says: str) -> Callable[[object, Field], None]:
    """Validates that a text is a whole number in plain digits, in a range."""

    def check(_form: object, field: Field) -> None:
        field.data = fit(field.data or "")
        text = field.data.strip()
        if not (re.fullmatch("[0-9]{1,6}", text) and least <= int(text) <= most):
            raise ValidationError(says)

    return check


class TimeForm(SpokenForm):
    """What a person needs in timed tasks."""

    time_percent = StringField(
        lazy("Time, in percent of the usual"),
        [
            whole_number(
                LEAST_PERCENT,
                MOST_PERCENT,
                lazy(
                    "Give a whole number from {LEAST_PERCENT} to {MOST_PERCENT}: 150 is one and a half times the "
                    "usual.",
                    LEAST_PERCENT=LEAST_PERCENT,
                    MOST_PERCENT=MOST_PERCENT,
                ),
            )
        ],
    )
    break_minutes = StringField(
        lazy("Breaks, in minutes an attempt"),
        [
            whole_number(
                0,
                MOST_BREAK,
                lazy("Give whole minutes from 0 (no breaks) to {MOST_BREAK}.", MOST_BREAK=MOST_BREAK),
            )
        ],
    )
