"""The form of a correction: the key of its question, in fields that fit its type, and the reason."""

from collections.abc import Mapping
from typing import Any

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
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.numbers import grouped
from pme.words.speech import _

LONGEST_REASON = 1_000
WITH_KEY = (CorrectionKind.KEY, CorrectionKind.ACCEPT)
NOT_SHOWN: dict[str, Any] = {"invalid_choice_message": lazy("Choose among what is shown here.")}
MEANINGS = {1: lazy("1, harmful"), 2: "2", 3: "3", 4: lazy("4, best")}


def correction_form(item: AnyItem, kind: CorrectionKind) -> SpokenForm:
    """The form for this kind of correction of this item, filled with the key that is in force."""
    fields: dict[str, Any] = _key_fields(item, kind) if kind in WITH_KEY else {}
    fields["reason"] = TextAreaField(
        _("Reason"),
        [
            InputRequired(
                _("Say why, in a sentence: it stays on record, and students who passed can read it.")
            ),
            Length(
                max=LONGEST_REASON,
                message=_(
                    "Keep the reason under {most} characters.",
                    most=grouped(LONGEST_REASON),
                ),
            ),
            fits,
        ],
    )
    made: SpokenForm = type("CorrectionForm", (SpokenForm,), fields)(data=_now(item, kind))
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
            if len({place for place, _step in places}) < len(places):
                raise Invalid(_("Give every step a place of its own."), field="key")
            return {"sequence": [step for _place, step in sorted(places)]}
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
    is_new = kind is CorrectionKind.ACCEPT
    right = _("The answer to accept") if is_new else _("The right answer")
    choices = [SelectChoice(part, html(text)) for part, text in choices_of(item)]
    plain = [SelectChoice(part, html(text).striptags()) for part, text in choices_of(item)]
    match item:
        case SingleItem():
            return {
                "key": RadioField(
                    right, [InputRequired(_("Choose an answer."))], choices=choices, **NOT_SHOWN
                )
            }
        case MultipleItem():
            required = [InputRequired(_("Choose at least one answer."))]
            return {
                "key": SelectMultipleField(
                    _("The answer to accept, all of it") if is_new else _("The right answer, all of it"),
                    required,
                    choices=choices,
                    **NOT_SHOWN,
                )
            }
        case MatchingItem():
            return {
                f"key_{n}": SelectField(html(pair.left_html).striptags(), choices=plain, **NOT_SHOWN)
                for n, pair in _numbered(item.pairs)
            }
        case OrderingItem():
            places = [SelectChoice(str(n), _("Place {n}", n=n)) for n, _step in _numbered(item.sequence)]
            return {
                f"key_{n}": SelectField(step.label, choices=places, **NOT_SHOWN)
                for n, step in _numbered(plain)
            }
        case NumericItem():
            return {
                "answer": StringField(right, [InputRequired(_("Write a number, such as 12 or 0.5.")), fits]),
                "tolerance": StringField(_("Tolerance"), [InputRequired(_("Write 0 for none.")), fits]),
                "tolerance_is_percent": BooleanField(_("The tolerance is in percent of the answer")),
            }
        case ShortTextItem():
            label = (
                _("Further accepted answers, one per line")
                if is_new
                else _("The accepted answers, one per line")
            )
            return {"key": TextAreaField(label, [fits])}
        case RatingItem():
            ratings = [SelectChoice(str(rating), MEANINGS[rating]) for rating in RATINGS]
            return {
                f"key_{n}": RadioField(
                    option.label, [InputRequired(_("Choose a rating."))], choices=ratings, **NOT_SHOWN
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
            return {f"key_{n}": str(n) for n, _step in _numbered(item.sequence)}
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
