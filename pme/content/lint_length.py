"""What a snap situation has to hold, with one scored decision only, and what a longer case has. Pure."""

from collections.abc import Iterator

from pme.content.problems import Remark, Severity
from pme.content.prove import Proof
from pme.content.scoring import credit
from pme.content.shapes import Scenario
from pme.words.numbers import listed
from pme.words.speech import _

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
        says = _("The scenario has one scored decision only; write length: snap, or add decisions.")
        yield Remark("nodes", says, Severity.WARNING)


def _snap(scenario: Scenario) -> Iterator[Remark]:
    decisions = scenario.decisions
    if len(decisions) != 1:
        says = _("A snap situation has exactly one scored decision; this one has {len}.", len=len(decisions))
        yield Remark("length", says)
    if scenario.minutes > LONGEST_SNAP:
        says = _(
            "A snap situation takes at most {longest_snap} minutes, not {minutes}.",
            longest_snap=LONGEST_SNAP,
            minutes=scenario.minutes,
        )
        yield Remark("estimated_minutes", says)
    for node in decisions:
        place = f"nodes.{node.id}"
        if len(node.choices) not in CHOICES:
            says = _(
                "A snap situation offers three to five choices; {id} offers {len}.",
                id=node.id,
                len=len(node.choices),
            )
            yield Remark(place, says)
        credits_ = sorted((credit(choice.key) for choice in node.choices), reverse=True)
        if len(credits_) > 1 and credits_[0] == credits_[1]:
            yield Remark(
                place, _("A snap situation has one best choice; in {id} two are rated alike.", id=node.id)
            )


def _proven_snap(scenario: Scenario, proof: Proof) -> Iterator[Remark]:
    passing = [choice for (_unused, choice), beyond in proof.choices.items() if beyond.passing]
    if len(passing) > 1:
        says = _(
            "In a snap situation only the best choice passes; here {join} do.",
            join=listed(sorted(passing)),
        )
        yield Remark("scoring", says)
    if len(proof.endings) == 1 and len(scenario.endings) == 1:
        says = _("Every choice has the same ending; a snap situation shows what follows from each.")
        yield Remark("outcomes", says)
