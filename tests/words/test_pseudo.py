"""Pages in a language that nobody speaks: what is seen of them is said in it, or belongs to content and people."""

import re
from collections.abc import Iterator

import pytest
from lxml import etree

from pme.web import spoken
from pme.words.catalogue import AsWritten, teach
from tests.conftest import Visits
from tests.support.client import Page
from tests.words.unfinished import UNFINISHED

LANGUAGE = "qq"
OPEN, CLOSE = "⟦", "⟧"
SAID = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
LETTERS = re.compile(r"[^\W\d_]{2,}")
ALOUD = ("title", "alt", "aria-label", "aria-description", "placeholder")
APART = {"bdi", "code", "script", "style", "time", "kbd"}
"""Elements that hold names, codes and moments."""
KNOWN = re.compile(
    r"PME|UTC|[\w.-]+@[\w.-]+|[0-9a-f]{12}|\b(Captain|\w+ Person|\w+ Academy|Nowhere|Support at \w+)\b|"
    r"(A |Another )?course for the tests|\b(Core|Other)( course)?\b|\bcourse\b|The basics|At the gate|Page first|"
    r"A guide|An institute|checks\b|How (many|well do the)|In which order of the|Which (of the)?|belong together|"
    r"serve\?|\b(Step|Choose|Left|Right|Act) \w+"
)
"""Names of people and academies, and the content of the small library."""
PAGES = {
    "nobody": ("/", "/sign-in", "/accessibility", "/forgotten", "/nothing-here"),
    "adams": ("/learn", "/learn/core", "/learn/core/basics/", "/learn/core/basics/first", "/certificates"),
}
ROOMS = {"nobody": "public", "adams": "student"}
pytestmark = pytest.mark.database("sqlite")


class Pseudo(AsWritten):
    """English between brackets that no text of ours has."""

    def one(self, text: str, context: str | None = None) -> str:  # noqa: ARG002
        return f"{OPEN}{text}{CLOSE}"

    def counted(self, one: str, many: str, number: int, context: str | None = None) -> str:  # noqa: ARG002
        return self.one(one if number == 1 else many)


@pytest.fixture(autouse=True)
def _nobodys_language(monkeypatch: pytest.MonkeyPatch):
    teach({LANGUAGE: Pseudo()})
    monkeypatch.setattr(spoken, "language_chosen", lambda: LANGUAGE)


def left_of(text: str) -> str:
    """A text without what was said, from the inside out, and without what is known."""
    while SAID.search(text):
        text = SAID.sub(" ", text)
    text = KNOWN.sub(" ", text)
    return " ".join(text.split()) if LETTERS.search(text) else ""


def unsaid(page: Page) -> Iterator[str]:
    """What a page shows or reads aloud that was not said, and is marked neither as content nor as a name."""
    assert page.tree is not None
    depth = 0
    for kind, element in etree.iterwalk(page.tree, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        shown = element.text if kind == "start" else element.tail
        holder = element if kind == "start" else element.getparent()
        pieces = re.split(f"([{OPEN}{CLOSE}])", shown or "")
        for piece in pieces:
            depth += (piece == OPEN) - (piece == CLOSE)
            if (
                depth == 0
                and holder is not None
                and not _is_apart(holder)
                and left_of(piece.strip(OPEN + CLOSE))
            ):
                yield left_of(piece)
        if kind == "start" and not _is_apart(element):
            yield from filter(None, (left_of(element.get(name, "")) for name in ALOUD))


def _is_apart(element: etree._Element) -> bool:
    while element.getparent() is not None:
        if element.tag in APART or element.get("translate") == "no" or element.get("lang"):
            return True
        element = element.getparent()
    return False


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_finished_rooms_say_everything_in_the_language_of_the_reader(visit: Visits, name: str):
    if ROOMS[name] in UNFINISHED:
        return
    visitor, found = visit(name), []
    for address in PAGES[name]:
        found += [f"{address}: {text}" for text in unsaid(visitor.get(address))]
    assert found == []


def test_what_is_not_said_would_be_found(visit: Visits):
    page = visit("nobody").get("/sign-in")
    assert page.tree is not None
    page.tree.xpath("//h1")[0].text = "Plain words"
    assert "Plain words" in list(unsaid(page))
