"""The outline: every file on its shelf, with what a draft does to it."""

from pme.authoring.loose_library import titles_of
from pme.authoring.naming import FileKind
from pme.authoring.outline import outline
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import PAGE, QUIZ, SECOND, Shelf

PUBLISHED = [
    "modules/core.course.yaml",
    "modules/a/module.md",
    "modules/a/10-one.md",
    "modules/a/10-one.fr.md",
    "modules/a/media/x.svg",
    "modules/glossary.yaml",
    "modules/sources.yaml",
    "quizzes/q.quiz.yaml",
    "README.md",
]


def test_each_file_stands_on_its_shelf_with_its_title():
    shelves = {shelf.kind: shelf for shelf in outline(PUBLISHED, {}, {"modules/a/module.md": "About A"})}
    assert list(shelves) == [FileKind.COURSE, FileKind.MODULE, FileKind.QUIZ, FileKind.SOURCES]
    [module] = shelves[FileKind.MODULE].branches
    assert module.title == "About A"
    assert [leaf.title for leaf in module.parts] == ["10-one (fr)", "10-one", "x.svg"]
    assert [branch.title for branch in shelves[FileKind.SOURCES].branches] == ["Glossary", "Bibliography"]


def test_what_the_draft_changes_brings_and_takes_away_is_marked():
    edits = {"modules/a/10-one.md": b"x", "modules/b/10-new.md": b"x", "quizzes/q.quiz.yaml": None}
    leaves = {
        leaf.name.path: (leaf.is_changed, leaf.is_new, leaf.is_removed)
        for shelf in outline(PUBLISHED, edits, {})
        for branch in shelf.branches
        for leaf in (*((branch.leaf,) if branch.leaf else ()), *branch.parts)
    }
    assert leaves["modules/a/10-one.md"] == (True, False, False)
    assert leaves["modules/b/10-new.md"] == (False, True, False)
    assert leaves["quizzes/q.quiz.yaml"] == (True, False, True)
    assert leaves["modules/a/module.md"] == (False, False, False)


def test_an_author_finds_the_page_and_changes_it(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(draft).follow("Open the contents")
    assert "Listening" in page.words
    assert "Bibliography" in page.words
    change(clarke, draft, PAGE, "#", "#")
    assert "Changed" in clarke.get(f"{draft}/contents").words


def test_what_is_only_in_the_draft_stands_under_its_title(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/modules/listening/new-page").press("Begin the page", title="Words of others")
    assert page.status == 200
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    for where in ("", "/contents"):
        words = clarke.get(f"{draft}{where}").words
        assert "Words of others" in words
        assert "A clearer check" in words


def test_titles_are_read_of_whatever_stands_in_a_draft():
    files = {
        PAGE: b"\xff\xfe",
        QUIZ: b"[" * 2_000,
        "modules/x/module.md": b"no front",
        "x.txt": b"",
        SECOND: None,
    }
    assert titles_of(files) == {
        PAGE: "first-steps",
        QUIZ: "listening-check",
        "modules/x/module.md": "x",
    }
