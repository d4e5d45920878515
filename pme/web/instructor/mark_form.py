"""The instructor door's forms of marking: a judgement along a rubric, what decides, and the plan."""

from datetime import datetime

from wtforms import BooleanField, Form, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, StopValidation

from pme.content.shapes import Criterion, EssayItem
from pme.marking.plan import MOST_BORDER, MOST_TOLERANCE, Plan, Second
from pme.marking.rubric import LONGEST_COMMENT, TOO_LONG, Judgement
from pme.marking.service import LONGEST_REASON
from pme.web.forms import fits
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy, lazy_grouped
from pme.words.speech import _

SECOND = {
    Second.NONE.value: lazy("Nobody"),
    Second.SAMPLE.value: lazy("A sample, and everyone near the pass mark"),
    Second.ALL.value: lazy("Everyone"),
}
TOO_LONG_REASON = lazy(
    "Keep this under {most} characters. All of it is still here.",
    most=lazy_grouped(LONGEST_REASON),
)


def judgement_form(item: EssayItem, judgement: Judgement, *, seen_at: datetime | None = None) -> SpokenForm:
    """A level and a comment for each criterion (numbered from 0), filled with what is kept."""
    comment = [Length(max=LONGEST_COMMENT, message=TOO_LONG), fits]
    fields: dict[str, object] = {}
    kept: dict[str, object] = {
        "comment": judgement.comment,
        "seen_at": seen_at.isoformat() if seen_at else "",
    }
    for number, criterion in enumerate(item.rubric):
        fields[f"level_{number}"] = StringField(criterion.title)
        fields[f"comment_{number}"] = TextAreaField(_("Comment on “{title}”", title=criterion.title), comment)
        place = judgement.levels.get(criterion.id)
        kept[f"level_{number}"] = "" if place is None else str(place + 1)
        kept[f"comment_{number}"] = judgement.comments.get(criterion.id, "")
    fields |= {
        "comment": TextAreaField(_("Comment on the whole answer"), comment),
        "seen_at": HiddenField(),
        "reason": TextAreaField(
            _("Why this is the mark"), [Length(max=LONGEST_REASON, message=TOO_LONG_REASON), fits]
        ),
    }
    kind = type("JudgementForm", (SpokenForm,), fields)
    form: SpokenForm = kind(data=kept)
    return form


def judgement_in(form: Form, item: EssayItem) -> Judgement | None:
    """What the form says; None, with the error beside the field, where a level is none of those shown."""
    levels, comments, is_fine = {}, {}, True
    for number, criterion in enumerate(item.rubric):
        field = form[f"level_{number}"]
        places = [str(place) for place in range(1, len(criterion.levels) + 1)]
        if field.data in places:
            levels[criterion.id] = places.index(field.data)
        elif field.data:
            field.errors, is_fine = [_("Choose one of the levels shown.")], False
        comments[criterion.id] = (form[f"comment_{number}"].data or "").strip()
    return Judgement(levels, comments, (form["comment"].data or "").strip()) if is_fine else None


def show_error(form: Form, item: EssayItem, says: str, field: str | None) -> None:
    """Put what was wrong beside the field it is about: a criterion's id, or a field's own name."""
    numbers = {criterion.id: number for number, criterion in enumerate(item.rubric)}
    name = f"level_{numbers[field]}" if field in numbers else field or "comment"
    form[name].errors = [*form[name].errors, says]


def show_unjudged(form: Form, item: EssayItem, says: str, missing: tuple[Criterion, ...]) -> None:
    """Put the same words beside every criterion that has no level."""
    for criterion in missing:
        show_error(form, item, says, criterion.id)


def _whole(label: str, least: int, most: int) -> IntegerField:
    says = lazy(
        "Give a whole number from {least} to {most}.", least=lazy_grouped(least), most=lazy_grouped(most)
    )

    def check(_form: object, field: IntegerField) -> None:
        if field.data is None or not least <= field.data <= most:
            field.errors = []  # what the field itself said of it
            raise StopValidation(says)

    return IntegerField(label, [check])


class PlanForm(SpokenForm):
    """How the essays of one quiz are marked in one cohort."""

    second = StringField(
        lazy("Who is read by a second marker?"),
        [AnyOf(list(SECOND), lazy("Choose one of the answers shown."))],
    )
    sample_percent = _whole(lazy("Size of the sample, in percent"), 1, 100)
    border = _whole(lazy("Near the pass mark: within so many percentage points"), 0, MOST_BORDER)
    is_blind = BooleanField(lazy("Neither marker sees the other’s mark before both are finished"))
    tolerance = _whole(lazy("Tolerance between two markers, in points"), 0, MOST_TOLERANCE)
    moderation_percent = _whole(lazy("Scripts that a moderator looks at before release, in percent"), 0, 100)
    is_named = BooleanField(lazy("Show markers the names of students"))
    is_prompt = BooleanField(
        lazy("After the first release, release later marks as soon as they are finished")
    )


def plan_form(plan: Plan) -> PlanForm:
    """The form, filled with a plan."""
    return PlanForm(obj=plan, data={"second": plan.second.value})


def plan_in(form: PlanForm) -> Plan:
    """What the form says."""
    return Plan(
        second=Second(form.second.data or ""),
        sample_percent=form.sample_percent.data or 0,
        border=form.border.data or 0,
        tolerance=form.tolerance.data or 0,
        is_blind=bool(form.is_blind.data),
        moderation_percent=form.moderation_percent.data or 0,
        is_named=bool(form.is_named.data),
        is_prompt=bool(form.is_prompt.data),
    )
