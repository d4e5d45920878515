"""What all files say, published or with a draft in them, kept while people go from page to page of it."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from flask import current_app

from pme.authoring import queries
from pme.authoring.models import Draft
from pme.content import kept_files
from pme.content.answers import Answer, answered, outlived
from pme.content.citations import Place, citations
from pme.content.edit import edited, published_tree
from pme.content.files import Tree
from pme.content.lint import ethics_of
from pme.content.parse import Collection
from pme.content.problems import Problem
from pme.content.publish import newest
from pme.content.shapes import Glossary
from pme.content.unrendered import words_of
from pme.web.session import db_session
from pme.words.speech import current as spoken

KEPT = 4
_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)
Key = tuple[object, ...]


@dataclass(frozen=True)
class Reading:
    """A state of all files, and what is worked out of it when it is first asked for."""

    tree: Tree
    read: Collection

    @cached_property
    def citations(self) -> Mapping[str, tuple[Place, ...]]:
        """Where each source is cited."""
        return citations(self.read, self.tree)

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What the check of ethics and language says, answered or not, in the order of files and lines."""
        return tuple(sorted(set(answered(ethics_of(self.read), self.read.answers))))

    @cached_property
    def outlived(self) -> tuple[Answer, ...]:
        """The reasons whose text has changed or is gone."""
        return tuple(outlived(self.warnings, self.read.answers))

    @cached_property
    def texts(self) -> Mapping[tuple[str, str], str]:
        """Each text that readers meet, by its file and hash."""
        banks = [bank for bank in self.read.banks.values() if bank is not None]
        return {
            (passage.file, passage.block): passage.text
            for parsed in (*self.read.everything, *banks)
            for passage in parsed.passages
        }

    def title_of(self, path: str) -> str:
        """What people call a file: the title of its page, module, course, quiz, bank or scenario; else its path."""
        if path.endswith(".md") and not path.endswith("/module.md"):
            title = _TITLE.search(self.tree.text(path)) if path in self.tree.files else None
            return title[1].strip() if title else path
        everything = (*self.read.everything, *(bank for bank in self.read.banks.values() if bank is not None))
        found = next((each.content for each in everything if each.file == path), None)
        return path if found is None or isinstance(found, Glossary) else found.title

    def warning(self, file: str, rule: str, block: str) -> Problem | None:
        """The warning of a rule in a text, or None where nobody says so (any more)."""
        about = (file, rule, block)
        return next((each for each in self.warnings if (each.file, each.rule, each.block) == about), None)


class KeptReadings:
    """The last few, by everything that they were made of."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Reading] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> Reading | None:
        """What is kept under a key, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, made: Reading) -> Reading:
        """Keep one more; the one not asked for longest goes."""
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def reading_of(draft: Draft | None = None) -> Reading:
    """All files as they are published, or as they would be with this draft."""
    session = db_session()
    known: KeptReadings = current_app.extensions.setdefault("pme_readings", KeptReadings())
    current = newest(session)
    stamps = tuple(sorted(queries.stamps_of(session, draft.id).items())) if draft else ()
    # By what the files hold, not by the publication: it is right in any database, whatever was restored.
    # And by language: what is told of them is said once.
    kept = kept_files.files_of(session, current.id if current else None)
    key = (tuple(sorted((path, file.published or "") for path, file in kept.items())), stamps, spoken())
    made = known.find(key)
    if made is None:
        tree = published_tree(session)
        tree = edited(tree, queries.edits_of(session, draft.id)) if draft else tree
        made = known.keep(key, Reading(tree, words_of(tree)))
    return made
