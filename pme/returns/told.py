"""The verdict on a return as programs read it. Pure."""

from typing import Any

from pme.returns.checking import LONGEST_TOLD, Verdict
from pme.returns.service import Known
from pme.words.lazily import lazy


def finding_of(verdict: Verdict, known: Known | None) -> str:
    """The verdict in a word or two: altered, unknown key, not issued, revoked key, demonstration, issued here."""
    if not verdict.is_whole:
        return "altered"
    if known is None:
        return "unknown key"
    if known.key.revoked_on:
        return "revoked key"
    if known.key.is_demo:
        return "demonstration"
    return "issued here" if known.is_sealed else "not issued"


SAYS = {
    "altered": lazy("Do not rely on this file: it differs from what was sealed."),
    "unknown key": lazy(
        "The file fits its seal. This platform does not know the key: compare its fingerprint with one "
        "that you had from the academy another way."
    ),
    "revoked key": lazy("The file matches its seal, but the academy revoked the key. Do not rely on it."),
    "demonstration": lazy("The key is that of a demonstration: this return is not a real one."),
    "issued here": lazy("This platform sealed this return for the academy."),
    "not issued": lazy(
        "The key is that of an academy of this platform, but it has no record of this return."
    ),
}
"""What each finding means."""


def as_json(verdict: Verdict, known: Known | None) -> dict[str, Any]:
    """The verdict as an object: every key is always there, what is not known is null."""
    finding = finding_of(verdict, known)
    return {
        "schema": "pme-return-check/1",
        "finding": finding,
        "says": SAYS[finding],
        "is_whole": verdict.is_whole,
        "problems": list(verdict.problems),
        "return": _said(verdict) if verdict.manifest else None,
        "manifest_sha256": verdict.manifest_sha256 or None,
        "key": {"ed25519": verdict.key, "fingerprint": verdict.fingerprint} if verdict.key else None,
        "issuer": _issuer(known) if known else None,
    }


def _said(verdict: Verdict) -> dict[str, str | None]:
    """What the manifest says of the return, whoever wrote it."""
    academy = verdict.manifest.get("academy")
    found = {key: verdict.manifest.get(key) for key in ("number", "since", "until")}
    found["academy"] = academy.get("name") if isinstance(academy, dict) else None
    return {key: None if value is None else str(value)[:LONGEST_TOLD] for key, value in found.items()}


def _issuer(known: Known) -> dict[str, Any]:
    revoked = known.key.revoked_on
    return {
        "academy": known.academy,
        "has_record": known.is_sealed,
        "is_demo": known.key.is_demo,
        "key_revoked_on": revoked.isoformat() if revoked else None,
        "key_revoked_reason": known.key.revoked_reason or None,
    }
