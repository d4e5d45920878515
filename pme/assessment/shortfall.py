"""Why a quiz was not passed, in the terms of what the student was asked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pme.assessment.draw import Draw
from pme.content.shapes import Quiz


@dataclass(frozen=True)
class ShortOutcome:
    """An outcome below the percentage that its author asks for; both are 0-100."""

    text: str
    percent: float
    least: int


@dataclass(frozen=True)
class Shortfall:
    """What kept a result from a pass: the whole, critical questions by number, outcomes."""

    is_total: bool
    critical: tuple[int, ...]
    outcomes: tuple[ShortOutcome, ...]


def shortfall(quiz: Quiz, draw: Draw, percent: float, result: Mapping[str, Any]) -> Shortfall:
    """What was missing to pass, from a result as it is kept; results kept before outcomes could be
    short name none.
    """
    texts = {outcome.id: outcome.text for outcome in quiz.outcomes}
    earned = {mark["outcome"]: mark["percent"] for mark in result["outcomes"]}
    asked = list(draw.items)
    return Shortfall(
        is_total=percent < quiz.pass_rule.min_percent,
        critical=tuple(sorted(asked.index(item) + 1 for item in result["missed_critical"] if item in asked)),
        outcomes=tuple(
            ShortOutcome(texts.get(name, name), earned.get(name, 0.0), quiz.pass_rule.min_by_outcome[name])
            for name in result.get("short_outcomes", ())
        ),
    )
