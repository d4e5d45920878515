"""A practice as a device carries it, to be played without a connection.

Pure. Every situation is in it by necessity, with what each choice says and leads to. What is not: credits, the
expert path, critical actions, how endings are judged, and every name that an author gave; what is numbered here
in their place says nothing. Only what is for practice can be carried.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pme.content.conditions import Told, told
from pme.content.shapes import BriefNode, Choice, DecisionNode, Ending, ResolveNode, Scenario
from pme.errors import Conflict
from pme.words.lazily import lazy

COUNTS = lazy("This scenario counts, so it stays with the server. Only practice can be carried on a device.")


@dataclass(frozen=True)
class Part:
    """One text of a node, and when it is the one that is shown."""

    when: Told
    text_html: str


@dataclass(frozen=True)
class Option:
    """One choice as it was dealt: where it leads, and what it changes, by number."""

    choice: Choice
    to: int
    effects: tuple[tuple[int, int], ...]
    raises: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """One node by its number. `ways` are the branches of one that only leads on; a brief has one way."""

    number: int
    node: BriefNode | DecisionNode | ResolveNode | Ending
    kind: str
    parts: tuple[Part, ...] = ()
    ways: tuple[tuple[Told, int], ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Package:
    """All of a practice. `state` is (start, least, most) of each dimension; flags follow it, all down."""

    start: int
    state: tuple[tuple[int, int, int], ...]
    flags: int
    places: tuple[Place, ...]
    path: tuple[tuple[int, int, int], ...]
    """What is decided so far: (sequence, place, position of the choice from 1)."""


def package(
    scenario: Scenario, deals: Mapping[str, Sequence[str]], taken: Sequence[tuple[int, str, str]]
) -> Package:
    """A practice with its choices in the order that was dealt, and what is decided (sequence, node, choice).

    Raises Conflict for a scenario that counts.
    """
    if scenario.mode != "formative":
        raise Conflict(COUNTS)
    names = [*scenario.nodes, *(ending.id for ending in scenario.endings)]
    places = {name: number for number, name in enumerate(names)}
    values = {
        name: number for number, name in enumerate([*(d.name for d in scenario.dimensions), *scenario.flags])
    }

    def parts(node: BriefNode | DecisionNode) -> tuple[Part, ...]:
        return tuple(Part(told(each.when, values), each.text_html) for each in node.variants)

    def option(choice: Choice) -> Option:
        effects = tuple((values[name], by) for name, by in choice.effects.items())
        return Option(choice, places[choice.goto], effects, tuple(values[flag] for flag in choice.raises))

    def place(number: int, node: BriefNode | DecisionNode | ResolveNode) -> Place:
        match node:
            case BriefNode():
                return Place(number, node, "brief", parts(node), ((1, places[node.goto]),))
            case ResolveNode():
                ways = tuple((told(each.when, values), places[each.to]) for each in node.branches)
                return Place(number, node, "way", ways=ways)
            case DecisionNode():
                dealt = [choice for name in deals[node.id] if (choice := node.choice(name)) is not None]
                return Place(number, node, "decision", parts(node), options=tuple(map(option, dealt)))

    nodes = [place(number, node) for number, node in enumerate(scenario.nodes.values())]
    endings = [Place(places[ending.id], ending, "ending") for ending in scenario.endings]
    return Package(
        start=places[scenario.start],
        state=tuple((d.start, d.minimum, d.maximum) for d in scenario.dimensions),
        flags=len(scenario.flags),
        places=(*nodes, *endings),
        path=tuple((step, places[node], deals[node].index(choice) + 1) for step, node, choice in taken),
    )
