"""Two places to edit, one truth: what the browser changed and what the folder changed never overwrite each other."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pme import cli
from pme.content.drift import Merged, Side, merge
from pme.content.edit import prepare, publish_edit, published_tree
from pme.content.files import Tree, read_tree, write_back, write_new
from pme.content.kept_files import KeptFile, sha256_of_bytes
from pme.content.render import Renderer
from pme.db import Database
from pme.errors import Conflict, Invalid, Refused
from tests.content.small_library import PAGE, QUIZ, Shelf
from tests.content.test_publishing import AT

OLD, FOLDER, BROWSER = b"old", b"folder", b"browser"


def kept(published: bytes | None, folder: bytes | None) -> KeptFile:
    return KeptFile(*(sha256_of_bytes(each) if each is not None else None for each in (published, folder)))


def merged(
    ours: bytes | None, published: bytes | None, folder: bytes | None, take: Side | None = None
) -> Merged:
    """One file: as the folder holds it now, as it is published, as the folder held it before."""
    there: Mapping[str, bytes] = {"f": published} if published is not None else {}
    tree = Tree({"f": ours} if ours is not None else {})
    return merge(tree, there, {"f": kept(published, folder)}, take)


def test_a_file_that_only_the_folder_changed_is_the_folders():
    assert merged(FOLDER, OLD, OLD) == Merged(Tree({"f": FOLDER}), (), ())
    assert merged(None, OLD, OLD) == Merged(Tree({}), (), ())
    assert merge(Tree({"f": FOLDER}), {}, {}) == Merged(Tree({"f": FOLDER}), (), ())


def test_a_file_that_only_the_browser_changed_stays_as_published_and_is_told():
    assert merged(OLD, BROWSER, OLD) == Merged(Tree({"f": BROWSER}), ("f",), ())
    assert merged(None, BROWSER, None) == Merged(Tree({"f": BROWSER}), ("f",), ())
    assert merged(OLD, None, OLD) == Merged(Tree({}), ("f",), ())


def test_a_file_that_both_changed_alike_is_at_one_again():
    assert merged(BROWSER, BROWSER, OLD) == Merged(Tree({"f": BROWSER}), (), ())
    assert merged(None, None, OLD) == Merged(Tree({}), (), ())


def test_a_file_that_both_changed_differently_waits_for_a_person():
    both = merged(FOLDER, BROWSER, OLD)
    assert (both.conflicts, both.edited) == (("f",), ("f",))
    assert merged(FOLDER, BROWSER, OLD, Side.FOLDER) == Merged(Tree({"f": FOLDER}), (), ())
    assert merged(FOLDER, BROWSER, OLD, Side.PUBLISHED) == Merged(Tree({"f": BROWSER}), ("f",), ())


@pytest.fixture
def installation(
    shelf: Shelf, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Shelf:
    """A content folder that was published once."""
    places = {
        "PME_INSTANCE_DIR": str(tmp_path / "mine"),
        "PME_MODULES_DIR": str(shelf.root / "modules"),
        "PME_QUIZZES_DIR": str(shelf.root / "quizzes"),
    }
    for name, value in (environment | places).items():
        monkeypatch.setenv(name, value)
    assert cli.main(["publish"]) == 0
    return shelf


def edit(database: Database, renderer: Renderer, path: str, old: str, new: str) -> None:
    """Edit a published file, as the browser does."""
    with database.session() as session:
        text = published_tree(session).text(path)
        assert old in text
        prepared = prepare(session, {path: text.replace(old, new).encode()}, renderer, at=AT)
    with database.writing() as session:
        publish_edit(session, prepared, by_id=None, at=AT, note="edited")


def published(database: Database, path: str) -> str:
    with database.session() as session:
        return published_tree(session).text(path)


def test_what_is_published_is_kept_byte_for_byte(installation: Shelf, database: Database, tmp_path: Path):
    disk = read_tree(installation.root / "modules", installation.root / "quizzes")
    with database.session() as session:
        assert published_tree(session).files == disk.files
    assert cli.main(["export", str(tmp_path / "out")]) == 0
    out = read_tree(tmp_path / "out/modules", tmp_path / "out/quizzes")
    assert out.files == disk.files
    assert cli.main(["export", str(tmp_path / "out")]) == 1
    assert cli.main(["export"]) == 1


def test_an_edit_in_the_browser_survives_publishing_the_folder_and_can_be_written_back(
    installation: Shelf, database: Database, renderer: Renderer, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["drift"]) == 0
    edit(database, renderer, QUIZ, "A check", "A browser check")
    assert cli.main(["drift"]) == 1
    assert f"{QUIZ}: edited in the browser; not yet in the folder" in capsys.readouterr().out
    assert cli.main(["publish"]) == 0
    assert "Edited in the browser and not yet in the folder" in capsys.readouterr().out
    assert "A browser check" in published(database, QUIZ)
    assert cli.main(["export", "--back"]) == 0
    assert "A browser check" in installation.text(QUIZ)
    assert cli.main(["drift"]) == 0
    assert cli.main(["export", "--back"]) == 0


def test_a_file_edited_in_both_places_is_refused_until_a_side_is_taken(
    installation: Shelf, database: Database, renderer: Renderer, capsys: pytest.CaptureFixture[str]
):
    edit(database, renderer, QUIZ, "A check", "A browser check")
    installation.write(QUIZ, installation.text(QUIZ).replace("A check", "A folder check"))
    assert cli.main(["drift"]) == 1
    assert f"{QUIZ}: edited both in the browser and in the folder" in capsys.readouterr().out
    assert cli.main(["publish"]) == 1
    said = capsys.readouterr().err
    assert QUIZ in said
    assert "--take folder or --take published" in said
    assert cli.main(["export", "--back"]) == 1
    assert "A folder check" in installation.text(QUIZ)
    assert "A browser check" in published(database, QUIZ)
    assert cli.main(["publish", "--take", "folder"]) == 0
    assert "A folder check" in published(database, QUIZ)
    assert cli.main(["drift"]) == 0


def test_the_published_side_can_be_taken_too_and_what_waits_in_the_folder_is_told(
    installation: Shelf, database: Database, renderer: Renderer, capsys: pytest.CaptureFixture[str]
):
    edit(database, renderer, QUIZ, "A check", "A browser check")
    installation.write(QUIZ, installation.text(QUIZ).replace("A check", "A folder check"))
    assert cli.main(["publish", "--take", "published"]) == 0
    assert "A browser check" in published(database, QUIZ)
    installation.write(PAGE, installation.text(PAGE) + "\nOne sentence more.\n")
    capsys.readouterr()
    assert cli.main(["drift"]) == 1
    assert f"{PAGE}: changed in the folder; not yet published" in capsys.readouterr().out


def test_an_edit_with_errors_or_on_an_older_publication_is_refused(
    installation: Shelf, database: Database, renderer: Renderer
):
    with database.session() as session:
        broken = prepare(session, {QUIZ: b"schema: pme-quiz/1\n"}, renderer, at=AT)
        fine = prepare(session, {PAGE: published_tree(session).files[PAGE] + b"\nMore.\n"}, renderer, at=AT)
    assert broken.report.errors
    with database.writing() as session, pytest.raises(Refused):
        publish_edit(session, broken, by_id=None, at=AT, note="")
    edit(database, renderer, QUIZ, "A check", "A browser check")
    with database.writing() as session, pytest.raises(Conflict, match="Something else was published"):
        publish_edit(session, fine, by_id=None, at=AT, note="")


def test_a_path_never_leads_out_of_its_folder(tmp_path: Path):
    roots = {"modules": tmp_path / "modules"}
    for path in ("modules/../../out", "modules/", "modules//etc/passwd"):
        with pytest.raises(Invalid, match="leads out"):
            write_back(roots, {path: b"x"})
    write_new(tmp_path / "new", {"modules/a/module.md": b"x"})
    write_back({"modules": tmp_path / "new/modules"}, {"modules/a/module.md": None})
    assert list((tmp_path / "new/modules/a").iterdir()) == []
