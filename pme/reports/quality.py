"""The quality of one version at one academy: stored answers and marks, read once, and analysed.

Importing this file imports numpy (25 MB): do so where a quality page is asked for, and not before.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, Task
from pme.assessment.statistics import Analysis, analyse
from pme.assessment.statistics_content import mastery_lines, mastery_lines_of_scenario, walk_of
from pme.assessment.statistics_data import Matrix
from pme.assessment.statistics_paths import PathFigures, path_figures
from pme.content.shapes import Quiz, Scenario
from pme.reports import quality_rows
from pme.reports.quality_matrix import of_quiz, of_scenario
from pme.reports.quality_versions import is_counted


@dataclass(frozen=True)
class ScenarioQuality:
    """A scenario's decisions analysed like questions, and the ways that were taken through it.

    `taken_back` counts choices of a formative scenario that were taken back, by (decision, choice).
    """

    analysis: Analysis
    paths: PathFigures
    taken_back: Mapping[tuple[str, str], int]


def quiz_quality(session: Session, scope: ColumnElement[bool], quiz: Quiz, version_id: int) -> Analysis:
    """Analyse the first attempts in scope at one version of a quiz, by the results in force."""
    return analyse(quiz_matrix(session, scope, quiz, version_id), mastery_lines(quiz))


def quiz_matrix(session: Session, scope: ColumnElement[bool], quiz: Quiz, version_id: int) -> Matrix:
    """The stored answers and credits of a version: two statements, columns not entities."""
    where = _first_attempts(scope, Task.QUIZ, version_id)
    marks, answers = quality_rows.marks(session, where), quality_rows.answers(session, where)
    with closing(marks), closing(answers):
        return of_quiz(quiz, marks.all(), answers)


def scenario_quality(
    session: Session, scope: ColumnElement[bool], scenario: Scenario, version_id: int
) -> ScenarioQuality:
    """Analyse the first attempts in scope at one version of a scenario: its decisions and its paths."""
    where = _first_attempts(scope, Task.SCENARIO, version_id)
    marks, decisions = quality_rows.marks(session, where), quality_rows.decisions(session, where)
    with closing(marks), closing(decisions):
        walked = of_scenario(scenario, marks.all(), decisions)
    return ScenarioQuality(
        analysis=analyse(walked.matrix, mastery_lines_of_scenario(scenario)),
        paths=path_figures(
            {walk_of(scenario, path): count for path, count in walked.ways.items()},
            endings=tuple(ending.id for ending in scenario.endings),
            critical=tuple(action.id for action in scenario.critical_actions),
        ),
        taken_back=walked.taken_back,
    )


def _first_attempts(
    scope: ColumnElement[bool], task: Task, version_id: int
) -> tuple[ColumnElement[bool], ...]:
    return (scope, is_counted(task), Attempt.version_id == version_id, Attempt.number == 1)
