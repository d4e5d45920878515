"""What to teach again: outcomes that too few people master, where the course teaches them, and what shows it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pme.content.shapes import Course, Module, Outcome
from pme.reports.commander.few import FEW, bounds, part
from pme.words.speech import _

ENOUGH = 80
"""Percent of the people who have to master an outcome before the course may call it mastered."""
HALF = 50
OFTEN = 20
"""Percent of the people from which a critical failure is a reason to teach its outcomes again."""


class Standing(StrEnum):
    """How far an outcome is mastered by those who were assessed on it."""

    MASTERED = "mastered"
    PARTLY = "partly mastered"
    LOW = "not mastered"
    UNKNOWN = "not assessed enough"  # not words


@dataclass(frozen=True)
class Result:
    """How many of those who took a task mastered an outcome of its module."""

    module: str
    outcome: str
    task: str
    students: int
    mastered: int


@dataclass(frozen=True)
class Failure:
    """How many of those who took a scenario failed at a critical action, and the outcomes of its module it bears on."""

    module: str
    outcomes: frozenset[str]
    scenario: str
    action: str
    students: int
    failed: int


@dataclass(frozen=True)
class Served:
    """An outcome of the course, and how far each outcome of its modules that serves it is mastered."""

    id: str
    text: str
    standings: tuple[Standing, ...]

    @property
    def mastered(self) -> int:
        """How many of them are mastered."""
        return self.standings.count(Standing.MASTERED)

    @property
    def known(self) -> int:
        """How many of them were assessed on enough people."""
        return len(self.standings) - self.standings.count(Standing.UNKNOWN)


@dataclass(frozen=True)
class Reteach:
    """An outcome to teach again: the module and the titles of its pages that teach it, and the evidence."""

    outcome: str
    module: str
    pages: tuple[str, ...]
    evidence: tuple[str, ...]


Key = tuple[str, str]
"""The module and the id of an outcome."""


@dataclass(frozen=True)
class Findings:
    """What was found: outcomes of the course with those that serve them, how many outcomes of its modules were
    assessed and are mastered, and what to teach again, the worst first.
    """

    served: tuple[Served, ...]
    assessed: int
    mastered: int
    reteach: tuple[Reteach, ...]


def findings(
    course: Course, modules: Sequence[Module], results: Iterable[Result], failures: Iterable[Failure]
) -> Findings:
    """What the results and failures of a period say of a course as it is published."""
    by_outcome: dict[Key, list[Result]] = {}
    for result in results:
        if result.students >= FEW:
            by_outcome.setdefault((result.module, result.outcome), []).append(result)
    often: dict[Key, list[Failure]] = {}
    for failure in failures:
        told = part(failure.failed, failure.students)
        if told.percent is not None and told.percent >= OFTEN:
            for outcome in failure.outcomes:
                often.setdefault((failure.module, outcome), []).append(failure)
    standing = {key: _standing(found) for key, found in by_outcome.items()}
    served = tuple(
        Served(
            outcome.id,
            outcome.text,
            tuple(standing.get(key, Standing.UNKNOWN) for key in _serving(outcome, modules)),
        )
        for outcome in course.outcomes
    )
    taught = [
        (module, outcome, (module.slug, outcome.id)) for module in modules for outcome in module.outcomes
    ]
    weak = [
        (min(_share(by_outcome.get(key, ())), 100 - _worst(often.get(key, ()))), module, outcome)
        for module, outcome, key in taught
        if standing.get(key) in (Standing.PARTLY, Standing.LOW) or key in often
    ]
    known = [
        standing[key] for _, _, key in taught if standing.get(key, Standing.UNKNOWN) is not Standing.UNKNOWN
    ]
    return Findings(
        served,
        len(known),
        known.count(Standing.MASTERED),
        tuple(
            Reteach(
                outcome.text,
                module.title,
                tuple(page.title for page in module.pages if outcome.id in page.outcomes),
                (*_shown(by_outcome.get((module.slug, outcome.id), ())), *_failed(often, module, outcome)),
            )
            for _, module, outcome in sorted(weak, key=lambda each: each[0])
        ),
    )


def _serving(outcome: Outcome, modules: Iterable[Module]) -> list[Key]:
    return [
        (module.slug, each.id) for module in modules for each in module.outcomes if outcome.id in each.serves
    ]


def _shares(found: Iterable[Result]) -> tuple[float, float]:
    """Between which percentages a reader knows the share to lie that mastered an outcome in all its tasks."""
    students, low, high = 0, 0, 0
    for each in found:
        least, most = bounds(each.mastered, each.students)
        students, low, high = students + each.students, low + least, high + most
    return (100 * low / students, 100 * high / students) if students else (100.0, 100.0)


def _share(found: Iterable[Result]) -> float:
    return sum(_shares(found)) / 2


def _standing(found: Iterable[Result]) -> Standing:
    """The standing that both bounds have: any other would tell which of them is nearer."""
    low, high = (_named(share) for share in _shares(found))
    return low if low is high else Standing.UNKNOWN


def _named(share: float) -> Standing:
    if share >= ENOUGH:
        return Standing.MASTERED
    return Standing.PARTLY if share >= HALF else Standing.LOW


def _worst(failures: Iterable[Failure]) -> float:
    return max((100 * each.failed / each.students for each in failures), default=0.0)


def _shown(found: Iterable[Result]) -> list[str]:
    return [
        _("{task}: {told} mastered it", task=each.task, told=part(each.mastered, each.students).told)
        for each in found
    ]


def _failed(often: Mapping[Key, Sequence[Failure]], module: Module, outcome: Outcome) -> list[str]:
    return [
        _(
            "{scenario}: {told} failed at “{action}”",
            scenario=each.scenario,
            told=part(each.failed, each.students).told,
            action=each.action,
        )
        for each in often.get((module.slug, outcome.id), ())
    ]
