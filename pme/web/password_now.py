"""Asking once more for the password before something grave: an open screen is not enough for it."""

from flask import current_app, request
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from pme.people.service import (
    TooManyFailures,
    check_not_throttled,
    find_by_password,
    forget_failures,
    note_failure,
)
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy

NOT_YOURS = lazy("This is not your password. Check it and try again.")
TOO_LONG = lazy("This password is too long.")


class PasswordNowForm(SpokenForm):
    """The password, asked once more."""

    current = PasswordField(
        lazy("Your password now"),
        [InputRequired(lazy("Enter your password.")), Length(max=1024, message=TOO_LONG)],
    )

    def is_theirs(self) -> bool:
        """Whether everything is filled in and the password is the visitor's; counts against guessing."""
        if not self.validate_on_submit():
            return False
        email, network = current_visitor().email, request.remote_addr or "unknown"
        try:
            check_not_throttled(db_session(), email=email, network=network, at=now())
        except TooManyFailures as error:
            self.current.errors = [error.says]
            return False
        hashing = current_app.extensions["pme_hashing"]
        if find_by_password(db_session(), hashing, email=email, password=self.current.data or ""):
            with transaction() as session:
                forget_failures(session, email)
            return True
        with transaction() as session:
            note_failure(session, email=email, network=network, at=now())
        self.current.errors = [NOT_YOURS]
        return False
