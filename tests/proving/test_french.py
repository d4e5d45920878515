"""Who asks about a certificate in French is answered in French, whatever the answer is."""

import ast
import inspect
import io
from collections.abc import Iterator
from dataclasses import fields
from http import HTTPStatus
from types import ModuleType

import pytest

from pme.certificates import known
from pme.credentials import checking, compact, jwt, reading
from pme.intake import bounded, work
from pme.proving import french, judging
from pme.proving import reading as of_files
from pme.proving.documents import NAMES
from pme.proving.french import SENTENCES, in_language
from pme.proving.page_words import ENGLISH, FIELDS, FRENCH, field_named
from pme.proving.worth import Worth
from pme.web.public import proving
from tests.conftest import Visits

SAY_SOMETHING = (
    judging,
    of_files,
    checking,
    compact,
    reading,
    jwt,
    known,
    bounded,
    work,
)
OF_LISTS = "BadList"
"""Refusals of lists of withdrawals, which only the command is given."""


def template(node: ast.AST) -> str | None:
    """A text as it stands in a program, with {} for what is put in; None for what is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = template(node.left), template(node.right)
        return None if parts == (None, None) else "".join("{}" if part is None else part for part in parts)
    return None


def said(node: ast.AST) -> Iterator[str]:
    """Every sentence in a program that is not there to explain it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in (OF_LISTS, "lazy", "_")
    ):
        return  # what is marked stands in the catalogues, whose tests look after it
    text = template(node)
    if text is None:
        for each in ast.iter_child_nodes(node):
            yield from said(each)
    elif " " in text.strip() and text.rstrip().endswith((".", "!", "?")):
        yield text


@pytest.mark.parametrize("module", SAY_SOMETHING, ids=lambda module: module.__name__)
def test_every_sentence_that_a_verifier_can_meet_has_its_french(module: ModuleType | type) -> None:
    sentences = set(said(ast.parse(inspect.getsource(module))))
    assert sentences
    assert sentences - set(SENTENCES) == set()
    for english in sentences:
        assert SENTENCES[english].count("{}") == english.count("{}")


def test_so_has_every_word_of_the_pages_and_every_field() -> None:
    assert set(ENGLISH.worths) == set(FRENCH.worths) == set(Worth)
    same = {
        each.name for each in fields(ENGLISH) if getattr(ENGLISH, each.name) == getattr(FRENCH, each.name)
    }
    assert same == set()
    assert set(NAMES.values()) <= set(FIELDS)
    assert field_named("Course edition", "fr") != "Course edition"


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("The certificate stands.", "Le certificat est valable."),
        (
            f"The text matches, but the file was changed after it was signed. {judging.ORIGINAL}",
            f"Le texte concorde, mais le fichier a été modifié après la signature. {SENTENCES[judging.ORIGINAL]}",
        ),
        (
            "This says it was signed after its key was put away, on 26 November 2026.",
            "Ceci se dit signé après le retrait de sa clé, le 26 novembre 2026.",
        ),
        (
            "The academy signed this. It was valid until 2026-11-25: that day is over.",
            "L’académie a signé ceci. Il était valable jusqu’au 25 novembre 2026 : ce jour est passé.",
        ),
        ("Something that nobody has translated.", "Something that nobody has translated."),
    ],
)
def test_what_is_put_into_a_sentence_is_french_too(english: str, expected: str) -> None:
    assert in_language(english, "fr") == expected
    assert in_language(english, "en") == english


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


def test_what_is_larger_than_any_certificate_is_refused_on_the_form(visit: Visits) -> None:
    page = visit("nobody").get("/verify/file?lang=fr")
    large = page.press("Vérifier", file=(io.BytesIO(bytes(proving.LARGEST + 700_000)), "large.pdf"))
    assert large.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "Ce fichier dépasse 15 Mo." in large.words
    assert french.in_language(proving.TOO_LARGE.format(15), "fr") in large.words
