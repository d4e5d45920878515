"""Rendered texts that say which language they are in, for screen readers and hyphenation. Pure."""

from typing import Any, TypeVar

from pme.content.mixed_text import direction
from pme.content.shapes import Shape

S = TypeVar("S", bound=Shape)


def spoken(shape: S, language: str) -> S:
    """A question, situation or ending whose rendered texts name their language."""
    update: dict[str, Any] = {}
    for name in type(shape).model_fields:
        value = getattr(shape, name)
        if name.endswith("_html") and value:
            update[name] = _named(value, language)
        elif isinstance(value, tuple) and any(isinstance(each, Shape) for each in value):
            update[name] = tuple(spoken(each, language) for each in value)
    return shape.model_copy(update=update) if update else shape


def _named(html: str, language: str) -> str:
    names = f'lang="{language}" dir="{direction(language)}"'
    if html.startswith("<p>"):
        return html.replace("<p>", f"<p {names}>")
    return f"<span {names}>{html}</span>"
