"""The meaning of the words in a credential: texts that are shipped, and never fetched."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from pme.errors import Invalid

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
UNDEFINED_TERMS = "https://www.w3.org/ns/credentials/undefined-terms/v2"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
SHIPPED = {
    CREDENTIALS: "credentials-v2.json",
    OPEN_BADGES: "open-badges-3.0.3.json",
    UNDEFINED_TERMS: "undefined-terms-v2.json",
    DATA_INTEGRITY: "data-integrity-v2.json",
}


class UnknownContext(Invalid):
    """A document rests on words whose meaning is not shipped, and nothing is ever fetched."""


@cache
def text_of(address: str) -> dict[str, Any]:
    """The context at an address, from the package. Raises UnknownContext for every other address."""
    if address not in SHIPPED:
        raise UnknownContext(
            f"The credential rests on a vocabulary that is not shipped here: {address[:200]}."
        )
    file = files("pme.credentials") / "contexts" / SHIPPED[address]
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def load(address: str, _options: object = None) -> dict[str, Any]:
    """The document loader: what JSON-LD is given for an address."""
    return {"contextUrl": None, "documentUrl": address, "document": text_of(address), "tag": "static"}
