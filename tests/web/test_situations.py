"""What a scenario tells before and after a decision: what is final, what it rests on, what was critical."""

from collections.abc import Mapping
from typing import Any

from pme.content.library import Entry, Library
from pme.content.publish import publish
from pme.content.shapes import Debrief, DecisionNode, Key, Scenario
from pme.db import Database
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START
from tests.support.client import Page
from tests.support.library import library


def republish(database: Database, slug: str, **update: Any) -> None:
    """Publish the library with one scenario changed."""
    entries = tuple(
        Entry(entry.content.model_copy(update=update), entry.source)
        if isinstance(entry.content, Scenario) and entry.slug == slug
        else entry
        for entry in library().entries
    )
    with database.writing() as session:
        publish(session, Library(entries), by_id=None, at=START, note="")


def with_choices(slug: str, **update: Any) -> Mapping[str, Any]:
    """The nodes of a scenario with the choice “Do listen” changed."""
    scenario = next(e.content for e in library().entries if e.slug == slug)
    assert isinstance(scenario, Scenario)
    first = scenario.nodes["d1"]
    assert isinstance(first, DecisionNode)
    changed = tuple(
        choice.model_copy(update=update) if choice.text_html == "Do listen" else choice
        for choice in first.choices
    )
    return dict(scenario.nodes) | {"d1": first.model_copy(update={"choices": changed})}


def rows_of(page: Page) -> dict[str, str]:
    """The words of each choice by its value."""
    assert page.tree is not None
    labels = page.tree.xpath("//main//label[.//input[@name='choice']]")
    return {
        " ".join(label.xpath("string(./span)").split()): label.xpath(".//input")[0].get("value")
        for label in labels
    }


def test_what_cannot_be_undone_says_so_before_it_is_chosen(visit: Visits, database: Database):
    republish(database, "checkpoint", nodes=with_choices("checkpoint", irreversible=True))
    page = student.begin_scenario(visit("adams"))
    assert set(rows_of(page)) == {"Do listen Cannot be undone", "Do wait", "Do shout"}
    after = page.submit_decision(rows_of(page)["Do listen Cannot be undone"])
    debrief = student.decide(after, "Do help")
    assert "Same choice Irreversible" in debrief.words


def test_the_debrief_tells_once_what_was_chosen_as_the_expert_does_and_keeps_sources_for_last(visit: Visits):
    page = student.play(visit("adams"), "Do listen", "Do nothing")
    same, other = page.tree.xpath("//ol[@class='paths']/li")
    assert same.xpath(".//dt/text()") == ["You chose · Expert path", "Why"]
    assert other.xpath(".//dt/text()") == ["You chose", "Expert path", "Why"]
    assert "1 as the expert path 1 different" in page.words
    headings = [h2.get("id") for h2 in page.tree.xpath("//main//h2")]
    assert headings[-1] == "sources"


def test_practice_tells_the_sources_and_that_the_day_would_not_give_it_back(
    visit: Visits, database: Database
):
    republish(database, "practice", nodes=with_choices("practice", irreversible=True))
    page = student.begin_scenario(visit("adams"), "practice")
    page = page.submit_decision(rows_of(page)["Do listen Cannot be undone"])
    assert "In real life, this could not be undone. Here, for practice, it can." in page.words
    assert "Sources An institute, CANARY source" in page.words
    again = page.press("Take this decision back")
    assert "On your last decision" not in again.words
    assert set(rows_of(again)) == {"Do listen Cannot be undone", "Do wait", "Do shout"}


def test_the_debrief_names_every_critical_action_and_where_it_was_taken(visit: Visits):
    adams = visit("adams")
    failed = student.play(adams, "Do shout", "Do nothing")
    assert "Done at decision 1 This must not happen: CANARY: never shout." in failed.words
    assert "Not done This must happen: CANARY: offer help." in failed.words
    assert "Different choice Critical error" in failed.words
    student.reflect(failed)
    passed = student.play(adams)
    assert "Not done This must not happen: CANARY: never shout." in passed.words
    assert "Done at decision 2 This must happen: CANARY: offer help." in passed.words


def test_the_debrief_shows_only_what_its_author_names(visit: Visits, database: Database):
    narrow = Debrief(
        structure=("What happened?",),
        show=("path_taken",),
        expert_path=(("d1", "CANARY-listen"), ("d2", "CANARY-help")),
    )
    republish(database, "checkpoint", debrief=narrow)
    page = student.play(visit("adams"))
    assert "Decision by decision" in page.words
    for hidden in ("Expert path", "How the situation changed", "Sources"):
        assert hidden not in page.words
    assert "Your reflection" in page.words


def test_the_start_and_the_debrief_say_whose_key_it_is(visit: Visits, database: Database):
    adams = visit("adams")
    assert "Keyed by its author." in adams.get(f"{student.BASICS}/scenario/checkpoint").words
    panel = Key(by="panel", panel=(4, 4, 3, 4))
    republish(database, "checkpoint", nodes=with_choices("checkpoint", key=panel))
    assert "Keyed by its author." in student.play(adams).words


def test_a_snap_situation_is_one_decision_and_a_debrief(visit: Visits, database: Database):
    scenario = next(e.content for e in library().entries if e.slug == "practice")
    assert isinstance(scenario, Scenario)
    first = scenario.nodes["d1"]
    assert isinstance(first, DecisionNode)
    ends = {"Do listen": "sound", "Do wait": "gaps", "Do shout": "harm"}
    choices = tuple(c.model_copy(update={"goto": ends[c.text_html]}) for c in first.choices)
    republish(
        database,
        "practice",
        length="snap",
        dimensions=(),
        flags=(),
        critical_actions=scenario.critical_actions[:1],
        start="d1",
        nodes={
            "d1": first.model_copy(
                update={"choices": tuple(c.model_copy(update={"effects": {}, "raises": ()}) for c in choices)}
            )
        },
        debrief=Debrief(structure=("What happened?",), expert_path=(("d1", "CANARY-listen"),)),
    )
    adams = visit("adams")
    start = adams.get(f"{student.BASICS}/scenario/practice")
    assert "Snap situation · about 5 min" in start.words
    page = start.press("Begin the scenario")
    assert "One decision" in page.words
    debrief = student.decide(page, "Do listen").press("Go on to the debrief")
    assert "Passed" in debrief.words
    assert "How the situation changed" not in debrief.words
    done = student.reflect(debrief)
    assert "Your debrief is complete." in done.words
    assert "Done" in adams.get(f"{student.BASICS}/").words
