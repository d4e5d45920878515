"""Where outcomes are taught and assessed, counted by hand in a small library."""

import pytest

from pme.authoring.loose_library import LooseLibrary, library_of
from pme.authoring.outcome_matrix import Matrix, Row, matrix_of
from pme.authoring.outcome_sheet import headings, lines, totals
from pme.authoring.workload import hours_of, workload_of
from pme.config import ROOT
from pme.content.files import Tree, read_tree
from tests.content.small_library import COURSE, FILES, MODULE, PAGE, QUIZ, Shelf

BANK = """\
schema: pme-bank/1
title: Listening
language: en
module: listening
items:
  - {id: b1, type: single, outcome: LO1, stem: One?}
  - {id: b2, type: single, outcome: LO1, stem: Two?}
  - {id: b3, type: single, outcome: LO2, stem: Three?}
  - {id: b4, type: single, stem: Four?}
  - {id: p1, type: single, outcome: LO3, stem: Five?}
"""
LO3 = "  LO3:\n    text: Hand over.\n    verb: hand over\n"


def library(**changes: str) -> LooseLibrary:
    """The small library with other files."""
    files = {**FILES, **{path.replace("__", "/"): text for path, text in changes.items()}}
    return library_of(Tree({path: text.encode() for path, text in files.items()}))


@pytest.fixture
def matrix() -> Matrix:
    """Three outcomes, of which one is taught twice, one drawn from a bank, and one asked on a page only."""
    module = FILES[MODULE].replace("content_note:", LO3 + "content_note:")
    module = module.replace(
        "completion:", "teaches:\n  first-steps: [LO1]\n  next-steps: [LO1, LO3]\ncompletion:"
    )
    course = FILES[COURSE].replace("certificate:", "  CO2: Refer a person.\ncertificate:")
    drawn = "blueprint:\n  - {bank: listening, outcome: LO1, count: 1}\n  - {bank: listening, count: 4}\n"
    quiz = FILES[QUIZ].replace("items:\n", f"{drawn}items:\n", 1)
    page = FILES[PAGE] + "\n{check: p1}\n\n{check: listening/b3}\n"
    files = {MODULE: module, COURSE: course, QUIZ: quiz, PAGE: page, "quizzes/listening.bank.yaml": BANK}
    return matrix_of(library(**files), "core")


def row(matrix: Matrix, name: str) -> Row:
    """An outcome of the first module."""
    return next(row for row in matrix.modules[0].rows if row.id == name)


def test_each_outcome_is_counted(matrix: Matrix):
    # pages, checks, in banks, may be asked, always asked, decisions.
    # LO1: three of the quiz's own, two by the first line and two by the second; one of the first always, and of
    # the second line 4 of 5 items are drawn: at least 2 - 1 of LO1, 1 - 1 of LO2 and of LO3.
    assert totals(row(matrix, "LO1")) == (2, 0, 2, 3 + 2 + 2, 3 + 1 + 1, 2)
    assert totals(row(matrix, "LO2")) == (0, 1, 1, 4 + 1, 4 + 0, 2)
    assert totals(row(matrix, "LO3")) == (1, 1, 1, 1, 0, 0)


def test_an_outcome_of_the_course_counts_each_page_and_decision_once(matrix: Matrix):
    # d1 has LO1, d2 has LO2, d3 has both: three decisions, though the two outcomes have two each.
    first, second = matrix.rows
    assert totals(first) == (2, 1, 3, 12, 9, 3)
    assert totals(second) == (0, 0, 0, 0, 0, 0)


def test_what_is_missing_is_told_first(matrix: Matrix):
    assert dict(matrix.gaps) == {
        "Taught on no page": ("Listening, LO2: Offer help.",),
        "Assessed by fewer than 3 questions and decisions": ("Listening, LO3: Hand over. (1 question)",),
        "Questions and decisions without an outcome": ("Listening, bank listening: b4",),
        "Outcomes of the course that no module serves": ("CO2: Refer a person.",),
        "Outcomes of modules that serve none of the course": ("Listening, LO3: Hand over.",),
    }


def test_a_quiz_that_no_module_counts_assesses_nothing():
    module = FILES[MODULE].replace("  quizzes: [listening-check]\n", "").replace("  scenarios: [gate]\n", "")
    found = matrix_of(library(**{MODULE: module}), "core")
    assert totals(found.rows[0]) == (0, 0, 0, 0, 0, 0)
    assert dict(found.gaps)["Assessed nowhere"] == (
        "Listening, LO1: Listen without questions.",
        "Listening, LO2: Offer help.",
    )


def test_a_module_that_is_not_there_is_said():
    course = FILES[COURSE].replace("[listening]", "[listening, gone]")
    assert dict(matrix_of(library(**{COURSE: course}), "core").gaps)["Modules that are not there"] == (
        "gone",
    )


def test_the_sheet_has_a_line_an_outcome_and_a_column_a_thing(matrix: Matrix):
    names, rows = headings(matrix), list(lines(matrix))
    assert names[10:] == [
        "Listening: page First steps",
        "Listening: page Next steps",
        "Listening: bank Listening",
        "Listening: quiz A check",
        "Listening: scenario At the gate",
    ]
    assert [row[:2] for row in rows] == [["", "CO1"], ["", "CO2"]] + [
        ["Listening", f"LO{n}"] for n in (1, 2, 3)
    ]
    assert rows[2][10:] == ["taught", "taught", "2", "asks 5 or more of 7", "2"]
    assert rows[4][10:] == ["1 check", "taught", "1", "asks 0 or more of 1", ""]


@pytest.mark.parametrize(
    "broken", ["outcomes: [a, b]", "teaches: LO1", "completion: {quizzes: x}", "a: [", "!!x y"]
)
def test_a_file_that_says_nonsense_breaks_nothing(broken: str):
    found = matrix_of(
        library(**{MODULE: f"---\n{broken}\n---\n", QUIZ: broken, COURSE: FILES[COURSE]}), "core"
    )
    assert found.modules[0].rows == ()


def test_the_workload_is_what_modules_hold():
    load = workload_of(library(), "core")[0]
    assert (load.reading, load.quizzes, load.scenarios, load.minutes) == (1, 5, 5, 11)
    assert hours_of([load]) == 0.5
    said = FILES[MODULE].replace("level:", "minutes: 40\nlevel:")
    assert workload_of(library(**{MODULE: said}), "core")[0].reading == 40


def test_what_pages_teach_has_to_be_there(shelf: Shelf):
    shelf.change(MODULE, "completion:", "teaches:\n  first-step: [LO1]\n  next-steps: [LO9]\ncompletion:")
    shelf.change(MODULE, "pages: all", "pages: [first-steps, last]")
    shelf.change(COURSE, "certificate:", "completion: {modules: [listening, other]}\ncertificate:")
    said = [problem.says for problem in shelf.check().errors]
    assert any(
        "there is no page “first-step” in this module. Did you mean first-steps?" in each for each in said
    )
    assert any("LO9 is not an outcome of this module" in each for each in said)
    assert any("there is no page “last”" in each for each in said)
    assert any("“other” is not a module of this course" in each for each in said)


def test_what_is_to_be_written_stops_publishing_wherever_it_stands(shelf: Shelf):
    shelf.change(PAGE, "## What to do", "{write: Say what to do.}")
    shelf.change(QUIZ, "text: An offer", 'text: "{write: The right answer.}"')
    shelf.change(COURSE, "summary: How to listen.", "summary: >-\n  {write: Say\n  it.}")
    said = [str(problem) for problem in shelf.check().errors]
    assert f"{PAGE}:5: error: Still to be written: Say what to do." in said
    assert any(each.endswith("Still to be written: The right answer.") for each in said)
    assert any(each.endswith("Still to be written: Say it.") for each in said)


def test_the_shipped_course_teaches_and_assesses_every_outcome():
    shipped = library_of(read_tree(ROOT / "modules", ROOT / "quizzes"))
    assert matrix_of(shipped, "human-security-core").gaps == ()
