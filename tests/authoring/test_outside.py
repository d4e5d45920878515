"""Somebody without an account reads a draft by a personal link, tries it, and says what they think of it."""

import re
from datetime import timedelta

from flask import Flask

from pme.authoring.outside import LONGEST_COMMENT, MOST_COMMENTS
from pme.db import Database
from pme.web.wrong_links import MOST_WRONG
from tests.authoring.reviewing import let_review
from tests.authoring.test_drafting import begin, change
from tests.authoring.test_preview import SCRIPT, UNDER, differing, everything, of, play
from tests.conftest import Visits
from tests.content.small_library import COURSE, MODULE, PAGE, QUIZ, Shelf
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.panels import publish_files

FROM_OUTSIDE = {"preview_state", "outside_link", "outside_comment"}
VARIES = re.compile(r'<span class="code">[0-9a-f]{12}</span>')


def link_of(page: Page) -> str:
    """The link on the page that has just made it."""
    found = re.search(r"(/preview/[\w-]{43}/)", page.text)
    assert found, page.words
    return found[1]


def made(visit: Visit, draft: str, name: str = "Kim Stone", days: str = "7") -> str:
    return link_of(visit.get(f"{draft}/outside").press("Create the link", name=name, days=days))


def test_an_outside_reviewer_reads_tries_and_comments_and_nothing_is_recorded_as_learning(
    app: Flask, published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "before you act", "before you EVER act")
    link = made(clarke, draft)
    assert link not in clarke.get(f"{draft}/outside").text
    assert "Not opened yet" in clarke.get(f"{draft}/outside").words
    before = everything(database)

    kim = Visit(app)
    welcome = kim.get(f"{link}{UNDER}/first-steps")
    assert "This link is for Kim Stone" in welcome.words
    assert "before you EVER act" not in welcome.words
    overview = welcome.press("Look at the draft")
    page = overview.follow("First steps")
    assert "before you EVER act" in page.words
    assert kim.get(f"{link}{UNDER}/quiz/listening-check").press("Begin").title == "Question 1 of 7"
    assert play(kim, link.rstrip("/"), "Listen", "Offer help", "Hand over").title == "Debrief"
    comment = page.follow("Comment on this page")
    assert comment.press("Send the comment", text="  ").status == 422
    assert comment.press("Send the comment", text="x" * (LONGEST_COMMENT + 1)).status == 422
    sent = comment.press("Send the comment", text=f"Too fast {SCRIPT}")
    assert "Too fast" in sent.words
    assert SCRIPT not in sent.text
    assert differing(before, everything(database)) == FROM_OUTSIDE

    listed = clarke.get(f"{draft}/outside").words
    assert "Opened 1 time, last used" in listed
    assert "1 comment from outside reviewers" in listed
    review = clarke.get(f"{draft}/review")
    assert "outside reviewer Kim Stone" in review.words
    assert "First steps (modules/listening/10-first-steps.md)" in review.words
    assert SCRIPT not in review.text
    assert "Resolved" in review.press("Resolved: First steps").words
    assert "resolved" in kim.get(f"{link}comment").words


def test_a_link_opens_one_draft_and_nothing_else(app: Flask, published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft, other = begin(clarke), begin(clarke, "Another")
    change(clarke, other, QUIZ, "A check", "A secret check")
    link, kim = made(clarke, draft), Visit(app)
    kim.get(link).press("Look at the draft")
    assert "A secret check" not in kim.get(f"{link}{UNDER}/quiz/listening-check").text
    for closed in (draft, "/author", f"{of(other)}/", "/preview/published/", "/learn", f"{draft}/review"):
        assert "/sign-in" in kim.fetch(closed).headers["Location"], closed


def test_a_link_shows_the_courses_that_the_draft_changes_and_no_other(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    shelf.write("modules/other.course.yaml", shelf.text(COURSE).replace("[listening]", "[reporting]"))
    module = shelf.text(MODULE).replace("  quizzes: [listening-check]\n  scenarios: [gate]\n", "")
    shelf.write("modules/reporting/module.md", module)
    shelf.write("modules/reporting/10-first.md", "# Reporting\n\nYou write it down.\n")
    with database.writing() as session:
        publish_files(session, shelf)
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    link, kim = made(clarke, draft), Visit(app)
    overview = kim.get(link).press("Look at the draft")
    assert kim.fetch(f"{link}learn/core").status_code == 200
    assert kim.fetch(f"{link}learn/other").status_code == 404
    assert "learn/other" not in overview.text
    assert clarke.fetch(f"{of(draft)}/learn/other").status_code == 200


def test_what_is_past_closed_unknown_or_ended_answers_alike(
    app: Flask, published: Shelf, visit: Visits, clock: Clock
):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "before you act", "before you EVER act")
    past, closed, ended = (
        made(clarke, draft, days="1"),
        made(clarke, draft, "Lee"),
        made(clarke, draft, "Max"),
    )
    clarke.get(f"{draft}/outside").press("Close the link: Lee")
    clock.move(minutes=timedelta(days=1).total_seconds() / 60 + 1)
    kim, clarke = Visit(app), visit("clarke")

    def told(where: str) -> tuple[int, str]:
        response = kim.fetch(where)
        return response.status_code, VARIES.sub("", response.get_data(as_text=True))

    unknown = told(f"/preview/{'x' * 43}/")
    assert unknown[0] == 404
    assert "The person who sent it to you can send you another" in unknown[1]
    assert [told(link) == unknown for link in (past, closed, ended)] == [True, True, False]
    clarke.post(f"{draft}/discard")
    for link in (past, closed, ended):
        assert told(link) == unknown
        assert told(f"{link}{UNDER}/first-steps") == unknown
        assert kim.send(f"{link}comment", text="Too late").status_code == 404


def test_links_are_for_one_to_thirty_days_and_for_somebody(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    for days in ("0", "31", "1.5", "soon", ""):
        page = clarke.get(f"{draft}/outside").press("Create the link", name="Kim", days=days)
        assert page.status == 422
        assert "from 1 to 30" in page.words
        assert 'value="Kim"' in page.text
    assert clarke.get(f"{draft}/outside").press("Create the link", name=" ", days="7").status == 422
    hostile = clarke.get(f"{draft}/outside").press("Create the link", name=SCRIPT, days="7")
    assert SCRIPT not in hostile.text
    let_review(database, "baker")
    assert "Create a link" in visit("baker").get(f"{draft}/outside").words


def test_a_link_is_kept_by_nobody_and_listed_nowhere(
    app: Flask, published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    link = made(clarke, begin(clarke))
    token = link.split("/")[2]
    assert token not in str(everything(database))
    for where in (link, f"{link}comment", "/preview/unknown/"):
        headers = Visit(app).fetch(where).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "same-origin"
    assert 'name="robots" content="noindex' in Visit(app).get(link).text
    assert "Disallow: /preview/" in Visit(app).fetch("/robots.txt").get_data(as_text=True)


def test_whoever_tries_many_wrong_links_has_to_wait(app: Flask, published: Shelf):
    nobody = Visit(app)
    for number in range(MOST_WRONG):
        assert nobody.fetch(f"/preview/guess-{number}/").status_code == 404
    assert nobody.fetch("/preview/guess/").status_code == 429


def test_one_link_leaves_only_so_many_comments(app: Flask, published: Shelf, visit: Visits):
    clarke = visit("clarke")
    link, kim = made(clarke, begin(clarke)), Visit(app)
    kim.get(link).press("Look at the draft")
    for number in range(MOST_COMMENTS):
        assert kim.send(f"{link}comment", text=f"Comment {number}").status_code == 303
    refused = kim.post(f"{link}comment", text="One more")
    assert refused.status == 409
    assert "One more" in refused.text
    assert kim.get(link + "comment?about=../../etc/passwd").title == "Comment"
