"""Pages as they are read: every mark becomes what it should, nothing else gets through."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress

import html5lib
import pytest

from pme.content import render_child
from pme.content.parse_page import Composed, Surroundings, compose
from pme.content.parse_sources import Bibliography, Terms
from pme.content.problems import Findings
from pme.content.render import NotRendered, Renderer
from pme.content.render_child import render
from pme.content.shapes import Glossary, Module, Source, Term
from tests.content.small_library import MODULE, PAGE, Shelf

A = Source(key="A", title="A", body="B", date="2020")
B = A.model_copy(update={"key": "B"})
AROUND = Surroundings(
    module="m",
    language="en",
    bibliography=Bibliography({"A": A, "B": B}),
    terms=Terms({"en": Glossary(slug="en", terms=(Term(slug="t", term="The term", definition="D"),))}),
    pictures={},
    pages={"m": frozenset({"p"}), "n": frozenset({"q"})},
)


def compose_text(text: str, renderer: Renderer, *, is_intro: bool = False) -> tuple[Composed, list[str]]:
    findings = Findings("page.md")
    page = compose(text, AROUND, renderer=renderer, findings=findings, is_intro=is_intro)
    return page, [problem.says for problem in findings.problems]


@pytest.fixture(scope="module")
def quick() -> Iterator[Renderer]:
    with Renderer(1.0) as renderer:
        yield renderer


def html_of(text: str) -> str:
    found = render(text)["html"]
    assert isinstance(found, str)
    return found


def test_the_small_page_is_whole(shelf: Shelf):
    module = next(e.content for e in shelf.check().require().entries if isinstance(e.content, Module))
    page = module.page("first-steps")
    assert page is not None
    assert (page.title, page.number) == ("First steps", 10)
    assert [(h.level, h.anchor, h.text) for h in page.headings] == [
        (2, "s-what-to-do", "What to do"),
        (3, "s-in-short", "In short"),
    ]
    assert [(c.source.key, c.locator) for c in page.citations] == [("GUIDE-2020", "§2"), ("NOTES-2021", None)]
    assert [term.slug for term in page.terms] == ["consent"]
    html = page.html
    assert "<h1" not in html
    assert '<a class="term" href="#term-consent" data-term="consent">consent</a>' in html
    assert (
        '<sup class="cite">\u2060<a href="#ref-1" id="cite-1-1" role="doc-noteref">[1]</a> '
        '<a href="#ref-2" id="cite-2-1" role="doc-noteref">[2]</a>\u2060</sup>' in html
    )
    assert 'id="cite-1-2"' in html
    assert '<aside class="admonition important" role="note">' in html
    assert '<section class="scroll" tabindex="0" aria-labelledby="table-1">' in html
    assert '<caption id="table-1">What helps</caption>' in html
    assert '<th scope="col">Act</th>' in html
    assert 'tabindex="0"><svg role="img" aria-labelledby="fig1-title fig1-desc"' in html
    assert "<figcaption>The three steps</figcaption>" in html
    assert '<a href="../listening/next-steps">the next page</a>' in html
    assert '<a href="https://guide.example/a?b=1&amp;c=2" rel="noopener noreferrer">the guide</a>' in html
    assert [figure.path for figure in module.figures] == ["modules/listening/media/steps.svg"]
    assert '<a href="../listening/first-steps">the first steps</a>' in module.intro_html
    assert [citation.source.key for citation in module.intro_citations] == ["GUIDE-2020"]
    assert module.minutes == 1
    parser = html5lib.HTMLParser(strict=True)
    parser.parseFragment(re.sub(r"</?(aside|section|figure|figcaption)[^>]*>", "", html))


def test_each_source_and_place_has_one_number_in_reading_order(renderer: Renderer):
    page, problems = compose_text(
        "# T\n\nOne [@B], two [@A §1], again [@B], other [@A §2].[^n]\n\n[^n]: In a note [@A].", renderer
    )
    assert problems == []
    assert [(c.source.key, c.locator) for c in page.citations] == [
        ("B", None),
        ("A", "§1"),
        ("A", "§2"),
        ("A", None),
    ]
    assert (
        page.html.index('id="cite-1-1"') < page.html.index('id="cite-2-1"') < page.html.index('id="cite-1-2"')
    )


def test_footnotes_lead_there_and_back(renderer: Renderer):
    page, _ = compose_text("# T\n\nWord.[^n]\n\n[^n]: Note.", renderer)
    assert '<a class="footnote-ref" href="#fn-n">1</a>' in page.html
    assert '<li id="fn-n">' in page.html
    assert '<sup id="fnref-n">' in page.html
    assert 'href="#fnref-n" aria-label="Back to the text at note 1"' in page.html


def test_terms_may_be_said_in_other_words(renderer: Renderer):
    page, _ = compose_text("# T\n\n[[t]] and [[t|other <b>words</b>]]", renderer)
    assert ">The term</a>" in page.html
    assert "other &lt;b&gt;words&lt;/b&gt;</a>" in page.html


def test_marks_in_code_stay_as_they_are(renderer: Renderer):
    page, problems = compose_text("# T\n\n`[@X] [[y]]`\n\n```\n[@X] # no heading\n```\n", renderer)
    assert problems == []
    assert "<code>[@X] [[y]]</code>" in page.html


def test_links_within_the_library_are_relative(renderer: Renderer):
    text = "[a](page:n/q) [b](page:n) [c](page:n/q#s-x) [d](#s-x) [e](mailto:a@b.example)"
    page, problems = compose_text(f"# T\n\n{text}", renderer)
    assert problems == []
    assert re.findall(r'href="([^"]*)"', page.html) == [
        "../n/q",
        "../n/",
        "../n/q#s-x",
        "#s-x",
        "mailto:a@b.example",
    ]
    intro, _ = compose_text(text, renderer, is_intro=True)
    assert re.findall(r'href="([^"]*)"', intro.html)[:2] == ["../n/q", "../n/"]


def test_headings_of_the_same_words_have_anchors_of_their_own():
    found = render("# T\n\n## Same\n\n## Same\n\n## 日本\n")
    assert [heading["anchor"] for heading in found["headings"]] == ["", "s-same", "s-same-2", "s-section"]


def test_tables_know_their_parts():
    found = render(
        "Words\nTable: Cap *it*\n| a | b |\n|---|--:|\n| **r** | 2 |\n\n| a |\n|---|\n| **x** y |\n"
    )
    assert found["bare_tables"] == 1
    assert '<caption id="table-1">Cap <em>it</em></caption>' in found["html"]
    assert '<th scope="row"><strong>r</strong></th>' in found["html"]
    assert '<td class="num">2</td>' in found["html"]
    assert '<section class="scroll" tabindex="0" aria-label="Table 2">' in found["html"]
    assert "<td><strong>x</strong> y</td>" in found["html"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        "<p onclick=alert(1)>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='jAvA&#10;script:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='file:///etc/passwd'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "[x](javascript:alert(1))",
        "[x](  javascript:alert(1))",
        "[x][r]\n\n[r]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
        "<iframe src='https://evil.example'></iframe>",
        "<object data='file:///etc/passwd'></object>",
        "<embed src='file:///etc/passwd'>",
        "<link rel=stylesheet href='https://evil.example/x.css'>",
        "<style>@import 'https://evil.example/x.css'</style>",
        "<p style='background:url(https://evil.example/x)'>x</p>",
        "<form action='https://evil.example'><input name=x><button>x</button></form>",
        "<video src='https://evil.example/x' autoplay></video>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href='https://evil.example/'>",
        "<template><script>alert(1)</script></template>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<p id='main' class='hidden' name='x'>x</p>",
        "<td colspan=1000000>x</td>",
        "![x](https://evil.example/x.png)",
        '!!! note "<script>alert(1)</script>"\n    x',
        '```"><script>alert(1)</script>\nx\n```',
        "Table: <script>alert(1)</script>\n| a |\n|---|\n| <img src=x onerror=alert(1)> |",
        "\ue0000\ue001 \ue000c1\ue001",
        "[[t|<img src=x onerror=alert(1)>]]",
        '[@A "><script>alert(1)</script>]',
        "<a title='\ue0000\ue001' href='https://a.example'>[[t]]</a>",
    ],
)
def test_nothing_in_a_page_can_run_or_load(text: str, renderer: Renderer):
    page, _ = compose_text(f"# T\n\n{text}\n", renderer)
    tree = html5lib.parseFragment(page.html, treebuilder="etree", namespaceHTMLElements=False)
    for element in tree.iter():
        assert element.tag not in {
            "script", "style", "img", "svg", "math", "iframe", "object", "embed", "link", "form", "input", "button",
            "video", "meta", "base", "template", "noscript",
        }  # fmt: skip
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name in {
                "href",
                "class",
                "id",
                "title",
                "role",
                "rel",
                "scope",
                "tabindex",
                "aria-labelledby",
                "aria-label",
                "data-term",
            }
            assert name != "href" or re.match(r"https://|#|mailto:|\.\./", value), value
            assert name != "id" or re.match(r"cite-|fn|s-|table-", value), value
            assert name != "class" or value != "hidden"


HOSTILE = {
    "brackets": "[" * 8_000,
    "nested lists": "\n".join("  " * depth + "- x" for depth in range(600)),
    "a huge table": "|a|b|\n|-|-|\n" + "|x|y|\n" * 30_000,
    "pictures in pictures": "![a](" * 20_000,
    "admonitions": "!!! note\n    " * 12_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_is_stopped_and_the_rest_goes_on(name: str, quick: Renderer):
    _, problems = compose_text(HOSTILE[name], quick)
    assert problems == ["The page could not be rendered: it took longer than 1 seconds to render."]
    page, problems = compose_text("# Fine\n\nText.", quick)
    assert (page.title, page.html, problems) == ("Fine", "<p>Text.</p>", [])


def test_deep_nesting_breaks_nothing(quick: Renderer):
    for text in ("> " * 5_000 + "x", "<div>" * 15_000, "*a " * 20_000, "`" * 50_000, "[^1]: " * 5_000):
        with suppress(NotRendered):
            quick.render(text)
    assert quick.render("x").html == "<p>x</p>"


def test_a_page_that_takes_too_long_is_named_and_the_other_pages_are_read(shelf: Shelf):
    shelf.write(PAGE, "# Title\n\n" + "[" * 8_000)
    shelf.change(MODULE, "[the first steps](page:listening/first-steps)", "[a](page:no/where)")
    shelf.renderer = Renderer(0.5)
    with shelf.renderer:
        says = [(problem.file, problem.says) for problem in shelf.check().errors]
    assert (PAGE, "The page could not be rendered: it took longer than 0.5 seconds to render.") in says
    assert any(file == MODULE for file, _ in says)


def test_a_child_that_dies_is_replaced(renderer: Renderer):
    child = renderer._child or renderer._start()
    child.kill()
    child.wait()
    with pytest.raises(NotRendered):
        renderer.render("x")
    assert renderer.render("x").html == "<p>x</p>"


def test_a_child_that_never_loads_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.content.bounded_child.START_SECONDS", 0.01)
    with Renderer() as slow, pytest.raises(NotRendered, match="took longer than"):
        slow.render("x")


def test_html_that_grows_too_large_is_stopped(renderer: Renderer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.content.bounded_child.LONGEST_ANSWER", 100)
    with pytest.raises(NotRendered, match="larger than a page may be"):
        renderer.render("word " * 100)


def test_what_a_library_trips_over_is_the_pages_problem(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    requests = "".join(json.dumps({"text": text, "seconds": 1}) + "\n" for text in ("fine", "deep", "odd"))
    monkeypatch.setattr("sys.stdin", io.StringIO(requests))
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)

    def trip(text: str) -> dict[str, str]:
        if text == "deep":
            raise RecursionError
        if text == "odd":
            raise ValueError
        return {"html": text}

    monkeypatch.setattr(render_child, "render", trip)
    render_child.main()
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert answers[:2] == [{"ready": True}, {"html": "fine"}]
    assert "nested too deeply" in answers[2]["error"]
    assert "ValueError" in answers[3]["error"]
