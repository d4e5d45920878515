"""What the doctor says of what was seen: each check by itself, with facts alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pme.config import ROOT, Settings
from pme.doctor import on_database, on_machine, on_work
from pme.doctor.facts import (
    Backups,
    Clocks,
    Content,
    Engine,
    Erasures,
    Printing,
    Programs,
    Signing,
    Storage,
    Work,
)
from pme.doctor.finding import Finding, Level, count, worst
from pme.doctor.on_settings import PUBLISHED, check_settings

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
GB = 1_000_000_000
PLACE = Storage("Disk", "/var/lib/pme", 50 * GB, 100 * GB, refuses="", mode=0o750, key_mode=0o600)
FAST = timedelta(seconds=5)
WORK = Work(FAST, None, 0, {}, None, 0)
LITE = Engine(
    is_sqlite=True,
    version=(3, 53, 4),
    describes="SQLite",
    is_safe_build=True,
    settings={"synchronous": "2", "foreign_keys": "1", "journal_mode": "wal"},
    faults=(),
    unguarded="",
    revision="0035",
    newest="0035",
    is_known=True,
)
SERVER = replace(
    LITE,
    is_sqlite=False,
    version=(15, 4),
    describes="PostgreSQL 15.4",
    settings={"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"},
)
PUBLIC = {"PME_PUBLIC_URL": "https://pme.academy.example", "PME_TRUSTED_PROXIES": "1", "PME_DEMO": "no"}
BUCKET = {"PME_STORE_URL": "s3://academies/pme", "PME_STORE_KEY_ID": "key", "PME_STORE_SECRET": "words"}
SECRETS = {
    "PME_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789",
    "PME_KEYS_SECRET": "zyxwvutsrqponmlkjihgfedcba987654321",
}


def levels(found: Finding | Iterable[Finding]) -> str:
    """The first letters of the levels: f, l or w."""
    each = [found] if isinstance(found, Finding) else list(found)
    assert all(bool(one.do) is (one.level is not Level.FINE) for one in each), "whoever must act is told how"
    return "".join(one.level[0] for one in each)


def of_settings(given: dict[str, str], *, real: bool = True, demo: bool = False) -> dict[str, str]:
    settings = Settings.from_environment(SECRETS | PUBLIC | given)
    found = check_settings(settings, has_real_academies=real, has_demo=demo)
    for one in found:
        assert not any(
            secret and secret in one.found + one.do
            for secret in (SECRETS | given).values()
            if len(secret) > 30
        )
    return {
        about: levels(one for one in found if one.about == about) for about in {one.about for one in found}
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"Secrets": "f", "Address": "f", "Proxies": "f", "Demonstration": "f"}),
        ({"PME_SECRET_KEY": PUBLISHED[0]}, {"Secrets": "w"}),
        ({"PME_KEYS_SECRET": "ab" * 20}, {"Secrets": "w"}),
        ({"PME_KEYS_SECRET": SECRETS["PME_SECRET_KEY"]}, {"Secrets": "w"}),
        ({"PME_KEYS_SECRET": ""}, {"Secrets": "w"}),
        ({"PME_KEYS_SECRET_OLD": "x1y2z3" * 3 + "abcdefghijklmnop"}, {"Secrets": "l"}),
        ({"PME_PUBLIC_URL": "http://pme.academy.example"}, {"Address": "w"}),
        ({"PME_HOST": "0.0.0.0", "PME_PUBLIC_URL": "http://localhost:8000"}, {"Address": "w"}),
        (
            {"PME_PUBLIC_URL": "http://localhost:8000", "PME_DEMO": "yes"},
            {"Address": "f", "Demonstration": "f"},
        ),
        ({"PME_ALLOWED_HOSTS": "other.example"}, {"Address": "w"}),
        ({"PME_TRUSTED_PROXIES": "0"}, {"Proxies": "l"}),
        ({"PME_HOST": "0.0.0.0"}, {"Proxies": "l"}),
        ({"PME_DEMO": "yes"}, {"Demonstration": "l"}),
        ({}, {"On the way": "f"}),
        ({"PME_DATABASE_URL": "postgresql://pme@localhost/pme"}, {"On the way": "f"}),
        ({"PME_DATABASE_URL": "postgresql:///pme?host=/run/postgresql"}, {"On the way": "f"}),
        ({"PME_DATABASE_URL": "postgresql://pme@10.1.2.3/pme"}, {"On the way": "l"}),
        ({"PME_DATABASE_URL": "postgresql://pme@10.1.2.3/pme?sslmode=prefer"}, {"On the way": "l"}),
        ({"PME_DATABASE_URL": "postgresql://pme@db.example/pme?sslmode=verify-full"}, {"On the way": "f"}),
        ({"PME_REDIS_URL": "redis://127.0.0.1:6379/0"}, {"On the way": "f"}),
        ({"PME_REDIS_URL": "redis://:secret@redis.example:6379/0"}, {"On the way": "l"}),
        ({"PME_REDIS_URL": "rediss://redis.example:6379/0"}, {"On the way": "f"}),
        ({**BUCKET, "PME_STORE_ENDPOINT": "http://10.1.2.3:9000"}, {"On the way": "l"}),
        ({**BUCKET, "PME_STORE_ENDPOINT": "https://s3.example"}, {"On the way": "f"}),
        ({"PME_DEVELOPMENT": "yes"}, {"Demonstration": "w"}),
    ],
)
def test_settings_are_safe_for_where_the_platform_stands(given: dict[str, str], expected: dict[str, str]):
    found = of_settings(given)
    assert found | expected == found


def test_a_demonstration_that_others_reach_is_told_and_the_documented_examples_are_known():
    assert of_settings({}, demo=True)["Demonstration"] == "l"
    assert of_settings({"PME_KEYS_SECRET": ""}, real=False)["Secrets"] == "f"
    document = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert all(f"`{secret}`" in document for secret in PUBLISHED)


def test_the_machine_is_fit_or_what_is_not_is_told():
    assert levels(on_machine.check_programs(Programs((3, 12, 1), {}, 80))) == "ff"
    other = {f"package{n}": ("1", "2") for n in range(6)} | {"weasyprint": ("", "70.0")}
    old, apart = on_machine.check_programs(Programs((3, 10, 1), other, 80))
    assert levels([old, apart]) == "ll"
    assert "package0 1 (tested: 2)" in apart.found
    assert "and 2 more" in apart.found
    for free, expected in ((50 * GB, "f"), (1_500_000_000, "l"), (400_000_000, "w")):
        assert levels(on_machine.check_storage(replace(PLACE, free=free))) == expected
    assert levels(on_machine.check_storage(replace(PLACE, mode=0o755, key_mode=0o644))) == "flw"
    assert levels(on_machine.check_storage(replace(PLACE, refuses="Read-only file system"))) == "w"
    assert levels(on_machine.check_printing(Printing("", (), 6))) == "f"
    assert (
        levels(on_machine.check_printing(Printing("OSError: cannot load library 'libpango'", (), 6))) == "w"
    )
    assert levels(on_machine.check_printing(Printing("", ("a.ttf",), 6))) == "w"
    assert levels(on_machine.check_printing(Printing("", (), 0))) == "w"


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Clocks(0.0, 0.0, 0.0, AT), "f"),
        (Clocks(None, None, 0.0, None), "f"),
        (Clocks(3.0, 0.0, 0.0, None), "l"),
        (Clocks(0.0, -90.0, 0.0, None), "w"),
        (Clocks(0.0, 0.0, 2.0, None), "l"),
        (Clocks(0.0, 0.0, 0.0, AT + timedelta(hours=1)), "w"),
    ],
)
def test_clocks_are_together(seen: Clocks, expected: str):
    assert levels(on_machine.check_clocks(seen, at=AT)) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (LITE, "ffff"),
        (replace(LITE, is_safe_build=False, settings={**LITE.settings, "journal_mode": "delete"}), "lfff"),
        (replace(LITE, settings={**LITE.settings, "synchronous": "1"}), "fwff"),
        (replace(LITE, settings={**LITE.settings, "journal_mode": "memory"}), "fwff"),
        (replace(LITE, faults=("row 3 missing from index ix",)), "ffwf"),
        (replace(LITE, revision="0030"), "fffw"),
        (replace(LITE, revision=""), "fffw"),
        (replace(LITE, revision="9999", is_known=False), "fffl"),
        (replace(LITE, revision="0000", is_known=False), "fffw"),
        (SERVER, "fffff"),
        (replace(SERVER, version=(14, 9)), "wffff"),
        (replace(SERVER, settings={**SERVER.settings, "fsync": "off"}), "fwfff"),
        (replace(SERVER, unguarded="The role may bypass it."), "ffffl"),
    ],
)
def test_a_database_is_durable_sound_and_of_this_schema(seen: Engine, expected: str):
    assert levels(on_database.check_engine(seen)) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (WORK, "fff"),
        (replace(WORK, silent=None), "wff"),
        (replace(WORK, silent=timedelta(minutes=3)), "wff"),
        (replace(WORK, duties={"letters": "The database was away."}), "flff"),
        (replace(WORK, oldest_job=timedelta(minutes=11)), "flf"),
        (replace(WORK, failed_jobs=1), "flf"),
        (replace(WORK, oldest_letter=timedelta(hours=2)), "ffl"),
        (replace(WORK, failed_letters=2), "ffl"),
    ],
)
def test_work_in_the_background_goes_on(seen: Work, expected: str):
    assert levels(on_work.check_work(seen)) == expected


def test_mail_keys_content_backups_and_the_journal_have_lines_of_their_own():
    assert [levels(on_work.check_mail(*given)) for given in (("", ""), ("m", "No."), ("m", ""))] == [
        "l",
        "w",
        "f",
    ]
    for days, expected in ((-1, "w"), (0, "w"), (1, "l"), (90, "l"), (91, "f")):
        signing = Signing(1, {}, (), {"home": AT + timedelta(days=days)})
        assert levels(on_work.check_signing(signing, at=AT)) == expected
    assert (
        levels(on_work.check_signing(Signing(1, {"home": "PDF files"}, ("key-1 of home",), {}), at=AT))
        == "ww"
    )
    for content, expected in (
        (Content(9, (), (), ()), "f"),
        (Content(0, (), (), ("modules/a/module.md",)), "w"),
        (Content(9, ("a",), (), ()), "l"),
        (Content(9, (), ("a",), ()), "l"),
        (Content(9, (), (), tuple("abcdefg")), "l"),
    ):
        assert levels(on_work.check_content(content)) == expected
    for age, is_there, expected in (
        (timedelta(hours=20), True, "f"),
        (timedelta(hours=20), False, "l"),
        (timedelta(days=3), True, "l"),
        (timedelta(days=8), True, "w"),
        (None, False, "w"),
    ):
        assert levels(on_work.check_backups(Backups(age, "/b/x.pme-backup", is_there))) == expected
    journals = (Erasures("", 2, 2, 0), Erasures("", 1, 2, 1), Erasures("Line 1 was changed.", 0, 2, 0))
    assert [levels(on_work.check_erasures(each)) for each in journals] == ["f", "l", "w"]


def test_times_and_numbers_are_told_as_people_say_them():
    times = (timedelta(seconds=-1), FAST, timedelta(minutes=1), timedelta(hours=25), timedelta(days=3))
    assert list(map(on_work.told, times)) == ["0 seconds", "5 seconds", "1 minute", "1 day", "3 days"]
    assert (count(1, "academy", "academies"), count(1200, "file")) == ("1 academy", "1,200 files")
    assert worst([]) is Level.FINE
