"""Checking one file while it is written, in a child that is stopped when it takes too long."""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pme.authoring.naming import FileKind, FileName
from pme.content.answers import ANSWERS
from pme.content.bounded_child import BoundedChild, NotAnswered
from pme.content.parse_sources import GLOSSARY, SOURCES
from pme.content.problems import Severity
from pme.words.lazily import lazy
from pme.words.speech import current

LONGEST_PROOF = 4.0
LONGEST_LOOK = 2.0
"""Seconds of wall time: with every path walked, and without."""
MOST_KEPT = 24
_MODULE = re.compile(r"modules/[a-z0-9-]+/module\.md\Z")
_BANK = re.compile(r"quizzes/[a-z0-9-]+\.bank\.yaml\Z")
_FOR_ALL = (SOURCES, GLOSSARY, ANSWERS)
UNPROVED = lazy(
    "It has too many paths to check while you write. “Check everything”, on the page of the draft, checks "
    "them all."
)
UNREAD = lazy("It could not be checked just now: {reason}.")


@dataclass(frozen=True)
class Spot:
    """One thing to say, at a place of the file such as `nodes.d1.choices.a.goto`; "" where it is the whole."""

    line: int
    says: str
    severity: Severity
    place: str = ""
    rule: str = ""
    block: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Look:
    """What a check found. `picture` and `proof` are plain data for pages; `missing` says what was not done."""

    spots: tuple[Spot, ...] = ()
    picture: Mapping[str, Any] | None = None
    proof: Mapping[str, Any] | None = None
    missing: str = ""
    is_proved: bool = False


class Checker(BoundedChild):
    """Checks files, each within a few seconds; what was found stays known for as long as nothing changes."""

    MODULE = "pme.authoring.check_child"

    def __init__(self) -> None:
        super().__init__()
        self._known: OrderedDict[str, Look] = OrderedDict()

    def look(self, name: FileName, files: Mapping[str, str], *, prove: bool = True) -> Look:
        """Everything to be said of a file; `files` are those of `named_by`.

        Without `prove` no path is walked, unless that was done before.
        """
        request = {"path": name.path, "files": dict(files), "draw": True, "language": current()}
        key = hashlib.sha256(json.dumps(request).encode()).hexdigest()
        if (known := self._known.get(key)) and (known.is_proved or not prove):
            return known
        found = self._asked(request, prove=prove)
        self._known[key] = found
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        return found

    def _asked(self, request: dict[str, Any], *, prove: bool) -> Look:
        if prove:
            try:
                return _read(self.ask(request | {"prove": True}, LONGEST_PROOF), is_proved=True)
            except NotAnswered:
                pass
        try:
            found = _read(
                self.ask(request | {"prove": False}, LONGEST_LOOK), missing=UNPROVED if prove else ""
            )
        except NotAnswered as error:
            return Look(missing=UNREAD.format(reason=error), is_proved=prove)
        return Look(found.spots, found.picture, None, found.missing, is_proved=prove)


def named_by(name: FileName, files: Mapping[str, bytes], text: str) -> dict[str, str]:
    """What a check of a file reads beside its text: bibliography, glossary, answers, modules' outcomes, banks."""
    found = {name.path: text}
    for path, content in files.items():
        is_bank = name.kind is FileKind.QUIZ and _BANK.match(path)
        if path in found or not (path in _FOR_ALL or is_bank or _MODULE.match(path)):
            continue
        read = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        # Of a module only its front matter counts, where its outcomes stand.
        found[path] = read[: read.find("\n---", 3) + 5] if path.endswith(".md") else read
    return found


def _read(answer: Mapping[str, Any], *, is_proved: bool = False, missing: str = "") -> Look:
    spots = tuple(
        Spot(
            each["line"],
            each["says"],
            Severity(each["severity"]),
            each["place"],
            each["rule"],
            each["block"],
            each["answer"],
        )
        for each in answer["problems"]
    )
    return Look(spots, answer.get("picture"), answer.get("proof"), missing, is_proved)
