"""How often a job is begun, how long it waits in between, and what is said when it is given up."""

import errno
from datetime import timedelta

from pme.words.lazily import lazy

MOST_TRIES = 3
LEASE = timedelta(minutes=2)
"""How long a run may be silent before another takes its job."""
SLACK = timedelta(minutes=5)
"""What clocks may differ by: what was written further in the future was written before a clock was put back."""
TELL_EVERY = timedelta(seconds=1)
"""How often a run writes down its progress at most."""
TELL_LATER = timedelta(seconds=20)
"""How long it does not try to, once the database would not take it."""
WHILE_AWAY = timedelta(seconds=30)
"""How long a job waits for the store of files."""
WAITS = (timedelta(seconds=10), timedelta(minutes=2))
BROKE_DOWN = lazy(
    "This failed {tries} times in a row. No change was left half done. Ask for it again later; if it fails "
    "again, tell whoever runs the platform the number of this job."
)
NO_MEMORY = lazy(
    "This needed more memory than the platform has for it. Ask for less at once, such as one course or a shorter time."
)
NEVER_ENDED = lazy(
    "This was started {tries} times and never finished: each time the worker stopped. Ask for less at once,"
    " or tell whoever runs the platform the number of this job."
)
NOT_KNOWN = lazy("This installation cannot do this yet. Whoever runs the platform has to update it.")


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE}
GONE = {errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ETIMEDOUT}
"""What a folder says that another machine has, while that is away."""


def is_without_room(error: BaseException) -> bool:
    """Whether no job could be done now: the disk is full or read-only, or no more files may be open."""
    return isinstance(error, OSError) and error.errno in NO_ROOM


def is_over_soon(error: OSError) -> bool:
    """Whether it is worth while to wait for a folder, since nobody has to set anything right in it."""
    return error.errno in NO_ROOM | GONE


def wait_after(tries: int) -> timedelta:
    """How long a job waits after it was tried so often."""
    return WAITS[min(tries, len(WAITS)) - 1]


def is_given_up(tries: int) -> bool:
    """Whether a job that was tried so often is not tried again."""
    return tries >= MOST_TRIES
