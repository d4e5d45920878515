"""The author door's forms."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length

from pme.authoring.course_fields import TONGUES
from pme.web.forms import fits

LONGEST_TITLE = 120
KINDS = [SelectChoice("quiz", "A quiz"), SelectChoice("bank", "A bank that quizzes draw from")]


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


def _at_most(number: int) -> Length:
    return Length(max=number, message=f"Keep this under {number} characters.")


class SourceForm(FlaskForm):
    """A source of the bibliography."""

    WRITTEN = ("title", "body", "date", "url", "status", "note")

    key = StringField("Key", [InputRequired("Give the source a key, such as UN-2024."), _at_most(80), fits])
    title = StringField("Title", [InputRequired("Give the title."), _at_most(300), fits])
    body = StringField("Who issued it", [InputRequired("Say who issued it."), _at_most(200), fits])
    date = StringField("Date or year", [InputRequired("Give the date or the year."), _at_most(40), fits])
    url = StringField("Web address", [_at_most(500), fits])
    status = SelectField(
        "Have you seen the original?",
        choices=[
            SelectChoice("seen", "Yes, I have read what is cited"),
            SelectChoice("to-verify", "No, it is still to be verified"),
        ],
    )
    note = StringField("Note for other authors", [_at_most(500), fits])


class TermForm(FlaskForm):
    """A term of the glossary."""

    term = StringField("Term", [DataRequired("Give the term."), _at_most(120), fits])
    definition = TextAreaField("What it means", [DataRequired("Say what it means."), _at_most(1_000), fits])
    language = SelectField(
        "Language", choices=[SelectChoice(code, name) for code, name in TONGUES.items()], default="en"
    )
    slug = StringField("Short name", [_at_most(80), fits])


class CommentForm(FlaskForm):
    """A comment on the place that `anchor` names, or an answer to the comment of the id in `reply`."""

    text = TextAreaField("Comment", [fits])
    anchor = HiddenField(default="")
    reply = HiddenField(default="")


class NewPageForm(FlaskForm):
    """The title of a new page."""

    title = StringField(
        "Title of the page", [InputRequired("Give the page a title."), _at_most(LONGEST_TITLE), fits]
    )


class QuestionsForm(FlaskForm):
    """A new quiz or bank."""

    kind = SelectField("What it is", choices=KINDS)
    title = StringField(
        "Title",
        [
            InputRequired("Give it a title."),
            Length(max=200, message="Keep the title under 200 characters."),
            fits,
        ],
    )
    slug = StringField("Short name", [_at_most(80), fits])
    module = SelectField("Module")
