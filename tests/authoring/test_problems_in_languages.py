"""What is wrong with a file is told in the language of its author, and at the same fields in each."""

import pytest

from pme.authoring.check_child import look
from pme.authoring.terms import with_term
from pme.content.problems import Findings, with_english
from pme.errors import Invalid
from pme.words.compiling import TRANSLATED
from pme.words.speech import _, speaking

pytestmark = pytest.mark.database("sqlite")
PATH = "quizzes/reporting.quiz.yaml"
BROKEN = """schema: pme-quiz/1
title: Reporting
minutes: many
items:
- id: a
  type: single
  stem: Who is told?
  options:
  - id: x
    text: The commander
    correct: perhaps
"""


def looked_at(language: str) -> list[dict[str, object]]:
    problems: list[dict[str, object]] = look(
        {"path": PATH, "files": {PATH: BROKEN}, "prove": False, "draw": False, "language": language}
    )["problems"]
    return problems


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_broken_file_is_told_at_the_same_lines_in_other_words(language: str):
    english, told = looked_at("en"), looked_at(language)
    assert [each["line"] for each in told] == [each["line"] for each in english]
    assert not {each["says"] for each in told} & {each["says"] for each in english}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_refusal_stands_at_its_field_whatever_it_says(language: str):
    with speaking(language), pytest.raises(Invalid) as refused:
        with_term("", "Not a name", "en", "Word", "What it means")
    assert refused.value.field == "slug"
    assert "lower-case" not in refused.value.says


def test_a_problem_knows_what_it_says_in_english():
    def found() -> Findings:
        findings = Findings(PATH)
        findings.error(1, _("This file is empty."))
        return findings

    with speaking("fr"):
        problem = with_english(found().problems, lambda: found().problems)[0]
    assert (problem.says, problem.in_english) == ("Ce fichier est vide.", "This file is empty.")
