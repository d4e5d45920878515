"""Contents whose equal parts are the same objects say what they said before."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.content.catalogue import SHAPES
from pme.content.models import ContentVersion
from pme.content.shapes_shared import Shape, Source
from pme.content.sharing import GIVEN, shared

pytestmark = pytest.mark.database("sqlite")


def parts(value: Any) -> Iterator[Shape]:
    """Every shape within a value."""
    if isinstance(value, Shape):
        yield value
        for each in value.__dict__.values():
            yield from parts(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from parts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from parts(each)


def test_a_content_with_shared_parts_is_equal_to_what_was_published(session: Session):
    kept = session.execute(select(ContentVersion.kind, ContentVersion.compiled)).all()
    assert len(kept) > 5
    sources: dict[Source, set[int]] = {}
    given: dict[frozenset[str], set[int]] = {}
    for kind, compiled in kept:
        plain = SHAPES[kind].model_validate_json(compiled)
        ours = shared(SHAPES[kind].model_validate_json(compiled))
        assert ours == plain
        assert ours.model_dump_json(exclude_unset=True) == plain.model_dump_json(exclude_unset=True)
        for part in parts(ours):
            names = getattr(part, GIVEN)
            given.setdefault(frozenset(names), set()).add(id(names))
            if isinstance(part, Source):
                sources.setdefault(part, set()).add(id(part))
        changed = ours.model_copy(update={"slug": "another"})
        assert changed.slug == "another"
        assert ours == plain
    assert sources
    assert {len(same) for same in [*sources.values(), *given.values()]} == {1}
