"""The doctor at an installation: it sees what is so, changes nothing, and tells no secret."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from pme import schema
from pme.content.drift import apart
from pme.content.kept_files import KeptFile
from pme.db import Database, sqlite_build
from pme.doctor import seen_machine
from pme.doctor.facts import Printing
from pme.jobs.models import Duty
from pme.keys import chains
from pme.keys.models import SigningKey
from pme.keys.public import KeyKind
from tests.backups.conftest import Owner
from tests.content.small_library import FILES
from tests.support.mail import mail_server

NOW = datetime.now(UTC)
ORPHAN = "INSERT INTO teaching (person_id, academy_id, course) VALUES (7, 7, 'core')"


@pytest.fixture(autouse=True)
def nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading what prints takes seconds; one test asks for it."""
    monkeypatch.setattr(seen_machine, "printing", lambda: Printing("", (), 6))


@pytest.fixture
def content(owner: Owner, tmp_path: Path) -> Path:
    """Content folders that hold something else than what is published."""
    for path, text in FILES.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    owner.environment |= {
        "PME_MODULES_DIR": str(tmp_path / "content" / "modules"),
        "PME_QUIZZES_DIR": str(tmp_path / "content" / "quizzes"),
        "PME_DEVELOPMENT": "no",
    }
    return tmp_path / "content"


def lines(owner: Owner, *words: str) -> tuple[int, dict[str, list[str]], str]:
    """The exit code, what was said of each thing, and all of it."""
    code, said = owner.runs("doctor", "--json", *words)
    found: dict[str, list[str]] = {}
    for each in json.loads(said):
        found.setdefault(each["about"], []).append(f"{each['level']}: {each['found']}")
    return code, found, said


def test_what_is_wrong_with_an_installation_is_found_and_told_without_secrets(
    owner: Owner, content: Path, database: Database, tmp_path: Path
):
    owner.instance.chmod(0o700)
    with database.writing() as session:
        now = datetime.now(UTC)  # this file may have been read long ago
        session.add(Duty(name="letters", due_at=now, ran_at=now, problem=""))
    assert owner.runs("backup", tmp_path)[0] == 0
    with mail_server() as mail:
        owner.environment |= {
            "PME_SMTP_HOST": "127.0.0.1",
            "PME_SMTP_PORT": str(mail.port),
            "PME_SMTP_SECURITY": "none",
        }
        code, found, said = lines(owner)
        assert (mail.connections, mail.taken) == (1, [])
        lines(owner, "--no-mail")
        assert mail.connections == 1
    levels = {about: [line.partition(":")[0] for line in told] for about, told in found.items()}
    assert levels.pop("Durability") == ["fine" if database.is_sqlite else "wrong"], "tests have fsync off"
    assert levels.pop("Content") == ["wrong"], "the library of tests was published without files"
    assert {about for about, each in levels.items() if set(each) != {"fine"}} == set(), found
    assert code == 2
    for secret in ("PME_SECRET_KEY", "PME_KEYS_SECRET"):
        assert owner.environment[secret] not in said

    chain = chains.new_authority(
        "Home", "Nowhere", is_demo=False, at=NOW - timedelta(days=365 * 40 - 20)
    ).chain
    with database.writing() as session:
        session.execute(delete(Duty))
        session.execute(
            update(SigningKey).where(SigningKey.kind == KeyKind.P256).values(certificate_chain=chain)
        )
    (owner.instance / "erasures.jsonl").write_text("{}\n")
    (owner.instance / "last-backup.json").write_text("{}")
    owner.environment |= {"PME_KEYS_SECRET": "another-secret-of-letters-and-0123456789", "PME_SMTP_PORT": "1"}
    code, found, _ = lines(owner)
    assert code == 2
    for about, says in {
        "Worker": "wrong: No worker was ever seen",
        "Mail": "wrong: The mail server 127.0.0.1, port 1, cannot be reached",
        "Keys": "wrong: Cannot be opened: key-1 of away",
        "Backups": "wrong: No backup is known",
        "Erasures": "wrong: Line 1 of",
    }.items():
        assert found[about][0].startswith(says), found[about]
    assert "ends on" in found["Keys"][1] + found["Keys"][-1]


@pytest.mark.database("sqlite")
def test_the_folder_that_others_collect_reports_from_is_looked_at_too(
    owner: Owner, content: Path, tmp_path: Path
):
    folder = tmp_path / "exports"
    owner.environment |= {"PME_EXPORT_DIR": str(folder)}
    assert lines(owner)[1]["Export folder"] == [f"look: {folder} is not there."]
    folder.mkdir(0o750)
    (told,) = lines(owner)[1]["Export folder"]
    assert told.partition(":")[0] in ("fine", "look")
    assert "GB free" in told


@pytest.mark.database("sqlite")
def test_what_cannot_be_looked_at_is_a_line_and_nothing_is_made_by_looking(
    owner: Owner, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    missing = tmp_path / "none.sqlite"
    owner.environment |= {"PME_DATABASE_URL": f"sqlite:///{missing}"}

    def broken() -> Printing:
        raise OSError(2, "No such file or directory")

    monkeypatch.setattr(seen_machine, "printing", broken)
    code, found, _ = lines(owner)
    assert code == 2
    assert found["Database"] == [f"wrong: {missing} is not there."]
    assert found["Printing"][0].startswith("wrong: This could not be looked at")
    assert not missing.exists()
    owner.environment |= {"PME_DATABASE_URL": "postgresql://pme:hidden@127.0.0.1:1/x"}
    code, found, said = lines(owner)
    assert (code, "cannot be used" in found["Database"][0], "hidden" in said) == (2, True, False)
    owner.environment |= {"PME_PORT": "none"}
    code, said = owner.runs("doctor")
    assert (code, "WRONG  Settings  PME_PORT is “none”" in said) == (2, True)
    assert "0 fine, 0 look, 1 wrong." in said


@pytest.mark.database("sqlite")
def test_a_database_that_is_broken_or_behind_is_found(owner: Owner, content: Path, tmp_path: Path):
    path = tmp_path / "broken.sqlite"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database, to="0002")
    with closing(sqlite_build().driver.connect(path)) as connection:
        connection.execute(ORPHAN)
        connection.commit()
    database.dispose()
    owner.environment |= {"PME_DATABASE_URL": f"sqlite:///{path}"}
    _, found, _ = lines(owner)
    assert found["Soundness"] == ["wrong: 2 rows of teaching refer to rows that are not there."]
    assert found["Schema"][0].startswith("wrong: At 0002")
    assert found["Keys"][0].startswith("wrong: This could not be looked at")


def test_what_prints_is_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    seen = seen_machine.printing()
    assert (seen.refuses, seen.broken, seen.fonts > 3) == ("", (), True)
    monkeypatch.setattr(seen_machine, "LOAD", "raise OSError('cannot load library')")
    assert seen_machine.printing().refuses == "OSError: cannot load library"


def test_files_that_went_apart_are_told_by_who_changed_them():
    kept = {
        "same": KeptFile("1", "1"),
        "edited": KeptFile("2", "1"),
        "both": KeptFile("2", "1"),
        "folder": KeptFile("1", "1"),
        "gone": KeptFile("1", "1"),
    }
    found = apart({"same": "1", "edited": "1", "both": "3", "folder": "2", "new": "1"}, kept)
    assert (found.edited, found.conflicts, found.waiting) == (
        ("edited",),
        ("both",),
        ("folder", "gone", "new"),
    )
