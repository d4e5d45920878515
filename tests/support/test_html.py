"""The reader of pages itself: a fault must be noticed, and said where it is."""

import pytest

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
