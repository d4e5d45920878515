"""The commands, run as an owner of an installation runs them."""

import json
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import delete, select, update

from pme import cli, commands, demo
from pme.audit import AuditChain, AuditEntry
from pme.config import Settings, ensure_instance
from pme.content.models import Publication
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.keys.models import SigningKey
from pme.people.factors_recovery import codes_left, make_codes
from pme.people.models import Academy, Person, Role, Teaching
from pme.trail.queries import head_of
from tests.content.small_library import FILES
from tests.support.cast import email_of
from tests.support.tampering import unguarded

BROKEN = "schema: pme-quiz/1\ntitle: One\ntitle: Two\n"


@pytest.fixture
def owner(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The environment of an owner whose instance folder is fresh and whose content is the small library."""
    for path, text in FILES.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    mine = environment | {
        "PME_INSTANCE_DIR": str(tmp_path / "mine"),
        "PME_MODULES_DIR": str(tmp_path / "content" / "modules"),
        "PME_QUIZZES_DIR": str(tmp_path / "content" / "quizzes"),
    }
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
    owner: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("PME_NEW_PASSWORD", "four quiet boats at dawn")
    assert cli.main(["academy", "lake", "--name", "Lake College", "--nation", "Lakeland"]) == 0
    for role in Role:
        person = ["person", f"{role}@lake.example", "--academy", "lake", "--role", role, "--name", "Kim"]
        assert cli.main([*person, "--course", "core"]) == 0
    assert cli.main(["audit"]) == 0
    with database.session() as session:
        lake = session.scalars(select(Academy.id).where(Academy.slug == "lake")).one()
        kept = str(head_of(session, lake))
    assert cli.main(["audit", "verify", "--academy", "lake", "--head", kept]) == 0
    assert cli.main(["audit", "verify", "--academy", "lake", "--head", f"{kept[:-1]}x"]) == 1
    with database.writing() as session, unguarded(session):
        session.execute(update(AuditChain).where(AuditChain.name == f"academy-{lake}").values(length=2))
    assert cli.main(["audit", "verify", "--academy", "home"]) == 0
    assert cli.main(["audit", "verify"]) == 1
    assert f"academy-{lake}: BROKEN at entry" in capsys.readouterr().out
    with database.session() as session:
        emails = set(session.scalars(select(Person.email).where(Person.email.like("%lake%"))))
        assert emails == {f"{role}@lake.example" for role in Role}
        kim = session.scalars(select(Person.id).where(Person.email == "student@lake.example")).one()
        assert session.scalar(select(Enrolment.course).where(Enrolment.person_id == kim)) == "core"
        teacher = session.scalars(select(Person.id).where(Person.email == "instructor@lake.example")).one()
        assert session.scalar(select(Teaching.course).where(Teaching.person_id == teacher)) == "core"


def test_an_owner_resets_the_second_step_of_who_has_lost_it(owner: dict[str, str], database: Database):
    with database.writing() as session:
        adams = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
        make_codes(session, adams)
    assert cli.main(["reset-second-step", email_of("adams")]) == 0
    with database.session() as session:
        assert codes_left(session, adams) == 0
        assert (
            session.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc())).first()
            == "second step reset"
        )


@pytest.mark.alike
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["reset-second-step", "a@b.example"], "There is no account for a@b.example"),
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


def test_where_nobody_can_type_a_password_it_is_said_how_to_give_it(
    owner: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def no_terminal(_prompt: str) -> str:
        with database.writing():  # nobody else has to wait meanwhile
            raise EOFError

    monkeypatch.setattr("getpass.getpass", no_terminal)
    person = ["person", "kim@lake.example", "--academy", "home", "--role", "student", "--name", "Kim"]
    assert cli.main(person) == 1
    assert "PME_NEW_PASSWORD" in capsys.readouterr().err


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
    with database.writing() as session:  # as a demo that was made before academies had keys
        own = SigningKey.academy_id.in_(select(Academy.id).where(Academy.is_demo))
        assert {key.is_demo for key in session.scalars(select(SigningKey).where(own))} == {True}
        session.execute(delete(SigningKey).where(own))
    assert cli.main(["demo"]) == 0
    assert cli.main(["keys", "check"]) == 0
    assert json.loads(kept.read_text()) == sign_ins
    with database.session() as session:
        demo = session.scalars(select(Person.id).where(Person.email.like("%@demo.example"))).all()
        assert len(demo) == 5


def test_two_first_starts_at_once_create_one_demo(owner: dict[str, str], database: Database):
    assert cli.main(["publish"]) == 0
    settings, together = Settings.from_environment(owner), Barrier(2)

    def create(_number: int) -> tuple[demo.SignIn, ...]:
        own = Database(settings.database_url)
        together.wait(timeout=30)
        try:
            return demo.create_once(own, settings, at=datetime.now(UTC))
        finally:
            own.dispose()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(create, range(2))
    assert first == second
    assert len(first) == len(demo.CAST)


def test_two_first_starts_at_once_agree_on_one_key(owner: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PME_SECRET_KEY")
    with ThreadPoolExecutor(8) as threads:
        folders = set(threads.map(lambda _number: ensure_instance(), range(8)))
    assert folders == {Path(owner["PME_INSTANCE_DIR"])}
    assert [path.name for path in folders.pop().iterdir()] == ["secret-key"]


def test_a_demo_password_holds_over_thirty_bits():
    assert len(set(demo.WORDS)) ** demo.WORDS_OF_A_PASSWORD > 2**30


@pytest.mark.parametrize("wanted", ["yes", "no"])
def test_serving_creates_the_demo_unless_it_is_not_wanted(
    owner: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wanted: str,
):
    served: list[str] = []
    monkeypatch.setattr(commands, "_granian", lambda _settings, address: served.append(address))
    monkeypatch.setenv("PME_DEMO", wanted)
    monkeypatch.setenv("PME_HOST", "localhost")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PME_PORT", str(free.getsockname()[1]))
    assert cli.main(["serve"]) == 0
    assert served[0] in ("127.0.0.1", "::1")
    assert ("Demo sign-ins" in capsys.readouterr().out) == (wanted == "yes")
    with database.session() as session:
        there = session.scalars(select(Academy.id).where(Academy.slug == demo.ACADEMY)).all()
    assert len(there) == (wanted == "yes")


def test_a_port_in_use_is_told_in_a_sentence(
    owner: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PME_PORT", str(port))
        assert cli.main(["serve"]) == 1
    said = capsys.readouterr().err
    assert (
        said == f"Port {port} of 127.0.0.1 is in use; stop what listens there, or set PME_PORT to another.\n"
    )


def test_a_first_start_with_broken_content_says_that_nothing_is_published(
    owner: dict[str, str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "bad.quiz.yaml").write_text(BROKEN)
    monkeypatch.setenv("PME_QUIZZES_DIR", str(tmp_path / "q"))
    monkeypatch.setenv("PME_PORT", "1")
    monkeypatch.setattr(commands, "_free_address", lambda _settings: "127.0.0.1")
    monkeypatch.setattr(commands, "_granian", lambda _settings, _address: None)
    assert cli.main(["serve"]) == 0
    assert "The content published before is still served." in capsys.readouterr().err
    monkeypatch.setenv("PME_DATABASE_URL", f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
    assert cli.main(["serve"]) == 0
    assert "Nothing is published yet." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "migrate", "publish", "demo", "audit"])
def test_a_database_that_is_away_is_told_in_one_sentence_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
):
    monkeypatch.setenv("PME_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("PME_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("PME_DATABASE_URL", "postgresql://pme:hush@127.0.0.1:1/records")
    monkeypatch.setattr(commands, "_free_address", lambda _settings: "127.0.0.1")
    assert cli.main([command]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The PostgreSQL database “records” on 127.0.0.1, port 1 cannot be used;")
    assert "hush" not in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["init", "serve"])
def test_an_instance_folder_that_cannot_be_made_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
):
    monkeypatch.setenv("PME_INSTANCE_DIR", "/proc/nowhere")
    assert cli.main([command]) == 1
    assert "PME_INSTANCE_DIR is /proc/nowhere, which cannot be made" in capsys.readouterr().err


def test_a_sqlite_file_in_a_folder_that_cannot_be_made_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PME_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv("PME_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("PME_DATABASE_URL", "sqlite:////proc/nowhere/pme.sqlite3")
    for command in ("migrate", "audit"):
        assert cli.main([command]) == 1
        assert "The SQLite database /proc/nowhere/pme.sqlite3 cannot be used" in capsys.readouterr().err


def test_the_roles_of_the_command_line_are_the_roles_there_are():
    assert set(cli.ROLES) == {role.value for role in Role}


def _publications(database: Database) -> list[int]:
    with database.session() as session:
        return list(session.scalars(select(Publication.id)))
