"""The author door's forms."""

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length

from pme.authoring.course_fields import TONGUES
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy, lazy_p

LONGEST_TITLE = 120
KINDS = [SelectChoice("quiz", lazy("A quiz")), SelectChoice("bank", lazy("A bank that quizzes draw from"))]


class DraftForm(SpokenForm):
    """The name of a draft."""

    title = StringField(
        lazy("Name of the draft"),
        [
            DataRequired(lazy("Give the draft a name, so that you and others can find it again.")),
            Length(
                max=LONGEST_TITLE,
                message=lazy("Keep the name under {number} characters.", number=LONGEST_TITLE),
            ),
            fits,
        ],
    )


class PublishForm(SpokenForm):
    """What students are told of what is published; nothing where it is left empty."""

    note = StringField(
        lazy("What students will read about it"),
        [
            Length(
                max=LONGEST_TITLE,
                message=lazy("Keep this under {number} characters.", number=LONGEST_TITLE),
            ),
            fits,
        ],
    )


class FileForm(SpokenForm):
    """A file as text, with the revision that its writer had before them, and its text then (`base`)."""

    content = TextAreaField(lazy("Text of the file"), [fits])
    seen = HiddenField(default="0")
    base = HiddenField(default="", validators=[fits])


class PageForm(FileForm):
    """A page of a module as text, with a search among what can be put into it."""

    content = TextAreaField(lazy("Text of the page"), [fits], id="page_text")
    q = StringField(lazy("Search for a source, a term or a figure"), [fits], id="look_up")


class ResolveForm(FileForm):
    """The text that takes account of both versions, and the hash of the published one that was compared."""

    published = HiddenField(default="")


def _at_most(number: int) -> Length:
    return Length(max=number, message=lazy("Keep this under {number} characters.", number=number))


class SourceForm(SpokenForm):
    """A source of the bibliography."""

    WRITTEN = ("title", "body", "date", "url", "status", "note")

    key = StringField(
        lazy_p("source", "Key"),
        [InputRequired(lazy("Give the source a key, such as UN-2024.")), _at_most(80), fits],
    )
    title = StringField(lazy("Title"), [InputRequired(lazy("Give the title.")), _at_most(300), fits])
    body = StringField(
        lazy("Who issued it"), [InputRequired(lazy("Say who issued it.")), _at_most(200), fits]
    )
    date = StringField(
        lazy("Date or year"), [InputRequired(lazy("Give the date or the year.")), _at_most(40), fits]
    )
    url = StringField(lazy("Web address"), [_at_most(500), fits])
    status = SelectField(
        lazy("Have you seen the original?"),
        choices=[
            SelectChoice("seen", lazy("Yes, I have read what is cited")),
            SelectChoice("to-verify", lazy("No, it is still to be verified")),
        ],
        default="seen",
    )
    note = StringField(lazy("Note for other authors"), [_at_most(500), fits])


class TermForm(SpokenForm):
    """A term of the glossary."""

    term = StringField(lazy("Term"), [DataRequired(lazy("Give the term.")), _at_most(120), fits])
    definition = TextAreaField(
        lazy("What it means"), [DataRequired(lazy("Say what it means.")), _at_most(1_000), fits]
    )
    language = SelectField(
        lazy("Language"), choices=[SelectChoice(code, name) for code, name in TONGUES.items()], default="en"
    )
    slug = StringField(lazy("Short name"), [_at_most(80), fits])


class CommentForm(SpokenForm):
    """A comment on the place that `anchor` names, or an answer to the comment of the id in `reply`."""

    text = TextAreaField(lazy("Comment"), [fits])
    anchor = HiddenField(default="")
    reply = HiddenField(default="")


class NewPageForm(SpokenForm):
    """The title of a new page."""

    title = StringField(
        lazy("Title of the page"),
        [InputRequired(lazy("Give the page a title.")), _at_most(LONGEST_TITLE), fits],
    )


class QuestionsForm(SpokenForm):
    """A new quiz or bank."""

    kind = SelectField(lazy("What it is"), choices=KINDS)
    title = StringField(
        lazy("Title"),
        [
            InputRequired(lazy("Give it a title.")),
            Length(max=200, message=lazy("Keep the title under 200 characters.")),
            fits,
        ],
    )
    slug = StringField(lazy("Short name"), [_at_most(80), fits])
    module = SelectField(lazy("Module"))
