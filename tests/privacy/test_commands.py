"""The journal of erasures from the command line."""

import pytest
from sqlalchemy import select

from pme import cli
from pme.config import Settings
from pme.db import Database
from pme.people.models import Academy
from pme.privacy import journal
from pme.privacy.erasing import erase
from pme.privacy.retention import rules_of, stays_of
from pme.stores.folder import Folder
from tests.support.cast import HOME, START
from tests.support.essays import person_of


def test_the_journal_is_verified_completed_and_replayed_by_a_command(
    environment: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
):
    own = environment | {"PME_INSTANCE_DIR": str(tmp_path_factory.mktemp("mine"))}
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    instance = Settings.from_environment(own).instance_dir
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        baker = person_of(session, "baker").id
        erase(
            session,
            academy,
            baker,
            stays=stays_of(rules_of(session, academy)),
            by=None,
            at=START,
            store=Folder(instance),
        )
    assert cli.main(["erasures", "replay"]) == 0
    assert "Erasures in the database and the journal: 1." in capsys.readouterr().out
    assert cli.main(["erasures", "verify"]) == 0
    assert "The journal is whole: 1 erasure." in capsys.readouterr().out
    path = instance / journal.NAME
    whole = path.read_text()
    path.write_text(whole[:-40])
    assert cli.main(["erasures", "replay"]) == 0, "half a line, as a crash may leave it, is written again"
    assert path.read_text() == whole
    path.write_text(path.read_text().replace(HOME, "away"))
    assert cli.main(["erasures", "verify"]) == 1
    assert cli.main(["erasures", "replay"]) == 1
    assert "it was changed" in capsys.readouterr().err
