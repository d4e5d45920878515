"""The journal of erasures where machines have folders of their own: each line also lies in the bucket they share.

A line is an object under its hash, written once, so that machines never disagree. On one machine, or in a folder that
all mount, the journal itself is enough.
"""

import json
from collections.abc import Sequence

import structlog

from pme.privacy.journal import Line, line_in
from pme.stores.folder import Folder
from pme.stores.home import ERASURES, Away, Store, read


def share(store: Store, lines: Sequence[Line]) -> None:
    """Let every machine know. Where the store is away, the next server that starts here does it."""
    if isinstance(store, Folder):
        return
    try:
        known = {each.name for each in store.list(ERASURES)}
        for line in lines:
            if f"{ERASURES}{line.sha256}.json" not in known:
                store.put_once(f"{ERASURES}{line.sha256}.json", json.dumps(vars(line)).encode())
    except Away as error:
        structlog.get_logger().error("erasures are not in the bucket yet", exc_info=error)


def shared(store: Store) -> list[Line]:
    """The lines of all machines, each after those of its academy before it. Raises Away."""
    if isinstance(store, Folder):
        return []
    found = (line_in((read(store, each.name) or b"").decode()) for each in store.list(ERASURES))
    return sorted(filter(None, found), key=lambda line: line.at)
