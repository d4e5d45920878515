"""Proofs of published scenarios, kept in the process by the hash of what they prove.

A proof takes half a second and never changes; kept without its end states, which nobody is shown.
"""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from pme.content.catalogue import Versioned
from pme.content.prove import Proof, prove
from pme.content.prove_reach import Reach
from pme.content.shapes import Scenario

MOST_KEPT = 64
_NOWHERE = Reach(None, {}, frozenset(), frozenset(), frozenset(), frozenset())
_kept: OrderedDict[str, Proof] = OrderedDict()
_proving = Lock()


def proof_of(scenario: Versioned[Scenario]) -> Proof:
    """What was proved of a version, without its end states and situations."""
    with _proving:
        if scenario.sha256 not in _kept:
            _kept[scenario.sha256] = replace(prove(scenario.content), end_states=frozenset(), reach=_NOWHERE)
        _kept.move_to_end(scenario.sha256)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[scenario.sha256]
