"""One checker for each server process, warm and in turn: files are checked where a check can be stopped."""

import atexit
from threading import Lock

from pme.authoring.checker import Checker, Look, named_by
from pme.authoring.naming import FileName
from pme.content.files import Tree
from pme.errors import Unavailable
from pme.web.session import meanwhile
from pme.words.speech import _

LONGEST_WAIT = 20.0
"""Seconds to wait while others' files are checked."""
_CHECKER = Checker()
_TURN = Lock()
atexit.register(_CHECKER.close)


def look_at(name: FileName, tree: Tree, text: str, *, prove: bool = True) -> Look:
    """What is to be said of a file of a tree with this text. Raises Unavailable after a long wait."""
    files = named_by(name, tree.files, text)
    meanwhile()
    if not _TURN.acquire(timeout=LONGEST_WAIT):
        raise Unavailable(
            _("Many files are being checked just now. Try again in a minute; nothing was lost.")
        )
    try:
        return _CHECKER.look(name, files, prove=prove)
    finally:
        _TURN.release()
