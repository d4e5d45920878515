"""What the proof of a scenario says to its author, in sentences. Pure."""

from collections import Counter
from collections.abc import Iterator

from pme.content.play import follow
from pme.content.problems import Remark, Severity
from pme.content.prove import MOST_END_STATES, Proof
from pme.content.prove_reach import End
from pme.content.scoring import scenario_result
from pme.content.shapes import ResolveNode, Scenario
from pme.errors import Conflict

LUCKY = 0.05


def proven(scenario: Scenario, proof: Proof) -> list[Remark]:
    """Everything the proof shows to be wrong."""
    if not proof.is_counted and is_open_to_counting(proof):
        return [
            Remark(
                "nodes",
                f"There are too many paths to prove, over {MOST_END_STATES:,} that end or stand differently; "
                "take away state, flags or decisions.",
            )
        ]
    return [
        *_unreached(scenario, proof),
        *_endless(proof),
        *_counted(scenario, proof),
        *_critical(scenario, proof),
    ]


def is_open_to_counting(proof: Proof) -> bool:
    """Whether nothing but their number keeps the paths from being counted."""
    reach = proof.reach
    is_sound = isinstance(reach.start, tuple) and not reach.dead_ends and not reach.repeated
    return is_sound or not reach.is_whole


def expert_path(scenario: Scenario, proof: Proof) -> list[Remark]:
    """What is wrong with the way the experts go, unless every way is wrong in the same."""
    place = "debrief.expert_path"
    try:
        played = follow(scenario, scenario.debrief.expert_path)
    except Conflict:
        return [Remark(place, "The expert path takes a step that is not open where it stands.")]
    score = scenario_result(scenario, played.steps)
    if played.ending is None:
        return [Remark(place, "The expert path stops before an outcome.")]
    remarks = [
        Remark(place, f"The expert path does {name}, which must not be done.") for name in score.broken
    ]
    remarks += [
        Remark(place, f"The expert path leaves out {name}.")
        for name in score.missed
        if name not in _unsatisfied(scenario, proof)
    ]
    if not score.passed and not score.missed and not remarks and proof.passing:
        says = f"The expert path earns {score.percent:.0f} % and does not pass."
        remarks.append(Remark(place, says))
    if played.ending.harm:
        remarks.append(Remark(place, "The expert path ends in harm."))
    return remarks


def _unreached(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    places = proof.reach.places
    for node in scenario.nodes.values():
        place = f"nodes.{node.id}"
        if place not in places:
            yield Remark(place, f"No path reaches the node “{node.id}”.")
        elif isinstance(node, ResolveNode):
            for position, branch in enumerate(node.branches):
                is_known = {f"nodes.{branch.to}", f"outcomes.{branch.to}"} & places  # else it is told of that
                if is_known and f"{place}.goto.{position}" not in places:
                    yield _mention(f"{place}.goto.{position}", f"No path takes this branch of “{node.id}”.")
        else:
            for position in range(len(node.variants)):
                if f"{place}.variants.{position}" not in places:
                    says = f"No path shows this text of “{node.id}”; no state it is for can occur there."
                    yield Remark(f"{place}.variants.{position}", says)
    for ending in scenario.endings:
        if f"outcomes.{ending.id}" not in places:
            yield Remark(f"outcomes.{ending.id}", f"No path reaches the outcome “{ending.id}”.")


def _endless(proof: Proof) -> Iterator[Remark]:
    reach = proof.reach
    for node_id in sorted(reach.dead_ends):
        yield Remark(f"nodes.{node_id}", f"Dead end: at “{node_id}” some path finds no way on.")
    if not reach.dead_ends:
        for node_id in sorted(reach.trapped):
            yield Remark(f"nodes.{node_id}", f"Loop: from “{node_id}” some path never reaches an outcome.")
    for node_id in sorted(reach.repeated - reach.trapped):
        says = f"Loop: a path can meet “{node_id}” again and again, so paths differ in their decisions."
        yield Remark(f"nodes.{node_id}", says)


def _counted(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    if not proof.is_counted:
        if isinstance(proof.reach.start, End):
            yield Remark("start", "The scenario ends before its first decision.")
        return
    if proof.shortest != proof.longest:
        says = (
            f"Paths have different numbers of scored decisions, from {proof.shortest} to {proof.longest}; "
            "every path has to meet the same."
        )
        yield Remark("nodes", says)
    else:
        yield from _uneven(proof)
    if proof.passing == 0 and not _unsatisfied(scenario, proof):
        yield Remark("scoring", f"No path passes: all {proof.paths} fail.")
    if proof.failing == 0:
        yield Remark("scoring", f"No path fails: all {proof.paths} pass.")
    if proof.passing_harm is not None:
        steps = ", ".join(f"{node}.{choice}" for node, choice in proof.passing_harm)
        yield Remark("scoring", f"A path that passes ends in harm: {steps}.")
    if proof.guess_probability > LUCKY and proof.failing and scenario.length != "snap":
        says = (
            f"Blind guessing passes with a probability of {proof.guess_probability:.2f}; aim for .05 or less."
        )
        yield _mention("scoring", says)


def _uneven(proof: Proof) -> Iterator[Remark]:
    """Decisions that only some paths meet, where every path meets as many."""
    met: Counter[str] = Counter()
    for (node_id, _), beyond in proof.choices.items():
        met[node_id] += beyond.paths
    some = {node_id: paths for node_id, paths in met.items() if paths != proof.paths}
    if some:
        told = ", ".join(f"“{node_id}” ({paths:,} of {proof.paths:,})" for node_id, paths in some.items())
        says = (
            f"Only some paths meet these decisions: {told}. Every path has to meet the same ones, so that "
            "every student is asked the same."
        )
        yield Remark(f"nodes.{next(iter(some))}", says)


def _critical(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    broken = {choice.critical for moves in proof.reach.moves.values() for choice, _ in moves}
    unsatisfied = _unsatisfied(scenario, proof)
    for action in scenario.critical_actions:
        place = f"critical_actions.{action.id}"
        if action.kind == "must_not" and action.id not in broken:
            yield Remark(place, f"No path can do {action.id}: no choice that is reached is marked with it.")
        if action.id in unsatisfied:
            yield Remark(
                place, f"No path can satisfy {action.id}: no choice that is reached is marked with it."
            )


def _unsatisfied(scenario: Scenario, proof: Proof) -> set[str]:
    """The must-dos that no path does; then no path passes, and neither does the expert path."""
    done = {choice.satisfies for moves in proof.reach.moves.values() for choice, _ in moves}
    return {
        action.id
        for action in scenario.critical_actions
        if action.kind == "must_do" and action.id not in done
    }


def _mention(place: str, says: str) -> Remark:
    return Remark(place, says, Severity.WARNING)
