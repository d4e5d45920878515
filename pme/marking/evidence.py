"""Two markers' first judgements of the same scripts, paired, and how well they agree.

Only what each finished first counts, before anybody saw anything of the other's or changed their mind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from pme.assessment.models import Attempt
from pme.content.catalogue import pinned
from pme.content.shapes import EssayItem, Quiz
from pme.enrolment.models import Enrolment
from pme.marking.agreement import Agreement, agreement
from pme.marking.models import Mark, Script
from pme.marking.planning import essay_of
from pme.marking.queries import Group, in_group
from pme.marking.rubric import Judgement, points_of
from pme.marking.standing import FIRST, SECOND
from pme.words.speech import _

Levels = Mapping[str, int]


@dataclass(frozen=True)
class EssayAgreement:
    """How two markers agree on one essay of one version: criterion by criterion, then on the points."""

    stem_html: str
    n: int
    lines: tuple[Agreement, ...]


def agreement_in(session: Session, scope: ColumnElement[bool], group: Group) -> list[EssayAgreement]:
    """The agreement on every essay of a group that two people have finished marking."""
    first, second = aliased(Mark), aliased(Mark)
    rows = session.execute(
        select(Attempt.version_id, Script.item, first.first_levels, second.first_levels)
        .join_from(Script, Attempt, Attempt.id == Script.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(first, (first.script_id == Script.id) & (first.place == FIRST))
        .join(second, (second.script_id == Script.id) & (second.place == SECOND))
        .where(scope, in_group(group), first.first_levels.is_not(None), second.first_levels.is_not(None))
        .order_by(Attempt.version_id, Script.item)
    ).all()
    pairs: dict[tuple[int, str], list[tuple[Levels, Levels]]] = {}
    for version_id, item, one, other in rows:
        pairs.setdefault((version_id, item), []).append((one or {}, other or {}))
    return [
        _of_essay(essay_of(pinned(session, version_id, Quiz).content, item), judged)
        for (version_id, item), judged in pairs.items()
    ]


def _of_essay(item: EssayItem, judged: Sequence[tuple[Levels, Levels]]) -> EssayAgreement:
    lines = [
        agreement(
            criterion.title,
            [(one[criterion.id], other[criterion.id]) for one, other in judged],
            categories=len(criterion.levels),
        )
        for criterion in item.rubric
    ]
    least = sum(min(level.points for level in criterion.levels) for criterion in item.rubric)
    points = [tuple(points_of(Judgement(levels), item) - least for levels in pair) for pair in judged]
    total = agreement(
        _("Points in all"),
        [(pair[0], pair[1]) for pair in points],
        categories=item.most_points - least + 1,
    )
    return EssayAgreement(item.stem_html, len(judged), (*lines, total))
