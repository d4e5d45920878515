"""A published small library, and instructors who change it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pme.content.check import check
from pme.content.files import read_tree
from pme.content.library import Library
from pme.content.publish import publish
from pme.content.render import Renderer
from pme.db import Database
from tests.content.small_library import TODAY, Shelf
from tests.support.cast import START


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One renderer for the tests of a worker."""
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def shelf(tmp_path: Path, renderer: Renderer) -> Shelf:
    """The small library as files."""
    return Shelf(tmp_path, renderer)


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory, renderer: Renderer) -> Library:
    """What the small library says, read and checked once: it takes longer than publishing it."""
    root = Shelf(tmp_path_factory.mktemp("small-library"), renderer).root
    return check(read_tree(root / "modules", root / "quizzes"), renderer, today=TODAY).require()


@pytest.fixture
def published(shelf: Shelf, database: Database, checked: Library) -> Shelf:
    """The small library, published as its files say it."""
    with database.writing() as session:
        publish(session, checked, by_id=None, at=START, note="the small library")
    return shelf
