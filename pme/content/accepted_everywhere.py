"""Typed answers count alike in every language: what one language accepts, all of them accept. Pure."""

from typing import TypeVar

from pme.content.shapes import AnyItem, Module, NumericItem, Page, Quiz, ShortTextItem

Q = TypeVar("Q", Module, Quiz)


def accepting_everywhere(content: Q) -> Q:
    """A quiz or module whose typed items, in each language, take the answers of every language."""
    if not content.translations:
        return content
    every = [content, *content.translations.values()]
    wanted = _together([item for each in every for item in _items(each)])
    translations = {language: _with(each, wanted) for language, each in content.translations.items()}
    return _with(content, wanted).model_copy(update={"translations": translations})


def _items(content: Module | Quiz) -> list[AnyItem]:
    if isinstance(content, Quiz):
        return list(content.items)
    return [check.item for page in content.pages for check in page.checks]


def _together(items: list[AnyItem]) -> dict[str, tuple[str, ...]]:
    """What is accepted of each typed item in any language, by its id; a unit is one way to write it."""
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        if isinstance(item, ShortTextItem):
            found[item.id] = (*found.get(item.id, ()), *item.accepted)
        elif isinstance(item, NumericItem) and item.unit:
            found[item.id] = (*found.get(item.id, ()), item.unit, *item.accepted_units)
    return {item_id: tuple(dict.fromkeys(texts)) for item_id, texts in found.items()}


def _with(content: Q, wanted: dict[str, tuple[str, ...]]) -> Q:
    if isinstance(content, Quiz):
        return content.model_copy(update={"items": tuple(_accepting(i, wanted) for i in content.items)})
    return content.model_copy(update={"pages": tuple(_page(page, wanted) for page in content.pages)})


def _page(page: Page, wanted: dict[str, tuple[str, ...]]) -> Page:
    checks = (check.model_copy(update={"item": _accepting(check.item, wanted)}) for check in page.checks)
    return page.model_copy(update={"checks": tuple(checks)})


def _accepting(item: AnyItem, wanted: dict[str, tuple[str, ...]]) -> AnyItem:
    texts = wanted.get(item.id, ())
    if isinstance(item, ShortTextItem):
        return item.model_copy(update={"accepted": _first_own(item.accepted, texts)})
    if isinstance(item, NumericItem) and texts:
        others = tuple(text for text in texts if text != item.unit)
        return item.model_copy(update={"accepted_units": _first_own(item.accepted_units, others)})
    return item


def _first_own(own: tuple[str, ...], texts: tuple[str, ...]) -> tuple[str, ...]:
    return (*own, *(text for text in texts if text not in own))
