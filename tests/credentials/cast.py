"""The certificate of these tests: Adams at Lakeside, who signs with a key of known bytes."""

import json
import subprocess
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pme.credentials.checking import KnownKey
from pme.credentials.facts import CredentialFacts, Outcome
from pme.credentials.making import credential, secured
from pme.credentials.multibase import multikey
from pme.credentials.status import StatusList, bits_of, status_credential
from tests.support.html import NODE, ROOT

Json = dict[str, Any]

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
ISSUER = "did:web:pme.example:academies:lakeside"
METHOD = f"{ISSUER}#key-1"
LIST = "https://pme.example/academies/lakeside/status/1"
PROGRAM = ROOT / "tests/credentials/outsider.mjs"

ADAMS = CredentialFacts(
    id_url="https://pme.example/verify/ADAMS",
    status_list_url=LIST,
    status_index=94_567,
    number="LAKESIDE-2026-000001",
    holder_name="Олена Адамс — آدامز",
    holder_rank="Captain",
    course_slug="human-security",
    course_title="Human security: foundations",
    edition="2026.2",
    course_sha256="3f" * 32,
    description="What human security asks of those who plan.\nTwo “quotes”, a tab\tand a stroke \\ stand here.",
    criteria="Read every module, decide in two scenarios, and pass the final test.",
    outcomes=(
        Outcome(code="HS-1", text="Explain what human security is", level="understand"),
        Outcome(code="HS-2", text="Weigh harm to civilians in a plan", level="evaluate"),
        Outcome(code="HS 3/a", text="Know where to turn"),
    ),
    hours=12.5,
    ects=0.5,
    frameworks=(("EQF", "6"), ("SQF-MILOF", "4")),
    percent=87.254,
    language="en",
    academy_name="Lakeside Staff College",
    academy_nation="Norland",
    issuer_did=ISSUER,
    issuer_url="https://pme.example/academies/lakeside/issuer",
    issued_at=AT,
    valid_from=AT,
    valid_until=AT.replace(year=2029),
    replaces="https://pme.example/verify/EARLIER",
)
KEYS = {METHOD: KnownKey(public=PUBLIC, issuer=ISSUER)}
NONE_REVOKED = {LIST: StatusList(bits_of([]), AT)}


def signed(document: Json) -> Json:
    """A document under the key of the cast."""
    return secured(document, sign=KEY.sign, method=METHOD, created=AT)


def certificate() -> Json:
    """The credential of Adams, signed."""
    return signed(credential(ADAMS))


def status_list(*places: int) -> Json:
    """The list of Lakeside with these places set, signed."""
    return signed(status_credential(url=LIST, issuer=ISSUER, bits=bits_of(places), at=AT))


def published() -> Json:
    """What Lakeside publishes of its key, as other implementations read it."""
    key = {
        "@context": "https://w3id.org/security/multikey/v1",
        "id": METHOD,
        "type": "Multikey",
        "controller": ISSUER,
        "publicKeyMultibase": multikey(PUBLIC),
    }
    did = {"@context": "https://www.w3.org/ns/did/v1", "id": ISSUER, "assertionMethod": [METHOD]}
    return {METHOD: key, ISSUER: did}


def outsiders_say(cases: list[Json], *, documents: Json, at: datetime = AT) -> list[Json]:
    """What the independent implementation answers, case by case, in one process."""
    asked = json.dumps({"documents": documents, "at": at.isoformat(), "cases": cases})
    run = subprocess.run(
        [NODE, PROGRAM], input=asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stderr
    answers: list[Json] = json.loads(run.stdout)
    return answers
