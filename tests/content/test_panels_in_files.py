"""A panel's key and a judges' pass mark in the author's own file: what is read, and what an edit leaves as it was."""

import pytest

from pme.config import ROOT
from pme.content.parse_fields import Book, Form
from pme.content.parse_panel import parse_standard
from pme.content.parse_scenario import parse_scenario
from pme.content.parse_sources import parse_sources
from pme.content.problems import Findings
from pme.content.provenance import whose_key, whose_standard
from pme.content.rewrite import Ratings, holds, with_ratings, with_record, with_standard
from pme.content.shapes import (
    DecisionNode,
    Key,
    PanelRecord,
    PanelRole,
    Quiz,
    RatedOption,
    RatingItem,
    Scenario,
    Standard,
)
from pme.content.yaml_tree import Fields, read_yaml
from pme.errors import Conflict
from tests.content.small_library import QUIZ, SCENARIO, Shelf
from tests.support.library import quiz, scenario

RECORD = PanelRecord(
    n=12,
    date="2026-03-14",
    composition=(PanelRole(role="legal", count=3), PanelRole(role="survivor advisers", count=9)),
    rounds=2,
    method="two-round rating 1-4",
)
TOLD = "panel of 12 (3 legal, 9 survivor advisers), March 2026"
SHIPPED = ("checkpoint-disclosure", "reception-centre")


def shipped(slug: str) -> str:
    return (ROOT / f"quizzes/{slug}.scenario.yaml").read_text(encoding="utf-8")


def with_panel_key(text: str, kind: str, ratings: Ratings, record: PanelRecord) -> str:
    return with_record(with_ratings(text, kind, ratings), kind, record)


def scenario_in(text: str, slug: str) -> Scenario:
    sources = parse_sources((ROOT / "modules/sources.yaml").read_text(encoding="utf-8"), Findings("s"))
    found = parse_scenario(slug, text, Findings("f"), bibliography=sources, module_outcomes={})
    assert found is not None
    return found.content


def standard_in(text: str, findings: Findings) -> Standard | None:
    fields = read_yaml(text, findings)
    assert isinstance(fields, Fields)
    return parse_standard(Form(fields, Book(findings), "pass"))


def keyed(content: Scenario, panel: int) -> Scenario:
    """A scenario of which the first decisions carry a panel's ratings."""
    nodes = dict(content.nodes)
    for name in [name for name, node in nodes.items() if node.kind == "decision"][:panel]:
        node = nodes[name]
        assert isinstance(node, DecisionNode)
        choices = tuple(
            each.model_copy(update={"key": Key(by="panel", panel=(4,) * 12)}) for each in node.choices
        )
        nodes[name] = node.model_copy(update={"choices": choices})
    return content.model_copy(update={"nodes": nodes, "panel": RECORD})


def test_every_result_can_say_whose_key_it_is():
    assert whose_key(scenario()) == "keyed by its author"
    assert whose_key(keyed(scenario(), 2)) == f"keyed by a {TOLD}"
    assert (
        whose_key(keyed(scenario(), 1)) == f"1 of 2 decisions keyed by a {TOLD}; the others by their author"
    )
    unknown = keyed(scenario(), 2).model_copy(update={"panel": None})
    assert whose_key(unknown) == "keyed by a panel of 12"


def test_a_quiz_says_it_of_its_rating_questions():
    def rating(name: str, key: Key) -> RatingItem:
        option = RatedOption(id="a", text_html="A", key=key, feedback_html="")
        return RatingItem(
            id=name, type="rating", outcome="LO1", difficulty="easy", stem_html="Rate.", options=(option,)
        )

    ours, theirs = Key(by="author", rating=4), Key(by="panel", panel=(4,) * 12)
    assert whose_key(quiz()) == "keyed by its author"
    some = quiz().model_copy(update={"panel": RECORD, "items": (*quiz().items, rating("r", theirs))})
    assert whose_key(some) == f"rating questions keyed by a {TOLD}; the others by their author"
    part = some.model_copy(update={"items": (rating("r", theirs), rating("s", ours))})
    assert whose_key(part) == f"1 of 2 rating questions keyed by a {TOLD}; the others by their author"
    assert whose_key(some.model_copy(update={"items": (rating("r", theirs),)})) == f"keyed by a {TOLD}"


def test_a_pass_mark_says_who_set_it():
    def set_by(standard: Standard | None) -> str:
        rule = quiz().pass_rule.model_copy(update={"standard": standard})
        return whose_standard(quiz().model_copy(update={"pass_rule": rule}))

    assert set_by(None) == "set by its author"
    assert set_by(Standard(method="author's judgement")) == "set by its author"
    judges = Standard(method="mastery-angoff", judges=12, date="2026-03-14")
    assert set_by(judges) == "set by 12 judges (mastery-angoff), March 2026"
    assert set_by(judges.model_copy(update={"judges": 1})).startswith("set by 1 judge (")


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_key_changes_the_lines_of_the_key_and_no_other(slug: str):
    text = shipped(slug)
    found = scenario_in(text, slug)
    ratings = {
        (node.id, choice.id): (1, 4, 2)
        for node in found.nodes.values()
        if isinstance(node, DecisionNode)
        for choice in node.choices
    }
    new = with_panel_key(text, "scenario", ratings, RECORD)
    again = scenario_in(new, slug)
    assert (again.version, again.panel) == ("1.1.0", RECORD)
    keys = {
        (node.id, choice.id): choice.key
        for node in again.nodes.values()
        if isinstance(node, DecisionNode)
        for choice in node.choices
    }
    assert keys == dict.fromkeys(ratings, Key(by="panel", panel=(1, 4, 2)))
    before, after = text.splitlines(), new.splitlines()
    kept, added = after[: len(before)], after[len(before) :]
    changed = [one for one, other in zip(before, kept, strict=True) if one != other]
    assert len(changed) == len(ratings) + 1
    assert all("key:" in line or line.startswith("version:") for line in changed)
    assert added[0] == "panel:"  # who the panel was, at the end
    rewritten = with_panel_key(new, "scenario", ratings, RECORD.model_copy(update={"n": 12}))
    assert scenario_in(rewritten, slug).version == "1.2.0"
    assert rewritten.count("\npanel:\n") == 1


def test_comments_blank_lines_and_block_style_survive():
    text = (
        "# top\nversion: 1.0.0 # v\nrole: x\nnodes:\n  d1: # here\n    choices:\n      a:\n        key:\n"
        "          by: author\n          rating: 3 # hm\n\n        goto: b # end\n"
    )
    new = with_panel_key(text, "scenario", {("d1", "a"): (4, 3)}, RECORD)
    for kept in ("# top\n", "1.1.0 # v", "d1: # here", "goto: b # end\n"):
        assert kept in new, kept
    assert "key:\n          by: panel\n          panel:\n" in new
    assert "rating: 3" not in new


def test_a_pass_mark_is_written_where_it_stood(shelf: Shelf):
    standard = Standard(method="mastery-angoff", judges=12, date="2026-03-14")
    text = shelf.text(QUIZ)
    new = with_standard(text, 71, standard)
    shelf.write(QUIZ, new)
    found = shelf.check().require()
    rule = next(e.content for e in found.entries if isinstance(e.content, Quiz)).pass_rule
    assert (rule.min_percent, rule.standard) == (71, standard)
    flow = with_standard("pass: {min_percent: 80, critical: [a]} # c\n", 71, standard)
    assert flow == (
        "pass: {min_percent: 71, critical: [a], method: mastery-angoff, judges: 12, date: 2026-03-14} # c\n"
    )
    assert with_standard(flow, 72, standard).count("judges") == 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("scenario", "version: 1.0.0\nnodes: {}\n"),
        ("scenario", "version: 1.0.0\nnodes: {d1: {choices: {a: {text: x}}}}\n"),
        ("quiz", "items: [{id: other}]\n"),
    ],
)
def test_a_file_that_does_not_hold_the_option_is_not_edited(kind: str, text: str):
    with pytest.raises(Conflict, match="The file has no “d1, a”"):
        with_panel_key(text, kind, {("d1", "a"): (4,)}, RECORD)


def test_the_options_of_a_quiz_are_found_by_their_ids():
    text = "pass: {}\nitems:\n  - id: r\n    options:\n      - id: a\n        key: {by: author, rating: 4}\n"
    assert holds(text, "quiz", "r")
    assert not holds(text, "quiz", "s")
    assert not holds("title: none\n", "quiz", "r")
    new = with_panel_key(text, "quiz", {("r", "a"): (4, 3)}, RECORD)
    assert "        key: {by: panel, panel: [4, 3]}\n" in new
    assert "panel:\n  n: 12\n  date: 2026-03-14\n" in new


PANEL = "panel: {n: 12, date: 2026-03-14, composition: [legal 3, survivor advisers 9]}\n"


@pytest.mark.parametrize(
    ("panel", "says"),
    [
        (PANEL, None),
        (PANEL.replace("9]", "8]"), "the trades add up to 11, but n is 12"),
        (PANEL.replace("legal 3", "legal"), "“legal” has no number"),
        (PANEL.replace("2026-03-14", "March"), "has to be written as a day"),
        (PANEL.replace("n: 12", "n: 0"), "has to be a whole number from 1"),
        (PANEL.replace("n: 12", "n: 12, who: us"), "“who” is not a known field"),
    ],
)
def test_who_the_panel_was_is_read_and_held_to_account(shelf: Shelf, panel: str, says: str | None):
    shelf.write(SCENARIO, panel + shelf.text(SCENARIO))
    said = [problem.says for problem in shelf.check().errors]
    assert (said == []) if says is None else any(says in each for each in said), said


def test_judges_without_a_method_are_refused():
    found = Findings("f")
    with_method = standard_in("{min_percent: 80, method: angoff, judges: 9, date: 2026-03-14}", found)
    assert (with_method, found.problems) == (Standard(method="angoff", judges=9, date="2026-03-14"), [])
    assert standard_in("{min_percent: 80, judges: 9}", found) is None
    assert ["belong to a “method”" in problem.says for problem in found.problems] == [True]
