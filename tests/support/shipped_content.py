"""The content as it is shipped, checked once a run: that takes some ten seconds, and nobody changes it."""

import copyreg
import os
import pickle
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pme.config import ROOT
from pme.content.check import check_tree
from pme.content.library import Report
from pme.content.shapes import Scenario
from tests.support import postgres
from tests.support.databases import once


def _closed(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


@cache
def checked() -> Report:
    """What checking found, with the library to publish and the proofs of its scenarios.

    The first worker of a run that asks checks it, and leaves it to the others in the folder of the run.
    """
    if postgres.FOLDER not in os.environ:
        return check_tree(ROOT / "modules", ROOT / "quizzes")
    kept = Path(os.environ[postgres.FOLDER]) / "shipped.pickle"
    with once(kept.with_suffix("")) as first:
        if first:
            report = check_tree(ROOT / "modules", ROOT / "quizzes")
            copyreg.pickle(MappingProxyType, lambda mapping: (_closed, (dict(mapping),)))
            kept.write_bytes(pickle.dumps(report))
            return report
    found: Report = pickle.loads(kept.read_bytes())
    return found


def proved() -> dict[str, Scenario]:
    """The shipped scenarios that could be proved, by their address."""
    return {scenario.slug: scenario for scenario, _ in checked().proofs}
