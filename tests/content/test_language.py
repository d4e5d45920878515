"""Sentences, syllables and grades are counted as the formulas ask."""

import pytest

from pme.content.inline_text import inline_html, paragraphs_html, plain_text
from pme.content.lint_language import language, reading_grade, sentences, syllables, words
from pme.content.parse_fields import Passage
from pme.content.parse_prose import passages


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", 4),
        ('"Stop." He stops.', 2),
        ("See e.g. the U.N. report, art. 3, at 14.30. Then go.", 2),
        ("No. 5 is alive.", 1),
        ("...", 0),
        ("", 0),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: int):
    assert len(sentences(text)) == parts


def test_words_are_counted_like_people_count_them():
    assert words("A co-ordinated 2,500-word text isn't long.") == [
        "A",
        "co-ordinated",
        "2,500-word",
        "text",
        "isn't",
        "long",
    ]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("cat", 1),
        ("table", 2),
        ("safe", 1),
        ("helped", 1),
        ("wanted", 2),
        ("security", 4),
        ("the", 1),
        ("1994", 1),
        ("agree", 2),
        ("houses", 1),
    ],
)
def test_syllables_are_about_right(word: str, number: int):
    assert syllables(word) == number


def test_the_grade_is_that_of_flesch_and_kincaid():
    # 6 words, 1 sentence, 6 syllables: .39 * 6 + 11.8 * 1 - 15.59
    assert reading_grade(["The cat sat on the mat."]) == pytest.approx(-1.45)
    assert reading_grade([]) == 0.0


def test_one_warning_a_file_names_the_first_lines():
    long = "word " * 25
    told = [Passage("b.md", line, f"{long}. Short.") for line in (9, 3, 5, 7)] + [Passage("a.md", 1, long)]
    found = [(p.file, p.line, p.says) for p in language(told, most_grade=99)]
    assert found == [
        ("a.md", 1, "One sentence has more than 20 words (line 1; the longest has 25); split them."),
        (
            "b.md",
            3,
            "4 sentences have more than 20 words (line 3, 5, 7 and on; the longest has 25); split them.",
        ),
    ]


def test_prose_is_told_without_its_marks():
    text = """\
# Title

A **bold** [[term|word]] and [[plain]] [@KEY §1].[^1] See [this](https://x.example).
More of it.

- one
- two

Table: Cap
| a |
|---|

```
code
```

![alt](media/x.svg "c")

!!! note "T"
    Inside.

> quoted

[^1]: A note.

<div>
1. first
"""
    assert [(p.line, p.text) for p in passages("f", text, first_line=10)] == [
        (12, "A bold word and plain. See this. More of it."),
        (15, "one"),
        (16, "two"),
        (29, "Inside."),
        (31, "quoted"),
        (33, "A note."),
        (36, "first"),
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *it*", "<strong>bold</strong> and <em>it</em>"),
        ("a * b * c, 2 ** 3", "a * b * c, 2 ** 3"),
        ("**a *b** c", "<strong>a *b</strong> c"),
        ("*open", "*open"),
        ("****", "****"),
        ("`<b>` & <script>", "<code>&lt;b&gt;</code> &amp; &lt;script&gt;"),
        (r"\*no\* \\", r"*no* \ ".strip()),
        (
            "[a](https://x.example/?a=1&b=2)",
            '<a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">a</a>',
        ),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ('say "x"', "say &quot;x&quot;"),
        ("a\nb\n\nc", "a b<br><br>c"),
    ],
)
def test_short_texts_know_a_little_emphasis(text: str, html: str):
    assert inline_html(text) == html


def test_longer_texts_become_paragraphs():
    assert paragraphs_html("a\nb\n\n\n*c*\n") == "<p>a b</p><p><em>c</em></p>"
    assert paragraphs_html("") == ""
    assert plain_text("<p>a &amp; b</p><p>c<br>d</p>") == "a & b\nc\nd"
