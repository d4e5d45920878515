"""What people read of a certificate's life: states, causes, grounds, and its printed fields by name."""

from collections.abc import Iterable

from pme.certificates.models import Cause, Ground
from pme.certificates.state import State

STATES = {
    State.VALID: "Valid",
    State.EXPIRED: "Expired",
    State.SUPERSEDED: "Replaced",
    State.REVOKED: "Revoked",
}
KINDS = {State.VALID: "done", State.EXPIRED: "waiting", State.SUPERSEDED: "neutral", State.REVOKED: "problem"}
"""How a state is coloured (components/status_tag.html)."""
CAUSES = {
    Cause.EARNED: "Issued when the course was completed",
    Cause.CORRECTED: "Issued to correct the one before",
    Cause.RENEWED: "Issued when the holder renewed it",
    Cause.RESTORED: "Issued when the completion counted again",
}
GROUNDS = {
    Ground.ERROR: "It was issued in error",
    Ground.HOLDER: "It was issued to the wrong person",
    Ground.MISCONDUCT: "What it certifies was not the holder's own work",
    Ground.REQUEST: "The holder asked for it",
    Ground.COMPLETION: "The completion behind it was revoked",
    Ground.OTHER: "Another reason, which the holder was told",
}
CHOSEN = {ground: words for ground, words in GROUNDS.items() if ground is not Ground.COMPLETION}
"""The grounds that somebody may choose; the other comes with a revoked completion."""
FIELDS = {
    "holder_name": "Holder",
    "holder_rank": "Rank",
    "academy_name": "Academy",
    "academy_nation": "Nation",
    "course_title": "Course",
    "course_sha256": "Course version",
    "edition": "Edition",
    "certificate_title": "Title",
    "statement": "Statement",
    "outcomes": "Outcomes",
    "hours": "Workload in hours",
    "ects": "Workload in ECTS credits",
    "frameworks": "Levels in frameworks",
    "percent": "Result",
    "language": "Language",
    "signatories": "Signed by",
    "earned_on": "Earned on",
    "valid_until": "Valid until",
}


def credits_text(ects: float | None) -> str:
    """A workload in credits in words, like “0.2 ECTS credits”; empty where it is not stated."""
    if ects is None:
        return ""
    return f"{ects:g} ECTS credit" if ects == 1 else f"{ects:g} ECTS credits"


def pairs_text(pairs: Iterable[Iterable[str]], between: str = " ") -> str:
    """(name, level) or (name, role) in one line: “EQF 5; SQF-MILOF 2”."""
    return "; ".join(between.join(part for part in pair if part) for pair in pairs)
