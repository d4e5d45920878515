"""The proof of a scenario as its author reads it in a terminal. Pure."""

from collections.abc import Iterator, Mapping

from pme.content.prove import Onward, Proof, shares_of
from pme.content.shapes import Scenario


def proof_report(scenario: Scenario, proof: Proof) -> str:
    """What was proved of a scenario: paths, scores, guessing, endings, and what each choice leads to."""
    title = f"{scenario.slug}: {scenario.title}"
    lines = _counted(scenario, proof) if proof.is_counted else ["  Its paths cannot be counted; see below."]
    return "\n".join([title, *lines])


def _counted(scenario: Scenario, proof: Proof) -> Iterator[str]:
    decisions = str(proof.longest) if proof.shortest == proof.longest else f"{proof.shortest}-{proof.longest}"
    yield (
        f"  Paths: {proof.paths:,}, of which {proof.passing:,} pass and {proof.failing:,} fail; scored decisions on "
        f"each: {decisions}; different end states: {proof.ends:,}."
    )
    yield (
        f"  The lowest score is {_percent(proof.lowest)}, the highest {_percent(proof.highest)}; "
        f"{scenario.min_percent} % and no critical error pass."
    )
    if proof.highest_failing is not None:
        yield f"  The highest score that still fails is {_percent(proof.highest_failing)}."
    yield f"  Blind guessing passes with a probability of {proof.guess_probability:.4f}."
    yield "  Endings:"
    for ending in scenario.endings:
        if (there := proof.endings.get(ending.id)) is not None:
            mark = " (harm)" if ending.harm else ""
            yield f"    {ending.id}{mark}: {there.passing:,} of {there.paths:,} pass"
    expert = set(scenario.debrief.expert_path)
    yield "  Choices, and what lies beyond each on all paths that take it (* is the expert path):"
    yield from _choices(scenario, proof.choices, expert)
    yield "  The first step off the expert path, and what lies beyond it:"
    yield from _choices(scenario, proof.departures, set())


def _choices(
    scenario: Scenario,
    beyond: Mapping[tuple[str, str], Onward],
    marked: set[tuple[str, str]],
) -> Iterator[str]:
    for node in scenario.decisions:
        for choice in node.choices:
            there = beyond.get((node.id, choice.id))
            if there is not None:
                star = "*" if (node.id, choice.id) in marked else " "
                yield f"   {star}{node.id}.{choice.id}: {there.passing:,} of {there.paths:,} pass; {shares_of(there)}"


def _percent(number: float) -> str:
    # Rounded down, so that no score looks passed that is not.
    return f"{int(number + 1e-9)} %"
