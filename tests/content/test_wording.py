"""Flaws of writing that a machine can see: each is told once, and good items are left alone."""

import pytest

from pme.content.lint_items import item_remarks
from pme.content.lint_wording import flaws
from pme.content.shapes import AnyItem, MultipleItem, Option, SingleItem


def item(stem: str, *texts: str, kind: str = "single", rights: tuple[int, ...] = (0,)) -> AnyItem:
    options = tuple(
        Option(id=str(at), text_html=text, correct=at in rights, feedback_html="")
        for at, text in enumerate(texts)
    )
    head = {"id": "i", "outcome": "LO1", "difficulty": "easy", "stem_html": stem, "options": options}
    if kind == "multiple":
        return MultipleItem.model_validate(head | {"type": kind, "scoring": "per-option"})
    return SingleItem.model_validate(head | {"type": kind})


def statement(stem: str) -> AnyItem:
    return item(stem, "True", "False", kind="true-false")


GOOD = ("Report it.", "Leave it.", "Photograph it.")
FLAWED = {
    "all of the above": (item("What helps?", "Water", "Shade", "All of the above"), "all of the above"),
    "none of these": (item("What helps?", "Water", "Shade", "None of these"), "all of the above"),
    "both a and b": (item("What helps?", "Water", "Shade", "Both A and B"), "all of the above"),
    "a question for what is not so": (
        item("Which of these is not a sign?", *GOOD),
        "and a reader may miss that",
    ),
    "an exception": (item("Which are signs, except one?", *GOOD), "and a reader may miss that"),
    "an article at the end": (item("What she asks for is an", *GOOD), "first letter of the answer"),
    "absolute words in wrong options": (
        item("What should you do?", "Report it.", "Never report it.", "Always wait for proof."),
        "words such as “always” or “never” are in wrong options only",
    ),
    "the same option twice": (item("What helps?", "Water.", "water", "Shade"), "say the same"),
    "ranges that overlap": (
        item("How long?", "0-24 hours", "24–72 hours", "80 to 90 hours"),
        "ranges that overlap",
    ),
    "everything is right": (
        item("Which help?", "Water", "Shade", "Rest", kind="multiple", rights=(0, 1, 2)),
        "every option is right; add at least one that is wrong",
    ),
    "one of several is right": (
        item("Which help?", "Water", "Noise", "Heat", kind="multiple", rights=(0,)),
        "make it a single",
    ),
    "a statement has two negatives": (statement("Nobody must not be told."), "has two negatives"),
}
SOUND = {
    "a plain question": item("What should you do first?", *GOOD),
    "an emphasised not": item("Which of these is <strong>not</strong> a sign?", *GOOD),
    "a not in what is told": item("She does not speak. What should you do?", *GOOD),
    "a not that somebody says": item("What do you answer to “Do not tell them”?", *GOOD),
    "absolute words on both sides": item("What?", "Always ask.", "Never ask.", "Always wait."),
    "one absolute word": item("What?", "Ask.", "Never ask.", "Wait."),
    "absolute words that somebody says": item("What?", "Ask.", "“Never mind.”", "“You always do.”"),
    "ranges that follow": item("How long?", "0-24 hours", "25-72 hours", "73-90 hours"),
    "ranges of other units": item("How long?", "1-3 hours", "1-3 days", "1-3 weeks"),
    "a statement": statement("Silence is not consent."),
    "some right": item("Which?", "Water", "Shade", "Noise", kind="multiple", rights=(0, 1)),
}


@pytest.mark.parametrize("name", sorted(FLAWED))
def test_a_flaw_is_told_with_its_reason(name: str):
    flawed, says = FLAWED[name]
    told = list(flaws(flawed, is_english=True))
    assert len(told) == 1, told
    assert says in told[0]


@pytest.mark.parametrize("name", sorted(SOUND))
def test_a_sound_item_is_left_alone(name: str):
    assert list(flaws(SOUND[name], is_english=True)) == []


def test_word_lists_are_for_english_only():
    assert list(flaws(item("What an", "All of the above", "Never", "Always"), is_english=False)) == []


def test_statements_that_are_all_true_are_mentioned():
    told = [remark.says for remark in item_remarks([statement("One.")] * 3, (), module="m", language="en")]
    assert told == [
        "Each of the 3 true-false statements is 0; word some of them so that the opposite is right."
    ]
