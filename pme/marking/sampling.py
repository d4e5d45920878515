"""Which scripts are read twice or put up for a moderator: drawn on the server, the same each time.

Pure. Scripts are ranked by SHA-256 of seed, purpose and code, which nobody chooses; the first of that
order are drawn. More scripts only add to a draw that was kept.
"""

import hashlib
from collections.abc import Iterable


def drawn(codes: Iterable[str], *, seed: str, purpose: str, percent: int) -> frozenset[str]:
    """At least `percent` (0-100) of these scripts, rounded up to a whole script."""
    ranked = sorted(codes, key=lambda code: hashlib.sha256(f"{seed}|{purpose}|{code}".encode()).digest())
    return frozenset(ranked[: -(-len(ranked) * percent // 100)])


def is_borderline(percent: float, *, cut: int, border: int) -> bool:
    """Whether an attempt's percentage lies within `border` percentage points of the pass mark, ends included."""
    return abs(percent - cut) <= border
