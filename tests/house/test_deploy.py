"""The files in deploy/ and what docs/deploy.md says of them fit the platform as it is."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pme.cli import main
from tests.support.html import html_validate

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def words_of(name: str) -> str:
    """A file of deploy/."""
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_every_setting_of_the_environment_file_is_one_of_the_platform():
    explained = set(re.findall(r"`(PME_\w+)`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    given = set(re.findall(r"^(PME_\w+)=", words_of("environment"), re.MULTILINE))
    assert given
    assert given <= explained
    assert set(re.findall(r"(PME_\w+)=", words_of("Containerfile"))) <= explained


def test_the_container_has_the_system_libraries_that_the_setup_installs():
    setup = (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")
    wanted = set(re.findall(r'": "(lib[\w.-]+)"', setup))
    assert len(wanted) == 3
    assert wanted <= set(words_of("Containerfile").split())
    assert wanted <= set((ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").split())


def test_commands_of_the_units_are_those_of_the_platform(capsys: pytest.CaptureFixture[str]):
    said = " ".join(
        words_of(name) for name in ("pme-web@.service", "pme-work@.service", "pme-backup.service")
    )
    commands = set(re.findall(r"bin/pme (\w+)", said))
    assert commands == {"serve", "work", "backup"}
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
    assert "--prepared" in capsys.readouterr().out


def test_proxies_ask_the_servers_that_the_documentation_starts():
    documented = set(re.findall(r"pme-web@(\d+)", (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")))
    for name in ("nginx.conf", "Caddyfile"):
        assert set(re.findall(r"127\.0\.0\.1:(80\d\d)", words_of(name))) == documented
        assert "/metrics" in words_of(name), "figures are not for the world"


def test_pages_that_proxies_show_by_themselves_are_valid_and_fetch_nothing():
    pages = {name: words_of(name) for name in ("away.html", "refused.html")}
    assert html_validate(pages) == []
    for page in pages.values():
        assert not re.search(r"\bsrc=|url\(|@import|<script|<link|https?:", page)
        assert re.findall(r'<section(?: lang="(\w+)")?', page) == ["", "fr", "uk", "ar"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_units_are_understood_by_systemd():
    names = [str(path) for path in sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))]
    found = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    faults = [
        line
        for line in found.stderr.splitlines()
        if "deploy/pme" in line and "is not executable" not in line and "instance" not in line
    ]
    assert faults == []
