"""The form that a scenario is begun with."""

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme.authoring.scenario_new import MOST_DECISIONS
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy


def _at_most(number: int) -> Length:
    return Length(max=number, message=lazy("Keep this under {number} characters.", number=number))


class ScenarioForm(SpokenForm):
    """A new scenario."""

    title = StringField(lazy("Title"), [InputRequired(lazy("Give it a title.")), _at_most(200), fits])
    module = SelectField(lazy("Module"))
    decisions = SelectField(
        lazy("How many decisions"),
        default="5",
        choices=[
            SelectChoice("1", lazy("1: a snap situation")),
            *(SelectChoice(str(number), str(number)) for number in range(2, MOST_DECISIONS + 1)),
        ],
    )
    mode = SelectField(
        lazy("How it is played"),
        choices=[
            SelectChoice("summative", lazy("Feedback at the end; a choice stays")),
            SelectChoice("formative", lazy("Feedback after each decision; a choice can be taken back")),
        ],
        default="summative",
    )
    role = StringField(lazy("For whom"), [InputRequired(lazy("Say for whom it is.")), _at_most(100), fits])
    level = StringField(
        lazy("Level"), [InputRequired(lazy("Say for which level it is.")), _at_most(100), fits]
    )
    source = StringField(
        lazy("Source that it is based on"),
        [InputRequired(lazy("Name a source; you can name others later.")), _at_most(120), fits],
    )
    slug = StringField(lazy("Short name"), [_at_most(80), fits])
