"""Texts of a scenario that still hold the words of the form it was begun from. Pure."""

from collections.abc import Iterator

from pme.content.parsed import Parsed
from pme.content.problems import Problem
from pme.content.shapes import Scenario

TO_WRITE = "[to write:"
"""How a text begins that its author has still to write."""


def unwritten(scenario: Parsed[Scenario]) -> Iterator[Problem]:
    """Every text that is still to be written."""
    for passage in scenario.passages:
        at = passage.text.find(TO_WRITE)
        if at >= 0:
            wanted = passage.text[at + len(TO_WRITE) :].partition("]")[0].strip()
            yield Problem(scenario.file, passage.line, f"Still to be written: {wanted}.")
