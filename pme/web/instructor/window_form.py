"""The form of a window: when a task opens and closes, in UTC."""

from datetime import UTC, datetime

from wtforms import Field, StringField, ValidationError

from pme.signs import fit
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy

WRITTEN = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d %B %Y, %H:%M", "%d %B %Y %H:%M")
"""How people write a date with its time, and how the house does; in no order that two nations read differently."""
YEARS = range(2000, 2101)
NO_MOMENT = lazy(
    "Give a date and a time like 2026-03-02 08:00, between the years 2000 and 2100, or leave it empty."
)


def moment_of(text: str | None) -> datetime | None:
    """The moment in UTC that a text names, or None. Raises ValueError where it names none that can be."""
    given = (text or "").strip().removesuffix("UTC").strip()
    if not given:
        return None
    for form in WRITTEN:
        try:
            moment = datetime.strptime(given, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if moment.year in YEARS:
            return moment
    raise ValueError(given)


def as_typed(moment: datetime | None) -> str:
    """A moment as a field for it holds it."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def is_moment(_form: object, field: Field) -> None:
    """Validates that a text is empty or names a moment."""
    field.data = fit(field.data or "")
    try:
        moment_of(field.data)
    except ValueError as error:
        raise ValidationError(NO_MOMENT) from error


class WindowForm(SpokenForm):
    """When a task opens and closes, in UTC; empty for never mind."""

    opens = StringField(lazy("Opens (UTC)"), [is_moment])
    closes = StringField(lazy("Closes (UTC)"), [is_moment])
