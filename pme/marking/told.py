"""What a student is told of a released essay: levels reached, comments, points. Nothing before release."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pme.assessment.draw import Draw
from pme.assessment.models import Attempt
from pme.content.shapes import Criterion, EssayItem, Quiz, RubricLevel
from pme.marking.models import Script
from pme.marking.planning import essay_of
from pme.marking.queries import marks_of, scripts_of
from pme.marking.rubric import Judgement, from_json, level_of
from pme.marking.standing import DECIDING, MarkStatus, Rule, ScriptState


@dataclass(frozen=True)
class CriterionTold:
    """One criterion: the level reached, or the two that two markers saw; `points` is their mean."""

    title: str
    levels: tuple[RubricLevel, ...]
    points: float
    most: int
    comments: tuple[str, ...]


@dataclass(frozen=True)
class EssayTold:
    """One released essay, from the marks that stand."""

    points: float
    most: int
    is_mean: bool
    criteria: tuple[CriterionTold, ...]
    comments: tuple[str, ...]


def told_of(session: Session, attempt: Attempt, quiz: Quiz) -> dict[int, EssayTold]:
    """What is told of each released essay of an attempt, by number of the question; empty before release."""
    asked = Draw.from_json(attempt.draw).items
    scripts = [
        s for s in scripts_of(session, attempt.id, attempt.academy_id) if s.state is ScriptState.RELEASED
    ]
    marks = marks_of(session, [script.id for script in scripts])
    found = {}
    for script in scripts:
        judged = {
            line.mark.place: from_json(line.mark.judgement)
            for line in marks.get(script.id, ())
            if line.mark.status is MarkStatus.FINISHED
        }
        standing = [judged[DECIDING]] if DECIDING in judged else list(judged.values())
        found[asked.index(script.item) + 1] = _told(script, essay_of(quiz, script.item), standing)
    return found


def _told(script: Script, item: EssayItem, judged: Sequence[Judgement]) -> EssayTold:
    return EssayTold(
        points=script.points or 0.0,
        most=item.most_points,
        is_mean=script.rule is Rule.MEAN,
        criteria=tuple(_criterion(criterion, judged) for criterion in item.rubric),
        comments=tuple(one.comment for one in judged if one.comment),
    )


def _criterion(criterion: Criterion, judged: Sequence[Judgement]) -> CriterionTold:
    levels = [level for one in judged if (level := level_of(one, criterion)) is not None]
    comments = (one.comments.get(criterion.id, "") for one in judged)
    return CriterionTold(
        title=criterion.title,
        levels=tuple(dict.fromkeys(levels)),
        points=sum(level.points for level in levels) / max(1, len(levels)),
        most=max(level.points for level in criterion.levels),
        comments=tuple(comment for comment in comments if comment),
    )
