"""Authoring in the language of who writes: its pages, its notices, and the notes of a template."""

from tests.authoring.test_drafting import begin
from tests.conftest import Visits


def test_pages_of_authoring_speak_the_language_that_is_asked_for(visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.fetch(f"{draft}?lang=ar").get_data(as_text=True)
    assert 'dir="rtl"' in page
    assert "فحص الكل" in page
    assert "Tout vérifier" in clarke.fetch(f"{draft}?lang=fr").get_data(as_text=True)


def test_a_refusal_is_said_in_the_language_of_the_form(visit: Visits):
    clarke = visit("clarke")
    sent = clarke.send("/author/drafts?lang=uk", title=" ")
    assert sent.status_code == 422
    assert "Дайте чернетці назву" in sent.get_data(as_text=True)
