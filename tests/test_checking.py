"""What pme check says: of the shipped content, of what cannot be followed, of a folder that is missing."""

from pathlib import Path

import pytest

from pme import cli
from pme.config import ROOT
from pme.content.library import Report
from tests.support.shipped_content import checked


def test_the_shipped_content_has_no_error_and_check_tells_what_it_proved_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    asked = []

    def once_a_run(*folders: Path, **_more: object) -> Report:
        asked.append(folders)
        return checked()

    monkeypatch.setattr("pme.content.check.check_tree", once_a_run)
    given = ["check", "--modules", str(ROOT / "modules"), "--quizzes", str(ROOT / "quizzes"), "--proofs"]
    ended, told = cli.main(given), capsys.readouterr().out
    assert asked == [(ROOT / "modules", ROOT / "quizzes")]
    assert ended == 0, told
    assert "abbey-tower: The tower with the view\n  Paths: 4, of which 1 pass and 3 fail; " in told
    assert "   *tower.c: 1 of 1 pass; spared 100 %\n" in told
    assert "  Blind guessing passes with a probability of 0.2500.\n" in told
    assert told.count("The first step off the expert path") >= 3


def test_check_proves_nothing_of_what_cannot_be_followed(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    for folder in ("modules", "quizzes"):
        (tmp_path / folder).mkdir()
    text = (ROOT / "quizzes/abbey-tower.scenario.yaml").read_text(encoding="utf-8")
    looped = text.replace("goto: drawn_in", "goto: tower")
    (tmp_path / "quizzes/abbey-tower.scenario.yaml").write_text(looped, encoding="utf-8")
    given = [
        "check",
        "--modules",
        str(tmp_path / "modules"),
        "--quizzes",
        str(tmp_path / "quizzes"),
        "--proofs",
    ]
    assert cli.main(given) == 1
    told = capsys.readouterr().out
    assert "abbey-tower: The tower with the view\n  Its paths cannot be counted; see below.\n" in told
    assert "Loop: a path can meet “tower” again and again" in told


def test_check_uses_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    seen: list[tuple[Path, Path, float]] = []

    def check_tree(modules: Path, quizzes: Path, *, page_seconds: float) -> Report:
        seen.append((modules, quizzes, page_seconds))
        return Report((), None)

    monkeypatch.setattr("pme.content.check.check_tree", check_tree)
    for name in ("m", "q"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PME_MODULES_DIR", "~/m")
    monkeypatch.setenv("PME_QUIZZES_DIR", "~/q")
    monkeypatch.setenv("PME_RENDER_SECONDS", "7")
    assert cli.main(["check"]) == 0
    assert seen == [(tmp_path / "m", tmp_path / "q", 7.0)]


def test_check_tells_a_missing_folder_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["check", "--modules", str(tmp_path / "none")]) == 1
    said = capsys.readouterr()
    assert (
        said.err
        == f"--modules is {tmp_path / 'none'}, which does not exist; create it or name another folder.\n"
    )
    assert said.out == ""
    monkeypatch.setenv("PME_QUIZZES_DIR", str(tmp_path / "none"))
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().err.startswith("PME_QUIZZES_DIR is")
