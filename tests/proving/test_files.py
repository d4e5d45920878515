"""What people hold in their hands: the original, a print of it, a photo, something changed, something else."""

import io
import json
from dataclasses import replace
from http import HTTPStatus

import pypdfium2
import pytest
from sqlalchemy import select

from pme.certificates.models import Certificate, Ground
from pme.certificates.pdf import CertificateSheet, render
from pme.certificates.press.languages import EARLIER
from pme.certificates.press.page import lay_out
from pme.certificates.service import revoke
from pme.certificates.sheet import sheet_of
from pme.db import Database
from pme.intake.made import Refused
from pme.people.models import Person
from pme.proving.printed import not_printed
from pme.proving.reading import take_proof
from pme.proving.worth import Worth
from tests.certificates.sheets import FULL, IN_ARABIC, IN_FRENCH, IN_UKRAINIAN
from tests.conftest import Visits
from tests.proving.conftest import DONE, Desk
from tests.support.cast import email_of


def printed_again(paper: bytes) -> bytes:
    """The pages as a printer driver writes them: text, no signature, nothing attached."""
    copy, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    copy.import_pages(pypdfium2.PdfDocument(paper))
    copy.save(out)
    return out.getvalue()


def photo(paper: bytes) -> bytes:
    """A photo of the first page: turned a little, grey, compressed."""
    picture = pypdfium2.PdfDocument(paper)[0].render(scale=3).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.rotate(3, expand=True, fillcolor=(120, 110, 100)).save(out, "JPEG", quality=70)
    return out.getvalue()


def test_a_pdf_proves_as_much_as_is_left_of_it(
    certificate: Certificate, desk: Desk, visit: Visits, database: Database
) -> None:
    paper = visit("adams").fetch(f"/certificates/{certificate.number}.pdf").get_data()
    original = desk.judged(paper)
    assert original.worth is Worth.VALID, original
    assert original.says[0] == "This is exactly the file that the academy signed."
    assert original.certificate is not None
    assert original.certificate.number == certificate.number

    again = desk.judged(printed_again(paper))
    assert (again.worth, again.differences) == (Worth.UNPROVEN, ())
    assert again.says[0].startswith("The text matches, but the signature is missing")

    place = paper.index(b"stream", len(paper) // 4) + 40
    touched = paper[:place] + bytes([paper[place] ^ 1]) + paper[place + 1 :]
    assert desk.judged(touched).worth is Worth.ALTERED

    added = desk.judged(paper + b"\n%more\n")
    assert added.worth is Worth.ALTERED
    assert "changed after it was signed" in added.says[0]

    assert desk.judged(photo(paper)).says[0] == "The academy signed what the code says."
    with pytest.raises(Refused, match="damaged or cut short"):
        take_proof(paper[: len(paper) // 3], {})

    with database.writing() as session:
        own = session.get(Certificate, certificate.id)
        irving = session.scalars(select(Person).where(Person.email == email_of("irving"))).one()
        assert own is not None
        revoke(session, own, ground=Ground.ERROR, reason="Issued twice.", by=irving.id, at=DONE)
    assert [desk.judged(each).worth for each in (paper, printed_again(paper), photo(paper))] == [
        Worth.REVOKED
    ] * 3


def test_another_name_on_the_paper_is_found(certificate: Certificate, desk: Desk, url: str) -> None:
    sheet = sheet_of(certificate, public_url=url)
    forged = desk.judged(render(replace(sheet, holder_name="Somebody Else", result="99 %")))
    assert forged.worth is Worth.ALTERED
    assert {each.field: each.on_record for each in forged.differences} == {
        "Holder": certificate.holder_name,
        "Result": sheet.result,
    }


def test_a_number_which_can_be_guessed_opens_nothing(certificate: Certificate, desk: Desk, url: str) -> None:
    sheet = replace(
        sheet_of(certificate, public_url=url), code="Z" * 24, verify_url=f"{url}/verify/{'Z' * 24}"
    )
    asked = desk.judged(render(sheet))
    assert (asked.worth, asked.certificate, asked.differences) == (Worth.UNKNOWN_ISSUER, None, ())


@pytest.mark.parametrize(
    "sheet", [FULL, IN_FRENCH, IN_UKRAINIAN, IN_ARABIC], ids=lambda sheet: sheet.language
)
def test_each_language_is_compared_as_it_was_printed(sheet: CertificateSheet) -> None:
    text = take_proof(render(sheet), {}).told["text"]
    assert list(not_printed(sheet, text)) == []
    other = replace(sheet, holder_name=f"{sheet.holder_name[:-3]}ово", number="LAKESIDE-2026-999999")
    assert [each.on_record for each in not_printed(other, text)][:2] == [other.number, other.holder_name]


@pytest.mark.parametrize("sheet", [IN_UKRAINIAN, IN_ARABIC], ids=lambda sheet: sheet.language)
def test_a_certificate_from_before_its_labels_were_revised_is_whole(sheet: CertificateSheet) -> None:
    page = lay_out(sheet)
    assert set(dict(page.facts)) & set(EARLIER)
    names = page.number, page.holder, page.rank, page.certificate, page.course, page.academy
    text = [each.text for each in (*names, *(name for name, _ in page.signatories))]
    text += [f"{EARLIER.get(label, label)} {said.text}" for label, said in page.facts]
    assert list(not_printed(sheet, "\n".join(text))) == []


def test_a_credential_tells_which_field_was_changed(
    certificate: Certificate, desk: Desk, visit: Visits
) -> None:
    text = visit("nobody").http.get(f"/verify/{certificate.code}/credential.json").get_data()
    assert desk.judged(text).worth is Worth.VALID
    document = json.loads(text)
    document["credentialSubject"]["result"][0]["value"] = "99"
    changed = desk.judged(json.dumps(document).encode())
    assert changed.worth is Worth.ALTERED
    assert [(each.field, each.in_file) for each in changed.differences] == [("Result", "99")]
    document["proof"]["verificationMethod"] = "did:web:elsewhere.example:academies:home#key-9"
    stranger = desk.judged(json.dumps(document).encode())
    assert stranger.worth is Worth.UNKNOWN_ISSUER
    cut = desk.judged(text[:-50])
    assert (cut.worth, "cut short" in cut.says[0]) == (Worth.UNREADABLE, True)
    token = visit("nobody").http.get(f"/verify/{certificate.code}/credential.jwt").get_data()
    assert desk.judged(token).worth is Worth.VALID
    assert desk.judged(token[:-3] + b"AAA").worth is Worth.ALTERED


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Dear colleague, please find attached", "This file cannot be checked"),
        (b"\x89PNG\r\n\x1a\nrubbish", "damaged or cut short"),
        (b"%PDF-1.7\nrubbish", "cannot be opened"),
        (b"PK\x03\x04rest", "Verify a return"),
        (b"\xff\xfe\x00\x01", "This file cannot be checked"),
    ],
)
def test_anything_else_is_refused_in_a_sentence_that_helps(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        take_proof(content, {})


def test_anybody_sends_a_file_on_the_page_and_nothing_is_lost_when_it_is_refused(
    certificate: Certificate, visit: Visits
) -> None:
    page = visit("nobody").get("/verify/file")
    empty = page.press("Verify")
    assert (empty.status, "Choose a file, or enter the text" in empty.words) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        True,
    )
    wrong = page.press("Verify", text="a text of something else")
    assert wrong.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "a text of something else" in wrong.words
    text = visit("nobody").http.get(f"/verify/{certificate.code}/credential.json").get_data()
    found = page.press("Verify", file=(io.BytesIO(text), "credential.json"))
    assert found.title.startswith("Valid")
    assert certificate.number in found.words


def test_the_record_is_told_in_english_and_in_french(certificate: Certificate, visit: Visits) -> None:
    english = visit("nobody").get(f"/verify/{certificate.code}")
    assert "Valid" in english.words
    french = english.follow("Français")
    assert "Cette plateforme a délivré ce certificat" in french.words
    for field in (
        certificate.number,
        certificate.holder_name,
        certificate.course_title,
        certificate.course_sha256,
    ):
        assert field in english.words
        assert field in french.words


def test_the_verifier_in_one_file_is_handed_out_and_reaches_nothing(visit: Visits) -> None:
    response = visit("nobody").http.get("/academies/home/verifier.html")
    page = response.get_data(as_text=True)
    assert "attachment" in response.headers["Content-Disposition"]
    assert "default-src 'none'" in page
    assert "{{" not in page.split("<script")[0]
    assert visit("nobody").http.get("/academies/no-such/verifier.html").status_code == HTTPStatus.NOT_FOUND
