"""The instructor door's forms."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from pme.enrolment.service import LONGEST_NAME
from pme.web.forms import fits


class CohortForm(FlaskForm):
    """The name of a cohort."""

    name = StringField(
        "Name of the cohort",
        [
            InputRequired("Give the cohort a name, for example “Spring 2026”."),
            Length(max=LONGEST_NAME, message=f"Keep the name under {LONGEST_NAME} characters."),
            fits,
        ],
    )
