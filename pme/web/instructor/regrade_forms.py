"""The form of a correction: the key of its question, in fields that fit its type, and the reason."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pme.assessment.correction_keys import RATINGS, key_of
from pme.assessment.correction_words import choices_of
from pme.assessment.corrections import CorrectionKind
from pme.content.shapes import (
    AnyItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    RatingItem,
    ShortTextItem,
    SingleItem,
)
from pme.errors import Invalid
from pme.web.filters import html
from pme.web.forms import fits

LONGEST_REASON = 1_000
WITH_KEY = (CorrectionKind.KEY, CorrectionKind.ACCEPT)
NOT_SHOWN: dict[str, Any] = {"invalid_choice_message": "Choose among what is shown here."}
MEANINGS = {1: "1, harmful", 2: "2", 3: "3", 4: "4, best"}


def correction_form(item: AnyItem, kind: CorrectionKind) -> FlaskForm:
    """The form for this kind of correction of this item, filled with the key that is in force."""
    fields: dict[str, Any] = _key_fields(item, kind) if kind in WITH_KEY else {}
    fields["reason"] = TextAreaField(
        "Reason",
        [
            InputRequired("Say why, in a sentence: it stays on record, and students who passed can read it."),
            Length(max=LONGEST_REASON, message=f"Keep the reason under {LONGEST_REASON:,} characters."),
            fits,
        ],
    )
    made: FlaskForm = type("CorrectionForm", (FlaskForm,), fields)(data=_now(item, kind))
    return made


def detail_in(form: Form, item: AnyItem, kind: CorrectionKind) -> dict[str, Any]:
    """The key that a form holds, in the form that is kept. Raises Invalid where two steps share a place."""
    if kind not in WITH_KEY:
        return {}
    match item:
        case SingleItem():
            return {"right": [form["key"].data]}
        case MultipleItem():
            return {"right": list(form["key"].data)}
        case MatchingItem():
            return {"pairs": {pair.id: form[f"key_{n}"].data for n, pair in _numbered(item.pairs)}}
        case OrderingItem():
            places = [(int(form[f"key_{n}"].data), step.id) for n, step in _numbered(item.sequence)]
            if len({place for place, _ in places}) < len(places):
                raise Invalid("Give every step a place of its own.", field="key")
            return {"sequence": [step for _, step in sorted(places)]}
        case NumericItem():
            return {name: form[name].data for name in ("answer", "tolerance", "tolerance_is_percent")}
        case ShortTextItem():
            return {"accepted": (form["key"].data or "").splitlines()}
        case RatingItem():
            return {"ratings": {o.id: int(form[f"key_{n}"].data) for n, o in _numbered(item.options)}}
        case _:
            return {}


def key_fields(form: Form) -> list[Any]:
    """The fields of a form that hold the key, in order."""
    return [field for field in form if field.name not in ("reason", "csrf_token")]


def refuse(form: Form, error: Invalid) -> None:
    """Let a form say what is wrong with its key, beside the field it is about."""
    keys = key_fields(form)
    named = next((field for field in keys if field.name == error.field), None)
    field = named or (keys[0] if error.field and keys else form["reason"])
    field.errors = [*field.errors, error.says]


def _key_fields(item: AnyItem, kind: CorrectionKind) -> dict[str, Any]:
    right = "The right answer" if kind is CorrectionKind.KEY else "The answer to accept"
    choices = [SelectChoice(part, html(text)) for part, text in choices_of(item)]
    plain = [SelectChoice(part, html(text).striptags()) for part, text in choices_of(item)]
    match item:
        case SingleItem():
            return {
                "key": RadioField(right, [InputRequired("Choose an answer.")], choices=choices, **NOT_SHOWN)
            }
        case MultipleItem():
            required = [InputRequired("Choose at least one answer.")]
            return {"key": SelectMultipleField(f"{right}, all of it", required, choices=choices, **NOT_SHOWN)}
        case MatchingItem():
            return {
                f"key_{n}": SelectField(html(pair.left_html).striptags(), choices=plain, **NOT_SHOWN)
                for n, pair in _numbered(item.pairs)
            }
        case OrderingItem():
            places = [SelectChoice(str(n), f"Place {n}") for n, _ in _numbered(item.sequence)]
            return {
                f"key_{n}": SelectField(step.label, choices=places, **NOT_SHOWN)
                for n, step in _numbered(plain)
            }
        case NumericItem():
            return {
                "answer": StringField(right, [InputRequired("Write a number, such as 12 or 0.5."), fits]),
                "tolerance": StringField("Tolerance", [InputRequired("Write 0 for none."), fits]),
                "tolerance_is_percent": BooleanField("The tolerance is in percent of the answer"),
            }
        case ShortTextItem():
            label = "The accepted answers" if kind is CorrectionKind.KEY else "Further accepted answers"
            return {"key": TextAreaField(f"{label}, one a line", [fits])}
        case RatingItem():
            ratings = [SelectChoice(str(rating), MEANINGS[rating]) for rating in RATINGS]
            return {
                f"key_{n}": RadioField(
                    option.label, [InputRequired("Choose a rating.")], choices=ratings, **NOT_SHOWN
                )
                for n, option in _numbered(choices)
            }
        case _:
            return {}


def _now(item: AnyItem, kind: CorrectionKind) -> Mapping[str, Any]:
    """The key in force, as the form shows it first; an answer to accept begins empty where it can."""
    if kind not in WITH_KEY:
        return {}
    key, is_new = key_of(item), kind is CorrectionKind.ACCEPT
    match item:
        case SingleItem():
            return {"key": "" if is_new else next(iter(key["right"]), "")}
        case MultipleItem():
            return {"key": [] if is_new else key["right"]}
        case MatchingItem():
            return {f"key_{n}": key["pairs"][pair.id] for n, pair in _numbered(item.pairs)}
        case OrderingItem():
            return {f"key_{n}": str(n) for n, _ in _numbered(item.sequence)}
        case NumericItem():
            return key | ({"answer": ""} if is_new else {})
        case ShortTextItem():
            return {"key": "" if is_new else "\n".join(key["accepted"])}
        case RatingItem():
            return {f"key_{n}": str(key["ratings"][option.id]) for n, option in _numbered(item.options)}
        case _:
            return {}


def _numbered(parts: Any) -> Any:
    return enumerate(parts, start=1)
