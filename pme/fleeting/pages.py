"""Printed pages that any process may hand out again: what is kept under the hash of what was printed is never old."""

from pme.fleeting.relay import Away, Relay

KEPT_SECONDS = 3600
LARGEST = 4_000_000


def find(relay: Relay | None, digest: str) -> bytes | None:
    """The page with this hash, if some process printed it of late."""
    if relay is None:
        return None
    try:
        found: bytes | None = relay.ask(lambda client: client.get(relay.name("page", digest)))
    except Away:
        return None
    return found


def keep(relay: Relay | None, digest: str, pdf: bytes) -> None:
    """Keep a page for the others."""
    if relay is None or len(pdf) > LARGEST:
        return
    try:
        relay.ask(lambda client: client.set(relay.name("page", digest), pdf, ex=KEPT_SECONDS))
    except Away:
        return
