"""What is only for the one who asked: refused while a part of a page is made that is kept for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_keeping: ContextVar[bool] = ContextVar("keeping", default=False)


def require_personal() -> None:
    """Raises RuntimeError while a part is made that others get, too: then it may not ask for this."""
    if _keeping.get():
        raise RuntimeError("a part of a page that is kept for everybody asked for what belongs to one person")


def is_for_everybody() -> bool:
    """Whether such a part is being made."""
    return _keeping.get()


@contextmanager
def for_everybody() -> Iterator[None]:
    """While such a part is made."""
    token = _keeping.set(True)
    try:
        yield
    finally:
        _keeping.reset(token)
