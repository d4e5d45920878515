"""The form that every door shares: a button that carries only its CSRF token."""

from flask_wtf import FlaskForm


class ActForm(FlaskForm):
    """A button: nothing to fill in."""
