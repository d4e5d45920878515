"""The form of a debrief: free text with its limits, and when what it showed was saved."""

from datetime import datetime

from wtforms import Form, HiddenField, TextAreaField
from wtforms.validators import Length

from pme.assessment.service import LONGEST_REFLECTION
from pme.web.forms import fits, moment_in
from pme.web.spoken_forms import SpokenForm
from pme.words.numbers import grouped
from pme.words.speech import _


def reflection_form(
    prompts: tuple[str, ...], texts: dict[int, str], seen_at: datetime | None = None
) -> SpokenForm:
    """The debrief's form: one text for each prompt, filled with what is kept, and when that was saved."""
    too_long = _("Keep this under {most} characters.", most=grouped(LONGEST_REFLECTION))
    fields = {
        f"prompt_{number}": TextAreaField(prompt, [Length(max=LONGEST_REFLECTION, message=too_long), fits])
        for number, prompt in enumerate(prompts)
    }
    kind: type[SpokenForm] = type("ReflectionForm", (SpokenForm,), fields | {"seen_at": HiddenField()})
    kept = {f"prompt_{number}": text for number, text in texts.items()}
    form: SpokenForm = kind(data=kept | {"seen_at": seen_at.isoformat() if seen_at else ""})
    return form


def seen_at_of(form: Form) -> datetime | None:
    """When what the form showed was saved; None where it showed nothing or says nothing readable."""
    return moment_in(form["seen_at"].data)


def reflection_texts(form: Form, prompts: tuple[str, ...]) -> dict[int, str]:
    """What was written, by prompt."""
    return {number: (form[f"prompt_{number}"].data or "").strip() for number in range(len(prompts))}
