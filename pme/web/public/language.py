"""In which language a verifier reads: as the address says, or else as the browser asks."""

from flask import request
from flask_wtf import FlaskForm

from pme.proving.french import in_language
from pme.proving.page_words import PAGE_WORDS, PageWords


def language_asked() -> str:
    """English or French."""
    chosen = request.args.get("lang", "")
    if chosen in PAGE_WORDS:
        return chosen
    return request.accept_languages.best_match(list(PAGE_WORDS)) or "en"


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
