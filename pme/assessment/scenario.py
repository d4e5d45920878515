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
from pme.words.numbers import decimal
from pme.words.speech import _

PARTS = ("path_taken", "state_over_time", "panel_ratings", "expert_path", "sources", "reflection")
"""What a debrief shows when its author leaves nothing out."""


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
    def panel(self) -> str:
        """How a panel rated what was chosen and what an expert chooses, or nothing where none rated both."""
        own, expert = self.step.choice.key.panel, self.expert.key.panel if self.expert else ()
        if not own or not expert:
            return ""
        told = _("the expert path {rated}", rated=_spread(expert))
        return (
            told if self.is_expert_choice else "; ".join((_("your choice {rated}", rated=_spread(own)), told))
        )

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
class CriticalLine:
    """One critical action in the debrief: whether it was heeded, and at which decisions it was taken."""

    action: CriticalAction
    is_heeded: bool
    decisions: tuple[int, ...]


@dataclass(frozen=True)
class DebriefView:
    """The after-action review of a complete path.

    `shows` names the parts that the author wants shown beside result, ending and reflection.
    """

    ending: Ending
    score: ScenarioScore
    reviews: tuple[Review, ...]
    lines: tuple[Line, ...]
    outcomes: tuple[OutcomeCredit, ...]
    critical: tuple[CriticalLine, ...]
    sources: tuple[Citation, ...]
    shows: frozenset[str]

    @property
    def is_critical(self) -> bool:
        """Whether a critical action was not heeded."""
        return any(not line.is_heeded for line in self.critical)


def debrief(scenario: Scenario, path: Sequence[tuple[str, str]]) -> DebriefView:
    """The review of a path. Raises Conflict when the path has not reached an ending."""
    played = follow(scenario, path)
    if played.ending is None:
        raise Conflict(_("This scenario is not finished yet."))
    score = scenario_result(scenario, played.steps)
    expert = dict(scenario.debrief.expert_path)
    reviews = tuple(
        Review(number, step, step.node.choice(expert.get(step.node.id, "")), step.choice.key.credit)
        for number, step in enumerate(played.steps, start=1)
    )
    return DebriefView(
        ending=played.ending,
        score=score,
        reviews=reviews,
        lines=_lines(scenario, played),
        outcomes=_outcomes(scenario, reviews),
        critical=tuple(_critical(action, score, reviews) for action in scenario.critical_actions),
        sources=_sources(scenario, reviews),
        shows=frozenset(scenario.debrief.show or PARTS),
    )


def decisions_on_each_path(scenario: Scenario) -> int:
    """How many decisions every path meets, for “decision 2 of 6”."""
    return len(follow(scenario, scenario.debrief.expert_path).steps)


def waiting_choice(node: DecisionNode, choice_id: str) -> Choice:
    """The choice of a waiting decision. Raises Conflict when it is not offered."""
    choice = node.choice(choice_id)
    if choice is None:
        raise Conflict(_("This choice is not offered here."))
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


def _critical(action: CriticalAction, score: ScenarioScore, reviews: Sequence[Review]) -> CriticalLine:
    taken = [
        review.number
        for review in reviews
        if action.id in (review.step.choice.critical, review.step.choice.satisfies)
    ]
    return CriticalLine(action, action.id not in (*score.broken, *score.missed), tuple(taken))


def _spread(ratings: Sequence[int]) -> str:
    mean = sum(ratings) / len(ratings)
    return _(
        "{mean} on average (from {low} to {high})", mean=decimal(mean, 1), low=min(ratings), high=max(ratings)
    )


def _sources(scenario: Scenario, reviews: Sequence[Review]) -> tuple[Citation, ...]:
    cited: dict[tuple[str, str | None], Citation] = {}
    met = [choice.refs for review in reviews for choice in review.step.node.choices]
    for refs in (*met, *(action.refs for action in scenario.critical_actions)):
        for ref in refs:
            cited.setdefault((ref.source.key, ref.locator), ref)
    return tuple(cited.values())
