"""The reader of pages itself: a fault must be noticed, and said where it is."""

from pathlib import Path

import pytest

from tests.support import html
from tests.support.html import BadHtml, html_validate, parse

GOOD = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>A page</title></head>
<body><main><h1>A page</h1><p>Words.</p></main></body>
</html>
"""


def test_a_good_page_is_read():
    assert parse(GOOD).xpath("string(//h1)") == "A page"


def test_a_fault_is_named_with_its_line():
    with pytest.raises(BadHtml, match=r"(?s)home is not well-formed.*line 4.*> +4 <body>"):
        parse(GOOD.replace("Words.</p>", "Words.</p></div>"), name="home")


def test_the_independent_checker_reads_many_pages_at_once():
    faults = html_validate({"good": GOOD, "bad": GOOD.replace("<p>Words.", '<p id="a" id="a">Words.')})
    assert faults
    assert all(fault.startswith("bad:4:") for fault in faults)


def test_a_page_that_comes_again_has_its_own_token_and_may_be_changed():
    def form(token: str) -> str:
        field = f'<form action="/?t={token}"><input name="csrf_token" value="{token}"></form>'
        return GOOD.replace("<p>Words.</p>", field)

    for token in ("a" * 60, "b-" * 30, "c.d" * 20):
        tree = parse(form(token))
        assert tree.xpath("//@value | //@action") == [f"/?t={token}", token]
        tree.xpath("//form")[0].clear()
        with pytest.raises(BadHtml):
            parse(form(token).replace("</form>", "</form></div>"))


def test_what_one_worker_has_read_another_takes_from_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page = GOOD.replace("Words.", '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg> Words &amp; <b>more</b>.')
    monkeypatch.setattr(html.Shared, "folder", tmp_path)
    monkeypatch.setattr(html, "READ", {})
    here = parse(page)
    html.READ.clear()
    monkeypatch.setattr(html, "_read", None)
    there = parse(page.replace("Words", "Others"))
    assert there.xpath("string(//p)") == " Others & more."
    assert [each.tag for each in there.iter()] == [each.tag for each in here.iter()]
