"""Passkeys without a browser: what is signed for another question, place or person is worth nothing."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.errors import Conflict, Invalid
from pme.people.factors_models import Passkey
from pme.people.factors_passkeys import MOST, Site, add_passkey, take_passkey
from pme.people.models import Person
from tests.support.authenticator import Authenticator
from tests.support.cast import START, email_of

HERE = Site("localhost", "http://localhost")
ASKED, OTHER = "A" * 43, "B" * 43


@pytest.fixture
def adams(session: Session) -> int:
    """The id of Adams."""
    return session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()


def make(session: Session, person_id: int, device: Authenticator) -> Passkey:
    """Keep the passkey of a device."""
    return add_passkey(
        session, person_id, HERE, challenge=ASKED, answer=device.make(ASKED), name=" phone ", at=START
    )


def takes(
    session: Session, person_id: int, answer: str, *, site: Site = HERE, challenge: str = ASKED
) -> bool:
    """Whether an answer passes as a second step."""
    return take_passkey(session, person_id, site, challenge=challenge, answer=answer, at=START)


def test_a_passkey_is_kept_and_taken_and_counts_its_uses(session: Session, adams: int):
    device = Authenticator()
    kept = make(session, adams, device)
    assert (kept.name, kept.site, kept.used_at) == ("phone", "localhost", None)
    assert takes(session, adams, device.use(ASKED))
    assert (kept.sign_count, kept.used_at) == (1, START)
    copied = replace(device, count=0)
    assert not takes(session, adams, copied.use(ASKED)), "a copy of the device counts less"
    assert takes(session, adams, device.use(ASKED))


def test_an_answer_is_good_for_its_question_place_and_person_only(session: Session, adams: int):
    device = Authenticator()
    make(session, adams, device)
    answer = device.use(ASKED)
    turned = json.loads(answer)
    turned["response"]["signature"] = turned["response"]["signature"][::-1]
    assert not takes(session, adams, answer, challenge=OTHER)
    assert not takes(session, adams + 1, answer)
    assert not takes(session, adams, answer, site=Site("pme.example", "https://pme.example"))
    assert not takes(session, adams, answer, site=Site("localhost", "http://localhost:81"))
    assert not takes(session, adams, Authenticator().use(ASKED)), "never kept"
    assert not takes(session, adams, replace(Authenticator(), credential=device.credential).use(ASKED))
    for broken in ("", "{}", "[1]", '"x"', "null", "{", json.dumps(turned), answer[:-2], device.make(ASKED)):
        assert not takes(session, adams, broken), broken
    assert takes(session, adams, answer)


@pytest.mark.parametrize(
    "device", [Authenticator(host="evil.example"), Authenticator(origin="https://evil.example")]
)
def test_a_passkey_made_elsewhere_is_not_kept(session: Session, adams: int, device: Authenticator):
    with pytest.raises(Invalid, match="could not be checked"):
        make(session, adams, device)


@pytest.mark.alike
@pytest.mark.parametrize("answer", ["", "{}", "[1]", '"x"', "null", "{"])
def test_what_is_no_passkey_is_refused_in_a_sentence(session: Session, adams: int, answer: str):
    with pytest.raises(Invalid, match="could not be checked"):
        add_passkey(session, adams, HERE, challenge=ASKED, answer=answer, name="phone", at=START)


def test_a_passkey_is_kept_once_and_ten_of_a_person_at_most(session: Session, adams: int):
    device = Authenticator()
    make(session, adams, device)
    with pytest.raises(Conflict, match="kept already"):
        make(session, adams + 1, device)
    for _ in range(MOST - 1):
        make(session, adams, Authenticator())
    with pytest.raises(Conflict, match="which is the most"):
        make(session, adams, Authenticator())
