"""What can go wrong, in words for people.

Every error carries a sentence that says what is wrong and, where it can, what to do next.
Doors turn each kind into one status: 404, 403, 422 and 409.
"""

from pme.words.lazily import lazy

BUSY = lazy("The platform is very busy just now. Try again in a minute; nothing was lost.")


NO_THREAD = "can't start new thread"  # not words: Python's own
"""Python's words where the system has no memory for one, in an error of no kind of its own."""


def is_for_memory(error: BaseException) -> bool:
    """Whether it went wrong because there was no more memory to have."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and str(error) == NO_THREAD)


class PmeError(Exception):
    """An error whose text may be shown to the person who caused it."""

    def __init__(self, says: str) -> None:
        self.says = str(says)
        super().__init__(self.says)


class NotFound(PmeError):
    """There is no such thing, or none that this person may know of."""


class NotAllowed(PmeError):
    """The thing is known to the person, who may not do this to it."""


class Invalid(PmeError):
    """The words given cannot be used; `field` names where they stand, if anywhere."""

    def __init__(self, says: str, *, field: str | None = None) -> None:
        super().__init__(says)
        self.field = field


class Conflict(PmeError):
    """The world has moved on since the person last looked."""


class Unavailable(PmeError):
    """The platform cannot do this just now; trying again later may work."""


class Refused(PmeError):
    """The platform will not start or publish; the text lists every reason, one a line."""
