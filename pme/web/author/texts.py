"""The text of a draft's file as forms carry it, and the titles of its files."""

from collections.abc import Mapping

from pme.authoring import queries
from pme.authoring.loose_library import names_of, titles_of
from pme.authoring.models import Draft
from pme.authoring.outline import title_of
from pme.content.catalogue import Catalogue
from pme.web.loaders import catalogue
from pme.web.session import db_session

LONGEST_BASE = 60_000
"""Characters up to which a form carries the text that its writer began with; beyond, the published one serves."""


def content_of(draft: Draft, path: str) -> tuple[str, int]:
    """A file as the draft has it, else as it is published, else empty; and its revision in the draft."""
    kept = queries.file_of(db_session(), draft.id, path)
    content = kept.content if kept else queries.published_file(db_session(), path)[1]
    return text_of(content), kept.revision if kept else 0


def text_of(content: bytes | None) -> str:
    """Bytes as text with plain line breaks; nothing for a file that is not there."""
    return plain_lines((content or b"").decode("utf-8-sig", "replace"))


def plain_lines(text: str | None) -> str:
    """A text as a browser sends it, with plain line breaks."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


def base_to_send(content: str) -> str:
    """The text that a form begins with, for comparing later; nothing where it is too long to send twice."""
    return content if len(content) <= LONGEST_BASE else ""


def titles_in(draft: Draft) -> Mapping[str, str]:
    """The titles of files by path, as this draft has them, else as they are published."""
    edits = queries.edits_of(db_session(), draft.id)
    plain = {name.path: title_of(name) for name in names_of(edits)}
    return {**plain, **titles(catalogue()), **titles_of(edits)}


def titles(published: Catalogue) -> Mapping[str, str]:
    """The titles of published files by path."""
    found = {f"modules/{slug}.course.yaml": c.content.title for slug, c in published.courses_by_slug.items()}
    for slug, module in published.modules_by_slug.items():
        found[f"modules/{slug}/module.md"] = module.content.title
        found |= {f"modules/{slug}/{page.number}-{page.slug}.md": page.title for page in module.content.pages}
    found |= {f"quizzes/{slug}.quiz.yaml": q.content.title for slug, q in published.quizzes_by_slug.items()}
    found |= {
        f"quizzes/{slug}.scenario.yaml": s.content.title for slug, s in published.scenarios_by_slug.items()
    }
    return found
