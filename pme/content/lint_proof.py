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
from pme.words.numbers import decimal, grouped
from pme.words.speech import _

LUCKY = 0.05


def proven(scenario: Scenario, proof: Proof) -> list[Remark]:
    """Everything the proof shows to be wrong."""
    if not proof.is_counted and is_open_to_counting(proof):
        return [
            Remark(
                "nodes",
                _(
                    "There are too many paths to prove, over {most} with different endings or states; "
                    "remove states, flags or decisions.",
                    most=grouped(MOST_END_STATES),
                ),
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
        return [Remark(place, _("The expert path takes a step that is not available at that point."))]
    score = scenario_result(scenario, played.steps)
    if played.ending is None:
        return [Remark(place, _("The expert path stops before an ending."))]
    remarks = [
        Remark(place, _("The expert path does {name}, which must not be done.", name=name))
        for name in score.broken
    ]
    remarks += [
        Remark(place, _("The expert path leaves out {name}.", name=name))
        for name in score.missed
        if name not in _unsatisfied(scenario, proof)
    ]
    if not score.passed and not score.missed and not remarks and proof.passing:
        says = _("The expert path earns {percent} % and does not pass.", percent=decimal(score.percent))
        remarks.append(Remark(place, says))
    if played.ending.harm:
        remarks.append(Remark(place, _("The expert path ends in harm.")))
    return remarks


def _unreached(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    places = proof.reach.places
    for node in scenario.nodes.values():
        place = f"nodes.{node.id}"
        if place not in places:
            yield Remark(place, _("No path reaches the node “{id}”.", id=node.id))
        elif isinstance(node, ResolveNode):
            for position, branch in enumerate(node.branches):
                is_known = {f"nodes.{branch.to}", f"outcomes.{branch.to}"} & places  # else it is told of that
                if is_known and f"{place}.goto.{position}" not in places:
                    yield _mention(
                        f"{place}.goto.{position}",  # not words
                        _("No path takes this branch of “{id}”.", id=node.id),
                    )
        else:
            for position in range(len(node.variants)):
                if f"{place}.variants.{position}" not in places:
                    says = _(
                        "No path shows this text of “{id}”; no state it is for can occur there.", id=node.id
                    )
                    yield Remark(f"{place}.variants.{position}", says)  # not words
    for ending in scenario.endings:
        if f"outcomes.{ending.id}" not in places:
            yield Remark(f"outcomes.{ending.id}", _("No path reaches the ending “{id}”.", id=ending.id))


def _endless(proof: Proof) -> Iterator[Remark]:
    reach = proof.reach
    for node_id in sorted(reach.dead_ends):
        yield Remark(f"nodes.{node_id}", _("Dead end: at “{node_id}” a path cannot go on.", node_id=node_id))
    if not reach.dead_ends:
        for node_id in sorted(reach.trapped):
            yield Remark(
                f"nodes.{node_id}",
                _("Loop: from “{node_id}” a path never reaches an ending.", node_id=node_id),
            )
    for node_id in sorted(reach.repeated - reach.trapped):
        says = _(
            "Loop: a path can meet “{node_id}” again and again, so paths differ in their decisions.",
            node_id=node_id,
        )
        yield Remark(f"nodes.{node_id}", says)


def _counted(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    if not proof.is_counted:
        if isinstance(proof.reach.start, End):
            yield Remark("start", _("The scenario ends before its first decision."))
        return
    if proof.shortest != proof.longest:
        says = _(
            "Paths have different numbers of scored decisions, from {shortest} to {longest}; "
            "every path has to meet the same.",
            shortest=proof.shortest,
            longest=proof.longest,
        )
        yield Remark("nodes", says)
    else:
        yield from _uneven(proof)
    if proof.passing == 0 and not _unsatisfied(scenario, proof):
        yield Remark("scoring", _("No path passes: all {paths} fail.", paths=proof.paths))
    if proof.failing == 0:
        yield Remark("scoring", _("No path fails: all {paths} pass.", paths=proof.paths))
    if proof.passing_harm is not None:
        steps = ", ".join(f"{node}.{choice}" for node, choice in proof.passing_harm)
        yield Remark("scoring", _("A path that passes ends in harm: {steps}.", steps=steps))
    if proof.guess_probability > LUCKY and proof.failing and scenario.length != "snap":
        says = _(
            "Blind guessing passes with a probability of {likely}; aim for .05 or less.",
            likely=decimal(proof.guess_probability, 2),
        )
        yield _mention("scoring", says)


def _uneven(proof: Proof) -> Iterator[Remark]:
    """Decisions that only some paths meet, where every path meets as many."""
    met: Counter[str] = Counter()
    for (node_id, _unused), beyond in proof.choices.items():
        met[node_id] += beyond.paths
    some = {node_id: paths for node_id, paths in met.items() if paths != proof.paths}
    if some:
        told = ", ".join(
            _("“{node}” ({paths} of {all})", node=node_id, paths=grouped(paths), all=grouped(proof.paths))
            for node_id, paths in some.items()
        )
        says = _(
            "Only some paths meet these decisions: {told}. Every path has to meet the same ones, so that "
            "every student is asked the same.",
            told=told,
        )
        yield Remark(f"nodes.{next(iter(some))}", says)


def _critical(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    broken = {choice.critical for moves in proof.reach.moves.values() for choice, _unused in moves}
    unsatisfied = _unsatisfied(scenario, proof)
    for action in scenario.critical_actions:
        place = f"critical_actions.{action.id}"
        if action.kind == "must_not" and action.id not in broken:
            yield Remark(
                place, _("No path can do {id}: no choice that is reached is marked with it.", id=action.id)
            )
        if action.id in unsatisfied:
            yield Remark(
                place,
                _("No path can satisfy {id}: no choice that is reached is marked with it.", id=action.id),
            )


def _unsatisfied(scenario: Scenario, proof: Proof) -> set[str]:
    """The must-dos that no path does; then no path passes, and neither does the expert path."""
    done = {choice.satisfies for moves in proof.reach.moves.values() for choice, _unused in moves}
    return {
        action.id
        for action in scenario.critical_actions
        if action.kind == "must_do" and action.id not in done
    }


def _mention(place: str, says: str) -> Remark:
    return Remark(place, says, Severity.WARNING)
