"""The installation's own people read how it is, and what to do, in plain words."""

from flask import Flask

from tests.conftest import Visits


def test_the_page_says_what_is_wrong_first_and_what_to_do(visit: Visits, app: Flask):
    page = visit("lund").get("/install").follow("State of the installation")
    assert "Something has to be corrected." in page.words
    assert page.words.index("To correct") < page.words.index("Fine")
    assert "No backup is known" in page.words
    assert "What to do: Run pme backup" in page.words
    assert "Soundness" not in page.words
    assert "(short check)" in page.words
    assert app.extensions["pme_settings"].secret_key not in page.text
    whole = page.press("Run the full check")
    assert "Soundness" in whole.words
    assert "Its own check found nothing." in whole.words
    assert "(short check)" not in whole.words
