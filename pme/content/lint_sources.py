"""Whether what is cited has been seen, and whether what is taught has been looked at lately. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from pme.content.parse_bank import Bank
from pme.content.parse_sources import Bibliography
from pme.content.parsed import Parsed
from pme.content.problems import Problem, Remark, Severity
from pme.content.shapes import Course, Module, Quiz, Scenario
from pme.content.translation_files import parts_of
from pme.words.lazily import lazy
from pme.words.speech import _

_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
WORDS = {
    "to-verify": lazy("The source {key} is still to be verified against the original."),
    "superseded": lazy("The source {key} has been superseded; cite what replaced it."),
}


def doubtful_sources(
    parsed: Parsed[Bank] | Parsed[Module] | Parsed[Quiz] | Parsed[Scenario], bibliography: Bibliography
) -> Iterator[Problem]:
    """One warning for each source that a file cites and nobody has seen, or that is out of date."""
    yield from doubtful_in(parsed.source, bibliography)


def doubtful_in(source_of: Mapping[str, str], bibliography: Bibliography) -> Iterator[Problem]:
    """The same for texts by path."""
    doubtful = {key: source for key, source in bibliography.sources.items() if source.status != "seen"}
    for file, written in source_of.items():
        if parts_of(file):
            continue  # A translation cites what its source cites, and the source says so.
        text = _COMMENT.sub("", written) if file.endswith(".yaml") else written
        for key, source in doubtful.items():
            line = _first_line_with(key, text)
            if line:
                says = _words(key, source.status, bibliography)
                yield Problem(file, line, says, Severity.WARNING)


def _words(key: str, status: str, bibliography: Bibliography) -> str:
    told = bibliography.successions.get(key)
    if told and told.by:
        return _("The source {key} has been superseded by {by}; cite that.", key=key, by=told.by)
    return WORDS[status].format(key=key)


def overdue(parsed: Parsed[Course] | Parsed[Module], *, today: date) -> Iterator[Problem]:
    """A warning when the day of review has passed."""
    due = parsed.content.review_date
    if due and due < today.isoformat():
        yield parsed.problem(
            Remark("review_date", _("The review was due on {due}.", due=due), Severity.WARNING)
        )


def _first_line_with(key: str, text: str) -> int | None:
    at = text.find(key)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(key) : at + len(key) + 1]
        if before in ("@", " ", "[", ",") and after in ("]", " ", ";", ",", "\n", "}", ""):
            return text.count("\n", 0, at) + 1
        at = text.find(key, at + 1)
    return None
