"""The foot of everything printed: where it comes from at the side where reading begins, the number at the other."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pypdfium2
import pytest

from pme.db import Database
from pme.handouts import pdf as handouts
from pme.offprints.making import printed
from pme.reports.files import pdf as reports
from tests.conftest import Visits
from tests.offprints.test_books import basics, copy_of, in_arabic
from tests.support.cast import START
from tests.support.clock import Clock
from tests.support.graduates import graduate

COMPLETIONS = "/academy/reports/completions"
DONE = START + timedelta(days=1)
FOOT = 60
"""Points from the lower edge within which a foot stands."""
NUMBERS = {"en": "Page", "fr": "Page", "ar": "صفحة"}
BEGINS_RIGHT = {"en": False, "fr": False, "ar": True}


@pytest.fixture(scope="module", autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    handouts.close()
    reports.close()


def feet_of(content: bytes) -> list[tuple[str, str]]:
    """What stands in the left and in the right half of the foot of each page."""
    feet = []
    for page in pypdfium2.PdfDocument(content):
        width, text = page.get_width(), page.get_textpage()
        left, right = (0, 0, width / 2, FOOT), (width / 2, 0, width, FOOT)
        told, other = (" ".join(text.get_text_bounded(*half).split()) for half in (left, right))
        feet.append((told, other))
    return feet


def book(_visit: Visits, language: str) -> bytes:
    """A module as a file; its masthead and its card have margins of their own."""
    return printed(in_arabic(basics()) if language == "ar" else copy_of(basics()))


def report(visit: Visits, language: str) -> bytes:
    """A report as somebody takes it whose page was asked for in this language."""
    evans = visit("evans")
    page = f"http://localhost{COMPLETIONS}?lang={language}"
    response = evans.send(f"{COMPLETIONS}/file", headers={"Referer": page}, form="pdf", marking="")
    return bytes(response.get_data())


def transcript(visit: Visits, language: str) -> bytes:
    """What a student earned, in this language."""
    return bytes(visit("adams").fetch(f"/certificates/record.pdf?lang={language}").get_data())


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("made", [book, report, transcript])
def test_the_number_of_a_page_stands_where_reading_ends(
    made: Callable[[Visits, str], bytes], language: str, visit: Visits, database: Database, clock: Clock
):
    clock.at = DONE
    with database.writing() as session:
        graduate(session, "adams", at=DONE)
    feet = feet_of(made(visit, language))
    assert feet
    for number, (left, right) in enumerate(feet, start=1):
        told, other = (left, right) if BEGINS_RIGHT[language] else (right, left)
        assert NUMBERS[language] in told, feet
        assert str(number) in told
        assert str(len(feet)) in told
        assert NUMBERS[language] not in other
        assert other  # what it is from


def test_a_source_in_latin_letters_keeps_its_full_stop_at_its_end_among_arabic():
    for page in pypdfium2.PdfDocument(printed(in_arabic(basics()))):
        text = page.get_textpage()
        letters = [(text.get_text_range(n, 1), text.get_charbox(n)) for n in range(text.count_chars())]
        for _sign, (_left, bottom, right, top) in [each for each in letters if each[0] == "§"]:
            stops = [
                box for sign, box in letters if sign == "." and bottom < (box[1] + box[3]) / 2 + 4 < top + 8
            ]
            begins = min(box[0] for sign, box in letters if sign == "A" and bottom - 2 < box[1] < top)
            assert [box for box in stops if box[0] >= right], stops
            assert [box for box in stops if box[2] <= begins] == []
            return
    raise AssertionError("no source is printed")


@pytest.mark.parametrize(("language", "says"), [("ar", "ar"), ("fr", "fr"), ("xx", "en"), ("", "en")])
def test_a_form_is_answered_in_the_language_that_its_page_was_asked_for_in(
    language: str, says: str, visit: Visits
):
    evans = visit("evans")
    page = f"http://localhost{COMPLETIONS}?lang={language}"
    there = f"{COMPLETIONS}/file"
    wrong = evans.send(there, headers={"Referer": page}, form="pdf", marking="x" * 99)
    assert wrong.headers["Content-Language"] == says
    elsewhere = f"https://elsewhere.example/?lang={language}"
    assert evans.send(there, headers={"Referer": elsewhere}, form="pdf", marking="x" * 99).headers[
        "Content-Language"
    ] == ("en")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Edition1(2March2026)"),
        ("fr", "Édition1(2mars2026)"),
        ("uk", "Видання1(2березня2026"),
        ("ar", "الإصدار"),
    ],
)
def test_a_transcript_names_its_editions_in_its_own_language(
    language: str, told: str, visit: Visits, database: Database, clock: Clock
):
    clock.at = DONE
    with database.writing() as session:
        graduate(session, "adams", at=DONE)
    paper = pypdfium2.PdfDocument(transcript(visit, language))
    text = "".join("".join(page.get_textpage().get_text_range() for page in paper).split())
    assert told in text
    assert language == "en" or "Edition1(" not in text
