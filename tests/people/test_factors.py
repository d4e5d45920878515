"""Second factors without a browser: codes are taken once, secrets are sealed, recovery codes are hashed."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.errors import Conflict
from pme.people import factors, factors_app, factors_recovery
from pme.people.browsers import browser_name, coarse_network
from pme.people.factors_models import AppFactor, RecoveryCode
from pme.people.factors_seal import CannotBeOpened, Seal
from pme.people.models import Person
from tests.support.cast import START, email_of

SEAL = Seal("for-the-tests-only-" + "k" * 32)
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def adams(session: Session) -> int:
    """The id of Adams."""
    return session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()


def set_up(session: Session, person_id: int) -> pyotp.TOTP:
    """Set an app up at the start of the story; gives the app."""
    factors_app.begin_app(session, SEAL, person_id, at=START)
    secret = factors_app.secret_to_confirm(session, SEAL, person_id)
    assert secret is not None
    app = pyotp.TOTP(secret)
    assert factors_app.confirm_app(session, SEAL, person_id, app.at(START), at=START)
    return app


def test_a_code_is_taken_once_and_so_is_every_one_before_it(session: Session, adams: int):
    app = set_up(session, adams)

    def takes(code: str, minutes: float) -> bool:
        at = START + timedelta(minutes=minutes)
        return factors_app.take_code(session, SEAL, adams, code, at=at)

    assert not takes(app.at(START), 0), "the code that confirmed it"
    later = app.at(START + timedelta(minutes=5))
    assert takes(f"{later[:3]} {later[3:]}", 5)
    assert not takes(later, 5)
    assert not takes(app.at(START + timedelta(minutes=4.5)), 5), "older than one that was taken"


@pytest.mark.alike
@pytest.mark.parametrize(("off", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_the_clock_of_a_phone_may_be_off_by_half_a_minute(
    session: Session, adams: int, off: int, is_taken: bool
):
    app, at = set_up(session, adams), START + timedelta(minutes=10)
    assert factors_app.take_code(session, SEAL, adams, app.at(at + off * HALF_MINUTE), at=at) is is_taken


def test_an_app_counts_only_once_it_is_confirmed(session: Session, adams: int):
    factors_app.begin_app(session, SEAL, adams, at=START)
    secret = factors_app.secret_to_confirm(session, SEAL, adams)
    assert not factors.has_second_factor(session, adams)
    assert not factors_app.take_code(session, SEAL, adams, pyotp.TOTP(secret or "").at(START), at=START)
    assert not factors_app.confirm_app(session, SEAL, adams, "000000 or so", at=START)
    factors_app.begin_app(session, SEAL, adams, at=START)
    assert factors_app.secret_to_confirm(session, SEAL, adams) != secret
    set_up(session, adams)
    with pytest.raises(Conflict, match="Remove it first"):
        factors_app.begin_app(session, SEAL, adams, at=START)


def test_a_secret_is_kept_sealed_for_its_person_and_its_key(session: Session, adams: int):
    app = set_up(session, adams)
    sealed = session.scalars(select(AppFactor.sealed)).one()
    assert app.secret not in sealed
    about = f"authenticator app of person {adams}"
    assert SEAL.open(sealed, about=about) == app.secret
    for other, of in ((SEAL, about + "0"), (Seal("another key " + "x" * 32), about)):
        with pytest.raises(CannotBeOpened):
            other.open(sealed, about=of)


def test_a_recovery_code_signs_in_once_however_it_is_typed(session: Session, adams: int):
    codes = factors_recovery.make_codes(session, adams)
    assert len(set(codes)) == factors_recovery.HOW_MANY
    kept = " ".join(session.scalars(select(RecoveryCode.code_sha256)))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    typed = f" {codes[0].upper().replace('-', ' ').replace('0', 'O').replace('1', 'l')} "
    takes = [
        factors.take_any_code(session, SEAL, adams, typed, at=START),
        factors.take_any_code(session, SEAL, adams, codes[0], at=START),
        factors.take_any_code(session, SEAL, adams + 1, codes[1], at=START),
    ]
    assert takes == ["recovery", "", ""]
    assert factors_recovery.codes_left(session, adams) == factors_recovery.HOW_MANY - 1
    factors_recovery.make_codes(session, adams)
    assert factors.take_any_code(session, SEAL, adams, codes[1], at=START) == "", "an old one"


def test_with_another_key_of_the_platform_recovery_codes_still_sign_in(session: Session, adams: int):
    app, codes = set_up(session, adams), factors_recovery.make_codes(session, adams)
    other, later = Seal("another key " + "x" * 32), START + timedelta(minutes=5)
    with pytest.raises(CannotBeOpened, match="Ask your academy"):
        factors.take_any_code(session, other, adams, app.at(later), at=later)
    assert factors.take_any_code(session, other, adams, codes[0], at=later) == "recovery"


def test_a_first_step_is_worth_something_for_a_short_while_and_once(session: Session, adams: int):
    token = factors.begin_half(session, adams, at=START)
    half = factors.find_half(session, token, at=START + timedelta(minutes=9))
    assert half is not None
    assert half.person_id == adams
    assert factors.find_half(session, token, at=START + timedelta(minutes=11)) is None
    assert factors.end_half(session, half.id)
    assert not factors.end_half(session, half.id)
    assert factors.find_half(session, token, at=START) is None


@pytest.mark.parametrize(
    ("says", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_by_its_name(says: str, name: str):
    assert browser_name(says) == name


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::77", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        (None, ""),
        ("nothing", ""),
    ],
)
def test_where_a_browser_is_gets_told_coarsely(address: str | None, network: str):
    assert coarse_network(address) == network
