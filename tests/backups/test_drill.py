"""The drill: an academy that is lived in is backed up while people work, and comes back to life elsewhere."""

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from sqlalchemy import select

from pme import audit, create_app, schema
from pme.audit import AuditEntry
from pme.backups.belongings import SUFFIX
from pme.certificates.known import check_here
from pme.certificates.models import Certificate
from pme.credentials.checking import Standing
from pme.db import Database
from pme.people.models import Academy, BrowserSession, Person
from pme.privacy import journal
from pme.privacy.erasing import erase
from pme.privacy.retention import rules_of, stays_of
from pme.stores.folder import Folder
from tests.backups.conftest import Owner
from tests.support.cast import AWAY, HOME, START, email_of
from tests.support.client import Visit
from tests.support.graduates import graduate

DONE = START + timedelta(days=1)
RETURN = "returns/1/" + "a" * 64 + ".zip"


def erased(database: Database, owner: Owner, name: str, academy: str = HOME) -> None:
    """Erase one of the cast, as the page does."""
    with database.writing() as session:
        home = session.scalars(select(Academy.id).where(Academy.slug == academy)).one()
        person = session.scalars(select(Person.id).where(Person.email == email_of(name))).one()
        stays = stays_of(rules_of(session, home))
        line = erase(session, home, person, stays=stays, by=None, at=DONE, store=Folder(owner.instance)).line
    journal.keep(owner.instance, [line])


def known(database: Database) -> set[str]:
    """Who of the cast has a name."""
    with database.session() as session:
        return {email.partition("@")[0] for email in session.scalars(select(Person.email))}


@contextmanager
def working(database: Database) -> Iterator[list[int]]:
    """People who write on, one act after the other; gives the numbers of those that were acknowledged."""
    acknowledged: list[int] = []
    enough, over = Event(), Event()

    def work() -> None:
        while not over.is_set():
            number = len(acknowledged) + 1
            with database.writing() as session:
                audit.record(session, "worked", actor="x", subject=f"act {number}", at=DONE)
            acknowledged.append(number)
            if number > 10:
                enough.set()

    thread = Thread(target=work)
    thread.start()
    try:
        assert enough.wait(30)
        yield acknowledged
    finally:
        over.set()
        thread.join()


def whole_acts(database: Database) -> int:
    """How many acts of those who worked on came back: none in between is missing, and every chain is whole."""
    with database.session() as session:
        acts = list(session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "worked")))
        assert sorted(acts) == sorted(f"act {n + 1}" for n in range(len(acts)))
        for academy in (None, *session.scalars(select(Academy.id))):
            assert audit.first_broken(session, academy_id=academy) is None
        assert session.scalars(select(BrowserSession).where(BrowserSession.ended_at.is_(None))).all() == []
    return len(acts)


def still_proves(owner: Owner, code: str, database: Database) -> None:
    """A certificate verifies, signed by the key that came back and known by it; people sign in."""
    alive = create_app(owner.settings)
    page = Visit(alive, "nobody").get(f"/verify/{code}")
    assert page.status == 200
    credential = Visit(alive, "nobody").http.get(f"/verify/{code}/credential.json")
    with database.session() as session:
        checked = check_here(session, credential.data, public_url=owner.settings.public_url, at=DONE)
    assert checked.standing is Standing.VALID
    assert Visit(alive, "adams").get("/").status == 200
    alive.extensions["pme_database"].dispose()
    alive.extensions["pme_renderer"].close()


def test_an_academy_comes_back_to_life_elsewhere_without_those_who_were_erased(
    owner: Owner, elsewhere: Callable[[], Owner], app: Flask, database: Database, tmp_path: Path
):
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=DONE)
        code = session.scalars(select(Certificate.code).where(Certificate.enrolment_id == enrolment.id)).one()
    assert Visit(app, "evans").get("/").status == 200
    kept = owner.instance / RETURN
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a sealed return")
    (owner.instance / "secret-key").write_text("k" * 40)
    (owner.instance / "demo-sign-ins.json").write_text("[]")
    erased(database, owner, "baker")

    with working(database) as acknowledged:
        before = len(acknowledged)
        code_of_backup, said = owner.runs("backup", tmp_path)
        after = len(acknowledged)
    assert code_of_backup == 0, said
    assert "NOT in it, on purpose: PME_KEYS_SECRET" in said
    (backup,) = tmp_path.glob(f"*{SUFFIX}")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    for secret in ("PME_KEYS_SECRET", "PME_SECRET_KEY"):
        assert owner.environment[secret].encode() not in backup.read_bytes()

    erased(database, owner, "gray", AWAY)
    there, copy = elsewhere(), tmp_path / "erasures.copy"
    assert owner.runs("erasures", "export", copy)[0] == 0
    assert there.runs("restore", backup, "--check")[0] == 0
    restored, told = there.runs("restore", backup, "--erasures", copy)
    assert restored == 0, told
    assert "Erased again at away: person" in told
    assert "Everybody is signed out (browsers: 1)." in told

    found = Database(there.settings.database_url)
    assert {"baker", "gray"} & known(found) == set(), "erased before, and after and so again"
    assert {"adams", "evans", "frost"} <= known(found)
    assert len(journal.read(there.instance)) == 2
    assert before <= whole_acts(found) <= after + 1, "every write acknowledged before the backup is there"
    assert (there.instance / RETURN).read_bytes() == b"a sealed return"
    assert not (there.instance / "secret-key").exists()
    assert not (there.instance / "demo-sign-ins.json").exists()

    still_proves(there, code, found)
    found.dispose()

    refused, why = there.runs("restore", backup)
    assert refused == 1
    assert "There are people in the installation" in why
    again, said = there.runs("restore", backup, "--replace")
    assert again == 0, said
    assert "What was there before is kept: " in said
    assert "Erased again at away" in said, "the journal in the folder remembers, also without a copy"
    assert "gray" not in known(found)
    assert schema.revision(found) == schema.newest()
    aside = next(there.instance.glob("before-restore-*"))
    assert (aside / "returns").is_dir()
    found.dispose()
