"""Films and documents of a folder: published, exported and compared like every file, byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from pme import cli
from pme.content import catalogue
from pme.content.attachment_store import PIECE, body_of
from pme.content.check import check
from pme.content.files import read_tree, write_new
from pme.content.publish import publish, wait_for_other_publishers
from pme.content.render import Renderer
from pme.db import Database
from pme.errors import Refused
from pme.stores.folder import Folder
from pme.stores.home import MEDIA as MEDIA_FOLDER
from pme.stores.home import Writing
from tests.content.small_library import PAGE, TODAY, Shelf
from tests.support import media_files as make
from tests.support.cast import START

MEDIA = "modules/listening/media"
LIST = "modules/listening/media.yaml"
SHOWN = "\n\n![Two people talk](media/film.mp4)\n\n![A form in words](media/form.pdf)\n"
LISTED = """\
schema: pme-media/1
files:
  - {id: film.mp4, licence: CC BY 4.0, source: Us, captions: film.vtt}
  - {id: form.pdf, licence: CC BY 4.0, source: Us}
"""
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\n<i>Listen</i>\n"


@pytest.fixture
def shelf(tmp_path: Path, renderer: Renderer) -> Shelf:
    """The small library with a film of several pieces and a document on its page."""
    shelf = Shelf(tmp_path, renderer)
    page = shelf.root / PAGE
    page.write_text(page.read_text() + SHOWN)
    (shelf.root / MEDIA / "film.mp4").write_bytes(make.film(padding=2 * PIECE + 4_096))
    (shelf.root / MEDIA / "form.pdf").write_bytes(make.document())
    (shelf.root / MEDIA / "film.vtt").write_text(CAPTIONS)
    (shelf.root / LIST).write_text(LISTED)
    return shelf


def test_a_film_goes_from_folder_to_folder_through_the_database(
    shelf: Shelf, database: Database, renderer: Renderer, tmp_path: Path
):
    tree = read_tree(shelf.root / "modules", shelf.root / "quizzes")
    library = check(tree, renderer, today=TODAY).require()
    with database.writing() as session:
        publish(session, library, by_id=None, at=START, note="with a film")
    with database.session() as session:
        module = catalogue.current(session).modules_by_slug["listening"].content
        write_new(tmp_path / "out", tree.files, lambda sha256: body_of(session, sha256))
    kinds = [figure.name for figure in module.figures]
    assert kinds == ["figure.svg", "video.mp4", "document.pdf"]
    html = module.pages[0].html
    assert '<track kind="captions" src="/media/' in html
    assert 'srclang="en"' in html
    for path in tree.files:
        assert (tmp_path / "out" / path).read_bytes() == (shelf.root / path).read_bytes(), path
    assert read_tree(tmp_path / "out/modules", tmp_path / "out/quizzes").files == tree.files


def test_bytes_that_are_not_kept_publish_nothing(shelf: Shelf, database: Database, renderer: Renderer):
    tree = read_tree(shelf.root / "modules", shelf.root / "quizzes")
    library = check(tree, renderer, today=TODAY).require()
    film = next(path for path in tree.bodies.values() if path.name == "film.mp4")
    film.unlink()
    film.write_bytes(b"other bytes")
    with pytest.raises(Exception, match="changed while it was read"), database.writing() as session:
        publish(session, library, by_id=None, at=START, note="")
    from_nowhere = type(library)(library.entries, library.media, files=library.files)
    with pytest.raises(Refused, match="is not kept here"), database.writing() as session:
        publish(session, from_nowhere, by_id=None, at=START, note="")


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        (LIST, LISTED.replace(", captions: film.vtt", ""), "neither captions nor a transcript"),
        (LIST, LISTED.replace("film.vtt", "steps.svg"), "are not a .vtt file of this module's media"),
        (
            LIST,
            LISTED.replace("captions: film.vtt", "transcript: film.txt"),
            "is not a .txt file of this module's media",
        ),
        (LIST, LISTED.replace("film.mp4", "flim.mp4"), "Did you mean film.mp4?"),
        (LIST, LISTED.replace("source: Us, c", "c"), "say its licence and where it comes from"),
        (LIST, LISTED.replace("captions:", "caption:"), "not a known field"),
        (f"{MEDIA}/film.vtt", "Hello", "begin with the line WEBVTT"),
        (f"{MEDIA}/film.mp4", "pme-attachment/1\nsha256: " + "0" * 64, "not a file of a known kind"),
        (f"{MEDIA}/film.mp4", "", "This file is empty"),
        (f"{MEDIA}/form.pdf", "%PDF-1.7 /JavaScript %%EOF", "holds a script"),
    ],
)
def test_what_is_wrong_with_media_is_told_at_its_file(
    shelf: Shelf, renderer: Renderer, file: str, content: str, says: str
):
    (shelf.root / file).write_text(content)
    told = check(read_tree(shelf.root / "modules", shelf.root / "quizzes"), renderer, today=TODAY).text
    assert says in told
    assert "modules/listening/media" in told


def test_a_film_is_brought_to_the_store_before_anybody_else_has_to_wait(
    shelf: Shelf,
    environment: dict[str, str],
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """A store that takes its time holds up nobody who writes meanwhile."""
    places = {
        "PME_INSTANCE_DIR": str(tmp_path / "mine"),
        "PME_MODULES_DIR": str(shelf.root / "modules"),
        "PME_QUIZZES_DIR": str(shelf.root / "quizzes"),
    }
    for name, value in (environment | places).items():
        monkeypatch.setenv(name, value)
    written, brought = Folder.written, []

    @contextmanager
    def meanwhile(store: Folder, name: str) -> Iterator[Writing]:
        with written(store, name) as writing:
            yield writing
        with database.writing() as session:
            if not database.is_sqlite:
                session.execute(text("SET LOCAL lock_timeout = '2s'"))
            wait_for_other_publishers(session)
            brought.append(name)

    monkeypatch.setattr(Folder, "written", meanwhile)
    assert cli.main(["publish"]) == 0
    assert len([name for name in brought if name.startswith(MEDIA_FOLDER)]) == 2
    brought.clear()
    (shelf.root / PAGE).write_text((shelf.root / PAGE).read_text() + "\n\nMore of it.\n")
    assert cli.main(["publish"]) == 0
    assert brought == [], "what is kept already is not brought again"
    with database.session() as session:
        module = catalogue.current(session).modules_by_slug["listening"].content
        assert "More of it." in module.pages[0].html
