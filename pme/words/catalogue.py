"""The translations of a language, loaded when it is first spoken, and compiled before that where needed."""

import gettext
from collections.abc import Mapping
from typing import Protocol

from pme.words.compiling import compiled
from pme.words.languages import LANGUAGES, SOURCE


class Catalogue(Protocol):
    """What a language can say."""

    def one(self, text: str, context: str | None = None) -> str:
        """A text."""

    def counted(self, one: str, many: str, number: int, context: str | None = None) -> str:
        """A text in the form that goes with a number."""


class AsWritten:
    """English: each text as the code says it."""

    def one(self, text: str, context: str | None = None) -> str:  # noqa: ARG002
        """The text itself."""
        return text

    def counted(self, one: str, many: str, number: int, context: str | None = None) -> str:  # noqa: ARG002
        """One, or many."""
        return one if number == 1 else many


class Translated:
    """Another language: each text as its catalogue says it, else as the code does."""

    def __init__(self, translations: gettext.NullTranslations) -> None:
        self._by = translations

    def one(self, text: str, context: str | None = None) -> str:
        """A text."""
        return self._by.gettext(text) if context is None else self._by.pgettext(context, text)

    def counted(self, one: str, many: str, number: int, context: str | None = None) -> str:
        """A text in the form that goes with a number."""
        if context is None:
            return self._by.ngettext(one, many, number)
        return self._by.npgettext(context, one, many, number)


_known: dict[str, Catalogue] = {SOURCE: AsWritten()}


def catalogue_of(language: str) -> Catalogue:
    """What a language can say; one that is not spoken here says it in English."""
    found = _known.get(language)
    if found is None:
        found = _known[language] = _loaded(language) if language in LANGUAGES else _known[SOURCE]
    return found


def teach(more: Mapping[str, Catalogue]) -> None:
    """Know these languages too: for tests, which speak one that nobody does."""
    _known.update(more)


def _loaded(language: str) -> Catalogue:
    with compiled(language) as file:
        return Translated(gettext.GNUTranslations(file))
