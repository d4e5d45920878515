"""Reading files of every shape: oddities, other languages, and what is left out."""

import pytest

from pme.content.parse_picture import read_picture
from pme.content.parsed import Parsed
from pme.content.problems import Findings, Problem, Severity
from pme.content.render_child import render
from pme.content.shapes import Glossary, Module, Quiz, Scenario, SingleItem
from pme.content.yaml_tree import Fields, Items, Text, lines_of, read_yaml
from tests.content.small_library import (
    COURSE,
    FIGURE,
    GLOSSARY,
    MODULE,
    PAGE,
    QUIZ,
    SCENARIO,
    SECOND,
    SOURCES,
    Shelf,
)


def errors(shelf: Shelf) -> list[str]:
    return [problem.says for problem in shelf.check().errors]


def test_yaml_means_what_is_written():
    tree = read_yaml("a: NO\nb: 14:30\nc: 0777\nd: null\ne: 1e3\nf: 2026-11-23\ng: ~\n", Findings("f"))
    assert isinstance(tree, Fields)
    assert [value.value for _, value in tree.entries if isinstance(value, Text)] == [
        "NO", "14:30", "0777", "null", "1e3", "2026-11-23", "~",
    ]  # fmt: skip


def test_places_are_known_by_name_and_by_id():
    tree = read_yaml("a:\n  - id: x\n    b: 1\n  - c\nd: {e: [f]}\n", Findings("f"), first_line=5)
    assert isinstance(tree, Fields)
    assert isinstance(tree.get("a"), Items)
    assert dict(lines_of(tree)) == {
        "": 5, "a": 5, "a.x": 6, "a.x.id": 6, "a.x.b": 7, "a.1": 8, "d": 9, "d.e": 9, "d.e.0": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("? [a]\n: b", "has to be plain text"),
        ("x: \x07", "characters that YAML forbids"),
        ("[" * 100_000, "more than 24 levels deep"),
        ("\n".join(f"k{n}: v" for n in range(5_001)), "more than 5000 fields"),
        ("a: b: c", "not readable YAML"),
    ],
)
def test_yaml_that_is_not_for_people_is_refused(text: str, says: str):
    findings = Findings("f")
    assert read_yaml(text, findings) is None
    assert says in findings.problems[0].says


def test_a_problem_is_a_line_of_text():
    assert str(Problem("a.md", 3, "Wrong.")) == "a.md:3: error: Wrong."
    assert str(Problem("a.md", 3, "Odd.", Severity.WARNING)) == "a.md:3: warning: Odd."


def test_an_empty_library_has_no_problem(shelf: Shelf):
    for path in (SOURCES, GLOSSARY, COURSE, MODULE, PAGE, SECOND, FIGURE, QUIZ, SCENARIO):
        shelf.remove(path)
    assert shelf.check().text == "0 errors, 0 warnings."


@pytest.mark.parametrize("path", [SOURCES, GLOSSARY])
def test_a_list_where_names_should_stand_is_refused(path: str, shelf: Shelf):
    shelf.write(path, "- one\n")
    assert any("each under its name" in says for says in errors(shelf))


@pytest.mark.parametrize("path", [COURSE, SCENARIO, QUIZ])
@pytest.mark.parametrize("text", ["", "just words", "a: [", "---\n"])
def test_a_file_without_fields_is_refused_and_the_others_are_read(path: str, text: str, shelf: Shelf):
    shelf.write(path, text)
    assert {problem.file for problem in shelf.check().errors} == {path}


def test_front_matter_without_fields_is_refused(shelf: Shelf):
    shelf.write(MODULE, "---\n---\nWords.\n")
    assert any("This module has no fields" in says for says in errors(shelf))
    shelf.write(MODULE, "---\na: [\n---\nWords.\n")
    assert [problem.file for problem in shelf.check().errors] == [MODULE]


def test_what_belongs_to_an_unreadable_module_is_not_blamed(shelf: Shelf):
    shelf.write(MODULE, "No front matter.\n")
    assert {problem.file for problem in shelf.check().errors} == {MODULE}


def test_a_media_file_that_is_wrong_is_blamed_once(shelf: Shelf):
    shelf.change(FIGURE, "<title>", "<script/><title>")
    assert [(p.file, p.line) for p in shelf.check().errors] == [(FIGURE, 2)]


def test_quizzes_and_completion_may_be_left_out(shelf: Shelf):
    shelf.change(
        MODULE,
        "completion:\n  pages: all\n  quizzes: [listening-check]\n  scenarios: [gate]\n",
        "completion: {}\n",
    )
    report = shelf.check()
    assert not report.errors
    assert sum("nobody can reach it" in problem.says for problem in report.warnings) == 2
    shelf.change(MODULE, "completion: {}\n", "")
    assert errors(shelf) == ["This module: “completion” is missing."]


def test_defaults_stand_in_for_what_a_quiz_leaves_out(shelf: Shelf):
    shelf.change(QUIZ, "attempts: unlimited\nshuffle: {items: yes, options: no}\n", "")
    quiz = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Quiz))
    assert (quiz.attempts, quiz.shuffle_items, quiz.shuffle_options) == (None, True, True)
    shelf.change(QUIZ, "pass:\n  min_percent: 90\n  critical: [first]\n", "")
    shelf.change(QUIZ, "key: {by: author}\n", "")
    assert {"This quiz: “pass” is missing.", "This quiz: “key” is missing."} == set(errors(shelf))


def test_a_quiz_that_names_no_module_is_told_once(shelf: Shelf):
    shelf.change(QUIZ, "module: listening\n", "")
    assert [p.says for p in shelf.check().errors if p.file == QUIZ] == ["This quiz: “module” is missing."]


def test_hours_may_not_be_empty(shelf: Shelf):
    shelf.change(COURSE, "hours: 1.5", "hours:")
    assert errors(shelf) == ["This course: “hours” is empty."]


def test_a_list_of_parts_may_not_be_missing(shelf: Shelf):
    text = shelf.text(QUIZ)
    shelf.write(QUIZ, text[: text.index("\nitems:") + 1])
    assert "This quiz: “items” is missing." in errors(shelf)


def test_a_heading_made_of_marks_is_blamed_on_the_first_line(shelf: Shelf):
    shelf.change(PAGE, "## What to do", "What\n====")
    assert (1, "“What” is a second title (#); make it a section (##).") in [
        (problem.line, problem.says) for problem in shelf.check().errors
    ]


def test_the_same_heading_twice_is_blamed_on_both_lines(shelf: Shelf):
    shelf.write(SECOND, "# Title\n\n#### Deep\n\nWords.\n\n#### Deep\n\nWords.\n")
    assert [problem.line for problem in shelf.check().errors] == [3, 7]


def test_sources_that_cannot_be_read_are_blamed_first(shelf: Shelf):
    shelf.write(SOURCES, "a: [")
    assert SOURCES in {problem.file for problem in shelf.check().errors}


def test_a_module_finds_its_outcomes(shelf: Shelf):
    module = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Module))
    found = module.outcome("LO2")
    assert found is not None
    assert (found.verb, found.serves, module.outcome("LO9")) == ("offer", ("CO1",), None)


def test_a_place_that_is_not_there_has_the_line_around_it():
    scenario = Parsed("f", Glossary(slug="en", terms=()), {}, {"": 1, "nodes": 4, "nodes.d1": 6})
    assert [scenario.line(place) for place in ("nodes.d1.choices.a", "nodes.d2", "gone")] == [6, 4, 1]


def test_a_statement_without_feedback_is_refused(shelf: Shelf):
    shelf.change(QUIZ, '    feedback: {"true": It is not., "false": Right.}\n', "")
    assert errors(shelf) == ["item consent: “feedback” is missing."]


def test_defaults_stand_in_for_what_a_scenario_leaves_out(shelf: Shelf):
    shelf.change(SCENARIO, "display: {state: debrief_only, score: never_during, clock: story_time}\n", "")
    shelf.change(SCENARIO, "  retake: {after: debrief, max: unlimited, form: same}\n", "")
    shelf.change(
        SCENARIO, "        text: Look at the sky\n", "        text: Look at the sky\n        effects:\n"
    )
    scenario = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Scenario))
    assert (scenario.retake.after, scenario.retake.maximum, scenario.content_note.support) == (
        "debrief",
        None,
        "default",
    )
    shelf.change(SCENARIO, "  pass: {min_percent: 90, critical: all, method: the author's judgement}\n", "")
    assert "This scenario, scoring: “pass” is missing." in errors(shelf)


def test_a_local_source_may_tell_all_itself(shelf: Shelf):
    shelf.change(
        SCENARIO,
        "  guide: {source: GUIDE-2020, locator: ch. 1}\n",
        "  guide: {title: A book, body: A press, date: '1999', locator: ch. 1, verified: true}\n",
    )
    scenario = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Scenario))
    cited = scenario.critical_actions[0].refs[0]
    assert (cited.source.key, cited.source.body, cited.source.date, cited.source.status) == (
        "guide",
        "A press",
        "1999",
        "seen",
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  d3:\n", "  d 3:\n", "“d 3” in “nodes” may hold letters"),
        (
            "  resolve:\n    kind: resolve\n    goto:\n",
            "  note: words\n  resolve:\n    kind: resolve\n    goto:\n",
            "“note” has to hold named fields",
        ),
        ("nodes:\n", "nodes: none\nx:\n", "“nodes” has to hold named fields"),
        ("variants:\n", "variants: none\n    x:\n", "“variants” has to be a list"),
    ],
)
def test_nodes_that_are_badly_shaped_are_named(old: str, new: str, says: str, shelf: Shelf):
    shelf.change(SCENARIO, old, new)
    assert any(says in each for each in errors(shelf))


def test_a_source_cited_by_part_of_a_longer_key_is_not_meant(shelf: Shelf):
    shelf.change(
        SOURCES,
        "NOTES-2021:\n",
        "GUIDE:\n  title: T\n  body: B\n  date: 2000\n  status: superseded\nNOTES-2021:\n",
    )
    assert shelf.check().text == "0 errors, 0 warnings."


def test_other_languages_have_no_reading_grade(shelf: Shelf):
    hard = "Institutional considerations necessitate comprehensive organisational responsibility. " * 20
    for path, old in (
        (COURSE, "How to listen."),
        (QUIZ, "A few questions."),
        (SCENARIO, "A woman comes to the gate."),
        (MODULE, "How to listen well."),
    ):
        shelf.change(path, "language: en", "language: fr")
        shelf.change(path, old, hard)
    shelf.change(PAGE, "[[consent]]", "oui")
    report = shelf.check()
    assert {problem.says[:30] for problem in report.problems} == {"This is written in French. Bla"}
    assert [problem.file for problem in report.problems] == [COURSE, PAGE, SCENARIO, QUIZ]
    quiz = next(entry.content for entry in report.require().entries if isinstance(entry.content, Quiz))
    statement = quiz.item("consent")
    assert isinstance(statement, SingleItem)
    assert [option.text_html for option in statement.options] == ["Vrai", "Faux"]


def test_every_mark_of_a_page_is_found():
    text = """\
# T

[@A] [[t]] [x](odd:1) [y](page:m/p) ![i](m.png)

![Alt
text](media/a.svg "Cap [@B]")

!!! odd
    x

!!! note
    x

![bare](media/b.svg)

| **a** | b |
|---|:-:|
| x **b** | c |
"""
    found = render(text)
    assert {(mark["kind"], mark["raw"], mark["label"]) for mark in found["marks"]} == {
        ("figure", "media/a.svg", "Alt text"),
        ("figure", "media/b.svg", "bare"),
        ("cite", "[@A]", ""),
        ("cite", "[@B]", ""),
        ("term", "[[t]]", ""),
        ("link", "odd:1", ""),
        ("image", "m.png", "i"),
        ("admonition", "odd", ""),
    }
    assert found["bare_tables"] == 1


def test_a_picture_file_without_ending_is_refused():
    findings = Findings("media/x")
    assert read_picture("media/x", b"", findings) is None
