"""A published small library, and instructors who change it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pme.content.check import check
from pme.content.files import read_tree
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


@pytest.fixture
def published(shelf: Shelf, database: Database, renderer: Renderer) -> Shelf:
    """The small library, published from its files."""
    tree = read_tree(shelf.root / "modules", shelf.root / "quizzes")
    library = check(tree, renderer, today=TODAY).require()
    with database.writing() as session:
        publish(session, library, by_id=None, at=START, note="the small library")
    return shelf
