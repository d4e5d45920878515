"""What forms refuse by themselves is said in our words, in the language of the page."""

import re
from pathlib import Path

import pytest
import wtforms
from flask_wtf import FlaskForm

from pme.web.spoken_forms import ANEW, CHOOSE, DAY, FILL_IN, IN_OUR_WORDS, LENGTH, NUMBER, SpokenForm
from pme.words.speech import speaking
from tests.conftest import Visits

SAID = re.compile(r"n?gettext\(\s*\"([^\"]+)\"(?:,\s*\"([^\"]+)\")?")
OURS = (ANEW, CHOOSE, DAY, FILL_IN, LENGTH, NUMBER)
PLACES = [Path(wtforms.__file__).parent, Path(__file__).parents[2] / "pme"]


def said_by_the_library() -> set[str]:
    """Every text that WTForms can say by itself."""
    files = PLACES[0].rglob("*.py")
    return {
        text for file in files for texts in SAID.findall(file.read_text("utf-8")) for text in texts if text
    }


@pytest.mark.parametrize("language", ["en", "fr", "uk", "ar"])
def test_whatever_the_library_says_is_said_in_our_words(language: str):
    texts = said_by_the_library()
    assert len(texts) > 25
    with speaking(language):
        told = {text: (IN_OUR_WORDS.gettext(text), IN_OUR_WORDS.ngettext(text, text, 2)) for text in texts}
        ours = {str(each) for each in OURS}
    assert len(ours) == len(OURS)
    assert {each for pair in told.values() for each in pair} <= ours
    assert texts & ours == set()
    assert "%" not in "".join(ours)


def test_what_concerns_lists_days_numbers_and_lengths_is_said_so():
    told = {text: IN_OUR_WORDS.gettext(text) for text in said_by_the_library()}
    for text, says in told.items():
        if "alid choice" in text or "Invalid Choice" in text:
            assert says == CHOOSE, text
        if text.startswith("Not a valid") and "choice" not in text:
            assert says in (DAY, NUMBER), text
        if "long." in text:
            assert says == LENGTH, text


def test_every_form_says_its_refusals_in_our_words():
    files = [path for path in PLACES[1].rglob("*.py") if path.name != "spoken_forms.py"]
    assert [path.name for path in files if re.search(r"\bFlaskForm\b", path.read_text("utf-8"))] == []
    assert issubclass(SpokenForm, FlaskForm)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Choose from what is"),
        ("fr", "Choisissez parmi"),
        ("uk", "Виберіть з того"),
        ("ar", "اختاروا مما"),
    ],
)
def test_a_list_that_was_tampered_with_is_refused_in_words_of_the_page(
    visit: Visits, language: str, says: str
):
    evans = visit("evans")
    evans.post("/language", to=language, back="/academy")
    page = evans.post("/academy/reminders", kinds="klingon", time_zone="klingon")
    assert page.status == 422
    assert page.words.count(says) == 4  # each beside its field and in the summary on top
    assert "klingon" not in page.words
