"""A server that is to change nothing refuses what was not prepared."""

from pathlib import Path

import pytest
from sqlalchemy import text

from pme.cli import main
from pme.db import Database


def test_serving_what_was_prepared_refuses_an_empty_database_and_leaves_it_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    kept = tmp_path / "instance"
    monkeypatch.setenv("PME_INSTANCE_DIR", str(kept))
    monkeypatch.setenv("PME_DATABASE_URL", f"sqlite:///{kept / 'pme.sqlite3'}")
    assert main(["serve", "--prepared"]) == 1
    assert "Run `pme migrate` first" in capsys.readouterr().err
    assert main(["migrate"]) == 0
    assert main(["serve", "--prepared"]) == 1
    assert "Run `pme publish` first" in capsys.readouterr().err


def test_an_older_version_leaves_a_newer_schema_as_it_is_and_says_who_takes_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    kept = tmp_path / "instance"
    database = Database(f"sqlite:///{kept / 'pme.sqlite3'}")
    monkeypatch.setenv("PME_INSTANCE_DIR", str(kept))
    monkeypatch.setenv("PME_DATABASE_URL", f"sqlite:///{kept / 'pme.sqlite3'}")
    assert [main(["init"]), main(["migrate"])] == [0, 0]
    assert main(["migrate", "--down-to", "nowhere"]) == 1
    assert "there is no revision “nowhere”" in capsys.readouterr().err
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert main(["migrate"]) == 0
    assert "The schema is at 9999.\nA newer version of PME brought it there." in capsys.readouterr().out
    assert main(["migrate", "--down-to", "0050"]) == 1
    assert (
        "Let the newer version take it back: pme --of NEW migrate --down-to 0050" in capsys.readouterr().err
    )
    for folder in ("modules", "quizzes"):
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(f"PME_{folder.upper()}_DIR", str(tmp_path / folder))
    assert main(["publish"]) == 0
    database.dispose()
