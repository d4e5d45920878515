"""A notebook as a file: what was written stays as it was written."""

import re
from html import unescape

import pytest
from markdown import markdown

from pme.notebook.telling import escaped

HOSTILE = (
    "<script>alert(1)</script>",
    "# not a heading",
    "- not a list",
    "12. not a list",
    "*so* _so_ `so` [so](x) &lt;",
    "=cmd|' /C calc'!A0",
    "C:\\files\\*",
)


@pytest.mark.parametrize("line", HOSTILE)
def test_markdown_takes_nothing_that_was_written_for_its_own(line: str):
    shown = markdown(escaped(line))
    assert re.fullmatch(r"<p>[^<]*</p>", shown)
    words = unescape(shown[3:-4])
    assert words.replace("\\", "") == line.replace("\\", "")
