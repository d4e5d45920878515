"""Scenarios by forms, in the browser without JavaScript: from nothing to what students play."""

from typing import Any

import pytest

from pme.content import catalogue
from pme.content.yaml_edit import read
from pme.db import Database
from tests.authoring.question_forms import text_of, value
from tests.authoring.reviewing import let_review
from tests.authoring.test_drafting import begin, change
from tests.authoring.test_questions import HOSTILE, SAVE
from tests.conftest import Visits
from tests.content.small_library import SCENARIO, Shelf
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

NEW = "quizzes/night-convoy.scenario.yaml"
WIZARD = {
    "title": "Night convoy",
    "module": "listening",
    "role": "driver",
    "level": "all",
    "source": "GUIDE-2020",
}


def begun(visit: Visit, draft: str, **more: str) -> Page:
    """A scenario from the wizard."""
    page = visit.get(f"{draft}/contents").follow("New scenario")
    return page.press("Begin it", **{**WIZARD, "decisions": "5", "mode": "summative"} | more)


def part(visit: Visit, draft: str, name: str, path: str = SCENARIO, kind: str = "nodes") -> Page:
    """The form of a node or ending."""
    return visit.get(f"{draft}/scenario-part/{kind}/{name}/form/{path}")


def content_of(visit: Visit, draft: str, path: str = SCENARIO) -> Any:
    """A scenario as the draft has it."""
    return read(text_of(visit, draft, path))


def written(page: Page) -> dict[str, str]:
    """Words of one's own for every text of a form that is still to be written."""
    found: dict[str, str] = {}
    for area in page.tree.xpath("//form[@data-check]//textarea | //form[@data-check]//input[@type='text']"):
        text = area.get("value") or area.text or ""
        if "{write:" in text:
            found[area.get("name")] = f"Words {len(found)} of {page.title}."
    return found


def test_an_instructor_writes_a_five_decision_scenario_from_nothing_and_publishes_it(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = begun(clarke, draft)
    assert page.title == "Night convoy"
    assert "1,024 paths with 5 decisions each" in page.words
    assert "Still to be written: the best way to act." in page.words
    assert "Decision graph of Night convoy" in page.text
    names = [("nodes", name) for name in ("opening", "d1", "d2", "d3", "d4", "d5")]
    names += [("outcomes", name) for name in ("good", "mixed", "harm")]
    for kind, name in names:
        form = part(clarke, draft, name, NEW, kind)
        saved = form.press(SAVE, **written(form))
        assert "Saved in the draft" in saved.words
        assert "Nothing to correct here" in saved.words
    head = clarke.get(f"{draft}/scenario/{NEW}").follow("Title, content note, state, pass rule and debrief")
    saved = head.press(SAVE, **(written(head) | {"content_note.themes": "being lost (mentioned)"}))
    assert "0 errors to correct" in saved.words or "No remarks" in saved.words
    page = saved.follow("The whole story")
    assert "Error" not in page.words
    done = clarke.get(draft).follow("Publish").press("Publish")
    assert "Students see it from now on" in done.words
    with database.session() as session:
        found = catalogue.current(session).scenario("night-convoy")
    assert found is not None
    assert len(found.content.decisions) == 5
    assert found.content.nodes["d1"].choices[0].text_html == "Words 1 of d1."  # type: ignore[union-attr]


def test_a_form_that_is_saved_as_it_is_changes_nothing(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    content = content_of(clarke, draft)
    for kind in ("nodes", "outcomes"):
        for name in content[kind]:
            assert "Saved" in part(clarke, draft, name, kind=kind).press(SAVE).words
    clarke.get(f"{draft}/scenario-settings/{SCENARIO}").press(SAVE)
    assert "Nothing changed yet" in clarke.get(draft).words


def test_an_edit_changes_its_lines_only(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, SCENARIO, "  d1:\n", "  # the first one\n  d1:  # kept\n")
    before = text_of(clarke, draft, SCENARIO)
    page = part(clarke, draft, "d1").press(SAVE, prompt="What now?", **{"choices.1.effects.trust": "-1"})
    assert "Saved" in page.words
    after = text_of(clarke, draft, SCENARIO)
    gone, come = (
        set(before.splitlines()) - set(after.splitlines()),
        set(after.splitlines()) - set(before.splitlines()),
    )
    assert len(gone) <= 2
    assert len(come) <= 3
    assert "# the first one\n  d1:  # kept" in after
    assert content_of(clarke, draft)["nodes"]["d1"]["choices"]["b"]["effects"] == {"trust": "-1"}


def test_choices_are_added_and_nothing_typed_is_lost(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = part(clarke, draft, "d1").press("Add: choice", prompt="Typed, and not saved")
    assert value(page, "prompt") == "Typed, and not saved"
    count = len(content_of(clarke, draft)["nodes"]["d1"]["choices"])
    row = {f"choices.{count}.text": "Call for help", f"choices.{count}.goto": "new:decision"}
    page = page.press("Check", **row)
    assert "“feedback” is" in page.words or "feedback" in page.words
    assert value(page, f"choices.{count}.text") == "Call for help"
    assert "Nothing changed yet" in clarke.get(draft).words
    page.press(SAVE)
    content = content_of(clarke, draft)
    added = list(content["nodes"]["d1"]["choices"].values())[-1]
    assert added["text"] == "Call for help"
    new = added["goto"]
    assert content["nodes"][new]["kind"] == "decision"
    refused = part(clarke, draft, "d1").press(SAVE, prompt="A\x00B", **{"choices.0.text": "Kept"})
    assert refused.status == 422
    assert value(refused, "choices.0.text") == "Kept"


def test_deleting_tells_what_follows_and_leads_the_others_on(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    begun(clarke, draft)
    form = clarke.get(f"{draft}/scenario-part/nodes/d3/form/{NEW}")
    worse = form.press("Delete it", instead="")
    assert "4 ways lead nowhere" in worse.words
    assert "Nobody reaches any more: d4, d5, resolve" in worse.words
    back = worse.press("Undo")
    assert "Part d3 of the story is back" in back.words
    story = back.press("Delete: d3")
    assert "d3 is deleted from the draft. 4 ways lead to d4 instead." in story.words
    assert "The expert path does not pass here any more" in story.words
    content = content_of(clarke, draft, NEW)
    assert "d3" not in content["nodes"]
    assert {each["goto"] for each in content["nodes"]["d2"]["choices"].values()} == {"d4"}
    assert content["debrief"]["expert_path"] == ["d1.a", "d2.b", "d4.d", "d5.a"]


def test_a_renamed_node_is_renamed_wherever_it_is_named(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/scenario-part/nodes/d1/rename/{SCENARIO}")
    for wrong in ("", "two words", "d2", "x" * 5_000 + " "):
        assert page.press("Rename it", name=wrong).status == 422 or len(wrong) > 100
    content = content_of(clarke, draft)
    done = clarke.get(f"{draft}/scenario-part/nodes/{next(iter(content['nodes']))}/rename/{SCENARIO}")
    done.press("Rename it", name="first")
    clarke.get(f"{draft}/scenario-part/nodes/d2/rename/{SCENARIO}").press("Rename it", name="second")
    text = text_of(clarke, draft, SCENARIO)
    assert "d2" not in text
    assert content_of(clarke, draft)["start"] == "first"
    assert any(step.startswith("second.") for step in content_of(clarke, draft)["debrief"]["expert_path"])


def test_state_is_renamed_in_conditions_and_new_rows_get_names(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = (
        clarke.get(f"{draft}/scenario-settings/{SCENARIO}").press("Add: state").press("Add: critical action")
    )
    actions = len(content_of(clarke, draft)["critical_actions"])
    row = {"state.1.label": "Calm of all", "state.1.min": "0", "state.1.max": "2", "state.1.start": "1"}
    row |= {f"critical_actions.{actions}.text": "Stay", f"critical_actions.{actions}.kind": "must_do"}
    page = page.press(SAVE, **row, **{"state.0.id": "faith"})
    assert "Saved" in page.words
    content = content_of(clarke, draft)
    assert list(content["state"]) == ["faith", "calm_of"]
    assert list(content["critical_actions"])[-1] == f"CA{actions + 1}"
    assert "trust" not in str(content["nodes"])
    twice = clarke.get(f"{draft}/scenario-settings/{SCENARIO}").press(SAVE, **{"state.1.id": "faith"})
    assert twice.status == 422
    assert "Two of them have the short name “faith”" in twice.words


def test_parts_are_added_copied_and_change_places(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    story = begun(clarke, draft)
    page = story.press("Add it", kind="brief", after="d2")
    assert page.title == "text1"
    assert "Saved" in page.press(SAVE, text="It rains now.", goto="d3").words
    stale = clarke.get(f"{draft}/scenario/{NEW}")
    stale.press("Move before text1: d3")
    assert "Nothing leads to it yet" in stale.press("Duplicate: d4").words
    content = content_of(clarke, draft, NEW)
    assert content["nodes"]["d2"]["choices"]["a"]["goto"] == "d3"
    assert content["nodes"]["text1"]["goto"] == "d4"
    assert "d4-copy" in content["nodes"]
    assert "No path reaches the node “d4-copy”" in clarke.get(f"{draft}/scenario/{NEW}?checked=1").words


def test_two_people_at_two_nodes_do_not_meet_and_at_one_node_they_see_both(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    theirs, mine, late = part(davis, draft, "d1"), part(clarke, draft, "d2"), part(clarke, draft, "d1")
    theirs.press(SAVE, prompt="Written by Davis")
    assert "Saved" in mine.press(SAVE, prompt="Written by Clarke").words
    prompts = [node.get("prompt") for node in content_of(clarke, draft)["nodes"].values()]
    assert "Written by Davis" in prompts
    assert "Written by Clarke" in prompts
    both = late.press(SAVE, prompt="Late")
    assert both.status == 409
    assert "Written by Davis" in both.words
    assert value(both, "prompt") == "Late"
    assert "Saved" in both.press(SAVE).words
    open_form = part(davis, draft, "d2")
    part(clarke, draft, "d2").press("Delete it", instead="")
    gone = open_form.press(SAVE, prompt="Too late")
    assert gone.status == 409
    assert "Too late" in gone.words


BROKEN = {
    "leads nowhere": ("goto: d2", "goto: d9", "d1", "leads to “d9”, which is neither a node nor an ending"),
    "no rating": ("key: {by: author, rating: 4}", "key: {by: author, rating: 9}", "d1", "rating"),
    "unknown state": (
        "effects: {trust: +1}",
        "effects: {turst: +1}",
        "d1",
        "“turst” is not a part of the state",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_at_its_node_and_drawn_all_the_same(
    published: Shelf, visit: Visits, name: str
):
    old, new, node, says = BROKEN[name]
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, SCENARIO, old, new)
    story = clarke.get(f"{draft}/scenario/{SCENARIO}?checked=1")
    assert says in story.words
    line = story.tree.xpath(f"//li[@id='nodes-{node}']")[0]
    assert says in " ".join(line.xpath("string()").split())
    form = part(clarke, draft, node)
    assert says in form.words


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_words_are_words(published: Shelf, visit: Visits, typed: str):
    clarke = visit("clarke")
    draft = begin(clarke)
    fields = {"prompt": typed, "choices.0.text": typed, "text": typed, "choices.0.goto": typed}
    page = part(clarke, draft, "d1").press(SAVE, **fields)
    assert page.status == 200
    assert "<script>alert" not in page.text
    node = content_of(clarke, draft)["nodes"]["d1"]
    assert " ".join(node["prompt"].split()) == typed
    assert clarke.get(f"{draft}/scenario/{SCENARIO}?checked=1").status == 200
    refused = begun(clarke, draft, slug=f"{typed[:70]}!", source="GUIDE-2020")
    assert refused.status == 422
    assert begun(clarke, draft, source=typed[:70]).status == 422


def test_a_reviewer_sees_and_changes_nothing(published: Shelf, visit: Visits, database: Database):
    clarke = visit("clarke")
    draft = begin(clarke)
    let_review(database, "baker")
    for reader in (visit("baker"), clarke):
        page = part(reader, draft, "d1")
        assert page.status == 200
        assert ("Save in the draft" in page.words) == (reader is clarke)
        assert ("Add it" in reader.get(f"{draft}/scenario/{SCENARIO}").words) == (reader is clarke)
    baker = visit("baker")
    for address in ("form", "rename", "delete", "copy", "earlier"):
        assert baker.send(f"{draft}/scenario-part/nodes/d1/{address}/{SCENARIO}").status_code == 403
    clarke.post(f"{draft}/discard")
    assert "Save in the draft" not in part(clarke, draft, "d1").words


def test_unreadable_and_odd_scenarios_open_as_text_or_with_what_is_wrong(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    for text in (
        "[" * 1000,
        "nodes: {a b: {kind: decision, choices: [1, 2]}, c: text, '': {kind: brief}, d: {kind: odd}}\nstart: [1]\n",
        "nodes: [1]\noutcomes: text\ndebrief: text\nstate: {x: 1}\nflags: {a: b}\ncritical_actions: [1]\n",
        "start: d\nnodes: {d: {kind: decision, choices: {a: {goto: d}, b: {goto: e}}}, e: {kind: resolve, goto: x}}\n",
    ):
        clarke.get(f"{draft}/file/{SCENARIO}").press(SAVE, content=text)
        for address in ("scenario/", "scenario-settings/"):
            assert clarke.get(f"{draft}/{address}{SCENARIO}?checked=1").status == 200
        for name in ("d", "e"):
            assert clarke.get(f"{draft}/scenario-part/nodes/{name}/form/{SCENARIO}").status in (200, 404)
