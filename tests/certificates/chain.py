"""Paper signers of academies, with chains of their own, as `pme keys new` makes them."""

from datetime import UTC, datetime
from functools import cache

from pme.keys import chains
from pme.keys.signers import PaperSigner

MADE = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def signer(academy: str = "Northern Defence Academy") -> PaperSigner:
    """The signer of an academy; made once."""
    authority = chains.new_authority(academy, "Northland", is_demo=False, at=MADE)
    pair = chains.new_certificate(authority, academy, "Northland", is_demo=False, at=MADE)
    own, *above = chains.as_der(pair.chain)
    return PaperSigner("key-1", pair.private, own, tuple(above), is_demo=False, key_id=1)
