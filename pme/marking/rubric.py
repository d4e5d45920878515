"""What a marker judged: a level and a comment for each criterion, and a comment on the whole.

Pure. Levels are kept by their place in the rubric, from 0, the lowest; points follow from the version
of the quiz that the attempt is pinned to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pme.content.shapes import Criterion, EssayItem, RubricLevel
from pme.errors import Invalid
from pme.words.lazily import lazy, lazy_grouped
from pme.words.speech import _

LONGEST_COMMENT = 4_000
TOO_LONG = lazy(
    "Keep this comment under {most} characters. All of it is still here.",
    most=lazy_grouped(LONGEST_COMMENT),
)


@dataclass(frozen=True)
class Judgement:
    """One marker's judgement of one essay; `levels` and `comments` by the criterion's id."""

    levels: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


def level_of(judgement: Judgement, criterion: Criterion) -> RubricLevel | None:
    """The level that was given for a criterion, or None."""
    place = judgement.levels.get(criterion.id)
    return criterion.levels[place] if place is not None and 0 <= place < len(criterion.levels) else None


def points_of(judgement: Judgement, item: EssayItem) -> int:
    """The points so far: the sum over the criteria that have a level."""
    return sum(level.points for criterion in item.rubric if (level := level_of(judgement, criterion)))


def unjudged(judgement: Judgement, item: EssayItem) -> tuple[Criterion, ...]:
    """The criteria that have no level yet."""
    return tuple(criterion for criterion in item.rubric if level_of(judgement, criterion) is None)


def check(judgement: Judgement, item: EssayItem) -> None:
    """Raises Invalid for what the rubric does not have, or a comment that is too long."""
    known = {criterion.id: criterion for criterion in item.rubric}
    if not set(judgement.levels) | set(judgement.comments) <= set(known):
        raise Invalid(_("This criterion is not part of the rubric. Reload the page and judge again."))
    for name, place in judgement.levels.items():
        if not 0 <= place < len(known[name].levels):
            raise Invalid(_("Choose one of the levels shown."), field=name)
    for text in (judgement.comment, *judgement.comments.values()):
        if len(text) > LONGEST_COMMENT:
            raise Invalid(TOO_LONG)


def kept_over(judgement: Judgement, before: Judgement, *, is_older: bool) -> Judgement:
    """What is kept when this is sent over what was there before.

    A form older than what is there (a second tab) clears nothing: where it is empty, the newer stays.
    """
    if not is_older:
        return judgement
    return Judgement(
        levels={**before.levels, **judgement.levels},
        comments={**before.comments, **{name: text for name, text in judgement.comments.items() if text}},
        comment=judgement.comment or before.comment,
    )


def as_json(judgement: Judgement) -> dict[str, Any]:
    """The form kept with a mark."""
    return {
        "levels": dict(judgement.levels),
        "comments": dict(judgement.comments),
        "comment": judgement.comment,
    }


def from_json(kept: Mapping[str, Any]) -> Judgement:
    """Back from the form kept with a mark."""
    return Judgement(kept["levels"], kept["comments"], kept["comment"])
