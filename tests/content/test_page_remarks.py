"""What a page's author should hear of, and marks that keep to their words."""

from pathlib import Path

import pytest

from pme.content.mark_glue import JOINER, glue_marks
from pme.content.parse_page import MOST_WORDS
from pme.content.problems import Problem, Severity
from pme.content.render import Renderer
from pme.content.render_child import render
from tests.content.small_library import MODULE, PAGE, SECOND, Shelf
from tests.content.test_rendering import compose_text

REMOVED = "HTML here is removed when the page is shown; write Markdown instead."
CSS = Path(__file__).parents[2] / "pme/static/css"
PRINT, PROSE = CSS / "print.css", CSS / "prose.css"


def found(shelf: Shelf, says: str) -> list[Problem]:
    return [problem for problem in shelf.check().problems if says in problem.says]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("harmed[@A].", "harmed~[1]~."),
        ("harmed [@A], and", "harmed~[1]~, and"),
        ("harmed\n[@A] and", "harmed~[1] and"),
        ("**harmed** [@A]: so", "harmed~[1]~: so"),
        ("*harmed [@A]*.", "harmed~[1]~."),
        ("harmed [@A] [@B]?", "harmed~[1]~[2]~?"),
        ("(harmed [@A])", "(harmed~[1]~)"),
        ("[@A] says", "[1] says"),
        ("harmed.[^n]\n\n[^n]: Note", "harmed.~1"),
        ("harmed[^n].\n\n[^n]: Note", "harmed~1~."),
    ],
)
def test_a_mark_keeps_to_its_word_and_punctuation_to_the_mark(written: str, shown: str, renderer: Renderer):
    page, problems = compose_text(f"# T\n\n{written}", renderer)
    assert problems == []
    text = "".join(piece.partition(">")[2] for piece in page.html.split("</p>")[0].split("<"))
    assert text == shown.replace("~", JOINER)


def test_other_blanks_and_raised_text_stay():
    for html in ("<p>m<sup>2</sup>.</p>", '<p>a<br>\n<sup class="cite">x</sup></p>', "<p>a <em>b</em> .</p>"):
        assert glue_marks(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "Words <img src=x onerror=alert(1)> go on.",
        '<div onclick="x()">Words</div>',
        "<p style='color:red'>Words</p>",
        "<span>Words</span>",
        "<a href='javascript:x'>Words</a>",
        "<div class='box'>Words</div>",
        "!!! note\n    <iframe src=x></iframe>",
    ],
)
def test_html_that_is_removed_is_named_with_its_line(html: str, shelf: Shelf):
    text = f"# T\n\nWords `<script>` and `<img src=x onerror=alert(1)>`.\n\n{html}\n"
    shelf.write(SECOND, text)
    problems = found(shelf, REMOVED)
    assert [(p.file, p.line, p.severity) for p in problems] == [
        (SECOND, 6 if "!!!" in html else 5, Severity.WARNING)
    ]


def test_each_line_with_removed_html_is_named_once(shelf: Shelf):
    shelf.write(SECOND, "# T\n\n<script>x</script>\n\na <i>b</i> <i>c</i>\n\n<i>d</i>\n")
    assert [p.line for p in found(shelf, REMOVED)] == [3, 5, 7]
    shelf.change(MODULE, "Listening is work", "<script>x</script>\n\nListening is work")
    line = shelf.line_of(MODULE, "<script>")
    assert (MODULE, line) in [(p.file, p.line) for p in found(shelf, REMOVED)]


@pytest.mark.parametrize(
    "text",
    [
        "`<script>` and ``a ` <div onclick=x>``",
        "```html\n<script>\n<div onclick=x>\n```",
        "~~~\n<script>\n~~~",
        "Words\n\n    <script>x</script>\n",
        "<!-- a remark with <script> -->",
        "<https://a.example> and a@b.example and 1 < 2 > 0",
        "H<sub>2</sub>O<br/> <abbr title='x'>X</abbr> <a href='https://a.example'>a</a> <a href='#s-b'>b</a>",
        "<div>Words</div>",
    ],
)
def test_code_and_what_stays_is_no_removed_html(text: str):
    assert render(f"# T\n\n{text}\n")["removed_html"] == []


@pytest.mark.parametrize("header", ["| | A |", "| A |  |", "| &nbsp; | A |", "| | |"])
def test_a_column_without_a_name_has_a_plain_cell_and_is_named(header: str, shelf: Shelf):
    table = f"{header}\n|---|--:|\n| x | y |"
    shelf.write(SECOND, f"# T\n\n```\n{table}\n```\n\nTable: C\n{table}\n")
    html = render(shelf.text(SECOND))["html"]
    assert "<td></td>" in html or '<td class="num"></td>' in html
    assert not any(empty in html for empty in ('"></th>', "<th></th>", "&nbsp;</th>"))
    problems = found(shelf, "has no name")
    says = [(p.file, p.severity) for p in problems]
    assert says == [(SECOND, Severity.WARNING)]
    assert "&nbsp;" in header or problems[0].line == 10


def test_tables_whose_columns_have_names_are_not_mentioned(shelf: Shelf):
    assert found(shelf, "has no name") == []
    assert render("| A | B |\n|---|---|\n| | x |\n")["empty_headers"] == []


def test_a_page_of_too_many_words_is_mentioned_and_a_short_one_is_not(shelf: Shelf):
    shelf.write(PAGE, "# Title\n\n" + "word " * MOST_WORDS)
    assert found(shelf, "is the most") == []
    shelf.write(PAGE, "# Title\n\n" + "word " * (MOST_WORDS + 1))
    assert [(p.file, p.line, p.says, p.severity) for p in found(shelf, "is the most")] == [
        (PAGE, 1, "The page has 1,201 words; 1,200 is the most. Shorten it or make it two.", Severity.WARNING)
    ]


def test_the_joiners_stand_where_no_line_may_break(renderer: Renderer):
    page, _ = compose_text("# T\n\nharmed [@A].", renderer)
    assert f'harmed<sup class="cite">{JOINER}<a ' in page.html
    assert f"[1]</a>{JOINER}</sup>." in page.html
    assert "sup[id^=fnref]{white-space:nowrap}" in PRINT.read_text().partition("@media")[0]
    marks = [rule for rule in PROSE.read_text().split("}") if rule.strip().startswith(".cite a")]
    assert marks
    assert all(
        "inline-block" not in rule for rule in marks
    )  # beside a block of its own a joiner holds nothing


def test_a_printed_page_never_ends_with_a_heading_or_a_defined_word():
    rules = [rule for rule in PRINT.read_text().split("}") if "break-after:avoid" in rule]
    assert {"h2", "h3", "dt"} <= set(rules[0].partition("{")[0].strip().split(","))
