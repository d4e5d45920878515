"""The press: a process that may hang, die or be missing a library, and a keeper that copes."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from pme.certificates.pdf import CERTIFICATES
from pme.certificates.press.assets import FONTS_KNOWN
from pme.certificates.press.languages import words_for
from pme.certificates.press.page import lay_out, phrase
from pme.certificates.press.sheet import CertificateSheet, job_of, read_job
from pme.certificates.press.sizes import LARGEST, SMALLEST, settle
from pme.errors import Unavailable
from pme.press import child
from pme.press.child import DoesNotFit
from pme.press.keeper import Press, Trade
from tests.certificates.sheets import ADAMS

ROOT = Path(__file__).parents[2]
SHEET = job_of(ADAMS, None)
PLENTY = 60.0


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """One press for all stories, since starting it takes longer than they do."""
    press = Press(CERTIFICATES)
    yield press
    press.close()


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def soon_gone(process: int) -> bool:
    for _ in range(200):
        if not is_running(process):
            return True
        time.sleep(0.05)
    return False


def program(press: Press, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the press be this program instead."""
    press.close()
    monkeypatch.setattr(Trade, "command", (sys.executable, "-c", code))


def run(code: str) -> str:
    """What a fresh Python prints."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.strip()


def test_the_press_starts_when_first_needed_and_stays(press: Press):
    press.close()
    assert press.process is None
    press.print(SHEET, within=PLENTY)
    process = press.process
    press.print(SHEET, within=PLENTY)
    assert press.process == process is not None


def test_a_press_that_hangs_is_ended_and_the_next_printing_works(press: Press):
    press.print(SHEET, within=PLENTY)
    hanging = press.process
    assert hanging is not None
    os.kill(hanging, signal.SIGSTOP)
    with pytest.raises(Unavailable, match=r"within 0\.5 seconds"):
        press.print(SHEET, within=0.5)
    assert not is_running(hanging)
    assert press.print(SHEET, within=PLENTY).startswith(b"%PDF")


def test_a_press_that_died_between_two_printings_is_replaced(press: Press):
    press.print(SHEET, within=PLENTY)
    dead = press.process
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    assert press.print(SHEET, within=PLENTY).startswith(b"%PDF")
    assert press.process != dead


def test_a_press_that_always_dies_says_so(press: Press, monkeypatch: pytest.MonkeyPatch):
    program(press, monkeypatch, "raise SystemExit(3)")
    with pytest.raises(Unavailable, match="stopped"):
        press.print(SHEET * 100, within=PLENTY)


def test_a_press_in_use_makes_others_wait_only_so_long(press: Press):
    with press._turn, pytest.raises(Unavailable, match="busy"):
        press.print(SHEET, within=0.05)


def test_a_missing_library_is_named_with_the_packages_to_install(
    press: Press, monkeypatch: pytest.MonkeyPatch
):
    program(
        press,
        monkeypatch,
        "import sys, pme.certificates.press.child as child\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint': raise OSError('cannot load library libpango')\n"
        "sys.meta_path.insert(0, Finder())\n"
        "child.main()\n",
    )
    with pytest.raises(Unavailable, match=r"libpango-1\.0-0, libpangoft2-1\.0-0 and libharfbuzz-subset0"):
        press.print(SHEET, within=PLENTY)


def test_what_the_printer_trips_over_is_logged_and_not_shown(press: Press, caplog: pytest.LogCaptureFixture):
    with pytest.raises(Unavailable, match="could not be printed") as raised:
        press.print(b'{"issued_on": "yesterday"}', within=PLENTY)
    assert "yesterday" in caplog.text
    assert "yesterday" not in raised.value.says
    assert press.print(SHEET, within=PLENTY).startswith(b"%PDF")


def test_the_press_inherits_none_of_the_settings(press: Press, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PME_SECRET_KEY", "not for the press")
    press.close()
    press.print(SHEET, within=PLENTY)
    assert b"PME_" not in Path(f"/proc/{press.process}/environ").read_bytes()


def test_the_press_ends_with_the_program_that_kept_it():
    process = int(
        run(
            "from pme.certificates import pdf\nfrom tests.certificates.sheets import ADAMS\n"
            "pdf.render(ADAMS)\nprint(pdf._press.process)"
        )
    )
    assert soon_gone(process)


def test_the_press_ends_with_a_program_that_was_killed():
    process = int(
        run(
            "import os\nfrom pme.certificates import pdf\nfrom tests.certificates.sheets import ADAMS\n"
            "pdf.render(ADAMS)\nprint(pdf._press.process, flush=True)\nos._exit(0)"
        )
    )
    assert soon_gone(process)


def test_a_fork_leaves_the_press_to_its_parent():
    says = run(
        "import os\nfrom pme.certificates import pdf\nfrom tests.certificates.sheets import ADAMS\n"
        "first = pdf.render(ADAMS)\nfork = os.fork()\n"
        "if fork == 0:\n"
        "    started = pdf._press.process is None and pdf.render(ADAMS) == first\n"
        "    pdf.close()\n"
        "    os._exit(0 if started else 1)\n"
        "status = os.waitpid(fork, 0)[1]\n"
        "print(status, pdf.render(ADAMS) == first)"
    )
    assert says == "0 True"


def test_the_web_process_never_loads_the_library():
    assert run("import sys, pme.certificates.pdf\nprint('weasyprint' in sys.modules)") == "False"


# ---------------------------------------------------------------- messages


def test_a_message_arrives_as_it_was_sent():
    pipe = io.BytesIO()
    child.send(pipe, b"words")
    child.send(pipe, b"")
    pipe.seek(0)
    assert [child.receive(pipe), child.receive(pipe), child.receive(pipe)] == [b"words", b"", None]


def test_a_message_cut_short_is_none():
    assert child.receive(io.BytesIO(b"\x00\x00\x00\x09half")) is None


def test_a_sheet_survives_its_journey():
    full = replace(ADAMS, frameworks=(("EQF", "5"),), valid_until=date(2029, 11, 22), credits=0.2)
    for sheet, attachment in ((ADAMS, None), (full, b'{"a":\n1}\n')):
        assert read_job(job_of(sheet, attachment)) == (sheet, attachment)


# ---------------------------------------------------------------- directions and sizes


@pytest.mark.parametrize(
    ("text", "page", "direction", "joined"),
    [
        ("Adams", "ltr", "", False),
        ("Adams", "rtl", "ltr", False),
        ("87 %", "rtl", "ltr", False),
        ("خالد", "ltr", "rtl", True),
        ("خالد", "rtl", "", True),
        ("5 ساعات", "rtl", "", True),
        ("שלום", "ltr", "rtl", False),
        ("", "ltr", "", False),
    ],
)
def test_a_phrase_runs_in_the_direction_of_its_first_letter(
    text: str, page: str, direction: str, joined: bool
):
    said = phrase(text, direction=page)
    assert (said.direction, said.joined) == (direction, joined)


def test_languages_fall_back_to_english():
    assert [words_for(tag).language for tag in ("fr-CA", "UK", "el", "")] == ["fr", "uk", "en", "en"]


def test_every_language_has_twelve_months_and_counts_what_is_left_out():
    for tag in ("en", "fr", "uk", "ar"):
        words = words_for(tag)
        assert len(words.months) == 12
        assert "7" in words.more.format(7)
        assert "2026" in words.day(ADAMS.issued_on)


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en", ["1 hour", "2 hours", "2.5 hours", "5 hours", "12 hours", "21 hours"]),
        ("fr", ["1 heure", "2 heures", "2,5 heures", "5 heures", "12 heures", "21 heures"]),
        ("uk", ["1 година", "2 години", "2,5 години", "5 годин", "12 годин", "21 година"]),
        ("ar", ["ساعة واحدة", "ساعتان", "2.5 ساعة", "5 ساعات", "12 ساعة", "21 ساعة"]),
    ],
)
def test_hours_are_counted_as_each_language_counts(tag: str, said: list[str]):
    assert [words_for(tag).workload(hours) for hours in (1, 2, 2.5, 5, 12, 21)] == said


def test_levels_and_languages_are_named_in_each_language():
    named = [
        (words.outcome_level_named("apply"), words.language_named("fr-CA"), words.level_named("5"))
        for words in map(words_for, ("en", "fr", "uk", "ar"))
    ]
    assert len(set(named)) == 4
    assert named[1] == ("Appliquer", "français", "Niveau 5")
    french = words_for("fr")
    assert (french.outcome_level_named("mastery"), french.language_named("el")) == ("mastery", "el")
    assert french.level_named("Operational") == "Operational"


def test_every_language_has_every_word():
    for tag in ("en", "fr", "uk", "ar"):
        words = words_for(tag)
        assert all(getattr(words, field.name) for field in fields(words) if field.name != "joined")
        assert len(words.levels) == 6


def settled(sheet: CertificateSheet, **squeeze: float):
    half_an_em = lambda text: len(text) / 2  # noqa: E731
    return settle(lay_out(sheet), serif=half_an_em, sans=half_an_em, **squeeze)


def test_longer_names_are_set_smaller_and_then_in_two_even_lines():
    short, longer, longest = (
        settled(replace(ADAMS, holder_name=name)).holder
        for name in ("Ann Lee", "Ann Lee " * 4, "Ann Lee " * 12)
    )
    assert short.size > longer.size > longest.size
    assert [len(each.lines) for each in (short, longer, longest)] == [1, 1, 2]
    first, second = longest.lines
    assert abs(len(first) - len(second)) <= len("Lee ")


def test_a_name_that_cannot_break_stays_in_one_line():
    assert len(settled(replace(ADAMS, holder_name="x" * 200)).holder.lines) == 1


def test_a_long_statement_is_set_small_and_falls_as_it_may():
    one, two, many = (
        settled(replace(ADAMS, statement="has met it " * count)).statement for count in (2, 10, 60)
    )
    assert [len(each.lines) for each in (one, two, many)] == [1, 2, 1]
    assert one.size >= two.size > many.size


def test_more_outcomes_are_set_smaller():
    few, many = (
        settled(replace(ADAMS, outcomes=(("do no harm " * 30, ""),) * count)).outcomes for count in (3, 12)
    )
    assert few > many


def test_sizes_stay_within_their_bounds():
    empty = replace(
        ADAMS, holder_name="", statement="", course_title="", academy_name="", signatories=(("", ""),)
    )
    for sheet in (empty, replace(ADAMS, holder_name="x" * 1000)):
        holder = settled(sheet, award=0.1, outcomes=0.1, details=0.1).holder
        assert SMALLEST <= holder.size <= LARGEST


def test_joined_letters_are_set_larger():
    latin, arabic = (settled(replace(ADAMS, holder_name=name)).holder.size for name in ("abcd", "خالد"))
    assert arabic > latin


# ---------------------------------------------------------------- the printer itself


def test_the_printer_refuses_what_it_cannot_shrink(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FONTCONFIG_FILE", str(FONTS_KNOWN))
    from pme.certificates.press.printer import Printer  # noqa: PLC0415

    printer = Printer()
    assert printer.print(ADAMS).startswith(b"%PDF")
    with pytest.raises(DoesNotFit):
        printer.print(replace(ADAMS, signatories=(("Evans", "Commandant " * 300),)))
    with pytest.raises(DoesNotFit):
        printer.print(replace(ADAMS, frameworks=(("EQF", "very long level " * 100),)))
