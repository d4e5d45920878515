"""What people read of a certificate's life: states, causes, grounds, and its printed fields by name."""

from collections.abc import Iterable

from pme.certificates.models import Cause, Ground
from pme.certificates.state import State
from pme.words.lazily import lazy, lazy_p
from pme.words.speech import _, _n

STATES = {
    State.VALID: lazy("Valid"),
    State.EXPIRED: lazy_p("of a certificate", "Expired"),
    State.SUPERSEDED: lazy("Replaced"),
    State.REVOKED: lazy("Revoked"),
}
KINDS = {State.VALID: "done", State.EXPIRED: "waiting", State.SUPERSEDED: "neutral", State.REVOKED: "problem"}
"""How a state is coloured (components/status_tag.html)."""
CAUSES = {
    Cause.EARNED: lazy("Issued when the course was completed"),
    Cause.CORRECTED: lazy("Issued to correct the one before"),
    Cause.RENEWED: lazy("Issued when the holder renewed it"),
    Cause.RESTORED: lazy("Issued when the completion counted again"),
}
GROUNDS = {
    Ground.ERROR: lazy("It was issued in error"),
    Ground.HOLDER: lazy("It was issued to the wrong person"),
    Ground.MISCONDUCT: lazy("What it certifies was not the holder's own work"),
    Ground.REQUEST: lazy("The holder asked for it"),
    Ground.COMPLETION: lazy("The completion behind it was revoked"),
    Ground.OTHER: lazy("Another reason, which the holder was told"),
}
CHOSEN = {ground: words for ground, words in GROUNDS.items() if ground is not Ground.COMPLETION}
"""The grounds that somebody may choose; the other comes with a revoked completion."""
FIELDS = {
    "holder_name": lazy("Holder"),
    "holder_rank": lazy("Rank"),
    "academy_name": lazy("Academy"),
    "academy_nation": lazy_p("of a certificate", "Nation"),
    "course_title": lazy("Course"),
    "course_sha256": lazy("Course version"),
    "edition": lazy("Edition"),
    "certificate_title": lazy("Title"),
    "statement": lazy_p("of a certificate", "Statement"),
    "outcomes": lazy("Outcomes"),
    "hours": lazy("Workload in hours"),
    "ects": lazy("Workload in ECTS credits"),
    "frameworks": lazy("Levels in frameworks"),
    "percent": lazy("Result"),
    "language": lazy("Language"),
    "signatories": lazy("Signed by"),
    "earned_on": lazy("Earned on"),
    "valid_until": lazy("Valid until"),
}


def credits_text(ects: float | None) -> str:
    """A workload in credits in words, like “0.2 ECTS credits”; empty where it is not stated."""
    if ects is None:
        return ""
    if ects == int(ects):
        return _n("{n} ECTS credit", "{n} ECTS credits", int(ects))
    return _("{ects} ECTS credits", ects=f"{ects:g}")


def pairs_text(pairs: Iterable[Iterable[str]], between: str = " ") -> str:
    """(name, level) or (name, role) in one line: “EQF 5; SQF-MILOF 2”."""
    return "; ".join(between.join(part for part in pair if part) for pair in pairs)
