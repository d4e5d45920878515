"""A student's whole record: on paper, and as a learner record of signed credentials."""

import json
from datetime import timedelta
from http import HTTPStatus

import pypdfium2
from flask import Flask

from pme.certificates.known import check_here
from pme.certificates.models import Ground
from pme.certificates.queries import latest_of
from pme.certificates.service import revoke
from pme.credentials.checking import Standing
from pme.credentials.jwt import claims_in
from pme.db import Database
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.clock import Clock
from tests.support.graduates import graduate

DONE = START + timedelta(days=1)


def test_a_record_holds_what_stands_and_each_part_proves_itself(
    database: Database, clock: Clock, visit: Visits, app: Flask
):
    adams = visit("adams")
    assert adams.http.get("/certificates/record.json").status_code == HTTPStatus.NOT_FOUND
    assert "transcript (PDF)" not in adams.get("/certificates").words
    clock.at = DONE
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=DONE)
        academy_id, enrolment_id = enrolment.academy_id, enrolment.id
    assert "transcript (PDF)" in adams.get("/certificates").words

    record = json.loads(adams.fetch("/certificates/record.json").get_data())
    assert record["type"] == ["VerifiableCredential", "ClrCredential"]
    (credential,) = record["credentialSubject"]["verifiableCredential"]
    url = app.extensions["pme_settings"].public_url
    with database.session() as session:
        assert check_here(session, credential, public_url=url, at=DONE).standing is Standing.VALID
        certificate = latest_of(session, academy_id, enrolment_id)
        assert certificate is not None
        told = (certificate.number, certificate.code, certificate.holder_name, *certificate.outcome_texts)
    token = adams.fetch("/certificates/record.jwt").get_data(as_text=True)
    assert claims_in(token)["credentialSubject"] == record["credentialSubject"]

    paper = pypdfium2.PdfDocument(adams.fetch("/certificates/record.pdf").get_data())
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    for each in told:
        assert "".join(each.split()) in "".join(text.split()), each

    with database.writing() as session:
        own = latest_of(session, academy_id, enrolment_id)
        assert own is not None
        revoke(session, own, ground=Ground.ERROR, reason="Issued twice.", by=own.person_id, at=DONE)
    for form in ("json", "jwt", "pdf"):
        assert adams.http.get(f"/certificates/record.{form}").status_code == HTTPStatus.NOT_FOUND
