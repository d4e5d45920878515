"""The form that a scenario is begun with."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme.authoring.scenario_new import MOST_DECISIONS
from pme.web.forms import fits


def _at_most(number: int) -> Length:
    return Length(max=number, message=f"Keep this under {number} characters.")


class ScenarioForm(FlaskForm):
    """A new scenario."""

    title = StringField("Title", [InputRequired("Give it a title."), _at_most(200), fits])
    module = SelectField("Module")
    decisions = SelectField(
        "How many decisions",
        default="5",
        choices=[
            SelectChoice("1", "1: a snap situation"),
            *(SelectChoice(str(number), str(number)) for number in range(2, MOST_DECISIONS + 1)),
        ],
    )
    mode = SelectField(
        "How it is played",
        choices=[
            SelectChoice("summative", "Feedback at the end; a choice stays"),
            SelectChoice("formative", "Feedback after each decision; a choice can be taken back"),
        ],
    )
    role = StringField("For whom", [InputRequired("Say for whom it is."), _at_most(100), fits])
    level = StringField("Level", [InputRequired("Say for which level it is."), _at_most(100), fits])
    source = StringField(
        "Source that it stands on",
        [InputRequired("Name a source; you can name others later."), _at_most(120), fits],
    )
    slug = StringField("Short name", [_at_most(80), fits])
