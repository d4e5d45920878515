"""Whether a credential has the form that this platform writes: no other names, no other sorts of value.

The signature is over the meaning of a credential, which says the same of a name and of a list with that
name alone in it. Whoever reads the JSON sees a difference; so the form is checked too. It may grow, never shrink:
what was written once stays allowed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pme.credentials.facts import CredentialFacts, Outcome
from pme.credentials.making import CONTEXTS, TYPES, credential
from pme.errors import Invalid

ALWAYS = {
    ".id",
    ".issuer.id",
    ".validFrom",
    ".awardedDate",
    ".credentialStatus.statusListCredential",
    ".credentialStatus.statusListIndex",
    ".credentialSubject.achievement",
}
PROOF = ("type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue")


class NotOfThisForm(Invalid):
    """A credential that no academy on this platform wrote in this form."""


def check_form(document: dict[str, Any]) -> None:
    """Raise NotOfThisForm, naming the first place that is not as it is written here."""
    if document.get("@context") != CONTEXTS or document.get("type") != TYPES:
        raise NotOfThisForm("This is no certificate in the form of Open Badges 3.0.")
    allowed, there = _allowed(), set()
    for place, sort, value in _places("", document):
        there.add(place)
        if allowed.get(place) != sort:
            raise NotOfThisForm(
                f"“{place[1:81]}” does not stand like this in any certificate of this platform."
            )
        if isinstance(value, list) and any(value.index(one) != at for at, one in enumerate(value)):
            raise NotOfThisForm(f"“{place[1:81]}” says the same thing twice.")

    if missing := sorted(ALWAYS - there):
        raise NotOfThisForm(f"This is no certificate of this platform: it does not say “{missing[0][1:]}”.")


def _places(place: str, value: object) -> Iterator[tuple[str, str, object]]:
    if place:
        yield place, _sort(value), value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(f"{place}.{name}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _places(f"{place}[]", inner)


def _sort(value: object) -> str:
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        return "number"
    return type(value).__name__


@cache
def _allowed() -> dict[str, str]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    everything = CredentialFacts(
        id_url="a:", status_list_url="a:", status_index=0, number="1", holder_name="A", holder_rank="R",
        course_slug="c", course_title="C", edition="1", course_sha256="0", description="d", criteria="c",
        outcomes=(Outcome(code="o", text="O", level="L"),), hours=1, ects=1, frameworks=(("EQF", "5"),),
        percent=1, language="en", academy_name="A", academy_nation="N", issuer_did="a:", issuer_url="a:",
        issued_at=at, valid_from=at, valid_until=at, replaces="a:", is_demo=True,
    )  # fmt: skip
    whole = credential(everything) | {"proof": dict.fromkeys(PROOF, "")}
    return {place: sort for place, sort, _ in _places("", whole)}
