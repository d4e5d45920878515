"""What a snap situation has to hold, with one scored decision only, and what a longer case has. Pure."""

from collections.abc import Iterator

from pme.content.problems import Remark, Severity
from pme.content.prove import Proof
from pme.content.scoring import credit
from pme.content.shapes import Scenario

CHOICES = range(3, 6)
LONGEST_SNAP = 5
"""Minutes."""


def length(scenario: Scenario, proof: Proof | None) -> Iterator[Remark]:
    """Whether a scenario is as long as it says, and whether a snap situation can carry its one decision."""
    if scenario.length == "snap":
        yield from _snap(scenario)
        if proof is not None and proof.is_counted and proof.shortest == proof.longest == 1:
            yield from _proven_snap(scenario, proof)
    elif proof is not None and proof.is_counted and proof.longest == 1:
        says = "The scenario has one scored decision only; write length: snap, or add decisions."
        yield Remark("nodes", says, Severity.WARNING)


def _snap(scenario: Scenario) -> Iterator[Remark]:
    decisions = scenario.decisions
    if len(decisions) != 1:
        says = f"A snap situation has exactly one scored decision; this one has {len(decisions)}."
        yield Remark("length", says)
    if scenario.minutes > LONGEST_SNAP:
        says = f"A snap situation takes at most {LONGEST_SNAP} minutes, not {scenario.minutes}."
        yield Remark("estimated_minutes", says)
    for node in decisions:
        place = f"nodes.{node.id}"
        if len(node.choices) not in CHOICES:
            says = f"A snap situation offers three to five choices; {node.id} offers {len(node.choices)}."
            yield Remark(place, says)
        credits_ = sorted((credit(choice.key) for choice in node.choices), reverse=True)
        if len(credits_) > 1 and credits_[0] == credits_[1]:
            yield Remark(place, f"A snap situation has one best choice; in {node.id} two are rated alike.")


def _proven_snap(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    passing = [choice for (_, choice), beyond in proof.choices.items() if beyond.passing]
    if len(passing) > 1:
        says = f"In a snap situation only the best choice passes; here {' and '.join(sorted(passing))} do."
        yield Remark("scoring", says)
    if len(proof.endings) == 1 and len(scenario.endings) == 1:
        says = "Every choice has the same outcome; a snap situation shows what follows from each."
        yield Remark("outcomes", says)
