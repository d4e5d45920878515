"""The glossary by a form, and an introduction that is typed without the fields of its module."""

import pytest

from pme.authoring.front_matter import with_front
from pme.authoring.terms import with_term
from pme.errors import Conflict, Invalid
from tests.authoring.question_forms import text_of
from tests.authoring.test_drafting import begin, change
from tests.conftest import Visits
from tests.content.small_library import FILES, GLOSSARY, MODULE, PAGE, Shelf

pytestmark = pytest.mark.alike

ADD = "Add to the glossary"


def test_a_term_comes_to_the_end_and_nothing_else_of_the_file_changes(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    form = clarke.get(draft).follow("Add a term to the glossary")
    done = form.press(ADD, term="Safe: passage", definition="A way {open} to all: #1.")
    assert done.path == f"{draft}/file/{GLOSSARY}"
    text = text_of(clarke, draft, GLOSSARY)
    assert text.startswith(FILES[GLOSSARY])
    assert "safe-passage:" in text
    again = clarke.get(f"{draft}/new-term/{PAGE}").press(ADD, term="Safe passage", definition="Other.")
    assert again.status == 422
    assert "has safe-passage in this language already" in again.words
    french = clarke.get(f"{draft}/new-term/{PAGE}").press(
        ADD, term="accord", definition="Un oui libre.", language="fr", slug="consent"
    )
    assert french.status == 200
    assert "\n  fr:\n    term: accord" in text_of(clarke, draft, GLOSSARY)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"term": " "}, "Give the term."),
        ({"definition": ""}, "Say what it means."),
        ({"term": "Слухати"}, "none can be made from this term"),
        ({"slug": "../x"}, "lower-case letters, digits and hyphens"),
        ({"term": "a\x00b"}, "cannot be kept"),
    ],
)
def test_what_cannot_be_a_term_is_refused_beside_its_field(
    published: Shelf, visit: Visits, fields: dict[str, str], says: str
):
    clarke = visit("clarke")
    draft = begin(clarke)
    form = clarke.get(f"{draft}/new-term/{GLOSSARY}")
    told = form.press(ADD, **({"term": "duty", "definition": "What one owes."} | fields))
    assert told.status == 422
    assert says in told.words


def test_a_glossary_that_cannot_be_read_is_left_alone():
    with pytest.raises((Conflict, Invalid)):
        with_term("[", "duty", "en", "duty", "What one owes.")
    assert with_term("", "duty", "en", "duty", "What one owes.").startswith("duty:\n  en:")


def test_an_introduction_without_fields_keeps_those_of_its_module(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    page = clarke.get(f"{draft}/module/{MODULE}").follow("Write the introduction")
    page.press("Save", content="You listen [@GUIDE-2020].")
    before = FILES[MODULE].split("---\n")[1]
    assert text_of(clarke, draft, MODULE) == f"---\n{before}---\nYou listen [@GUIDE-2020]."
    assert clarke.get(f"{draft}/module/{MODULE}").title == "Listening"
    change(clarke, draft, MODULE, "title: Listening", "title: Hearing")
    assert clarke.get(f"{draft}/module/{MODULE}").title == "Hearing"


def test_what_has_fields_of_its_own_or_never_had_any_stays():
    assert with_front("---\na: b\n---\nNew", "---\nc: d\n---\nOld") == "---\na: b\n---\nNew"
    assert with_front("New", "Old") == "New"
    assert with_front("New", "---\nc: d\n---\nOld") == "---\nc: d\n---\nNew"


def test_a_quiz_begun_from_a_module_is_of_that_module_and_named_by_its_title(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    form = clarke.get(f"{draft}/module/{MODULE}").follow("New quiz or bank")
    assert form.tree.xpath("//select[@name='module']/option[@selected]/text()") == ["Listening"]
    first = form.press("Begin it", kind="bank", title="Words of help", slug="")
    assert first.path == f"{draft}/questions/quizzes/words-of-help.bank.yaml"
    assert form.press("Begin it", kind="bank", title="Words of help", slug="").path != first.path
