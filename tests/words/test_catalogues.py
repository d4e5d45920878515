"""Every text that the code says is in every catalogue, with its places and tags, and nothing else is."""

import re
from collections import Counter
from functools import cache

import pytest

from pme.words.compiling import CATALOGUES, TRANSLATED
from pme.words.plurals import FORMS
from tests.words import po
from tests.words.said import Text, everything
from tests.words.unfinished import UNFINISHED
from tests.words.update import missing

PLACE, TAG, ENTITY = re.compile(r"\{\w*\}"), re.compile(r"</?\w[^>]*>"), re.compile(r"&#?\w+;")
FIELD = re.compile(r"\b(?:[a-z_]+|Table|Local):(?= |$)")
MAY_LACK = {"fr": frozenset({0}), "uk": frozenset({0}), "ar": frozenset({0, 1, 2})}
"""Forms for numbers that the form itself says: “one page” needs no {n}. In Ukrainian the first is for 21 too."""
pytestmark = pytest.mark.database("sqlite")


@cache
def known_in(language: str) -> po.Translations:
    """What is translated, read once."""
    return po.known(language)


@cache
def translated(language: str) -> list[tuple[Text, int, str, str]]:
    """Each text with the number of its form, the text it is for, and the translation, where there is one."""
    rows = []
    for text, forms in known_in(language).items():
        for number, form in enumerate(forms):
            rows += [(text, number, text.many or text.one, form)] if form else []
    return rows


def test_all_that_is_said_can_be_read_off_the_code():
    assert everything().problems == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogues_hold_what_is_said_and_nothing_else(language: str):
    said, known = everything(), known_in(language)
    for room in {said.room(text) for text in said.where}:
        path = po.file_of(language, room)
        own = [
            po.Entry(text, known.get(text, po.empty(text, language)), files)
            for text, files in said.where.items()
            if said.room(text) == room
        ]
        assert path.exists(), f"{path.name}: run `make words`"
        assert path.read_text(encoding="utf-8") == po.written(language, own), f"{path}: run `make words`"
    rooms = {path.stem for path in CATALOGUES.glob(f"{language}/*.po")}
    assert rooms == {said.room(text) for text in said.where}


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_is_translated_but_in_rooms_that_are_being_worked_on(language: str):
    lacking = {room: [text.one for text in texts][:5] for room, texts in missing(language).items()}
    open_rooms = {room for room, what in UNFINISHED.items() if language in what}
    assert {room: texts for room, texts in lacking.items() if room not in open_rooms} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_room_that_is_complete_is_taken_off_the_list(language: str):
    lacking = missing(language)
    complete = {
        room
        for room, what in UNFINISHED.items()
        if language in what and "marking" not in what and room not in lacking
    }
    assert complete == set(), "take these off tests/words/unfinished.txt"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_and_the_tags_of_its_text(language: str):
    wrong = []
    for text, number, source, form in translated(language):
        places, own = set(PLACE.findall(source)), set(PLACE.findall(form))
        may_lack = {"{n}", *places} if text.many and number in MAY_LACK[language] else set()
        if not (own <= places and places - own <= may_lack):
            wrong.append(f"{form!r} has not the places of {source!r}")
        if sorted(TAG.findall(source)) != sorted(TAG.findall(form)):
            wrong.append(f"{form!r} has not the tags of {source!r}")
        bare = TAG.sub("", form)
        if ("<" in bare or ">" in bare or '"' in bare) and not set('<>"') & set(TAG.sub("", source)):
            wrong.append(f"{form!r} has signs that HTML takes for its own")
        if ENTITY.search(form) and not ENTITY.search(source):
            wrong.append(f"{form!r} has an entity: write the sign itself")
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_counted_text_has_every_form(language: str):
    partly = [
        text.one
        for text, forms in known_in(language).items()
        if text.many and (len(forms) != FORMS[language] or (any(forms) and not all(forms)))
    ]
    assert partly == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_begins_and_ends_as_its_text_does(language: str):
    """A blank at an edge is part of a sentence put together; a full stop lost is a slip."""
    wrong = [
        (source, form)
        for _text, _number, source, form in translated(language)
        if (source[:1].isspace(), source[-1:].isspace()) != (form[:1].isspace(), form[-1:].isspace())
        or (source.rstrip()[-1:] == ".") != (form.rstrip()[-1:] == ".")
    ]
    assert wrong == []


def _without_fields(source: str, form: str) -> str:
    """A translation without the fields of files that its text names too, such as `status:`: they are no French."""
    for written in FIELD.findall(source):
        form = form.replace(written, "")
    return form


def test_french_is_set_as_french_is():
    """Typographic apostrophes, guillemets, and no-break spaces before double signs."""
    forms = [_without_fields(source, form) for _text, _number, source, form in translated("fr")]
    assert [form for form in forms if "'" in TAG.sub("", form)] == []
    assert [form for form in forms if re.search(r"[“”]", form)] == []
    assert [
        form
        for form in forms
        if re.search(
            r"(?<=\w)[?!;»](?!\w*=)|[^\s\d/]:(?=\s|$)|«(?![\u00a0\u202f])", ENTITY.sub("", TAG.sub("", form))
        )
    ] == []
    assert [form for form in forms if re.search(r" [?!;:»]", TAG.sub("", form))] == []


def test_no_word_means_two_things_in_a_language_by_an_oversight():
    """A text stands once in the code's catalogue: two translations of it in two files would shadow each other."""
    for language in TRANSLATED:
        counted = Counter(
            text.key
            for path in CATALOGUES.glob(f"{language}/*.po")
            for text in po.read(path.read_bytes(), language)
        )
        assert [key for key, number in counted.items() if number > 1] == []
