"""The content as it is shipped, checked once a worker: that takes some ten seconds, and nobody changes it."""

from functools import cache

from pme.config import ROOT
from pme.content.check import check_tree
from pme.content.library import Report
from pme.content.shapes import Scenario


@cache
def checked() -> Report:
    """What checking found, with the library to publish and the proofs of its scenarios."""
    return check_tree(ROOT / "modules", ROOT / "quizzes")


def proved() -> dict[str, Scenario]:
    """The shipped scenarios that could be proved, by their address."""
    return {scenario.slug: scenario for scenario, _ in checked().proofs}
