"""The child process that renders pages: text in, HTML out, one JSON line each.

Markdown is quadratic or worse on hostile text, so it runs where it can be killed. The child limits
its own memory and processor time too, in case its parent dies first.
"""

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from pme.content.markdown_clean import clean, frame_tables, name_headers, take_headings
from pme.content.markdown_dialect import BEGIN, END, converter
from pme.content.markdown_remarks import empty_headers, removed_html

MEMORY = 1_024 * 1024 * 1024
SECONDS = "seconds"


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
    """Say that everything has loaded, then answer each request line until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    render("# Ready\n\nSo that what is loaded late is not charged to the first page.")
    _say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        _allow(request[SECONDS])
        try:
            answer = render(request["text"])
        except (RecursionError, MemoryError):
            answer = {"error": "it is nested too deeply or needs too much memory"}
        except Exception as error:  # noqa: BLE001  (whatever a library trips over is the page's problem)
            answer = {"error": f"the Markdown library stopped at it ({type(error).__name__})"}
        _say(answer)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _allow(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


if __name__ == "__main__":
    main()
