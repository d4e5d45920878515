"""Evans looks at the academy's keys, rotates one and revokes another."""

from tests.browser.album import Album
from tests.support.cast import PASSWORD
from tests.support.client import Visit

KEYS = "/academy/keys"


def rotated(album: Album, evans: Visit, keller: Visit) -> None:
    """The list as each may see it, a wrong password, a rotation, a revocation without a reason and with one."""
    album.take(keller.get(KEYS), "who audits")
    album.take(evans.get(KEYS), "before any change")
    form = album.take(evans.get(f"{KEYS}/rotate/ed25519"), "to rotate")
    album.take(form.press("Rotate key-1", current="not this"), "with a wrong password")
    album.take(form.press("Rotate key-1", current=PASSWORD), "rotated")
    form = album.take(evans.get(f"{KEYS}/key-2/revoke"), "to revoke")
    album.take(form.press("Revoke permanently", current=PASSWORD), "without a reason")
    album.take(form.press("Revoke permanently", current=PASSWORD, reason="A copy was lost."), "revoked")
    album.take(evans.get(f"{KEYS}/key-2/revoke"), "revoked already")
    form = album.take(evans.get(f"{KEYS}/rotate/ed25519"), "to make another")
    album.take(form.press("Create a new key", current=PASSWORD), "after another was made")
