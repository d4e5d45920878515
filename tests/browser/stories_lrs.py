"""Irving connects the academy's LRS, and sees what becomes of what is told."""

from tests.browser.album import Album
from tests.support.cast import PASSWORD
from tests.support.client import Visit
from tests.support.lrs import PASSWORD as SECRET
from tests.support.lrs import USER, small_lrs
from tests.support.work import run_duty

LRS = "/academy/lrs"


def connected(album: Album, irving: Visit, keller: Visit) -> None:
    """No LRS, a form with faults, statements that wait, are delivered and refused, a refused sign-in, a pause."""
    album.take(keller.get(LRS), "who audits, without an LRS")
    album.take(irving.get(f"{LRS}/replay"), "nothing to tell anew")
    page = album.take(irving.get(LRS), "without an LRS")
    form = album.take(page.follow("Connect one"), "to connect")
    form = album.take(
        form.press("Save", address="http://lrs.example", user=USER, current=PASSWORD),
        "with an unsafe address",
    )
    with small_lrs() as lrs:
        lrs.trouble = lambda found: (
            (400, "no badges here") if any(each["verb"]["id"].endswith("earned") for each in found) else None
        )
        given = {"address": lrs.address, "user": USER, "secret": SECRET, "current": PASSWORD}
        page = album.take(form.press("Save", **given), "connected")
        album.take(page.press("Test the connection"), "the connection is good")
        run_duty(album.app, "xapi statements")
        album.take(irving.get(LRS), "delivered, and something refused")
        album.take(keller.get(LRS), "who audits, with an LRS")
        album.take(irving.get(LRS).press("Pause"), "paused")
        album.take(irving.get(f"{LRS}/connection"), "to change")
        album.take(irving.get(f"{LRS}/replay"), "to tell everything anew")
        irving.get(LRS).press("Go on")
        lrs.password = "another"
        irving.get(f"{LRS}/replay").press("Send everything again", current=PASSWORD)
        run_duty(album.app, "xapi statements")
        album.take(irving.get(LRS), "the sign-in is refused")
    irving.get(LRS).press("Go on")
    run_duty(album.app, "xapi statements")
    album.take(irving.get(LRS), "it cannot be reached")
