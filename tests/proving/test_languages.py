"""Who asks about a certificate in a language of the platform is answered in it, whatever the answer is."""

import io
from http import HTTPStatus
from tempfile import TemporaryFile

import pytest

from pme.certificates.press.languages import words_for
from pme.certificates.state import State
from pme.intake.bounded import NotTaken
from pme.proving import judging
from pme.proving.documents import NAMES
from pme.proving.reading import looked_at
from pme.proving.words import WORTHS, field_named
from pme.proving.worth import Worth
from pme.web.public import proving
from pme.words.speech import _, speaking
from tests.conftest import Visits


def test_what_a_file_comes_to_has_a_word_for_each_and_is_said_in_the_language_that_is_spoken() -> None:
    assert set(WORTHS) == set(Worth)
    with speaking("fr"):
        assert str(WORTHS[Worth.VALID]) == "Valable"
        assert str(judging.STATES[State.VALID][1]) == "Le certificat est valable."


def test_a_field_is_called_as_people_and_certificates_call_it() -> None:
    english, french = words_for("en"), words_for("fr")
    with speaking("fr"):
        assert field_named(NAMES["issuer.address"]) == "Pays"
        assert field_named(english.version) == french.version
        assert field_named("some.path") == "some.path"
    assert field_named(french.version) == english.version
    assert field_named(NAMES["issuer.address"]) == "Nation"


def test_what_is_put_into_a_sentence_is_french_too() -> None:
    with speaking("fr"):
        said = _(
            "The text matches, but the file was changed after it was signed. {advice}",
            advice=judging.ORIGINAL,
        )
    assert said == (
        "Le texte concorde, mais le fichier a été modifié après la signature. "
        "Demandez le fichier original au titulaire ou à l’académie."
    )


def test_a_child_refuses_in_the_language_of_whoever_asks() -> None:
    with speaking("fr"), pytest.raises(NotTaken, match="C’est un fichier ZIP"):
        _look(b"PK\x03\x04 and no more")
    with pytest.raises(NotTaken, match="This is a ZIP file"):
        _look(b"PK\x03\x04 and no more")
    with pytest.raises(
        NotTaken, match="You can check a certificate"
    ):  # a document of a text program is none to people
        _look(b"PK\x03\x04..........................[Content_Types].xml and more")


def test_the_form_its_refusals_and_its_answers_keep_the_language_that_was_chosen(visit: Visits) -> None:
    page = visit("nobody").get("/verify?lang=fr").follow("Envoyez-le")
    assert page.title.startswith("Vérifier un fichier")
    refused = page.press("Vérifier")
    assert refused.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choisissez un fichier, ou saisissez le texte" in refused.words
    assert "Error" not in refused.words
    empty = refused.press("Vérifier", file=(io.BytesIO(b""), "nothing.pdf"))
    assert "Ce fichier est vide." in empty.words
    strange = empty.press("Vérifier", file=(io.BytesIO(b'{"a": 1}'), "some.json"))
    assert strange.title.startswith("Illisible")
    assert "pas une attestation signée" in strange.words
    assert "There is a problem" not in strange.words
    assert strange.follow("Vérifier un fichier").follow("English").title.startswith("Verify a file")
    unknown = visit("nobody").get(f"/verify/{'Z' * 24}?lang=fr")
    assert "Aucun certificat ne porte ce code." in unknown.words


@pytest.mark.alike
@pytest.mark.parametrize("language", ["uk", "ar"])
def test_so_do_they_in_ukrainian_and_in_arabic(visit: Visits, language: str) -> None:
    english = visit("nobody").get("/verify/file?lang=en")
    page = visit("nobody").get(f"/verify/file?lang={language}")
    assert page.title != english.title
    with speaking(language):
        refusal, verify = str(proving.NOTHING), _("Verify")
    assert refusal != proving.NOTHING
    assert refusal in page.press(verify).words


def test_what_is_larger_than_any_certificate_is_refused_on_the_form(visit: Visits) -> None:
    page = visit("nobody").get("/verify/file?lang=fr")
    large = page.press("Vérifier", file=(io.BytesIO(bytes(proving.LARGEST + 700_000)), "large.pdf"))
    assert large.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "Ce fichier dépasse 15 Mo." in large.words


def _look(data: bytes) -> None:
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        with looked_at(file):
            pass
