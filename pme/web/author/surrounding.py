"""What a page of a draft may refer to, kept while somebody types: it is worked out anew when anything of it changes."""

from collections import OrderedDict
from threading import Lock

from flask import current_app

from pme.authoring import queries
from pme.authoring.models import Draft
from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.edit import edited, published_tree
from pme.content.preview import Place, place_of
from pme.content.publish import newest
from pme.web.session import db_session

KEPT = 8
"""Modules under way at one time whose surroundings stay in a process."""
Key = tuple[object, ...]


class KeptSurroundings:
    """The last few, by everything that they were made of."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Place] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> Place | None:
        """What is kept under a key, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, made: Place) -> Place:
        """Keep one more; the one not asked for longest goes."""
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def surroundings_of(draft: Draft, name: FileName) -> Place:
    """What this page of the draft may refer to, with everything else that the draft changes."""
    session = db_session()
    known: KeptSurroundings = current_app.extensions.setdefault("pme_surroundings", KeptSurroundings())
    current = newest(session)
    stamps = queries.stamps_of(session, draft.id)
    # What a page says changes nothing for the others; that there is one does.
    of_files = tuple(
        (path, stamp[-1] if path == name.path or file_name(path).kind is FileKind.PAGE else stamp)
        for path, stamp in sorted(stamps.items())
    )
    key = (current.id if current else None, draft.id, name.kind, name.slug, of_files)
    made = known.find(key)
    if made is None:
        tree = edited(published_tree(session), queries.edits_of(session, draft.id))
        made = known.keep(key, place_of(tree, name.slug))
    return made
