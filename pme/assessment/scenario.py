"""What a finished scenario path is worth, and what its debrief shows.

Pure. How a scenario moves is `content.play`; the pass rule is `content.scoring`. This file turns a
playthrough into the after-action review: decisions beside the expert's, state over time, marks by
outcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pme.content.play import Playthrough, Step, follow
from pme.content.scoring import ScenarioScore, scenario_result
from pme.content.shapes import Choice, Citation, CriticalAction, DecisionNode, Ending, Scenario
from pme.errors import Conflict


@dataclass(frozen=True)
class Review:
    """One decision in the debrief: what was met, what was chosen, what an expert chooses.

    `credit` is 0-1.
    """

    number: int
    step: Step
    expert: Choice | None
    credit: float

    @property
    def is_expert_choice(self) -> bool:
        """Whether the student chose as the expert path does."""
        return self.expert is not None and self.expert.id == self.step.choice.id


@dataclass(frozen=True)
class Line:
    """One dimension of the state over time: its value before the first decision and after each."""

    label: str
    minimum: int
    maximum: int
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class OutcomeCredit:
    """The mean credit over the decisions that serve an outcome, in percent (0-100)."""

    outcome: str
    percent: float
    decisions: int


@dataclass(frozen=True)
class DebriefView:
    """The after-action review of a complete path."""

    ending: Ending
    score: ScenarioScore
    reviews: tuple[Review, ...]
    lines: tuple[Line, ...]
    outcomes: tuple[OutcomeCredit, ...]
    broken: tuple[CriticalAction, ...]
    missed: tuple[CriticalAction, ...]
    sources: tuple[Citation, ...]


def debrief(scenario: Scenario, path: Sequence[tuple[str, str]]) -> DebriefView:
    """The review of a path. Raises Conflict when the path has not reached an ending."""
    played = follow(scenario, path)
    if played.ending is None:
        raise Conflict("This scenario is not finished yet.")
    score = scenario_result(scenario, played.steps)
    expert = dict(scenario.debrief.expert_path)
    reviews = tuple(
        Review(number, step, step.node.choice(expert.get(step.node.id, "")), step.choice.key.credit)
        for number, step in enumerate(played.steps, start=1)
    )
    actions = {action.id: action for action in scenario.critical_actions}
    return DebriefView(
        ending=played.ending,
        score=score,
        reviews=reviews,
        lines=_lines(scenario, played),
        outcomes=_outcomes(scenario, reviews),
        broken=tuple(actions[action] for action in score.broken),
        missed=tuple(actions[action] for action in score.missed),
        sources=_sources(reviews),
    )


def decisions_on_each_path(scenario: Scenario) -> int:
    """How many decisions every path meets, for “decision 2 of 6”."""
    return len(follow(scenario, scenario.debrief.expert_path).steps)


def waiting_choice(node: DecisionNode, choice_id: str) -> Choice:
    """The choice of a waiting decision. Raises Conflict when it is not offered."""
    choice = node.choice(choice_id)
    if choice is None:
        raise Conflict("This choice is not offered here.")
    return choice


def _lines(scenario: Scenario, played: Playthrough) -> tuple[Line, ...]:
    standings = [step.before for step in played.steps] + [played.standing]
    return tuple(
        Line(d.label, d.minimum, d.maximum, tuple(standing.state[index] for standing in standings))
        for index, d in enumerate(scenario.dimensions)
    )


def _outcomes(scenario: Scenario, reviews: Sequence[Review]) -> tuple[OutcomeCredit, ...]:
    marks = []
    for outcome in scenario.outcomes:
        earned = [review.credit for review in reviews if outcome.id in review.step.node.outcomes]
        if earned:
            marks.append(OutcomeCredit(outcome.id, 100 * sum(earned) / len(earned), len(earned)))
    return tuple(marks)


def _sources(reviews: Sequence[Review]) -> tuple[Citation, ...]:
    cited: dict[tuple[str, str | None], Citation] = {}
    for review in reviews:
        for choice in review.step.node.choices:
            for ref in choice.refs:
                cited.setdefault((ref.source.key, ref.locator), ref)
    return tuple(cited.values())
