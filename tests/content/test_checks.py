"""Checks within pages: what a page carries of them, and every fault with its line."""

import pytest

from pme.content.shapes import Module
from tests.content.planting import Fault, assert_found
from tests.content.small_bank import BANK, TEXT
from tests.content.small_library import MODULE, PAGE, QUIZ, SECOND, Shelf

FIRST, LAST = "{check: hours}\n\n## What to do", "{check: listening-bank/ways}"


@pytest.fixture
def asking(shelf: Shelf) -> Shelf:
    """The small library with two checks on its first page."""
    shelf.write(BANK, TEXT.replace(TEXT[TEXT.index("  - id: letter") : TEXT.index("  - id: gate")], ""))
    shelf.change(PAGE, "## What to do", FIRST)
    shelf.write(PAGE, shelf.text(PAGE) + f"\n{LAST}\n")
    shelf.change(
        SECOND, "# Next steps\n", "# Next steps\n\n{check: word}\n\n{check: gate}\n\n{check: chair}\n"
    )
    return shelf


def module(shelf: Shelf) -> Module:
    return next(e.content for e in shelf.check().require().entries if isinstance(e.content, Module))


def test_a_page_carries_its_checks_where_they_stand(asking: Shelf):
    report = asking.check()
    assert report.problems == ()
    page = module(asking).pages[0]
    assert [(check.bank, check.item.id) for check in page.checks] == [
        ("listening-bank", "hours"),
        ("listening-bank", "ways"),
    ]
    before, between, after = page.stretches
    assert before.rstrip().endswith("</p>")
    assert between.startswith("<h2")
    assert after == ""
    assert "".join(page.stretches) == page.html
    assert "check" not in page.html
    assert "\ue000" not in page.html


def test_checks_may_follow_each_other_at_the_beginning(asking: Shelf):
    page = module(asking).pages[1]
    assert [check.at for check in page.checks] == [0, 0, 0]
    assert page.stretches == ("", "", "", page.html)


def test_a_page_without_checks_is_one_stretch(shelf: Shelf):
    page = module(shelf).pages[0]
    assert page.stretches == (page.html,)


def test_the_version_of_a_module_holds_the_text_of_the_banks_it_asks(asking: Shelf):
    entry = next(e for e in asking.check().require().entries if isinstance(e.content, Module))
    assert entry.source[BANK] == asking.text(BANK)


def test_a_check_in_code_is_code(asking: Shelf):
    asking.write(
        PAGE, asking.text(PAGE) + "\nWrite `{check: hours}` on a line.\n\n```\n{check: hours}\n```\n"
    )
    page = module(asking).pages[0]
    assert len(page.checks) == 2
    assert page.html.count("{check: hours}") == 2


def planted(new: str, at: str, says: str, *, old: str = "{check: hours}") -> Fault:
    return Fault(PAGE, old, new, at, says)


FAULTS = {
    "the item is unknown": planted("{check: hour}", "{check: hour}", "Did you mean hours?"),
    "the bank is unknown": planted(
        "{check: listen/hours}", "{check: listen/", "“listen” is not a bank of this module"
    ),
    "the bank lacks the item": planted(
        "{check: listening-bank/hour}",
        "{check: listening-bank/hour",
        "” is not an item of this module's banks",
    ),
    "it stands within a line": planted("Do this: {check: hours}", "Do this:", "has to stand alone"),
    "it stands in a list": planted("- One\n- {check: hours}", "- {check:", "has to stand alone"),
    "it stands in a box": planted('!!! note "Now"\n    {check: hours}', "    {check:", "has to stand alone"),
    "no empty line stands before it": planted(
        "And now\n{check: hours}", "{check: hours}", "has to stand alone"
    ),
    "it is asked twice on a page": planted("{check: hours}\n\n{check: hours}", FIRST, "already"),
    "it is asked on two pages": Fault(
        SECOND, "{check: word}", "{check: hours}", "{check: hours}", f"is asked at {PAGE}:5 already"
    ),
    "it stands in an introduction": Fault(
        MODULE,
        "Listening is work",
        "{check: hours}\n\nListening is work",
        "{check: hours}",
        "cannot hold a check",
    ),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_in_a_check_is_named_when(name: str, asking: Shelf):
    assert_found(asking, FAULTS[name])


def test_an_essay_cannot_be_a_check(shelf: Shelf):
    shelf.write(BANK, TEXT)
    assert_found(
        shelf,
        Fault(PAGE, "## What to do", "{check: letter}\n\n## What to do", "{check:", "reflection prompt"),
    )


def test_a_check_that_a_quiz_may_ask_is_refused(asking: Shelf):
    line = "blueprint:\n  - {bank: listening-bank, outcome: LO1, count: 1}\nitems:\n"
    asking.change(QUIZ, "items:\n", line)
    found = {(p.file, p.line, p.says.partition(" as well")[0]) for p in asking.check().errors}
    assert found == {
        (PAGE, 5, "The quiz listening-check may ask hours"),
        (SECOND, 3, "The quiz listening-check may ask word"),
        (SECOND, 5, "The quiz listening-check may ask gate"),
    }


def test_a_check_in_the_same_words_as_a_quiz_is_mentioned(asking: Shelf):
    asking.change(QUIZ, "stem: And then?", "stem: WHERE should **she** sit?")
    assert [(p.file, p.line) for p in asking.check().warnings if "in the same words" in p.says] == [
        (SECOND, 7)
    ]


def test_an_item_of_two_banks_has_to_be_named_with_its_bank(asking: Shelf):
    other = asking.text(BANK).replace("More questions", "Other questions")
    asking.write("quizzes/other.bank.yaml", other)
    says = [p.says for p in asking.check().errors]
    assert (
        "The check cannot be asked: “hours” is an item of listening-bank and of other; write listening-bank/hours."
        in says
    )


def test_a_bank_that_cannot_be_read_makes_no_second_error(asking: Shelf):
    asking.write(BANK, "- one\n")
    assert {p.file for p in asking.check().errors} == {BANK}
