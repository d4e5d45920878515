"""Which ways students took through a scenario: each choice, each ending, each critical failure.

Pure.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pme.assessment.statistics_figures import Figure, share


@dataclass(frozen=True)
class Walk:
    """One way through: (decision, choice, next decision or ending) in order, its ending, the critical
    actions it failed.
    """

    steps: tuple[tuple[str, str, str], ...]
    ending: str
    failed: frozenset[str]


@dataclass(frozen=True)
class Edge:
    """A choice that leads somewhere: how many took it, as a share of those who stood before the decision."""

    node: str
    choice: str
    leads_to: str
    count: int
    share: Figure


@dataclass(frozen=True)
class Reached:
    """An ending reached or a critical action failed: how many, as a share of all."""

    id: str
    count: int
    share: Figure


@dataclass(frozen=True)
class PathFigures:
    """The paths of `n` students, on `distinct` different ways; `commonest` is how many took the commonest."""

    n: int
    distinct: int
    commonest: int
    edges: tuple[Edge, ...]
    endings: tuple[Reached, ...]
    failures: tuple[Reached, ...]

    def edges_from(self, node: str, choice: str) -> tuple[Edge, ...]:
        """Where a choice led, commonest first."""
        return tuple(edge for edge in self.edges if (edge.node, edge.choice) == (node, choice))


def path_figures(
    walks: Mapping[Walk, int], *, endings: tuple[str, ...], critical: tuple[str, ...]
) -> PathFigures:
    """Count the walks (each with how many took it). Endings and actions that nobody met are there, with 0.

    Shares have Wilson's interval: whoever stands before a decision takes exactly one choice.
    """
    n = sum(walks.values())
    taken: Counter[tuple[str, str, str]] = Counter()
    stood: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for walk, count in walks.items():
        for step in walk.steps:
            taken[step] += count
            stood[step[0]] += count
        ended[walk.ending] += count
        for action in walk.failed:
            failed[action] += count
    return PathFigures(
        n=n,
        distinct=len(walks),
        commonest=max(walks.values(), default=0),
        edges=tuple(Edge(*step, count, share(count, stood[step[0]])) for step, count in taken.most_common()),
        endings=tuple(Reached(each, ended[each], share(ended[each], n)) for each in endings),
        failures=tuple(Reached(each, failed[each], share(failed[each], n)) for each in critical),
    )
