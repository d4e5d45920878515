"""A certificate that Adams earned, and a desk at which files are judged."""

from datetime import timedelta

import pytest
from flask import Flask

from pme.certificates.models import Certificate
from pme.certificates.queries import latest_of
from pme.db import Database
from pme.proving.judging import judge
from pme.proving.reading import take_proof
from pme.proving.worth import Proof
from tests.support.cast import START
from tests.support.clock import Clock
from tests.support.graduates import graduate

DONE = START + timedelta(days=1)


@pytest.fixture
def certificate(database: Database, clock: Clock) -> Certificate:
    """What Adams earned at home."""
    clock.at = DONE
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=DONE)
        found = latest_of(session, enrolment.academy_id, enrolment.id)
        assert found is not None
        session.expunge(found)
    return found


@pytest.fixture
def url(app: Flask) -> str:
    found: str = app.extensions["pme_settings"].public_url
    return found


class Desk:
    """Where files are laid down and judged."""

    def __init__(self, database: Database, url: str) -> None:
        self.database, self.url = database, url

    def judged(self, content: bytes) -> Proof:
        told = take_proof(content, {}).told
        with self.database.session() as session:
            return judge(session, told, public_url=self.url, at=DONE)


@pytest.fixture
def desk(database: Database, url: str) -> Desk:
    return Desk(database, url)
