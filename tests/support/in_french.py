"""The library of the tests in French too: every text of it, with “FR” before it."""

from typing import Any

from pme.content.library import Entry, Library
from pme.content.publish import publish
from pme.content.shapes import Course, Module, Quiz, Scenario, Shape, Source
from pme.content.spoken import spoken
from pme.db import Database
from tests.support.cast import START

_PLAIN = {
    *(
        "title",
        "summary",
        "text",
        "prompt",
        "label",
        "you_are",
        "mission",
        "equivalent",
        "level",
        "structure",
    ),
    *("prompts", "resources", "themes"),
}


def in_french(library: Library, *, behind: tuple[str, ...] = ()) -> Library:
    """The library with a translation of everything but its glossaries; `behind` is what is not up to date."""
    entries = tuple(Entry(_with(entry.content, behind), entry.source) for entry in library.entries)
    return Library(entries, library.media)


def publish_in_french(database: Database, library: Library, *, behind: tuple[str, ...] = ()) -> None:
    """Make it what students see."""
    with database.writing() as session:
        publish(session, in_french(library, behind=behind), by_id=None, at=START, note="")


def _with(content: Any, behind: tuple[str, ...]) -> Any:
    if not isinstance(content, Course | Module | Quiz | Scenario):
        return content
    texts = _spoken(_french(content))
    french = texts.model_copy(update={"language": "fr", "source_language": "en", "behind": behind})
    return content.model_copy(update={"translations": {"fr": french}})


def _spoken(content: Any) -> Any:
    if isinstance(content, Quiz):
        return content.model_copy(update={"items": tuple(spoken(item, "fr") for item in content.items)})
    if isinstance(content, Module):
        pages = [
            page.model_copy(
                update={
                    "checks": tuple(
                        check.model_copy(update={"item": spoken(check.item, "fr")}) for check in page.checks
                    )
                }
            )
            for page in content.pages
        ]
        return content.model_copy(update={"pages": tuple(pages)})
    if isinstance(content, Scenario):
        nodes = {name: spoken(node, "fr") for name, node in content.nodes.items()}
        return content.model_copy(update={"nodes": nodes})
    return content


def _french(value: Any, name: str = "") -> Any:
    if isinstance(value, Source):
        return value
    if isinstance(value, Shape):
        return value.model_copy(update={f: _french(getattr(value, f), f) for f in type(value).model_fields})
    if isinstance(value, tuple):
        return tuple(_french(each, name) for each in value)
    if isinstance(value, dict):
        return {key: _french(each) for key, each in value.items()}
    if isinstance(value, str) and value and (name in _PLAIN or name.endswith("_html")):
        return value.replace("<p>", "<p>FR ", 1) if value.startswith("<p>") else f"FR {value}"
    return value
