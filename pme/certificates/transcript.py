"""All that a person earned at an academy, in one document for other systems: a Comprehensive Learner Record.

In the shape of 1EdTech CLR 2.0: a ClrCredential that holds the signed credentials of the certificates as they are.
Each proves itself; the record as a whole is signed as a JWT.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pme.certificates.queries import Held
from pme.certificates.state import State
from pme.credentials.times import written
from pme.keys.documents import Place

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
TOLD = (State.VALID, State.EXPIRED)
"""What was revoked or replaced is no part of the record."""


def told(found: Iterable[Held]) -> list[Held]:
    """The certificates that belong in a record: those with a holder's name that were neither revoked nor replaced."""
    return [each for each in found if each.state in TOLD and each.certificate.holder_name]


def learner_record(
    credentials: Sequence[bytes], *, place: Place, academy: str, holder: str, is_demo: bool, at: datetime
) -> dict[str, Any]:
    """The record that holds these signed credentials, the latest first. `holder` is the name in the latest."""
    documents = [json.loads(each) for each in credentials]
    codes = "\n".join(sorted(str(each["id"]) for each in documents))
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{place.url}#{codes}#{written(at)}')}",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": f"{'DEMO: ' if is_demo else ''}Learner record, {academy}",
        "issuer": {"id": place.did, "type": ["Profile"], "name": academy, "url": place.issuer_url},
        "validFrom": written(at),
        "credentialSubject": {
            "type": ["ClrSubject"],
            "identifier": [
                {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": holder}
            ],
            "achievement": [each["credentialSubject"]["achievement"] for each in documents],
            "verifiableCredential": documents,
        },
    }
