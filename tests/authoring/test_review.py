"""Review: asked for, commented, refused, approved; and nothing is published that was not approved as it is."""

import pytest

from pme.db import Database
from tests.authoring.reviewing import let_review, require, reviewer
from tests.authoring.test_drafting import begin, change, title_of_quiz
from tests.conftest import Visits
from tests.content.small_library import PAGE, QUIZ, Shelf
from tests.support.client import Page, Visit


def ask(visit: Visit, draft: str, note: str = "A clearer title.") -> Page:
    """Check a draft and ask for its review."""
    visit.get(draft).press("Check everything")
    return visit.get(f"{draft}/review").press("Ask for review", note=note)


def ready(visit: Visit, old: str = "A check", new: str = "A clearer check") -> str:
    """A draft with one change, in review; gives its address."""
    draft = begin(visit)
    change(visit, draft, QUIZ, old, new)
    assert "A review has been requested" in ask(visit, draft).words
    return draft


def test_a_draft_is_commented_changed_approved_and_published(
    published: Shelf, database: Database, visit: Visits
):
    clarke, baker = visit("clarke"), reviewer(database, visit, "baker", "Legal adviser")
    draft = ready(clarke)
    refused = clarke.post(f"{draft}/publish")
    assert "Approval is still missing from: Legal adviser" in refused.words
    page = baker.get("/author").follow("Clearer words").follow("What changes, and its review")
    assert "A clearer title." in page.words
    file = page.follow("A clearer check")
    sent_to = set(file.tree.xpath("//main//form/@action"))
    assert sent_to == {f"{draft}/changes/{QUIZ}"}
    commented = file.press("Send the comment", text="Clearer for whom?")
    assert "Clearer for whom?" in commented.words
    asked = baker.get(f"{draft}/review").press("Ask for changes", reason="Say what it checks.")
    assert "Changes asked for" in asked.words
    answered = clarke.get(f"{draft}/changes/{QUIZ}").press("Send the answer", text="For students.")
    assert "For students." in answered.words
    assert "Resolved" in answered.press("Resolved: Title").words
    change(clarke, draft, QUIZ, "A clearer check", "A check of listening")
    ask(clarke, draft, "As you asked.")
    approved = baker.get(f"{draft}/review").press("Approve", note="Good.")
    assert "The present version has every approval" in approved.words
    assert "as Legal adviser" in approved.words
    done = clarke.post(f"{draft}/publish")
    assert "Students see it from now on" in done.words
    assert title_of_quiz(database) == "A check of listening"


def test_review_is_asked_for_only_when_ready(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    form = clarke.get(f"{draft}/review")
    assert "There is nothing in this draft yet" in form.press("Ask for review", note="Look.").words
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    assert "Check everything first" in form.press("Ask for review", note="Look.").words
    change(clarke, draft, QUIZ, "title: A clearer check", "title: A\ntitle: B")
    clarke.get(draft).press("Check everything")
    assert "The last check found errors" in form.press("Ask for review", note="Look.").words
    change(clarke, draft, QUIZ, "title: A\ntitle: B", "title: A")
    refused = ask(clarke, draft, note=" ")
    assert refused.status == 422
    assert "Say what you changed" in refused.words
    long = ask(clarke, draft, note="x" * 4001)
    assert long.status == 422
    assert len(long.tree.xpath("//textarea[@name='note']")[0].text.strip()) == 4001


def test_a_draft_whose_base_moved_is_compared_first(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    mine, theirs = begin(clarke, "Mine"), begin(davis, "Theirs")
    change(clarke, mine, QUIZ, "A check", "My check")
    change(davis, theirs, QUIZ, "A check", "Their check")
    davis.post(f"{theirs}/publish")
    told = clarke.get(f"{mine}/review")
    assert "Begun on an older version" in told.words
    assert told.follow(f"Compare the two versions of {QUIZ}").status == 200
    assert "Compare the two first" in ask(clarke, mine).words


def test_while_in_review_nobody_changes_it_and_taking_it_back_voids_what_was_approved(
    published: Shelf, database: Database, visit: Visits
):
    clarke, baker = visit("clarke"), reviewer(database, visit, "baker", "Legal adviser")
    draft = ready(clarke)
    baker.get(f"{draft}/review").press("Approve")
    assert clarke.send(f"{draft}/file/{QUIZ}", content="x", seen="1").status_code == 409
    clarke.get(f"{draft}/review").press("Take it back to change it")
    change(clarke, draft, QUIZ, "A clearer check", "Something else")
    assert "Approval is still missing from: Legal adviser" in clarke.post(f"{draft}/publish").words
    ask(clarke, draft)
    assert "Approval is still missing from: Legal adviser" in clarke.post(f"{draft}/publish").words
    assert title_of_quiz(database) == "A check"


def test_an_approval_is_of_what_was_read(published: Shelf, database: Database, visit: Visits):
    clarke, baker = visit("clarke"), reviewer(database, visit, "baker", "Legal adviser")
    draft = ready(clarke)
    page = baker.get(f"{draft}/review")
    clarke.get(f"{draft}/review").press("Take it back to change it")
    assert "This draft is no longer in review. See its present state" in page.press("Approve").words
    change(clarke, draft, QUIZ, "A clearer check", "Something else")
    ask(clarke, draft)
    assert "has changed since you opened it" in page.press("Approve").words
    assert "Approval is still missing from" in clarke.post(f"{draft}/publish").words


def test_every_required_function_has_to_approve_and_one_who_holds_none_counts_for_none(
    published: Shelf, database: Database, visit: Visits
):
    clarke, baker = visit("clarke"), reviewer(database, visit, "baker", "Legal adviser", "Medical adviser")
    evans = reviewer(database, visit, "evans")
    require(database, "Survivor adviser", "baker")
    draft = ready(clarke)
    evans.get(f"{draft}/review").press("Approve")
    assert "Legal adviser, Medical adviser, Survivor adviser" in clarke.get(draft).words
    baker.get(f"{draft}/review").press("Approve")
    assert "Students see it" in clarke.post(f"{draft}/publish").words


def test_without_a_required_function_nobody_has_to_approve(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    assert "can be published without review" in clarke.get(f"{draft}/review").words
    assert "Students see it" in clarke.post(f"{draft}/publish").words


def test_nobody_reviews_what_they_wrote(published: Shelf, database: Database, visit: Visits):
    let_review(database, "clarke")
    clarke, davis = visit("clarke"), reviewer(database, visit, "davis", "Legal adviser")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    change(davis, draft, PAGE, "First steps", "The first steps")
    ask(clarke, draft)
    assert clarke.send(f"{draft}/approve", seen="x").status_code == 403
    assert "written in this draft yourself" in davis.get(f"{draft}/review").press("Approve").words
    refused = davis.get(f"{draft}/review").press("Ask for changes", reason="Mine is better.")
    assert "written in this draft yourself" in refused.words


def test_a_reason_is_needed_to_ask_for_changes(published: Shelf, database: Database, visit: Visits):
    draft, baker = ready(visit("clarke")), reviewer(database, visit)
    refused = baker.get(f"{draft}/review").press("Ask for changes", reason=" ")
    assert refused.status == 422
    assert "Say what should change" in refused.words
    long = baker.get(f"{draft}/review").press("Approve", note="x" * 4001)
    assert long.status == 422


def test_a_comment_stays_when_its_place_goes(published: Shelf, database: Database, visit: Visits):
    clarke, baker = visit("clarke"), reviewer(database, visit)
    draft = begin(clarke)
    change(clarke, draft, PAGE, "before you act", "before you ever act")
    where = f"{draft}/changes/{PAGE}"
    said = baker.post(where, anchor="paragraph 2", text="Ever?")
    assert said.status == 200
    assert "On an earlier version" not in said.words
    change(clarke, draft, PAGE, "# First steps\n", "# First steps\n\nA new beginning.\n")
    moved = clarke.get(where)
    assert "On an earlier version" not in moved.words
    assert "Ever?" in moved.words
    change(clarke, draft, PAGE, "You ask for", "We ask for")
    assert "On an earlier version" in clarke.get(where).words
    clarke.get(draft).press("Take out: First steps")
    assert "Ever?" in clarke.get(f"{draft}/review").words


@pytest.mark.alike
@pytest.mark.parametrize(
    ("fields", "says", "status"),
    [
        ({"text": " "}, "Write your comment first", 422),
        ({"text": "x" * 4001}, "under 4000 characters", 422),
        ({"text": "A\x00B"}, "cannot be kept", 422),
        ({"text": "Yes", "anchor": "at nowhere"}, "This place has changed", 409),
    ],
)
def test_a_bad_comment_is_told_with_what_was_typed(
    published: Shelf, visit: Visits, fields: dict[str, str], says: str, status: int
):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    refused = clarke.post(f"{draft}/changes/{QUIZ}", **fields)
    assert refused.status == status
    assert says in refused.words


def test_what_is_published_or_of_another_draft_is_not_discussed(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    first, second = begin(clarke, "One"), begin(clarke, "Two")
    change(clarke, first, QUIZ, "A check", "A clearer check")
    clarke.post(f"{first}/changes/{QUIZ}", text="Mine.")
    assert clarke.send(f"{second}/close-comment", reply="1").status_code == 404
    assert "not part of the draft any more" in clarke.post(f"{second}/changes/{QUIZ}", text="x").words
    clarke.post(f"{first}/publish")
    assert "published or discarded already" in clarke.post(f"{first}/changes/{QUIZ}", text="x").words
    assert "published or discarded already" in clarke.post(f"{first}/close-comment", reply="1").words
    assert (
        "This draft is no longer in review. See its present state" in clarke.post(f"{first}/take-back").words
    )


def test_what_people_write_stays_text(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "<script>alert(1)</script>")
    page = clarke.post(f"{draft}/changes/{QUIZ}", text="<img src=x onerror=alert(1)>")
    assert not page.tree.xpath("//main//script | //main//img")
    assert "<img src=x" in page.words


ROWS = """
POST approve            303 404
POST ask-for-changes    422 404
POST request-review     403 404
POST take-back          403 404
POST check              403 404
POST publish            403 404
POST discard            403 404
POST file/PAGE          403 404
POST out/PAGE           403 404
POST close-comment          403 404
POST changes/PAGE       422 404
GET  review             200 404
GET  changes/PAGE       200 404
GET  file/PAGE          200 404
GET  contents           200 404
"""
"""What a reviewer gets at the academy that keeps the content, and at another."""


def test_a_reviewer_reads_and_decides_and_changes_nothing(
    published: Shelf, database: Database, visit: Visits
):
    draft = ready(visit("clarke"))
    baker = reviewer(database, visit)
    let_review(database, "gray", "away")
    gray = visit("gray")
    assert "Begin a draft" not in baker.get("/author").words
    assert baker.send("/author/drafts", title="Mine").status_code == 404
    for row in ROWS.strip().splitlines():
        method, end, *expected = row.split()
        where = f"{draft}/{end.replace('PAGE', PAGE)}"
        got = [
            str((each.send(where) if method == "POST" else each.fetch(where)).status_code)
            for each in (baker, gray)
        ]
        assert got == expected, row
