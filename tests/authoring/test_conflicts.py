"""Two people at one text: the second sees both versions put together, chooses, and nothing is lost."""

from pme.authoring.models import Draft
from pme.authoring.queries import file_of
from pme.authoring.service import save_file
from pme.db import Database
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import PAGE, QUIZ, Shelf
from tests.support.cast import START
from tests.support.client import Page, Visit


def text_of(page: Page) -> str:
    """What stands in the text box, as a browser shows it."""
    return (page.tree.xpath("//textarea[@name='content']")[0].text or "").removeprefix("\n")


def opened(visit: Visit, draft: str, path: str) -> Page:
    return visit.get(f"{draft}/file/{path}")


def test_edits_of_different_places_are_put_together(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    first, second = opened(clarke, draft, PAGE), opened(davis, draft, PAGE)
    text = text_of(first)
    first.press("Save in the draft", content=text.replace("before you act", "before you do anything"))
    both = second.press("Save in the draft", content=text.replace("It calms", "It helps"))
    assert both.status == 409
    assert "everything could be put together" in both.words
    assert "saved by Clarke" in both.words
    both.press("Save the merged text")
    kept = text_of(opened(clarke, draft, PAGE))
    assert "before you do anything" in kept
    assert "It helps" in kept


def test_edits_of_a_page_that_is_not_published_yet_are_put_together_too(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft, path = begin(clarke), "modules/listening/30-last.md"
    opened(clarke, draft, path).press("Save in the draft", content="# Last\n\nOne.\n\nTwo.\n")
    first, second = opened(clarke, draft, path), opened(davis, draft, path)
    first.press("Save in the draft", content="# Last\n\nOne more.\n\nTwo.\n")
    both = second.press("Save in the draft", content="# Last\n\nOne.\n\nTwo and three.\n")
    assert text_of(both) == "# Last\n\nOne more.\n\nTwo and three.\n"


def test_one_may_keep_ones_own_version_or_the_other(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    for button, wanted in (("Keep your version", "# Mine"), ("", "# Theirs")):
        first, second = opened(clarke, draft, PAGE), opened(davis, draft, PAGE)
        first.press("Save in the draft", content=f"# Theirs {button}\n")
        both = second.press("Save in the draft", content=f"# Mine {button}\n")
        page = both.press(button) if button else both.follow("Keep the other version")
        assert page.status == 200
        assert text_of(opened(clarke, draft, PAGE)).startswith(wanted)


def test_a_third_save_while_one_compares_is_not_overwritten(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    first, second = opened(clarke, draft, PAGE), opened(davis, draft, PAGE)
    first.press("Save in the draft", content="# One\n")
    both = second.press("Save in the draft", content="# Two\n")
    opened(clarke, draft, PAGE).press("Save in the draft", content="# Three\n")
    again = both.press("Keep your version")
    assert again.status == 409
    assert "# Three" in text_of(again)
    assert "# Two" in text_of(again)


def moved(clarke: Visit, davis: Visit, mine: str, theirs: str) -> str:
    """A draft of Clarke's whose base Davis has published anew."""
    draft, other = begin(clarke, "Mine"), begin(davis, "Theirs")
    change(clarke, draft, QUIZ, *mine.split(" -> "))
    change(davis, other, QUIZ, *theirs.split(" -> "))
    assert "Students see it" in davis.get(other).follow("Publish").press("Publish").words
    return draft


def test_a_draft_whose_base_moved_takes_over_what_was_published(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = moved(clarke, davis, "A check -> My check", "A few questions -> Some questions")
    page = clarke.get(draft).follow(f"compare the two versions of {QUIZ}")
    assert "Another version was published since" in page.words
    assert "title: My check" in text_of(page)
    assert "summary: Some questions." in text_of(page)
    done = page.press("Save the merged text")
    assert "takes account of what is published now" in done.words
    assert "compare the two" not in done.words
    assert "Students see it" in done.follow("Publish").press("Publish").words


def test_a_file_that_one_takes_away_may_go_or_stay(published: Shelf, database: Database, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    for button, content in (("Keep your version", None), ("Keep the other version", b"title: ")):
        draft, other = begin(clarke, "Mine"), begin(davis, "Theirs")
        with database.writing() as session:
            mine = session.get_one(Draft, int(draft.rpartition("/")[2]))
            save_file(session, mine, QUIZ, None, seen=0, by_id=mine.author_id, at=START)
        change(davis, other, QUIZ, "minutes: ", "minutes: 1")
        davis.get(other).follow("Publish").press("Publish")
        page = clarke.get(f"{draft}/compare/{QUIZ}")
        assert "One of the two versions removes this file" in page.words
        page.press(button)
        with database.session() as session:
            kept = file_of(session, mine.id, QUIZ)
            assert kept is not None
            assert kept.content is content if content is None else content in (kept.content or b"")


def test_both_choices_stand_where_the_base_moved(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = moved(clarke, davis, "A check -> My check", "A check -> Their check")
    page = clarke.get(f"{draft}/compare/{QUIZ}")
    undecided = page.press("Save the merged text")
    assert undecided.status == 422
    assert "keep one version there and delete the ==== lines" in undecided.words
    assert "title: Their check" in text_of(undecided)
    assert "takes account" in page.press("Keep the other version").words
    assert "title: Their check" in text_of(opened(clarke, draft, QUIZ))
    assert "nothing to compare" in clarke.get(f"{draft}/compare/{QUIZ}").words


def test_what_is_published_while_one_compares_is_shown_before_anything_is_kept(
    published: Shelf, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = moved(clarke, davis, "A check -> My check", "A few questions -> Some questions")
    page = clarke.get(f"{draft}/compare/{QUIZ}")
    third = begin(davis, "Third")
    change(davis, third, QUIZ, "minutes: 5", "minutes: 6")
    davis.get(third).follow("Publish").press("Publish")
    refused = page.press("Save the merged text")
    assert refused.status == 409
    assert "Something else was published while you compared" in refused.words


def test_only_a_text_that_is_in_the_draft_can_be_compared(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    for path in (PAGE, "modules/listening/media/steps.svg", "..%2fx"):
        assert clarke.fetch(f"{draft}/compare/{path}").status_code == 404


def test_a_draft_that_is_not_open_is_refused_without_a_comparison(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = opened(clarke, draft, PAGE)
    clarke.get(draft).press("Discard the draft")
    refused = page.press("Save in the draft", content="# Late\n")
    assert refused.status == 409
    assert "not open for changes" in refused.words
    assert text_of(refused).strip() == "# Late"
