"""One of each: what stands in many places of contents is kept in memory once.

A source is cited three thousand times, a translation repeats what it does not translate, and each object has a set of
the names that it was given. Contents never change, so equal parts of them may be the same objects.
"""

from collections.abc import Hashable
from typing import Any, TypeVar

from pme.content.shapes_shared import Citation, Shape, Source

S = TypeVar("S", bound=Shape)
GIVEN = "__pydantic_fields_set__"
_known: dict[Hashable, Any] = {}
"""Sources, their citations and sets of names, which all contents share: no more than the bibliography has."""


def shared(content: S) -> S:
    """A content, which nobody else has seen yet, with its equal parts the same."""
    _share(content, {})
    return content


def _share(shape: Shape, texts: dict[str, str]) -> Shape:
    fields = shape.__dict__
    for name, value in fields.items():
        fields[name] = _one(value, texts)
    given: set[str] = getattr(shape, GIVEN)
    object.__setattr__(shape, GIVEN, _known.setdefault((GIVEN, frozenset(given)), given))
    if isinstance(shape, Source | Citation):
        # A source is known for good, so that its place in memory tells it from all others.
        key = (type(shape), *(id(value) if isinstance(value, Source) else value for value in fields.values()))
        known: Shape = _known.setdefault(key, shape)
        return known
    return shape


def _one(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, str):
        return texts.setdefault(value, value) if type(value) is str else value
    if isinstance(value, Shape):
        return _share(value, texts)
    if isinstance(value, tuple):
        return tuple([_one(each, texts) for each in value]) if type(value) is tuple else value
    if isinstance(value, dict):
        for name, each in value.items():
            value[name] = _one(each, texts)
    return value
