"""One of each: what stands in many places of contents is kept in memory once.

A source is cited three thousand times, a translation repeats what it does not translate, and each object has a set of
the names that it was given. Contents never change, so equal parts of them may be the same objects.
"""

from collections.abc import Hashable
from typing import Any, TypeVar

from pme.content.shapes_shared import Citation, Shape, Source

S = TypeVar("S", bound=Shape)
GIVEN = "__pydantic_fields_set__"
PLAIN = frozenset({bool, int, float, type(None)})
"""What has no parts, and is small."""
FOR_GOOD = frozenset({Source, Citation})
_shapes: dict[type[Any], bool] = {}
_known: dict[Hashable, Any] = {}
"""Sources, their citations and sets of names, which all contents share: no more than the bibliography has."""


def shared(content: S) -> S:
    """A content, which nobody else has seen yet, with its equal parts the same."""
    _share(content, {})
    return content


def _share(shape: Shape, texts: dict[str, str]) -> Shape:
    fields = shape.__dict__
    for name, value in fields.items():
        kind = type(value)
        if kind is str:
            fields[name] = texts.setdefault(value, value)
        elif kind not in PLAIN:
            fields[name] = _one(value, texts)
    given: set[str] = getattr(shape, GIVEN)
    object.__setattr__(shape, GIVEN, _known.setdefault((GIVEN, frozenset(given)), given))
    if type(shape) in FOR_GOOD:
        # A source is known for good, so that its place in memory tells it from all others.
        key = (type(shape), *(id(value) if type(value) is Source else value for value in fields.values()))
        known: Shape = _known.setdefault(key, shape)
        return known
    return shape


def _one(value: Any, texts: dict[str, str]) -> Any:
    kind = type(value)
    if kind is str:
        return texts.setdefault(value, value)
    if kind in PLAIN:
        return value
    if kind is tuple:
        return tuple([_one(each, texts) for each in value]) if value else value
    if kind is dict:
        for name, each in value.items():
            value[name] = _one(each, texts)
        return value
    return _share(value, texts) if _is_shape(kind) else value


def _is_shape(kind: type[Any]) -> bool:
    """Asked once for each class: shapes answer slowly."""
    found = _shapes.get(kind)
    if found is None:
        found = _shapes[kind] = issubclass(kind, Shape)
    return found
