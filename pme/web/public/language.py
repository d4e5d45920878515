"""In which language a verifier reads: that of the page where what is found can be told in it, else English."""

from flask_wtf import FlaskForm

from pme.proving.french import in_language
from pme.proving.page_words import PAGE_WORDS, PageWords
from pme.words.languages import SOURCE
from pme.words.speech import current, speak


def language_asked() -> str:
    """The language of the whole page."""
    if current() not in PAGE_WORDS:
        speak(SOURCE)
    return current()


def words_asked() -> PageWords:
    """What the pages say in that language."""
    return PAGE_WORDS[language_asked()]


def spoken(form: FlaskForm, words: PageWords) -> FlaskForm:
    """A form whose labels and refusals are in that language; its fields are called as its words are."""
    for field in form:
        if label := getattr(words, field.short_name, ""):
            field.label.text = label
        field.errors = [in_language(str(error), words.language) for error in field.errors]
    return form
