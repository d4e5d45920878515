"""Where a scenario can go at all: nodes, texts and endings that some path meets, by state.

Pure. Explores situations (a decision with the state and flags one stands in), each once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pme.content.conditions import holds
from pme.content.play import Standing, apply, arrive, opening, values
from pme.content.shapes import BriefNode, Choice, DecisionNode, ResolveNode, Scenario, Variant
from pme.errors import Conflict

Situation = tuple[str, Standing]
"""A decision by its node, and how things stand when it is met."""


@dataclass(frozen=True)
class Move:
    """A choice taken in a situation: the next situation, or the ending it leads to."""

    choice: Choice
    situation: Situation | None = None
    ending: str | None = None


@dataclass(frozen=True)
class Reach:
    """What can be reached. Places are written like `nodes.d2.variants.0` and `outcomes.sound`.

    `dead_ends` are nodes where some path finds no way on, `circles` nodes that lead round without
    a decision, `trapped` decisions from which no ending can be reached, and `repeated` decisions
    that a path can meet again in the very same situation.
    """

    start: Move | None
    moves: Mapping[Situation, tuple[Move, ...]]
    places: frozenset[str]
    dead_ends: frozenset[str] = frozenset()
    circles: frozenset[str] = frozenset()
    trapped: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
