"""The child process that renders pages: text in, HTML out, one JSON line each.

Markdown is quadratic or worse on hostile text, so it runs where it can be killed.
"""

from dataclasses import asdict
from typing import Any

from pme.content.child_side import limit_memory, serve
from pme.content.markdown_clean import clean, frame_tables, name_headers, take_headings
from pme.content.markdown_dialect import BEGIN, END, converter
from pme.content.markdown_remarks import empty_headers, removed_html
from pme.words.lazily import lazy


def render(text: str) -> dict[str, Any]:
    """A page's HTML with tokens for its marks, its headings and marks, and what its author should hear of."""
    markdown, marks = converter()
    html = clean(markdown.convert(text.replace(BEGIN, "").replace(END, "")))
    html, nameless = name_headers(html)
    html, headings = take_headings(html)
    html, bare_tables = frame_tables(html)
    return {
        "html": html.strip(),
        "headings": [asdict(heading) for heading in headings],
        "marks": [asdict(mark) for mark in marks.found],
        "bare_tables": bare_tables,
        "empty_headers": empty_headers(text) or [1] if nameless else [],
        "removed_html": removed_html(text, markdown.htmlStash.rawHtmlBlocks),
    }


def main() -> None:
    """Answer requests, after a first page so that what is loaded late is not charged to it."""
    limit_memory()
    render("# Ready\n\nSo that what is loaded late is not charged to the first page.")  # not words
    serve(lambda request: render(request["text"]), lazy("the Markdown library"))


if __name__ == "__main__":
    main()
