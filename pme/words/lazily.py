"""Texts for constants: labels, titles, refusals. Each is said in the language that is spoken when it is shown.

To Python they are the English text: equal to it, found by it in a dictionary, compared and sorted as it is.
`str(label)`, `f"{label}"`, `label + "."`, `label.lower()` and a template say it; `", ".join(...)` and JSON take
the English, so give them `str(label)`.
"""

from collections.abc import Callable
from typing import Any, SupportsIndex

from pme.words.numbers import grouped
from pme.words.speech import _, _n, _np, _p

_SAID = (
    "__mod__ __mul__ __rmul__ __len__ __iter__ __contains__ __getitem__ capitalize casefold center count encode "
    "endswith expandtabs find format format_map index isalnum isalpha isascii isdigit islower isspace istitle isupper "
    "join ljust lower lstrip partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip "
    "split splitlines startswith strip swapcase title translate upper zfill"
).split()
"""What a text can do once it has been said."""


class Lazy(str):
    """A text that is said when it is shown."""

    __slots__ = ("_say",)
    _say: Callable[[], str]

    def __str__(self) -> str:
        """The text in the language spoken now."""
        return self._say()

    def __format__(self, spec: str, /) -> str:
        return format(self._say(), spec)

    def __add__(self, other: str, /) -> str:
        return self._say() + other

    def __radd__(self, other: str, /) -> str:
        return other + self._say()

    def __reduce_ex__(self, _protocol: SupportsIndex, /) -> tuple[type[str], tuple[str]]:
        """Copied into another process, it is what it says here."""
        return str, (self._say(),)

    def __copy__(self) -> "Lazy":
        """The same text: it never changes."""
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> "Lazy":
        """The same text: it never changes."""
        return self


def _saying(name: str) -> Callable[..., Any]:
    method = getattr(str, name)

    def say(self: Lazy, *given: Any, **named: Any) -> Any:
        return method(str(self), *given, **named)

    return say


for _name in _SAID:
    setattr(Lazy, _name, _saying(_name))


def lazy(text: str, /, **values: object) -> str:
    """A text for a constant."""
    return _made(text, lambda: _(text, **values))


def lazy_p(context: str, text: str, /, **values: object) -> str:
    """A text for a constant that other languages say in two ways."""
    return _made(text, lambda: _p(context, text, **values))


def lazy_n(one: str, many: str, number: int, /, **values: object) -> str:
    """A counted text for a constant."""
    return _made(many, lambda: _n(one, many, number, **values))


def lazy_np(context: str, one: str, many: str, number: int, /, **values: object) -> str:
    """A counted text for a constant that other languages say in two ways."""
    return _made(many, lambda: _np(context, one, many, number, **values))


def lazy_grouped(number: int) -> str:
    """A number of a text for a constant, with its thousands apart."""
    return _made(f"{number:,}", lambda: grouped(number))


def _made(text: str, say: Callable[[], str]) -> str:
    made = Lazy(text)
    made._say = say  # noqa: SLF001
    return made
