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
    """A file as text, with the revision that its writer had before them, and its text then (`base`)."""

    content = TextAreaField("Text of the file", [fits])
    seen = HiddenField(default="0")
    base = HiddenField(default="", validators=[fits])


class PageForm(FileForm):
    """A page of a module as text, with a search among what can be put into it."""

    content = TextAreaField("Text of the page", [fits], id="page_text")
    q = StringField("Look for a source, a term or a figure", [fits], id="look_up")


class ResolveForm(FileForm):
    """The text that takes account of both versions, and the hash of the published one that was compared."""

    published = HiddenField(default="")
