"""An owner of an installation who backs it up, and another place where it comes back to life."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pme import cli
from pme.config import Settings
from pme.db import Database
from tests.migrations.test_migrations import KINDS


@dataclass
class Owner:
    """Runs commands on an installation, and hears what they say."""

    environment: dict[str, str]
    patch: pytest.MonkeyPatch
    heard: pytest.CaptureFixture[str]

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)

    @property
    def instance(self) -> Path:
        return self.settings.instance_dir

    def runs(self, *words: str | Path) -> tuple[int, str]:
        """The exit code of a command, and everything that it said."""
        for name, value in self.environment.items():
            self.patch.setenv(name, value)
        self.heard.readouterr()
        code = cli.main(list(map(str, words)))
        return code, "".join(self.heard.readouterr())


@pytest.fixture
def owner(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Owner:
    """The owner of the installation of this test."""
    (tmp_path / "mine").mkdir()
    return Owner(environment | {"PME_INSTANCE_DIR": str(tmp_path / "mine")}, monkeypatch, capsys)


@pytest.fixture
def elsewhere(owner: Owner, database: Database, tmp_path: Path) -> Iterator[Callable[[], Owner]]:
    """Gives the same owner on another machine: an empty database of the same kind and an empty folder."""
    kind = "sqlite" if database.is_sqlite else "postgresql"
    made: list[Iterator[str]] = []

    def move() -> Owner:
        place = tmp_path / f"place-{len(made)}"
        (place / "instance").mkdir(parents=True)
        urls = KINDS[kind](place)
        made.append(urls)
        there = {"PME_DATABASE_URL": next(urls), "PME_INSTANCE_DIR": str(place / "instance")}
        return Owner(owner.environment | there, owner.patch, owner.heard)

    yield move
    for urls in made:
        next(urls, None)
