"""Settings are complete, or the refusal to start says everything that is wrong with them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from pme import create_app
from pme.config import ROOT, Settings
from pme.errors import Refused

SECRET = {"PME_SECRET_KEY": "s" * 40}
ROW = re.compile(r"^\| `(PME_\w+)` \| (.+?) \| (.+?) \| `(.+?)` \|$", re.MULTILINE)
NAME = re.compile(r'"(PME_\w+)"')
DOCUMENT = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
BAD = {
    "PME_DATABASE_URL": ("mysql://somewhere/pme", r"must begin with sqlite:/// or postgresql://"),
    "PME_INSTANCE_DIR": (__file__, r"which is a file; give a folder"),
    "PME_MODULES_DIR": ("/nowhere/at/all", r"/nowhere/at/all, which does not exist"),
    "PME_QUIZZES_DIR": (__file__, r"which is a file; give a folder"),
    "PME_HOST": ("999.1.1.1", r"“999.1.1.1”; give an address of this machine"),
    "PME_PORT": ("80000", r"“80000”; give a whole number from 1 to 65535 \(usually 8000\)"),
    "PME_PUBLIC_URL": ("pme.academy.example", r"give an address like https://"),
    "PME_ALLOWED_HOSTS": ("https://pme.academy.example/", r"give host names without http://"),
    "PME_SECRET_KEY": ("short", r"has 5 characters; give at least 32"),
    "PME_KEYS_SECRET": ("too-short", r"has 9 characters; give at least 32"),
    "PME_KEYS_SECRET_OLD": ("old", r"has 3 characters; give at least 32"),
    "PME_WORKERS": ("0", r"from 1 to 64"),
    "PME_THREADS": ("four", r"“four”; give a whole number"),
    "PME_TRUSTED_PROXIES": ("-1", r"from 0 to 5"),
    "PME_IDLE_MINUTES": ("4", r"from 5 to 1440"),
    "PME_SESSION_HOURS": ("73", r"from 1 to 72"),
    "PME_CONTENT_ACADEMY": ("Lake Side", r"“Lake Side”; give the short name of an academy"),
    "PME_RENDER_SECONDS": ("2.5", r"“2.5”; give a whole number"),
    "PME_PRINT_SECONDS": ("9" * 20, r"from 1 to 120"),
    "PME_ARGON2_PASSES": ("٣", r"from 1 to 10"),
    "PME_ARGON2_KIB": ("7", r"from 8 to 1048576"),
    "PME_ARGON2_LANES": ("9", r"from 1 to 8"),
    "PME_SMTP_HOST": ("mail server", r"“mail server”; give the name or address of a mail server"),
    "PME_SMTP_PORT": ("0", r"from 1 to 65535 \(usually 587\)"),
    "PME_SMTP_SECURITY": ("tls1", r"give one of starttls, ssl, none"),
    "PME_SMTP_USER": ("pme", r"and PME_SMTP_PASSWORD go together"),
    "PME_SMTP_SENDER": ("PME <pme@x.example>", r"give an address like pme@academy.example"),
    "PME_WORKER": ("sometimes", r"give yes or no"),
    "PME_RESULT_DAYS": ("0", r"from 1 to 90"),
    "PME_EXPORT_DIR": ("/etc/passwd", r"which is a file; give a folder"),
    "PME_VC_API_TOKEN": ("short", r"has 5 characters; give at least 16"),
    "PME_DEMO": ("perhaps", r"give yes or no"),
    "PME_DEVELOPMENT": ("maybe", r"give yes or no"),
}


def settings(**more: str) -> Settings:
    return Settings.from_environment(SECRET | more)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_setting_is_refused_in_a_sentence_of_its_own(name: str):
    given, says = BAD[name]
    with pytest.raises(Refused, match=says) as refused:
        settings(**{name: given})
    assert refused.value.says.startswith(name)
    assert len(refused.value.says.splitlines()) == 1


def test_all_bad_settings_are_told_at_once():
    with pytest.raises(Refused) as refused:
        Settings.from_environment({name: given for name, (given, _) in BAD.items()})
    lines = refused.value.says.splitlines()
    assert {line.split()[0] for line in lines} == set(BAD)
    assert len(lines) == len(BAD)


@pytest.mark.parametrize("url", ["http://", "https://pme.example/?a=b", "http://[::1", "ftp://pme.example"])
def test_an_address_that_is_none_is_refused(url: str):
    with pytest.raises(Refused, match="PME_PUBLIC_URL"):
        settings(PME_PUBLIC_URL=url)


def test_without_a_secret_key_nothing_starts(tmp_path: Path):
    environment = {"PME_INSTANCE_DIR": str(tmp_path)}
    with pytest.raises(Refused, match=r"There is no secret key: set PME_SECRET_KEY .* or run `pme init`"):
        Settings.from_environment(environment)


def test_the_key_that_was_made_before_is_used_unless_another_is_given(tmp_path: Path):
    (tmp_path / "secret-key").write_text("k" * 43 + "\n", encoding="ascii")
    kept = Settings.from_environment({"PME_INSTANCE_DIR": str(tmp_path)})
    assert kept.secret_key == "k" * 43
    assert kept.secret_key_file == tmp_path / "secret-key"
    assert settings(PME_INSTANCE_DIR=str(tmp_path)).secret_key == SECRET["PME_SECRET_KEY"]


def test_the_application_refuses_to_start_on_incomplete_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PME_INSTANCE_DIR", str(tmp_path))
    monkeypatch.delenv("PME_SECRET_KEY", raising=False)
    with pytest.raises(Refused, match="There is no secret key"):
        create_app()


def test_blank_settings_count_as_not_given():
    assert settings(PME_PORT="  ", PME_HOST="", PME_DEVELOPMENT=" ") == settings()


def test_a_postgresql_address_gets_its_driver_and_sqlite_its_file():
    assert (
        settings(PME_DATABASE_URL="postgresql://pme@db/pme").database_url == "postgresql+psycopg://pme@db/pme"
    )
    assert settings(PME_INSTANCE_DIR="/data").database_url == "sqlite:////data/pme.sqlite3"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://u:p@h:notaport/x", "has a port that is no number from 1 to 65535"),
        ("postgresql://u:p@h:99999/x", "has a port that is no number"),
        ("postgresql://u:p@h:/x", "has a port that is no number"),
        ("postgresql://u:p@[::1", "cannot be read"),
        ("sqlite://", "in memory"),
        ("sqlite:///", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("sqlite:///file::memory:?uri=true", "in memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "in memory"),
        ("sqlite://host/x", "must begin with sqlite:///"),
    ],
)
def test_a_database_that_cannot_serve_is_refused_without_showing_its_password(url: str, says: str):
    with pytest.raises(Refused, match=f"^PME_DATABASE_URL .*{says}") as refused:
        settings(PME_DATABASE_URL=url)
    assert "u:p" not in refused.value.says


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:p#/?[w@h:5432/x",
        "postgresql+psycopg://u@[::1]:5432/x",
        "postgresql+psycopg://pme@/x?host=/run/postgresql",
    ],
)
def test_an_address_that_the_database_library_can_read_is_taken(url: str):
    make_url(url)
    assert settings(PME_DATABASE_URL=url).database_url == url


@pytest.mark.parametrize(
    ("host", "taken", "public"),
    [
        ("::1", "::1", "http://[::1]:8000"),
        ("[::1]", "::1", "http://[::1]:8000"),
        ("pme.example", "pme.example", "http://pme.example:8000"),
        ("10.1.2.3", "10.1.2.3", "http://10.1.2.3:8000"),
    ],
)
def test_the_server_listens_on_addresses_of_either_kind_and_on_names(host: str, taken: str, public: str):
    found = settings(PME_HOST=host)
    assert (found.host, found.public_url) == (taken, public)
    assert taken in found.allowed_hosts


@pytest.mark.parametrize("host", ["999.1.1.1", "1.2.3", "a b", "-a", "a..b", "http://x", "::g"])
def test_a_host_that_is_none_is_refused(host: str):
    with pytest.raises(Refused, match=r"^PME_HOST"):
        settings(PME_HOST=host)


def test_the_home_of_nobody_is_refused():
    with pytest.raises(Refused, match="whose home folder is not known"):
        settings(PME_MODULES_DIR="~no-such-person/x")


def test_the_host_of_the_public_address_is_answered_to():
    public = settings(PME_PUBLIC_URL="https://PME.Academy.example/")
    assert public.allowed_hosts == ("localhost", "127.0.0.1", "pme.academy.example")
    assert public.public_url == "https://PME.Academy.example"
    assert public.is_https
    assert not settings().is_https
    assert settings(PME_ALLOWED_HOSTS="A.example, b.example,,A.example").allowed_hosts == (
        "a.example",
        "b.example",
    )


def test_another_current_directory_changes_nothing(tmp_path: Path):
    told = "from pme.config import Settings; print(Settings.from_environment())"
    environment = os.environ | SECRET | {"PYTHONPATH": str(ROOT)}
    here, elsewhere = (
        subprocess.run(
            [sys.executable, "-c", told],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder in (ROOT, tmp_path)
    )
    assert here == elsewhere
    assert str(ROOT / "modules") in here


def test_every_setting_is_explained():
    read = {
        name for path in (ROOT / "pme").glob("config*.py") for name in NAME.findall(path.read_text("utf-8"))
    }
    rows = [name for name, *_ in ROW.findall(DOCUMENT)]
    assert set(rows) == read
    assert len(rows) == len(set(rows))
    for path in (ROOT / "pme").rglob("*.py"):
        for name in NAME.findall(path.read_text(encoding="utf-8")):
            assert f"`{name}`" in DOCUMENT, f"{name} of {path.name} is not in docs/settings.md"


def test_every_example_of_the_document_can_be_used():
    examples = {name: example for name, _, _, example in ROW.findall(DOCUMENT)}
    for must_exist in ("PME_MODULES_DIR", "PME_QUIZZES_DIR"):
        assert examples.pop(must_exist).startswith("/")
    assert Settings.from_environment(examples).is_https


def test_every_default_of_the_document_is_the_default():
    plain = re.compile(r"`([^`]+)`")
    defaults = {
        name: found[1] for name, _, default, _ in ROW.findall(DOCUMENT) if (found := plain.fullmatch(default))
    }
    assert len(defaults) > 10
    assert settings(**defaults) == settings()
    for name, default in defaults.items():
        if default.isdigit() and name != "PME_ARGON2_LANES":
            assert settings(**{name: str(int(default) + 1)}) != settings()
