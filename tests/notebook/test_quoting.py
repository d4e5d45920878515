"""Passages are found again by their words wherever they moved, and marks never break a page."""

import pytest

from pme.notebook.passages import paragraphs_of, passage_named
from pme.notebook.quoting import CUT, Marked, Quote, find, marked, quote_at, text_of
from tests.support.html import parse

PAGE = (
    '<h2 id="why">Why it matters</h2>\n<p>Ask <em>first</em>, then act. A “claim”<sup class="cite">'
    '<a href="#ref-1" id="cite-1-1">[1]</a></sup> is not a fact &amp; never\nwas. Ask again.</p>'
    '<figure><svg viewBox="0 0 1 1"><text>drawn</text></svg><figcaption>A drawing, a &gt; b</figcaption></figure>'
    '<ul><li>One <a class="term" href="#term-aid">kind word</a>.</li><li>Ask first.</li></ul>'
)


def quoted(words: str, html: str = PAGE) -> Quote:
    text = text_of(html)
    place = find(text, Quote(words))
    assert place, words
    return quote_at(text, *place)


def test_the_words_of_a_page_are_what_is_read_without_numbers_and_drawings():
    text = text_of(PAGE)
    assert text.letters.strip() == (
        "Why it matters Ask first, then act. A “claim” is not a fact & never was. Ask again. "
        "A drawing, a > b One kind word. Ask first."
    )
    assert "“claim”[1] is" in text.whole
    assert len(text.places) == len(text.letters)
    blocks = [text.letters[a:b] for a, b in text.blocks]
    assert blocks[0] == "Why it matters"
    assert blocks[-2:] == ["One kind word.", "Ask first."]


@pytest.mark.parametrize(
    "typed",
    [
        "is not a fact & never was",
        'A "claim"[1] is not a fact',  # as it is copied, with the number, and straight quotation marks
        "then act.  A “claim” ✎2 is not",
        "Why it matters\n\nAsk first, then act",
    ],
)
def test_a_passage_is_found_as_somebody_copies_it(typed: str):
    assert find(text_of(PAGE), Quote(typed)) is not None


def test_a_passage_that_moved_is_found_and_among_equals_the_one_with_its_neighbours():
    text = text_of(PAGE)
    second = quote_at(text, text.letters.rindex("Ask first"), text.letters.rindex("Ask first") + 9)
    assert second.before.endswith("kind word. ")
    moved = (
        "<p>New at the top.</p><ul><li>One kind word.</li><li>Ask first.</li></ul><p>Ask first, then act.</p>"
    )
    found = find(text_of(moved), second)
    assert found is not None
    assert text_of(moved).letters[: found[0]].endswith("kind word. ")


def test_words_that_are_gone_are_not_found_and_a_short_one_is_not_found_among_strangers():
    assert find(text_of("<p>Ask second, then act.</p>"), quoted("Ask first, then")) is None
    assert find(text_of("<p>Elsewhere one may ask: is it a fact? Yes.</p>"), quoted("a fact")) is None
    assert find(text_of("<p>It is not a fact at all.</p>"), quoted("a fact")) is not None
    assert find(text_of(PAGE), Quote("  ✎3 ")) is None
    assert find(text_of(""), Quote("nothing")) is None


def test_marks_open_and_close_within_each_element_and_the_page_stays_whole():
    text = text_of(PAGE)
    passages = []
    for number, words in enumerate(
        ("matters Ask first, then", "fact & never was. Ask", "drawing, a > b One kind"), 1
    ):
        begin, end = find(text, Quote(words)) or (0, 0)
        passages.append(Marked(number, begin, end, "amber", "Your highlight <1>", f"✎{number}"))
    html = marked(PAGE, text, passages)
    page = parse(f"<!DOCTYPE html><html lang=en><title>x</title><main>{html}</main></html>", name="marked")
    assert [m.xpath("string()") for m in page.xpath("//mark")] == [
        "matters", "Ask ", "first", ", then", "fact & never\nwas. Ask", "drawing, a > b", "One ", "kind",
    ]  # fmt: skip
    assert page.xpath("//mark/@id") == ["mark-1", "mark-2", "mark-3"]
    links = page.xpath("//sup[@class='cite']/a[starts-with(@href, '#note-')]")
    assert [each.xpath("string()") for each in links] == ["✎1", "✎2", "✎3"]
    assert not page.xpath("//a//a")
    again = text_of(html)
    assert again.letters == text.letters, "what is marked reads as before"


def test_what_is_marked_already_is_not_marked_twice():
    text = text_of(PAGE)
    whole, part = (
        find(text, Quote("Ask first, then act")) or (0, 0),
        find(text, Quote("then act. A")) or (0, 0),
    )
    html = marked(
        PAGE, text, [Marked(1, *whole, "teal", "one", "✎1"), Marked(2, *part, "clear", "two", "✎2")]
    )
    assert 'class="clear">. A</mark>' in html
    assert html.count("then act") == 1


def test_a_passage_is_chosen_by_a_name_that_lasts_as_long_as_its_words():
    text = text_of(PAGE)
    paragraphs = paragraphs_of(text)
    sentences = [each.text for each in paragraphs[1].sentences]
    assert sentences == ["Ask first, then act.", "A “claim” is not a fact & never was.", "Ask again."]
    assert paragraphs[0].sentences == ()
    names = [one.name for each in paragraphs for one in (each.whole, *each.sentences)]
    assert len(set(names)) == len(names)
    moved = text_of("<p>Something new.</p>" + PAGE)
    last = paragraphs[1].sentences[1]
    found = passage_named(moved, last.name)
    assert found is not None
    assert found.text == last.text
    assert passage_named(text_of("<p>Other words.</p>"), last.name) is None


def test_stretches_that_are_put_together_come_apart_as_they_were():
    html = CUT.join(("<p>One stretch.</p>", "", "<p>Another one.</p>"))
    begin, end = find(text_of(html), Quote("stretch. Another")) or (0, 0)
    parts = marked(html, text_of(html), [Marked(1, begin, end, "amber", "x", "✎1")]).split(CUT)
    assert [part.count("<mark") for part in parts] == [1, 0, 1]
