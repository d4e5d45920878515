"""Irving seals a return, and anybody checks it."""

import io
import zipfile

from tests.browser.album import Album
from tests.support.client import Visit
from tests.support.work import run_jobs

RETURNS = "/academy/returns"


def sealed(album: Album, irving: Visit, guest: Visit) -> None:
    """A form with faults, one that is sealed, one that names nobody, and what the public page says of it."""
    form = album.take(irving.get(RETURNS), "before the first")
    album.take(form.press("Seal it", since="2026-05-01", until="2026-04-01"), "the wrong way round")
    period = {"since": "2026-01-01", "until": "2026-12-31", "courses": "core", "few": "y"}
    page = album.take(form.press("Seal it", **period, unnamed="y"), "being sealed")
    run_jobs(album.app)
    page = album.take(irving.get(page.path), "sealed")
    album.take(irving.get(RETURNS), "after the first")
    with irving.send(f"{page.path}/file") as file:
        content = file.data
    page = album.take(irving.get(f"{RETURNS}/schedules"), "nothing by itself")
    album.take(page.press("Make it automatically"), "of no course")
    album.take(page.press("Make it automatically", courses="core", unnamed="y"), "every quarter")
    asked = album.take(guest.get("/verify-return"), "nothing sent")
    album.take(asked.press("Verify"), "no file")
    album.take(asked.press("Verify", file=(io.BytesIO(content), "return.zip")), "as it was sealed")
    forged = io.BytesIO(content)
    with zipfile.ZipFile(forged, "a") as archive:
        archive.writestr("more.txt", "more")
    forged.seek(0)
    album.take(asked.press("Verify", file=(forged, "return.zip")), "differs from what was sealed")
