"""Authoring in the language of who writes: its pages, its notices, and the notes of a template."""

from tests.authoring.test_drafting import begin
from tests.conftest import Visits
from tests.content.small_library import QUIZ, Shelf


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


def test_a_question_that_is_previewed_says_which_language_it_is_in(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    there = f"{begin(clarke)}/question/1/preview/{QUIZ}"
    page = clarke.get(f"{there}?lang=ar")
    assert page.tree.xpath("//main//legend/span[@lang='en' and @dir='ltr']")
    assert page.tree.xpath("//main//label[contains(@class, 'choice')]//span[@lang='en' and @dir='ltr']")
    assert not clarke.get(f"{there}?lang=en").tree.xpath("//main//legend//span[@lang]")
