"""The author door's forms."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from pme.web.forms import fits

LONGEST_TITLE = 120


class DraftForm(FlaskForm):
    """The name of a draft."""

    title = StringField(
        "Name of the draft",
        [
            InputRequired("Give the draft a name, so that you and others find it again."),
            Length(max=LONGEST_TITLE, message=f"Keep the name under {LONGEST_TITLE} characters."),
            fits,
        ],
    )


class FileForm(FlaskForm):
    """A file as text, with the revision that its writer had before them."""

    content = TextAreaField("Text of the file", [fits])
    seen = HiddenField(default="0")
