"""The author door's forms about media and about what is brought in."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme.web.forms import fits


def _at_most(number: int) -> Length:
    return Length(max=number, message=f"Keep this under {number:,} characters.")


class AboutForm(FlaskForm):
    """What a picture, recording or document is, and another file in its place."""

    file = FileField("File")
    says = TextAreaField(
        "What it tells, for someone who cannot see or hear it",
        [InputRequired("Say in a sentence or two what it tells."), _at_most(1_000), fits],
    )
    licence = StringField(
        "Licence", [InputRequired("Say under which licence it may be used."), _at_most(200), fits]
    )
    source = StringField("Where it comes from", [InputRequired("Say who made it."), _at_most(500), fits])
    captions = FileField("Captions")
    transcript = TextAreaField("Transcript", [_at_most(90_000), fits])
    in_page = BooleanField("The page itself tells everything that is said in it")


class BringForm(FlaskForm):
    """A file of another program, and what the draft that it becomes is called."""

    file = FileField("File")
    title = StringField("Name of the draft", [_at_most(120), fits])
    language = SelectField(
        "Language of the text",
        default="en",
        choices=[
            SelectChoice("en", "English"),
            SelectChoice("fr", "French"),
            SelectChoice("uk", "Ukrainian"),
            SelectChoice("ar", "Arabic"),
        ],
    )
