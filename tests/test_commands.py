"""The commands, run as an owner of an installation runs them."""

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from pme import cli
from pme.config import ROOT
from pme.content.models import Publication
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.people.models import Person, Role, Teaching

BROKEN = "schema: pme-quiz/1\ntitle: One\ntitle: Two\n"


@pytest.fixture
def owner(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The environment of an owner whose instance folder is fresh."""
    mine = environment | {"PME_INSTANCE_DIR": str(tmp_path / "mine")}
    for name, value in mine.items():
        monkeypatch.setenv(name, value)
    return mine


def test_init_makes_a_secret_key_that_only_the_owner_can_read(
    owner: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PME_SECRET_KEY")
    assert cli.main(["init"]) == 0
    key = Path(owner["PME_INSTANCE_DIR"]) / "secret-key"
    first = key.read_text()
    assert len(first) >= 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert cli.main(["init"]) == 0
    assert key.read_text() == first


def test_without_settings_a_command_refuses_with_every_reason(
    owner: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PME_PORT", "eighty")
    monkeypatch.setenv("PME_DATABASE_URL", "mysql://x")
    assert cli.main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert "PME_PORT is “eighty”" in said
    assert "PME_DATABASE_URL must begin with" in said


def test_check_says_the_file_the_line_and_a_sentence_and_exits_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "m").mkdir()
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "bad.quiz.yaml").write_text(BROKEN)
    assert cli.main(["check", "--modules", str(tmp_path / "m"), "--quizzes", str(tmp_path / "q")]) == 1
    assert "bad.quiz.yaml:3: error:" in capsys.readouterr().out


def test_the_shipped_content_has_no_error(capsys: pytest.CaptureFixture[str]):
    given = ["check", "--modules", str(ROOT / "modules"), "--quizzes", str(ROOT / "quizzes")]
    assert cli.main(given) == 0, capsys.readouterr().out


def test_broken_files_publish_nothing_and_leave_what_is_served(
    owner: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "bad.quiz.yaml").write_text(BROKEN)
    monkeypatch.setenv("PME_QUIZZES_DIR", str(tmp_path / "q"))
    before = _publications(database)
    assert cli.main(["publish"]) == 1
    assert "Nothing was published." in capsys.readouterr().err
    assert _publications(database) == before


def test_publishing_twice_changes_nothing_the_second_time(
    owner: dict[str, str], database: Database, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["publish", "--note", "first"]) == 0
    after = _publications(database)
    assert cli.main(["publish"]) == 0
    assert _publications(database) == after
    assert "0 changed" in capsys.readouterr().out


def test_an_owner_adds_an_academy_and_its_people(
    owner: dict[str, str], database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PME_NEW_PASSWORD", "four quiet boats at dawn")
    assert cli.main(["academy", "lake", "--name", "Lake College", "--nation", "Lakeland"]) == 0
    for role in Role:
        person = ["person", f"{role}@lake.example", "--academy", "lake", "--role", role, "--name", "Kim"]
        assert cli.main([*person, "--course", "core"]) == 0
    assert cli.main(["audit"]) == 0
    with database.session() as session:
        emails = set(session.scalars(select(Person.email).where(Person.email.like("%lake%"))))
        assert emails == {f"{role}@lake.example" for role in Role}
        kim = session.scalars(select(Person.id).where(Person.email == "student@lake.example")).one()
        assert session.scalar(select(Enrolment.course).where(Enrolment.person_id == kim)) == "core"
        teacher = session.scalars(select(Person.id).where(Person.email == "instructor@lake.example")).one()
        assert session.scalar(select(Teaching.course).where(Teaching.person_id == teacher)) == "core"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["academy", "home", "--name", "x", "--nation", "y"], "already an academy called “home”"),
        (["person", "a@b.example", "--academy", "none", "--role", "student"], "There is no academy “none”"),
        (
            ["person", "nonsense", "--academy", "home", "--role", "student", "--name", "x"],
            "e-mail address like",
        ),
    ],
)
def test_a_mistaken_command_says_what_to_do(
    owner: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
):
    monkeypatch.setenv("PME_NEW_PASSWORD", "four quiet boats at dawn")
    assert cli.main(arguments) == 1
    assert says in capsys.readouterr().err


def test_the_demo_is_created_once_and_its_sign_ins_are_kept_for_the_owner(
    owner: dict[str, str], database: Database, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["publish"]) == 0
    assert cli.main(["demo"]) == 0
    first = capsys.readouterr().out
    kept = Path(owner["PME_INSTANCE_DIR"]) / "demo-sign-ins.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    sign_ins = json.loads(kept.read_text())
    assert all(sign_in["password"] in first for sign_in in sign_ins)
    assert cli.main(["demo"]) == 0
    assert json.loads(kept.read_text()) == sign_ins
    with database.session() as session:
        demo = session.scalars(select(Person.id).where(Person.email.like("%@demo.example"))).all()
        assert len(demo) == 4


def test_the_roles_of_the_command_line_are_the_roles_there_are():
    assert set(cli.ROLES) == {role.value for role in Role}


def _publications(database: Database) -> list[int]:
    with database.session() as session:
        return list(session.scalars(select(Publication.id)))
