"""Full-text search: all words, the last one begun, accents or none, marks round what was looked for."""

import pytest

from pme.finding.index import Index, marked, words_in
from pme.finding.passages import Found, Passage

PASSAGES = (
    Passage(Found.PAGE, "basics", "first", "", "Protection of civilians", "Children are owed special care."),
    Passage(
        Found.PAGE, "basics", "second", "", "Cultural property", "A library is protected. So is a chapel."
    ),
    Passage(
        Found.TERM, "basics", "second", "term-heritage", "Heritage", "What people hand on: libraries, crafts."
    ),
    Passage(Found.SOURCE, "other", "third", "ref-1", "Convention on libraries", "A body, 1954"),
    Passage(Found.PAGE, "other", "fourth", "", "Réfugiés", "Des personnes déplacées."),
)


@pytest.fixture
def index() -> Index:
    return Index(PASSAGES)


def pages(index: Index, looked_for: str, *modules: str) -> list[str]:
    return [hit.page for hit in index.find(looked_for, modules=modules or ("basics", "other"))]


def test_every_word_counts_and_a_title_counts_more(index: Index):
    assert pages(index, "library") == ["third", "second", "second"]
    assert pages(index, "protected chapel") == ["second"]


def test_the_last_word_may_be_begun_and_accents_may_be_left_out(index: Index):
    assert pages(index, "cultural prop") == ["second"]
    assert pages(index, "refugies") == ["fourth"]


def test_where_nothing_holds_all_words_what_holds_some_is_found(index: Index):
    assert pages(index, "children zebra") == ["first"]
    assert pages(index, "zebra") == []


def test_only_modules_that_somebody_may_read_are_searched(index: Index):
    assert pages(index, "library", "other") == ["third"]
    assert pages(index, "library", "elsewhere") == []


@pytest.mark.parametrize(
    "odd", ['"', "a AND", "NEAR(", "title:x", "*", "' OR 1=1 --", "x" * 5000, "^ - + ( )"]
)
def test_signs_are_no_commands(index: Index, odd: str):
    assert pages(index, odd) in ([], ["first"], ["second"]) or words_in(odd)


def test_what_was_looked_for_is_marked(index: Index):
    hit = index.find("special", modules=["basics"])[0]
    assert ("special", True) in hit.excerpt
    assert "".join(text for text, _ in hit.excerpt) == "Children are owed special care."
    assert marked("plain") == (("plain", False),)


def test_a_source_that_two_modules_name_is_found_once_and_a_page_that_speaks_of_it_comes_first():
    convention = ("Convention on libraries", "A body, 1954")
    index = Index(
        (
            Passage(Found.SOURCE, "basics", "first", "ref-1", *convention),
            Passage(Found.SOURCE, "other", "third", "ref-1", *convention),
            Passage(Found.PAGE, "other", "third", "", "Convention on libraries", "What it says."),
        )
    )
    found = index.find("convention", modules=["basics", "other"])
    assert [(hit.kind, hit.module) for hit in found] == [(Found.PAGE, "other"), (Found.SOURCE, "basics")]
