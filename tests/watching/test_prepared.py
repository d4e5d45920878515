"""A server that is to change nothing refuses what was not prepared."""

from pathlib import Path

import pytest

from pme.cli import main


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
