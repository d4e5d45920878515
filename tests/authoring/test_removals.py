"""Whatever is deleted in a draft can be put back, also after others wrote on; what cannot is told, with its words."""

import pytest
from sqlalchemy import func, select

from pme.authoring.models_removal import DraftRemoval, DraftRemovalFile
from pme.db import Database
from tests.authoring.test_drafting import begin, change
from tests.authoring.test_given_up import as_stored
from tests.authoring.test_media import send
from tests.conftest import Visits
from tests.content.small_library import COURSE, MODULE, PAGE, QUIZ, SCENARIO, SECOND, Shelf
from tests.support import media_files as make
from tests.support.client import Visit

DELETED = {
    "a question": (
        f"questions/{QUIZ}",
        "Delete: question 2",
        "Question 2 is deleted",
        "Question second is back.",
    ),
    "a node": (f"scenario/{SCENARIO}", "Delete: d2", "d2 is deleted", "Part d2 of the story is back."),
    "an ending": (f"scenario/{SCENARIO}", "Delete: gaps", "gaps is deleted", "Ending gaps is back."),
    "an outcome": (f"module/{MODULE}", "Delete: LO1", "LO1 is deleted", "Outcome LO1 is back."),
    "a page": (f"module/{MODULE}", "Delete: Next steps", "“Next steps” is deleted", "“Next steps” is back."),
    "a module": (f"course/{COURSE}", "Take out: Listening", "is out of the course", "in the course is back."),
}


def kept(database: Database) -> tuple[int | None, int | None]:
    """How many deletions are kept, and how many files of them."""
    with database.session() as session:
        return (
            session.scalar(select(func.count()).select_from(DraftRemoval)),
            session.scalar(select(func.count()).select_from(DraftRemovalFile)),
        )


@pytest.mark.parametrize("what", DELETED)
@pytest.mark.parametrize("is_changed_before", [False, True], ids=["published", "changed-before"])
def test_what_is_deleted_is_back_to_the_letter(
    published: Shelf, database: Database, visit: Visits, what: str, is_changed_before: bool
):
    where, act, says, back = DELETED[what]
    clarke = visit("clarke")
    draft = begin(clarke)
    if is_changed_before:
        for path, words in ((QUIZ, "A check"), (SCENARIO, "At the gate"), (MODULE, "Listening")):
            change(clarke, draft, path, words, f"{words} anew")
    before = as_stored(database)
    gone = clarke.get(f"{draft}/{where}")
    if what == "a module" and is_changed_before:
        act = act.replace("Listening", "Listening anew")
    gone = gone.press(act)
    assert says in gone.words
    assert as_stored(database) != before
    done = gone.press("Undo")
    assert back in done.words
    assert as_stored(database) == before
    assert kept(database) == (0, 0)
    assert "This was put back before." in gone.press("Undo").words


def test_a_file_comes_back_with_its_words(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    send(clarke, draft, make.film(), "film.mp4", transcript="Listen first.")
    before = as_stored(database)
    gone = clarke.get(f"{draft}/medium/modules/listening/media/film.mp4").press("Remove film.mp4")
    assert as_stored(database) != before
    assert "File film.mp4 is back." in gone.press("Undo").words
    assert as_stored(database) == before


def stem_of(clarke: Visit, draft: str, number: int, stem: str) -> None:
    """Reword a question."""
    clarke.get(f"{draft}/question/{number}/form/{QUIZ}").press("Save in the draft", stem=stem)


def test_what_was_written_since_stays_when_a_part_is_put_back(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    gone = clarke.get(f"{draft}/questions/{QUIZ}").press("Delete: question 3")
    davis.get(f"{draft}/questions/{QUIZ}").press("Delete: question 1")
    stem_of(davis, draft, 4, "Davis asks?")
    back = gone.press("Undo")
    assert "is back." in back.words
    assert "Davis asks?" in back.words
    again = clarke.get(draft).press("Put back: Question first")
    assert "Question first is back." in again.words
    assert "Davis asks?" in again.words
    assert kept(database) == (0, 0)


def test_what_was_changed_at_the_same_place_stays_and_the_words_are_there_to_be_copied(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    gone = clarke.get(f"{draft}/questions/{QUIZ}").press("Delete: question 2")
    rest = clarke.get(f"{draft}/questions/{QUIZ}")
    for _ in range(6):
        rest = rest.press("Delete: question 1")
    stands = as_stored(database)
    stem = clarke.get(draft).words
    assert "Deleted in this draft" in stem
    clarke.get(f"{draft}/questions/{QUIZ}").press("Save in the draft", title="Emptied")
    changed = as_stored(database)
    assert changed != stands
    late = gone.press("Undo")
    assert late.path == draft
    assert "was changed at the same place since" in late.words
    assert as_stored(database) == changed
    assert "id: second" in late.words


def test_nothing_deleted_comes_back_once_the_draft_is_published_or_for_others(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "(page:listening/next-steps)", "(page:listening/first-steps)")
    gone = clarke.get(f"{draft}/module/{MODULE}").press("Delete: Next steps")
    number = gone.tree.xpath("string(//form[contains(@action, 'put-back')]/@action)").rpartition("/")[2]
    assert number
    assert visit("hayes").send(f"{draft}/put-back/{number}").status_code == 404
    assert visit("adams").send(f"{draft}/put-back/{number}").status_code == 403
    other = begin(clarke, "Another")
    assert "This was put back before." in clarke.post(f"{other}/put-back/{number}").words
    clarke.get(f"{draft}/publish").press("Publish")
    assert kept(database) == (0, 0)
    assert "This draft is not open for changes" in clarke.post(f"{draft}/put-back/{number}").words
    assert SECOND not in clarke.get(f"{begin(clarke, 'Third')}/contents").text
