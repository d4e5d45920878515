"""The certificate that a student downloads: signed by their academy, or refused in words that help."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus

import pytest
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import select, update

from pme.certificates import models
from pme.db import Database
from pme.keys import chains
from pme.keys.models import SigningKey
from pme.keys.public import KeyKind
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.graduates import graduate

LATER = START + timedelta(days=2)


@pytest.fixture
def number(database: Database) -> str:
    """The number of Adams's certificate."""
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=LATER)
        return session.scalars(
            select(models.Certificate.number).where(models.Certificate.enrolment_id == enrolment.id)
        ).one()


def test_a_student_gets_their_certificate_signed_with_its_credential_inside(
    number: str, database: Database, visit: Visits
):
    response = visit("adams").fetch(f"/certificates/{number}.pdf")
    with database.session() as session:
        academy_id, code = session.execute(
            select(models.Certificate.academy_id, models.Certificate.code).where(
                models.Certificate.number == number
            )
        ).one()
        chain = session.scalars(
            select(SigningKey.certificate_chain).where(
                SigningKey.academy_id == academy_id, SigningKey.kind == KeyKind.P256
            )
        ).one()
    root = Certificate.load(chains.as_der(chain)[-1])
    paper = PdfFileReader(io.BytesIO(response.get_data()))
    (signature,) = paper.embedded_signatures
    trusted = ValidationContext(trust_roots=[root], allow_fetching=False, moment=LATER)
    with ThreadPoolExecutor(1) as thread:  # it runs a loop of its own, and a browser's may run in this one
        assert thread.submit(validate_pdf_signature, signature, trusted).result().bottom_line
    inside = paper.root["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()["/EF"]["/F"].data
    assert inside == visit("nobody").fetch(f"/verify/{code}/credential.json").get_data()
    assert visit("adams").fetch(f"/certificates/{number}.pdf").get_data() == response.get_data()


def test_without_a_key_it_is_refused_and_says_what_to_run(number: str, database: Database, visit: Visits):
    with database.writing() as session:
        session.execute(update(SigningKey).values(retired_at=LATER))
    refused = visit("adams").fetch(f"/certificates/{number}.pdf")
    assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "pme keys new home" in refused.get_data(as_text=True)
