"""Pages of a course: moved by their numbers, given another address, with the links to them."""

import pytest

from tests.authoring.question_forms import text_of
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import MODULE, PAGE, SECOND, Shelf

pytestmark = pytest.mark.alike


def test_pages_move_by_their_numbers_and_links_stay_right(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/module/{MODULE}").press("Move down: First steps")
    assert (
        "10-first-steps.md is 20-first-steps.md now; 20-next-steps.md is 10-next-steps.md now" in page.words
    )
    assert page.words.index("Next steps Teaches") < page.words.index("First steps Teaches")
    assert "Nothing stops this draft" in clarke.get(draft).press("Check everything").words
    again = clarke.get(f"{draft}/module/{MODULE}").press("Move up: First steps")
    assert again.words.index("First steps Teaches") < again.words.index("Next steps Teaches")
    assert "Nothing changed yet" in clarke.get(draft).words


def test_a_page_gets_another_address_with_every_link_to_it(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, MODULE, "completion:", "teaches:\n  first-steps: [LO1]  # both\ncompletion:")
    asked = clarke.get(f"{draft}/modules/listening/pages/first-steps/rename")
    assert "modules/listening/module.md links to it." in asked.words
    assert "It is listed as teaching LO1." in asked.words
    for bad, says in (("Big Steps", "lower-case letters"), ("next-steps", "has this address already")):
        refused = asked.press("Change the address", slug=bad)
        assert refused.status == 422
        assert says in refused.words
    asked.press("Change the address", slug="the-start")
    front = text_of(clarke, draft, MODULE)
    assert "(page:listening/the-start)" in front
    assert "the-start: [LO1]" in front or "the-start:\n    - LO1" in front
    assert "Nothing stops this draft" in clarke.get(draft).press("Check everything").words
    deleted = clarke.get(f"{draft}/module/{MODULE}").press("Delete: Next steps")
    assert "modules/listening/10-the-start.md links to it." in deleted.words
    assert "leads to no page" in clarke.get(draft).press("Check everything").words


def test_somebody_who_looks_at_older_pages_moves_nothing(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    old = davis.get(f"{draft}/module/{MODULE}")
    change(clarke, draft, SECOND, "Next steps", "The next steps")
    late = old.press("Move down: First steps")
    assert "Somebody else has changed this module" in late.words
    assert SECOND in clarke.get(draft).words
    assert PAGE not in clarke.get(draft).words
