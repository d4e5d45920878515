"""Reading the folders: nothing outside them, nothing too large, nothing that is not text."""

import os
from pathlib import Path

import pytest

from pme.content.check import check_tree
from pme.content.files import read_tree
from tests.content.small_library import FIGURE, MODULE, PAGE, QUIZ, TODAY, Shelf


def says(shelf: Shelf) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.says) for problem in shelf.check().errors]


def test_paths_of_both_folders_are_told_apart(shelf: Shelf):
    tree = read_tree(shelf.root / "modules", shelf.root / "quizzes")
    assert {MODULE, PAGE, FIGURE, QUIZ} <= tree.files.keys()
    assert tree.problems == ()


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path):
    report = check_tree(tmp_path / "modules", tmp_path / "quizzes", page_seconds=1, today=TODAY)
    assert [problem.file for problem in report.errors] == ["modules", "quizzes"]


def test_a_link_out_of_the_folder_is_not_followed(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("# Secret\n")
    (shelf.root / "modules/listening/30-secret.md").symlink_to(secret)
    assert says(shelf) == [
        (
            "modules/listening/30-secret.md",
            1,
            "This link leads out of the content folder; put the file itself here.",
        )
    ]


def test_a_link_within_the_folder_is_read(shelf: Shelf):
    (shelf.root / "modules/listening/30-again.md").symlink_to(
        shelf.root / "modules/listening/20-next-steps.md"
    )
    assert says(shelf) == []


def test_a_link_to_a_folder_is_not_followed(shelf: Shelf):
    (shelf.root / "modules/other").symlink_to(shelf.root / "modules/listening")
    assert says(shelf) == [
        ("modules/other", 1, "This is a link to a folder; links to folders are not followed.")
    ]


def test_a_link_in_a_circle_is_a_problem(shelf: Shelf):
    (shelf.root / "modules/listening/30-loop.md").symlink_to("30-loop.md")
    assert [file for file, _, _ in says(shelf)] == ["modules/listening/30-loop.md"]


def test_a_pipe_does_not_stop_the_reading(shelf: Shelf):
    os.mkfifo(shelf.root / "modules/listening/30-pipe.md")
    assert says(shelf) == [("modules/listening/30-pipe.md", 1, "This is not a regular file.")]


def test_a_file_that_may_not_be_read_is_a_problem(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: Path, *_: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    tree = read_tree(shelf.root / "modules", shelf.root / "quizzes")
    assert {problem.says for problem in tree.problems} == {"The file cannot be read: Permission denied."}


@pytest.mark.parametrize(
    ("path", "size", "limit"), [(PAGE, 200_001, 200), (QUIZ, 500_001, 500), (FIGURE, 1_000_001, 1_000)]
)
def test_a_file_that_is_too_large_is_refused(path: str, size: int, limit: int, shelf: Shelf):
    shelf.write(path, "x" * size)
    assert (path, 1, f"The file is larger than {limit} kB.") in says(shelf)


def test_a_file_that_is_too_large_counts_as_there(shelf: Shelf):
    shelf.write(QUIZ, "x" * 500_001)
    assert [file for file, _, _ in says(shelf)] == [QUIZ]


def test_text_that_is_not_utf_8_is_refused_with_its_line(shelf: Shelf):
    shelf.write(PAGE, b"# Title\n\nCaf\xe9\n")
    assert (PAGE, 3, "The file is not UTF-8; save it as UTF-8 text.") in says(shelf)


def test_too_many_files_are_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.content.files.MOST_FILES", 3)
    assert ("modules", 1, "There are more than 3 files.") in says(shelf)


def test_lines_that_end_like_on_windows_are_read(shelf: Shelf):
    shelf.write(PAGE, ("\ufeff" + shelf.text(PAGE)).replace("\n", "\r\n"))
    assert says(shelf) == []


@pytest.mark.parametrize("name", [".draft.md", "20-next.md~", "README.md", ".git/config", "#x#"])
def test_what_editors_leave_behind_is_passed_over(name: str, shelf: Shelf):
    shelf.write(f"modules/listening/{name}", b"\xff")
    assert says(shelf) == []


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("modules/listening/Notes.md", "a module is a folder with module.md"),
        ("modules/listening/next.md", "a module is a folder with module.md"),
        ("modules/Big.course.yaml", "a course is <name>.course.yaml"),
        ("quizzes/listening.yaml", "quizzes are <name>.quiz.yaml"),
        ("modules/other/10-page.md", "The folder other has no module.md."),
    ],
)
def test_a_file_that_is_nothing_is_named(path: str, part: str, shelf: Shelf):
    shelf.write(path, "x: y\n")
    assert [(file, part in said) for file, _, said in says(shelf)] == [(path, True)]
