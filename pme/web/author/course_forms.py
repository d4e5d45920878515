"""The forms that begin a course or a module."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, Length, Regexp

from pme.authoring.course_fields import TONGUES
from pme.authoring.course_templates import COURSES, MODULES
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy

_HOURS = r"\s*\d{1,3}(?:\.\d{1,2})?\s*\Z"


def _at_most(number: int) -> Length:
    return Length(max=number, message=lazy("Keep this under {number} characters.", number=number))


def _choices(known: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in known.items()]


class NewContentForm(SpokenForm):
    """What a course and a module have in common."""

    title = StringField(lazy("Title"), [DataRequired(lazy("Give it a title.")), _at_most(120), fits])
    slug = StringField(lazy("Short name"), [_at_most(60), fits])
    summary = TextAreaField(
        lazy("Summary"),
        [DataRequired(lazy("Say in one or two sentences what it is about.")), _at_most(600), fits],
    )
    level = StringField(
        lazy("Who it is for"), [DataRequired(lazy("Say who it is for.")), _at_most(120), fits]
    )
    language = SelectField(lazy("Language"), choices=_choices(TONGUES))


class NewCourseForm(NewContentForm):
    """A new course."""

    hours = StringField(
        lazy("Hours it takes"),
        [
            DataRequired(lazy("Say how many hours the whole course takes.")),
            Regexp(_HOURS, message=lazy("Write a number of hours such as 4 or 1.5.")),
        ],
    )
    template = SelectField(lazy("Begin with"), choices=_choices(COURSES), default="short")
    modules = TextAreaField(lazy("Titles of its modules"), [_at_most(2_000), fits])


class NewModuleForm(NewContentForm):
    """A new module, in a course or in none yet."""

    course = SelectField(lazy("Course"), validate_choice=True)
    template = SelectField(lazy("Begin with"), choices=_choices(MODULES), default="lesson")
