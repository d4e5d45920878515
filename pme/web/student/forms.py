"""The student door's forms: acts carry only their CSRF token; free text has its limits."""

from flask_wtf import FlaskForm
from wtforms import Form, TextAreaField
from wtforms.validators import Length

from pme.assessment.service import LONGEST_REFLECTION
from pme.web.forms import fits


def reflection_form(prompts: tuple[str, ...], texts: dict[int, str]) -> FlaskForm:
    """The debrief's form: one text for each prompt, filled with what is already kept."""
    too_long = f"Keep this under {LONGEST_REFLECTION:,} characters."
    fields = {
        f"prompt_{number}": TextAreaField(prompt, [Length(max=LONGEST_REFLECTION, message=too_long), fits])
        for number, prompt in enumerate(prompts)
    }
    kind = type("ReflectionForm", (FlaskForm,), fields)
    return kind(data={f"prompt_{number}": text for number, text in texts.items()})


def reflection_texts(form: Form, prompts: tuple[str, ...]) -> dict[int, str]:
    """What was written, by prompt."""
    return {number: (form[f"prompt_{number}"].data or "").strip() for number in range(len(prompts))}
