"""The small library with a local place on its second page, published, and instructors who fill it in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pme.content.check import check
from pme.content.files import read_tree
from pme.content.publish import publish
from pme.content.render import Renderer
from pme.db import Database
from tests.content.small_library import SECOND, TODAY, Shelf
from tests.support.cast import START

PROMPT = "Name the office and its number."
BOX = f'!!! local referral who-takes-over "Local: who takes over"\n    {PROMPT}\n'
Publish = Callable[[str], None]


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One renderer for the tests of a worker."""
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def core(tmp_path: Path, database: Database, renderer: Renderer) -> Publish:
    """Publishes the small library with this text at the end of its second page."""
    shelf = Shelf(tmp_path, renderer)

    def put(text: str) -> None:
        shelf.write(SECOND, f"# Next steps\n\nYou write down what you saw.\n\n{text}")
        tree = read_tree(shelf.root / "modules", shelf.root / "quizzes")
        library = check(tree, renderer, today=TODAY).require()
        with database.writing() as session:
            publish(session, library, by_id=None, at=START, note="core")

    put(BOX)
    return put
