"""One fault at a time: what is changed, and what the checker has to say where."""

from dataclasses import dataclass

from pme.content.problems import Severity
from tests.content.small_library import Shelf


@dataclass(frozen=True)
class Fault:
    """A change to one file; `at` is a piece of the changed file on the line to be named."""

    file: str
    old: str
    new: str
    at: str
    says: str
    severity: Severity = Severity.ERROR


def warned(file: str, old: str, new: str, at: str, says: str) -> Fault:
    """A fault that is worth a look only."""
    return Fault(file, old, new, at, says, Severity.WARNING)


def assert_found(shelf: Shelf, fault: Fault) -> None:
    """Plant the fault, and see it named with its file, line and severity."""
    shelf.change(fault.file, fault.old, fault.new)
    report = shelf.check()
    found = [
        problem
        for problem in report.problems
        if problem.file == fault.file and fault.says in problem.says and problem.severity is fault.severity
    ]
    assert found, f"not found: {fault.says}\n{report.text}"
    line = shelf.line_of(fault.file, fault.at)
    assert line in {problem.line for problem in found}, f"not at line {line}\n{report.text}"
    assert (report.library is None) == bool(report.errors)
