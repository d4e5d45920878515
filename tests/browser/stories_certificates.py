"""Irving keeps certificates: finds one, corrects it, revokes it; Jensen says what the next ones state."""

import io
from datetime import timedelta

from sqlalchemy import select

from pme.certificates.models import Cause, Certificate
from pme.db import Database
from pme.people.models import Personnel
from tests.browser.album import Album
from tests.support.cast import NOBODY, START
from tests.support.client import Visit

DAY = timedelta(days=1)
CERTIFICATES = "/academy/certificates"
STATES = ("valid", "expired", "superseded", "revoked")


def certified(album: Album, cast: dict[str, Visit], database: Database) -> None:
    """A list with and without rows, a correction with faults and without, a revocation, the numbers, the statement."""
    irving, jensen, keller = cast["irving"], cast["jensen"], cast["keller"]
    with database.session() as session:
        number = session.scalars(
            select(Certificate.number)
            .where(Certificate.holder_name == "Adams Person")
            .order_by(Certificate.id)
        ).first()
    page = album.take(irving.get(f"{CERTIFICATES}/{number}"), "as it was issued")
    album.take(page.follow("Correct it"), "nothing to correct")
    statement = album.take(jensen.get("/academy/course-statements/core"), "nothing stated")
    album.take(statement.press("Save", hours_per_credit="24"), "too few hours")
    album.take(statement.press("Save", hours_per_credit="25", eqf_level="5", milof_level="2"), "stated")
    album.take(keller.get("/academy/course-statements/core"), "who only reads")
    with database.writing() as session:
        holder = select(Certificate.person_id).where(Certificate.number == number).scalar_subquery()
        for record in session.scalars(select(Personnel).where(Personnel.person_id == holder)):
            record.name = "Adamsen Person"
    form = album.take(page.follow("Correct it"), "with what changes")
    album.take(form.press("Issue the corrected certificate", taking=[]), "nothing chosen")
    second = album.take(form.press("Issue the corrected certificate", reason="Spelt wrong."), "corrected")
    form = album.take(second.follow("Revoke it"), "asked why")
    album.take(form.press("Revoke the certificate"), "nothing said")
    album.take(form.press("Revoke the certificate", ground="error", reason="Printed twice."), "revoked")
    album.take(irving.get(f"{CERTIFICATES}/{number}"), "replaced")
    where = [f"{CERTIFICATES}?state={state}" for state in STATES]
    album.walk(irving, [CERTIFICATES, *where, f"{CERTIFICATES}/numbers"], "who keeps certificates")
    album.walk(cast["frost"], [CERTIFICATES, f"{CERTIFICATES}/numbers"], "before there is any")
    own = album.take(cast["adams"].get("/certificates"), "corrected and revoked")
    seen = album.take(own.follow("See what others see"), "revoked")
    _held_up_to_anybody(album, cast[NOBODY], database, seen.path)


def _held_up_to_anybody(album: Album, stranger: Visit, database: Database, latest: str) -> None:
    """A stranger asks about certificates in every other state, by address, by the text of a code, and by a file."""
    with database.writing() as session:
        kept = session.scalars(select(Certificate).where(Certificate.code == latest.rpartition("/")[2])).one()
        before = session.get_one(Certificate, kept.replaces_id)
        columns = {column.key: getattr(kept, column.key) for column in Certificate.__table__.columns}
        others = {"id": None, "number": f"{kept.number}-OF-ONCE", "code": "2" * 24, "status_index": 0}
        ended = {"replaces_id": kept.id, "cause": Cause.RESTORED, "valid_until": START.date() - DAY}
        session.add(Certificate(**columns | others | ended))
        addresses = [
            f"/verify/{code}?lang={lang}" for code in (before.code, "2" * 24) for lang in ("en", "ar")
        ]
    album.walk(stranger, [*addresses, f"/verify/{'Z' * 24}"], "holding it in hands")
    form = stranger.get("/verify/file?lang=en")
    for address in addresses[::2]:
        told = form.press("Verify", text=f"https://pme.example{address}")
        album.take(told, "what the code says")
    for name, content in (("some.json", b'{"a": 1}'), ("letter.docx", b"PK\3\4[Content_Types].xml")):
        album.take(form.press("Verify", file=(io.BytesIO(content), name)), f"sending {name}")
