"""What was given up comes back: a discarded draft with its history, a file that was taken out of one."""

from sqlalchemy import select

from pme.authoring.models import Draft, DraftFile
from pme.authoring.models_review import DraftComment
from pme.db import Database
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import QUIZ, SCENARIO, Shelf


def as_stored(database: Database) -> list[tuple[object, ...]]:
    """The drafts with their states, files and comments."""
    with database.session() as session:
        rows = [
            *session.execute(select(Draft.id, Draft.status, Draft.discarded_from).order_by(Draft.id)),
            *session.execute(
                select(DraftFile.draft_id, DraftFile.path, DraftFile.content, DraftFile.base_sha256)
            ),
            *session.execute(select(DraftComment.draft_id, DraftComment.text)),
        ]
        return sorted(map(tuple, rows), key=str)


def test_a_discarded_draft_comes_back_as_it_was_with_what_was_said_of_it(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke, "Mine")
    change(clarke, draft, QUIZ, "A check", "My check")
    clarke.get(f"{draft}/review").press("Ask for review")
    before = as_stored(database)
    gone = clarke.get(draft).press("Discard the draft")
    assert "“Mine” is discarded." in gone.words
    assert as_stored(database) != before
    back = gone.press("Undo")
    assert (back.path, "“Mine” is back as it was." in back.words) == (draft, True)
    assert as_stored(database) == before

    clarke.get(draft).press("Discard the draft")
    other = begin(davis, "Theirs")
    change(davis, other, QUIZ, "A check", "Their check")
    kept = as_stored(database)
    refused = clarke.get("/author?status=discarded").follow("Mine").press("Restore the draft")
    assert "“Theirs” was begun since and changes the same" in refused.words
    assert as_stored(database) == kept
    davis.get(other).press("Discard the draft")
    assert "is back as it was" in clarke.get(draft).press("Restore the draft").words
    assert "This draft is not discarded" in clarke.post(f"{draft}/restore").words
    assert visit("hayes").send(f"{draft}/restore").status_code == 404


def test_a_file_that_was_taken_out_is_put_in_again_unless_it_was_changed_since(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, SCENARIO, "At the gate", "At the other gate")
    before = as_stored(database)
    out = clarke.get(draft).press("Take out: At the other gate")
    assert "Nothing changed yet" in out.words
    assert "is in the draft again" in out.press("Undo").words
    assert as_stored(database) == before
    clarke.get(draft).press("Take out: At the other gate")
    change(clarke, draft, SCENARIO, "At the gate", "At a third gate")
    refused = clarke.post(f"{draft}/in-again/{SCENARIO}")
    assert "This file was changed in the draft since" in refused.words
    assert (
        "This file has already been put back into the draft" in clarke.post(f"{draft}/in-again/{QUIZ}").words
    )
