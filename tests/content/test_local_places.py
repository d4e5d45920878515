"""Places that each academy fills in: how a page marks them, what is refused, and what nobody can forge."""

import pytest

from pme.authoring.inserts import found
from pme.content.blocks import page_blocks
from pme.content.local_places import KINDS, places_in, put_in
from pme.content.parse_page import Surroundings
from pme.content.parse_sources import Bibliography, Terms
from pme.content.shapes import Module
from pme.content.translation import Written
from pme.content.translation_compare import differences
from tests.content.small_library import MODULE, PAGE, SECOND, Shelf

BOX = """\
!!! local referral who-takes-over "Local: who takes over"
    Name the office and its number. Ask for [[consent]].
"""


def page_of(shelf: Shelf, text: str = BOX) -> str:
    """The HTML of the second page with a text at its end."""
    shelf.write(SECOND, f"# Next steps\n\nYou write down what you saw.\n\n{text}")
    library = shelf.check().require()
    module = next(entry.content for entry in library.entries if isinstance(entry.content, Module))
    return module.pages[1].html


def told(shelf: Shelf, text: str) -> str:
    shelf.write(SECOND, f"# Next steps\n\nYou write down what you saw.\n\n{text}")
    return "\n".join(str(problem) for problem in shelf.check().errors)


def test_a_place_has_a_kind_a_name_a_title_and_a_prompt(shelf: Shelf):
    (place,) = places_in(page_of(shelf))
    assert (place.id, place.kind, place.title) == ("who-takes-over", "referral", "Local: who takes over")
    assert place.prompt == "Name the office and its number. Ask for consent."


def test_a_place_without_a_title_is_called_by_its_kind(shelf: Shelf):
    (place,) = places_in(page_of(shelf, "!!! local hotline line\n    The number.\n"))
    assert place.title == "Local: Hotline"


def test_only_another_prompt_is_another_prompt(shelf: Shelf):
    (before,) = places_in(page_of(shelf))
    (moved,) = places_in(page_of(shelf, "A sentence before [@NOTES-2021].\n\n" + BOX))
    (changed,) = places_in(page_of(shelf, BOX.replace("number", "numbers")))
    assert 'href="#term-consent"' in before.prompt_html
    assert "href" not in before.told_html
    assert before.digest == moved.digest
    assert before.digest != changed.digest


def test_something_else_is_put_in_the_place_and_nowhere_else(shelf: Shelf):
    html = page_of(shelf, "Before.\n\n" + BOX + "\nAfter.\n\n" + BOX.replace("who-takes-over", "other-place"))
    seen = put_in(html, lambda place: f"<p>{place.id}</p>")
    assert seen.index("Before.") < seen.index("<p>who-takes-over</p>") < seen.index("After.")
    assert "<p>other-place</p>" in seen
    assert "<aside" not in seen
    assert put_in("<p>Nothing local.</p>", lambda _: "") == "<p>Nothing local.</p>"


@pytest.mark.parametrize(
    ("box", "says"),
    [
        ('!!! local "Title"\n    Text.\n', "has a kind and a name"),
        ("!!! local referral\n    Text.\n", "has a kind and a name"),
        ("!!! local referral a b\n    Text.\n", "has a kind and a name"),
        ("!!! local refferal a\n    Text.\n", "” is not a kind of local place; kinds are"),
        ("!!! local referral a_b\n    Text.\n", "” cannot be the name of a place"),
        ("!!! local referral a\n\nText.\n", "needs a text"),
        ("!!! local referral a\n    Text [@GUIDE-2020].\n", "cites no source"),
        ("!!! local referral a\n    Text.\n\n    !!! note\n        More.\n", "holds no other box"),
        ("!!! local referral a\n    One.\n\nText.\n\n!!! local hotline a\n    Two.\n", "is at"),
    ],
)
def test_what_is_no_place_is_refused_at_its_line(shelf: Shelf, box: str, says: str):
    found = told(shelf, box)
    assert says in found
    assert f"{SECOND}:" in found


def test_a_name_is_unique_in_its_module(shelf: Shelf):
    shelf.write(PAGE, "# First steps\n\nWords.\n\n" + BOX)
    shelf.change(MODULE, "Begin with", "\n\n" + BOX + "\nBegin with")
    assert "names are unique in a module" in "\n".join(str(problem) for problem in shelf.check().errors)


@pytest.mark.parametrize(
    "forged",
    [
        (
            '<aside class="admonition local" id="local-x" data-kind="hotline" role="note">'
            '<p class="admonition-title">T</p>P</aside>'
        ),
        '<aside class="admonition local" role="note">\ue0000\ue001<p class="admonition-title">T</p>P</aside>',
        '<p id="local-x">x</p>',
    ],
)
def test_no_author_forges_a_place_with_html(shelf: Shelf, forged: str):
    html = page_of(shelf, forged + "\n")
    assert places_in(html) == ()
    assert 'id="local-' not in html


def test_a_translation_keeps_the_kind_and_the_name_of_a_place():
    (block,) = page_blocks(BOX)
    for name, differs in (("who-takes-over", False), ("qui-prend", True)):
        text = f'!!! local referral {name} "Local : qui prend la suite"\n    Nommez le bureau. [[consent]]\n'
        written = Written(place="", source="", text=text, line=1)
        assert any("boxes differ" in says for says in differences(block, written)) is differs


def test_every_kind_of_place_can_be_looked_up_and_what_is_put_in_is_a_place(shelf: Shelf):
    around = Surroundings("listening", "en", Bibliography(), Terms(), {}, {})
    kind = next(kind for kind in found(around, "") if "academy" in kind.title)
    assert len(kind.inserts) == len(KINDS)
    text = next(each.text for each in kind.inserts if "hotline" in each.text)
    (place,) = places_in(page_of(shelf, text + "\n"))
    assert (place.kind, place.title) == ("hotline", "Local: Hotline")
