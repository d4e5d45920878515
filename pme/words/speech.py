"""Saying something in the language that is spoken now: by whom, is told once, where a request or a job begins.

`_("text", name=value)` says it at once. `lazy("text")` is for constants: it is said when it is shown. What is
said must be written out where it is called, so that it can be found and translated.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pme.words.catalogue import catalogue_of
from pme.words.isolating import apart
from pme.words.languages import RIGHT_TO_LEFT, SOURCE

_spoken: ContextVar[str | Callable[[], str]] = ContextVar("spoken", default=SOURCE)


def current() -> str:
    """The language that is spoken now."""
    spoken = _spoken.get()
    return spoken if isinstance(spoken, str) else spoken()


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Speak a language within the block; English where none is given."""
    token = _spoken.set(language or SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str | Callable[[], str] | None) -> None:
    """Speak a language from now on, or what a function finds when something is first said; None: English."""
    _spoken.set(language or SOURCE)


def _(text: str, /, **values: object) -> str:
    """A text in the language spoken now, with its values in the places `{name}`."""
    return _filled(catalogue_of(current()).one(text), values)


def _p(context: str, text: str, /, **values: object) -> str:
    """The same, for a word that other languages say in two ways: the context tells which is meant."""
    return _filled(catalogue_of(current()).one(text, context), values)


def _n(one: str, many: str, number: int, /, **values: object) -> str:
    """The same, in the form that goes with a number; `{n}` is the number."""
    return _filled(catalogue_of(current()).counted(one, many, number), {"n": number} | values)


def _np(context: str, one: str, many: str, number: int, /, **values: object) -> str:
    """The same, for a counted word that other languages say in two ways."""
    return _filled(catalogue_of(current()).counted(one, many, number, context), {"n": number} | values)


def _filled(text: str, values: dict[str, object]) -> str:
    if not values:
        return text
    if current() in RIGHT_TO_LEFT:
        values = {name: apart(value) for name, value in values.items()}
    return text.format(**values)
