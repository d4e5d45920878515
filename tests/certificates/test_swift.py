"""What is found out once for all certificates changes no byte of any: each is what WeasyPrint alone makes of it."""

from dataclasses import replace
from typing import Any

import pydyf
import pytest
import weasyprint
from weasyprint.layout import percent

from pme.certificates.press import printer as printing
from pme.certificates.press import swift
from pme.certificates.press.look import OPEN, Look
from pme.certificates.press.printer import Printer
from tests.certificates.sheets import ADAMS, FULL, IN_FRENCH

LONG = tuple((f"Outcome {number} is to explain & to act, at some length.", "Apply") for number in range(26))
SHEETS = (
    ADAMS,
    replace(FULL, language="ar", holder_name="ليلى عبد الرحمن", is_demo=True),
    replace(FULL, language="uk", holder_name="Олена Ґалаґан <b>", outcomes=LONG),
    replace(IN_FRENCH, holder_name="Éléonore " * 9, look=Look(layout=OPEN, footer="Un mot")),
    replace(ADAMS, holder_name="Odd \ufffe letter", is_specimen=True),  # XML knows no such letter
)


def alone(html: str, *, base_url: str, fetcher: Any, styles: object) -> weasyprint.HTML:
    """A paper's text as WeasyPrint reads it."""
    return weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher)


@pytest.fixture
def by_weasyprint(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The sheets as they are printed without any of it."""
    with monkeypatch.context() as patch:
        patch.setattr(printing, "Source", alone)
        patch.setattr(printing, "write_once", lambda _pdf: None)
        patch.setattr(percent, "resolve_one_percentage", swift.THEIRS)
        plain = Printer()
        return [plain.print(each, b"{}") for each in SHEETS]


def test_every_byte_is_that_of_weasyprint_alone_the_first_time_and_the_next(by_weasyprint: list[bytes]):
    printer = Printer()
    for _time in range(2):
        assert [printer.print(each, b"{}") for each in SHEETS] == by_weasyprint


def test_a_printing_leaves_nothing_of_itself_to_the_next():
    printer = Printer()
    first = printer.print(SHEETS[0])
    for each in SHEETS[3:]:
        printer.print(each)
    assert printer.print(SHEETS[0]) == first == Printer().print(SHEETS[0])


def test_kinds_of_elements_are_met_once_and_no_more_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch):
    printer = Printer()
    styles = printer._wardrobe.of(SHEETS[0].dressed).styles
    printer.print(SHEETS[0])
    met = set(styles)
    printer.print(replace(SHEETS[0], number="NORTH-2026-000128"))
    assert set(styles) == met
    monkeypatch.setattr(swift, "MOST_KEPT", len(met) - 1)
    printer.print(SHEETS[2])
    assert not met <= set(styles)


def test_each_object_of_a_file_is_written_once(monkeypatch: pytest.MonkeyPatch):
    asked: list[object] = []
    data = pydyf.Dictionary.data.fget

    def told(made: Any) -> bytes:
        asked.append(id(made))
        return bytes(data(made))

    printer = Printer()
    printer.print(SHEETS[0])
    monkeypatch.setattr(pydyf.Dictionary, "data", property(told))
    printer.print(SHEETS[0])
    assert len(asked) < 1.2 * len(set(asked))  # what stands within another, or is given a number late
