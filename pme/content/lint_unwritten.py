"""Texts of a scenario that still hold the words of the form it was begun from. Pure."""

from collections.abc import Iterator

from pme.content.parsed import Parsed
from pme.content.problems import Problem
from pme.content.shapes import Scenario

TO_WRITE = "[write:"
"""How a text begins that its author has still to write."""


def unwritten(scenario: Parsed[Scenario]) -> Iterator[Problem]:
    """Every text that is still to be written."""
    for number, line in enumerate(scenario.source[scenario.file].split("\n"), start=1):
        if TO_WRITE in line:
            wanted = line.partition(TO_WRITE)[2].partition("]")[0].strip()
            yield Problem(scenario.file, number, f"Still to be written: {wanted}.")
