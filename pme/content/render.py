"""Rendering pages in a child process that is killed when a page takes too long.

One child serves all pages of a check; after a kill a new one goes on with the rest.
"""

from dataclasses import dataclass

from pme.content.bounded_child import BoundedChild, NotAnswered
from pme.content.markdown_clean import Section
from pme.content.markdown_dialect import Mark


@dataclass(frozen=True)
class Rendered:
    """A page as the child gave it back: sanitised HTML with tokens, and what it met, with lines from 1."""

    html: str
    headings: tuple[Section, ...]
    marks: tuple[Mark, ...]
    bare_tables: int
    empty_headers: tuple[int, ...]
    removed_html: tuple[int, ...]


class NotRendered(Exception):
    """A page that could not be rendered; the text says why."""


class Renderer(BoundedChild):
    """Renders pages one after the other, each within `page_seconds` of wall time."""

    MODULE = "pme.content.render_child"

    def __init__(self, page_seconds: float = 5.0) -> None:
        super().__init__()
        self.page_seconds = page_seconds

    def render(self, text: str) -> Rendered:
        """The page's HTML. Raises NotRendered when it takes too long or cannot be read."""
        try:
            answer = self.ask({"text": text}, self.page_seconds)
        except NotAnswered as error:
            raise NotRendered(str(error)) from None
        return Rendered(
            html=answer["html"],
            headings=tuple(Section(**heading) for heading in answer["headings"]),
            marks=tuple(Mark(**mark) for mark in answer["marks"]),
            bare_tables=answer["bare_tables"],
            empty_headers=tuple(answer["empty_headers"]),
            removed_html=tuple(answer["removed_html"]),
        )
