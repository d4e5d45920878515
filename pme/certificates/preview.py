"""What a reissue would change: each printed field as it was and as it would be, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pme.certificates.drafting import facts_today
from pme.certificates.models import Certificate
from pme.certificates.press.languages import words_for
from pme.certificates.service import printed_of
from pme.certificates.words import FIELDS, pairs_text
from pme.words.lazily import lazy
from pme.words.speech import _, current
from pme.words.times import day

NOT_STATED = lazy("Not stated")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that would be printed otherwise. `name` is that of the column."""

    name: str
    label: str
    was: str
    becomes: str


def changes_of(session: Session, certificate: Certificate) -> list[Change]:
    """Every printed field that would be otherwise were the certificate issued today, as its fields are kept now.

    Raises Conflict where it cannot be issued again.
    """
    return changes_between(printed_of(certificate), facts_today(session, certificate))


def changes_between(was: Mapping[str, Any], becomes: Mapping[str, Any]) -> list[Change]:
    """The fields in which two sets of printed facts differ, in the order of `FIELDS`."""
    return [
        Change(name, str(label), in_words(name, was[name]), in_words(name, becomes[name]))
        for name, label in FIELDS.items()
        if was[name] != becomes[name]
    ]


def in_words(name: str, value: Any) -> str:
    """A printed field as people read it."""
    if name == "valid_until" and value is None:
        return _("no end")
    if value is None or value in ("", []):
        return str(NOT_STATED)
    match name:
        case "outcomes":
            return " · ".join(f"{text} ({level})" if level else text for _, text, level in value)
        case "signatories":
            return pairs_text(value, ", ")
        case "frameworks":
            return pairs_text(value)
        case "percent":
            return f"{value:.1f}".removesuffix(".0") + " %"
        case "language" | "course_sha256":
            return words_for(current()).language_named(value) if name == "language" else str(value)[:12]
        case _ if isinstance(value, date):
            return day(value)
        case _ if isinstance(value, float):
            return f"{value:g}"
        case _:
            return str(value)
