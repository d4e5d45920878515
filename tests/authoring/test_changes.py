"""What a draft changes, as its reviewers read it."""

from pme.authoring.models import Draft
from pme.authoring.service import save_file
from pme.content.kept_files import sha256_of_bytes
from pme.db import Database
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import FIGURE, FILES, PAGE, QUIZ, Shelf
from tests.support.cast import START

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def put_file(database: Database, draft: str, path: str, content: bytes | None) -> None:
    """Save a file in a draft, as an upload does."""
    with database.writing() as session:
        found = session.get_one(Draft, int(draft.rpartition("/")[2]))
        save_file(session, found, path, content, seen=0, by_id=found.author_id, at=START)


def test_the_words_that_change_are_marked(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "before you act", "before you ever act")
    change(clarke, draft, QUIZ, "Leave the place", "Leave it")
    page = clarke.get(draft).follow("What changes, and its review")
    assert page.words.count("1 change") == 2
    words = page.follow("First steps")
    assert [each.xpath("string()") for each in words.tree.xpath("//main//ins")] == ["added: ever "]
    assert "paragraphs as before" in words.words
    fields = page.follow("A check")
    assert "Item first, option b, text Changed" in fields.words
    assert [each.xpath("string()") for each in fields.tree.xpath("//main//del")] == ["removed: the place"]


def test_a_file_that_the_draft_leaves_alone_and_one_that_is_none(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    assert "holds no file" in clarke.get(f"{draft}/review").words
    assert "does not change this file" in clarke.get(f"{draft}/changes/{PAGE}").words
    assert clarke.fetch(f"{draft}/changes/x").status_code == 404


def test_new_and_removed_files_and_pictures_are_shown(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    put_file(database, draft, FIGURE, SVG)
    put_file(database, draft, PAGE, None)
    put_file(database, draft, "modules/listening/media/new.png", b"PNG")
    page = clarke.get(f"{draft}/review")
    for words in ("Another file", "To be removed", "New file"):
        assert words in page.words
    shown = page.follow("steps.svg")
    before, after = shown.tree.xpath("//main//img/@src")
    assert clarke.fetch(before).data == FILES[FIGURE].encode()
    answer = clarke.fetch(after)
    assert answer.data == SVG
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert page.follow("First steps").tree.xpath("//main//del")
    assert len(page.follow("new.png").tree.xpath("//main//img")) == 1


def test_only_pictures_are_served_as_pictures(published: Shelf, database: Database, visit: Visits):
    clarke, hayes = visit("clarke"), visit("hayes")
    draft = begin(clarke)
    put_file(database, draft, PAGE, b"# Words\n")
    assert clarke.fetch(f"{draft}/picture/{PAGE}").status_code == 404
    kept = sha256_of_bytes(FILES[QUIZ].encode())
    assert clarke.fetch(f"/author/pictures/{kept}/listening-check.quiz.yaml").status_code == 404
    figure = f"/author/pictures/{sha256_of_bytes(FILES[FIGURE].encode())}"
    assert clarke.fetch(f"{figure}/steps.svg").status_code == 200
    assert clarke.fetch(f"{figure}/other.svg").status_code == 404
    assert hayes.fetch(f"{figure}/steps.svg").status_code == 404


def test_what_was_published_since_is_told_first(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    mine, theirs = begin(clarke, "Mine"), begin(clarke, "Theirs")
    change(clarke, mine, QUIZ, "A check", "My check")
    change(clarke, theirs, QUIZ, "A check", "Their check")
    clarke.post(f"{theirs}/publish")
    assert "Begun on an older version" in clarke.get(f"{mine}/review").words
