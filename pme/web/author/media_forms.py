"""The author door's forms about media and about what is brought in."""

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy

STILL_HERE = lazy("What you typed is still here: choose the file again and send it in a minute.")


def _at_most(number: int) -> Length:
    return Length(max=number, message=lazy("Keep this under {number} characters.", number=f"{number:,}"))


class AboutForm(SpokenForm):
    """What a picture, recording or document is, and another file in its place."""

    file = FileField(lazy("File"))
    says = TextAreaField(
        lazy("Description for people who cannot see or hear it"),
        [InputRequired(lazy("Say in a sentence or two what it shows or says.")), _at_most(1_000), fits],
    )
    licence = StringField(
        lazy("Licence"), [InputRequired(lazy("Say under which licence it may be used.")), _at_most(200), fits]
    )
    source = StringField(
        lazy("Where it comes from"), [InputRequired(lazy("Say who made it.")), _at_most(500), fits]
    )
    captions = FileField(lazy("Captions"))
    transcript = TextAreaField(lazy("Transcript"), [_at_most(90_000), fits])
    in_page = BooleanField(lazy("The page itself tells everything that is said in it"))


class BringForm(SpokenForm):
    """A file of another program, and what the draft that it becomes is called."""

    file = FileField(lazy("File"))
    title = StringField(lazy("Name of the draft"), [_at_most(120), fits])
    language = SelectField(
        lazy("Language of the text"),
        default="en",
        choices=[
            SelectChoice("en", lazy("English")),
            SelectChoice("fr", lazy("French")),
            SelectChoice("uk", lazy("Ukrainian")),
            SelectChoice("ar", lazy("Arabic")),
        ],
    )
