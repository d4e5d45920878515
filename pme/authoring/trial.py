"""What somebody has done in a preview: pages read, answers, the path in a scenario. Pure.

It stands apart from everything that is kept of students and is forgotten soon. What was begun on another
state of a quiz or scenario is begun anew.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any

from pme.assessment.answers import Answer
from pme.assessment.draw import Draw, deal_quiz, deal_scenario
from pme.content.shapes import Quiz, Scenario
from pme.errors import Invalid
from pme.practice.checks import Given, Name
from pme.words.speech import _

LONGEST = 100_000
"""Characters that a preview keeps at most."""


@dataclass(frozen=True)
class QuizTrial:
    """A quiz in a preview: answers and how sure, by item. `turn` counts the times it was begun."""

    sha256: str
    turn: int = 1
    answers: Mapping[str, Answer] = field(default_factory=dict)
    sure: Mapping[str, int] = field(default_factory=dict)
    is_done: bool = False
    is_passed: bool = False


@dataclass(frozen=True)
class ScenarioTrial:
    """A scenario in a preview: the path so far. `is_closed`: on to the debrief; `is_done`: that was finished too."""

    sha256: str
    turn: int = 1
    path: tuple[tuple[str, str], ...] = ()
    is_closed: bool = False
    is_done: bool = False
    is_passed: bool = False


@dataclass(frozen=True)
class Trial:
    """All that a preview keeps. `read` holds (module, page) pairs; `language` is empty for that of the source."""

    language: str = ""
    read: frozenset[tuple[str, str]] = frozenset()
    checks: Mapping[Name, Given] = field(default_factory=dict)
    quizzes: Mapping[str, QuizTrial] = field(default_factory=dict)
    scenarios: Mapping[str, ScenarioTrial] = field(default_factory=dict)

    def in_language(self, language: str) -> "Trial":
        """The same, read in another language."""
        return replace(self, language=language)

    def with_page(self, module: str, page: str) -> "Trial":
        """The same with a page read."""
        return replace(self, read=self.read | {(module, page)})

    def with_check(self, name: Name, given: Given | None) -> "Trial":
        """The same with a check answered, or (None) open again."""
        kept = {key: value for key, value in self.checks.items() if key != name}
        return replace(self, checks=kept | ({name: given} if given else {}))

    def with_quiz(self, slug: str, quiz: QuizTrial) -> "Trial":
        """The same with a quiz as it stands now."""
        return replace(self, quizzes={**self.quizzes, slug: quiz})

    def with_scenario(self, slug: str, scenario: ScenarioTrial) -> "Trial":
        """The same with a scenario as it stands now."""
        return replace(self, scenarios={**self.scenarios, slug: scenario})

    def quiz(self, slug: str, sha256: str) -> QuizTrial | None:
        """A quiz that was begun on this very state of it, or None."""
        found = self.quizzes.get(slug)
        return found if found and found.sha256 == sha256 else None

    def scenario(self, slug: str, sha256: str) -> ScenarioTrial | None:
        """A scenario that was begun on this very state of it, or None."""
        found = self.scenarios.get(slug)
        return found if found and found.sha256 == sha256 else None


def draw_of(quiz: Quiz, trial: QuizTrial, owner: str) -> Draw:
    """What this preview asks: the same each time, another each turn."""
    return deal_quiz(quiz, Random(f"{owner}/{quiz.slug}/{trial.turn}/{trial.sha256}"))  # noqa: S311  (no secret)


def choices_of(scenario: Scenario, trial: ScenarioTrial, owner: str) -> Draw:
    """The order of the choices in this preview."""
    return deal_scenario(scenario, Random(f"{owner}/{scenario.slug}/{trial.turn}"))  # noqa: S311  (no secret)


def as_text(trial: Trial) -> str:
    """The form that is kept. Raises Invalid when it is more than a preview may hold."""
    text = json.dumps(
        {
            "language": trial.language,
            "read": sorted(trial.read),
            "checks": [[*name, asdict(given)] for name, given in trial.checks.items()],
            "quizzes": {slug: asdict(quiz) for slug, quiz in trial.quizzes.items()},
            "scenarios": {slug: asdict(scenario) for slug, scenario in trial.scenarios.items()},
        },
        ensure_ascii=False,
    )
    if len(text) > LONGEST:
        raise Invalid(_("This preview is full. Start it again on its first page, or write less."))
    return text


def from_text(text: str) -> Trial:
    """Back from the form that is kept."""
    kept: dict[str, Any] = json.loads(text)
    return Trial(
        language=kept.get("language", ""),
        read=frozenset((module, page) for module, page in kept["read"]),
        checks={
            (bank, item): Given(**given | {"answer": tuple(given["answer"])})
            for bank, item, given in kept["checks"]
        },
        quizzes={
            slug: QuizTrial(
                **quiz | {"answers": {item: tuple(answer) for item, answer in quiz["answers"].items()}}
            )
            for slug, quiz in kept["quizzes"].items()
        },
        scenarios={
            slug: ScenarioTrial(
                **scenario | {"path": tuple((node, choice) for node, choice in scenario["path"])}
            )
            for slug, scenario in kept["scenarios"].items()
        },
    )
