"""Delivering to an LRS that runs, in every kind of trouble: nothing is lost, nothing is there twice, and what keeps
it from going on is said in a sentence.
"""

import json
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select, update

from pme.db import Database
from pme.errors import Invalid
from pme.keys.keyring import Keyring
from pme.people.models import Academy, Person
from pme.xapi import address, delivering, service
from pme.xapi.address import NotReachable, target_of, ways_to
from pme.xapi.calling import Answer, Line, SignIn
from pme.xapi.delivering import Delivery, deliver
from pme.xapi.models import Lrs, LrsState, LrsStatement
from pme.xapi.queries import Standing, standing_of
from pme.xapi.service import Wanted, connect, tried
from pme.xapi.telling import tell
from pme.xapi.tries import next_try
from tests.support.cast import START, email_of
from tests.support.clock import Clock
from tests.support.graduates import graduate
from tests.support.keys import KEYS_SECRET
from tests.support.lrs import PASSWORD, USER, SmallLrs, small_lrs
from tests.support.work import run_duty

DUTY = "xapi statements"


@pytest.fixture
def lrs() -> Iterator[SmallLrs]:
    """An LRS on this machine."""
    with small_lrs() as lrs:
        yield lrs


@pytest.fixture
def home(app: Flask, database: Database, lrs: SmallLrs, clock: Clock) -> int:
    """Adams's academy with this LRS; Adams has completed the core course. Gives the academy's id."""
    clock.at = START + timedelta(days=1)
    with database.writing() as session:
        graduate(session, "adams", at=START)
        academy = session.scalars(select(Academy).where(Academy.slug == "home")).one()
        evans = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
        wanted = Wanted(lrs.address, USER, PASSWORD, names_certificates=True)
        connect(session, academy, wanted, app.extensions["pme_settings"], by_id=evans, at=clock.at)
    return academy.id


def standing(database: Database, academy_id: int) -> Standing:
    with database.session() as session:
        return standing_of(session, academy_id)


def lrs_of(database: Database, academy_id: int) -> Lrs:
    with database.session() as session:
        return session.scalars(select(Lrs).where(Lrs.academy_id == academy_id)).one()


def sent(app: Flask, academy_id: int, clock: Clock) -> Delivery:
    return deliver(app.extensions["pme_database"], app.extensions["pme_settings"], academy_id, at=clock())


def test_all_is_delivered_in_batches_and_nothing_is_sent_again(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivering, "AT_ONCE", 10)
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused) == (0, 0)
    assert counted.delivered == len(lrs.kept) > 10
    assert max(lrs.batches) == 10
    assert "earned" in lrs.verbs()
    asked = len(lrs.asked)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    assert lrs_of(database, home).succeeded_at == clock()
    assert PASSWORD not in lrs_of(database, home).secret_sealed


def test_a_worker_that_dies_before_it_could_note_the_answer_leaves_nothing_twice(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    def die(*_args: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "_keep", die)
        with pytest.raises(KeyboardInterrupt):
            run_duty(app, DUTY)
    first = len(lrs.kept)
    assert first
    assert standing(database, home).delivered == 0
    lrs.breaks_off = True  # now the LRS takes them, and hangs up before it says so
    sent(app, home, clock)
    assert "broke off before it had answered" in lrs_of(database, home).problem
    lrs.breaks_off = False
    clock.move(minutes=2)
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused) == (0, 0)
    assert counted.delivered == len(lrs.kept) >= first


def test_what_the_lrs_refuses_is_found_among_many_and_told_in_its_words(
    app: Flask, database: Database, home: int, lrs: SmallLrs
):
    def picky(statements: list[dict[str, Any]]) -> tuple[int, str] | None:
        if any(each["verb"]["display"]["en-US"] == "earned" for each in statements):
            return 400, "no <b>badges</b>\x00\n here " + "x" * 1000
        return None

    lrs.trouble = picky
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused) == (0, 1)
    assert counted.delivered == len(lrs.kept)
    with database.session() as session:
        refused = session.scalars(select(LrsStatement).where(LrsStatement.state == "refused")).one()
    assert refused.verb == "earned"
    assert "(400): no <b>badges</b> here xxx" in refused.problem
    assert len(refused.problem) < 400


def test_a_conflict_is_told_truthfully_and_too_large_a_batch_is_halved(
    app: Flask, database: Database, home: int, lrs: SmallLrs
):
    run_duty(app, DUTY)
    changed = min(lrs.kept)
    lrs.kept[changed]["timestamp"] = "2020-01-01T00:00:00.000Z"
    lrs.most_at_once = 7
    with database.writing() as session:
        service.replay(session, home, by_id=None, at=START)
    run_duty(app, DUTY)
    counted = standing(database, home)
    assert (counted.waiting, counted.refused, counted.delivered) == (0, 1, len(lrs.kept) - 1)
    with database.session() as session:
        refused = session.scalars(select(LrsStatement).where(LrsStatement.state == "refused")).one()
    assert refused.statement_id == changed
    assert refused.problem.startswith("The LRS has another statement under this id (409)")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((503, "closed for the night"), "is in trouble (503). It says: closed for the night"),
        ((429, ""), "asks for patience (429)."),
        ((404, "what?"), "does not understand (404). Check that the address"),
        ((302, ""), "points elsewhere (302), which is not followed"),
    ],
)
def test_an_lrs_in_trouble_is_left_alone_for_longer_each_time_and_nothing_is_lost(
    app: Flask,
    database: Database,
    home: int,
    lrs: SmallLrs,
    clock: Clock,
    answer: tuple[int, str],
    says: str,
):
    lrs.trouble = lambda _statements: answer
    lrs.more_headers = {"Retry-After": "600", "Location": "http://127.0.0.1:9/elsewhere"}
    run_duty(app, DUTY)
    kept = lrs_of(database, home)
    assert says in kept.problem
    assert kept.state is LrsState.ON
    assert kept.failures == 1
    assert kept.next_try_at == clock() + timedelta(minutes=10)
    assert standing(database, home).waiting > 0
    asked = len(lrs.asked)
    clock.move(minutes=9)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    lrs.trouble = lambda _statements: None
    clock.move(minutes=2)
    run_duty(app, DUTY)
    assert standing(database, home).waiting == 0
    assert (lrs_of(database, home).failures, lrs_of(database, home).problem) == (0, "")


def test_a_refused_sign_in_stops_it_until_somebody_corrects_it(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    lrs.password = "another"
    run_duty(app, DUTY)
    kept = lrs_of(database, home)
    assert kept.state is LrsState.STOPPED
    assert "refuses the sign-in (401). Nothing is sent until" in kept.problem
    asked = len(lrs.asked)
    clock.move(minutes=60 * 24)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    with database.writing() as session:
        academy = session.get_one(Academy, home)
        wanted = Wanted(lrs.address, USER, "another", names_certificates=True)
        connect(session, academy, wanted, app.extensions["pme_settings"], by_id=kept.set_by, at=clock())
    run_duty(app, DUTY)
    assert standing(database, home).waiting == 0


def test_an_lrs_that_says_nothing_or_drips_or_is_gone_holds_nobody_up(lrs: SmallLrs):
    line = Line(
        target_of(lrs.address, development=True), SignIn(USER, PASSWORD), development=True, seconds=0.3
    )
    lrs.trouble = lambda _statements: (0, "")
    assert line.post(b"[]").says.endswith("did not answer within 0.3 seconds.")
    lrs.released.set()
    lrs.trouble = lambda _statements: (200, "x" * 300_000)
    patient = replace(line, seconds=10.0)
    assert "was too long" in patient.post(b"[]").says
    gone = replace(patient, target=replace(line.target, port=1))
    assert "cannot be reached: Connection refused." in gone.post(b"[]").says
    safe = replace(patient, target=replace(line.target, is_safe=True))
    assert "There is no safe connection" in safe.post(b"[]").says


def test_trying_a_connection_says_what_is_there_and_sends_nothing(lrs: SmallLrs):
    line = Line(target_of(lrs.address, development=True), SignIn(USER, PASSWORD), development=True)
    is_good, says = tried(line)
    assert is_good
    assert "speaks xAPI 1.0.3 and takes the sign-in" in says
    assert [method for method, _ in lrs.asked] == ["GET", "GET"]
    assert tried(replace(line, sign_in=SignIn(USER, "wrong")))[1].startswith("The LRS at 127.0.0.1")
    elsewhere = replace(line, target=target_of(f"http://127.0.0.1:{lrs.port}/wrong", development=True))
    assert "does not say that it is an LRS" in tried(elsewhere)[1]
    assert "secret" not in repr(line.sign_in).replace("secret=…", "")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", address.NO_ADDRESS),
        ("ftp://lrs.example/xapi", address.NO_ADDRESS),
        ("https://", address.NO_ADDRESS),
        ("https://lrs.example:99999/", address.NO_ADDRESS),
        ("https://lrs.example/ü", address.NO_ADDRESS),
        ("https://lrs.example/a\r\nHost: b", address.NO_ADDRESS),
        ("https://me:secret@lrs.example/", address.SIGN_IN_APART),
        ("https://lrs.example/?a=b", address.NOTHING_BEHIND),
        ("http://lrs.example/xapi", address.NOT_SAFE),
    ],
)
def test_an_address_is_refused_with_what_is_wrong_with_it(given: str, why: str):
    with pytest.raises(Invalid) as refused:
        target_of(given, development=True)
    assert refused.value.says == why
    assert refused.value.field == "address"


@pytest.mark.parametrize(
    "where",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "fec0::1",
        "::10.0.0.1",
        "64:ff9b:1::a00:1",
        "240.0.0.1",
    ],
)
def test_no_statement_goes_into_a_private_network_whatever_the_name_leads_to(where: str):
    target = target_of("https://lrs.example/xapi")
    with pytest.raises(NotReachable, match="private network"):
        ways_to(target, resolve=lambda _host, _port: ["93.184.216.34", where])
    with pytest.raises(Invalid):
        target_of("http://127.0.0.1/xapi")


def test_an_lrs_that_the_installation_names_may_stand_in_a_private_network_and_nowhere_worse():
    def way(where: str, *inside: str) -> Sequence[str]:
        return ways_to(target_of("https://lrs.example/xapi"), inside=inside, resolve=lambda *_: [where])

    for where in ("10.1.2.3", "172.16.0.9", "192.168.0.1", "fd00::1"):
        assert way(where, "lrs.example") == [where]
        with pytest.raises(NotReachable, match="PME_LRS_HOSTS"):
            way(where, "other.example")
    for where in (
        "127.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
    ):
        with pytest.raises(NotReachable):
            way(where, "lrs.example")


def test_the_connection_goes_to_the_address_that_was_looked_at(lrs: SmallLrs):
    """A name that leads elsewhere at the second look is not looked at twice."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    target = replace(
        target_of("http://localhost/xapi", development=True), host="nowhere.invalid", port=lrs.port
    )
    line = Line(target, SignIn(USER, PASSWORD), development=True, resolve=resolve)
    assert line.post(b"[]").status == 200
    assert asked == ["nowhere.invalid"]
    for public in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"):
        assert ways_to(target_of("https://lrs.example"), resolve=lambda *_, found=public: [found]) == [public]


def test_the_certificate_must_be_that_of_the_name_wherever_the_name_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_of("lrs.example", tmp_path))
    with small_lrs(context) as lrs:

        def answer(name: str) -> Answer:
            target = target_of(f"https://{name}:{lrs.port}/xapi")
            line = Line(target, SignIn(USER, PASSWORD), development=True, resolve=lambda *_: ["127.0.0.1"])
            return line.post(b"[]")

        assert "no safe connection to the LRS at lrs.example: self-signed" in answer("lrs.example").says
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "lrs.pem"))  # now its authority is a known one
        assert answer("lrs.example").status == 200
        assert "Hostname mismatch" in answer("other.example").says
    assert lrs.asked == [("POST", "/xapi/statements")]


def certificate_of(name: str, folder: Path) -> Path:
    """A file with a key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "lrs.pem"
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


def test_waits_grow_spread_and_honour_what_the_lrs_asks_for():
    waits = [(next_try(n, at=START, die=0.0) - START).total_seconds() / 60 for n in range(1, 9)]
    assert waits == [1, 5, 15, 60, 180, 360, 360, 360]
    assert next_try(1, at=START, die=1.0) == START + timedelta(seconds=75)
    assert next_try(1, at=START, die=0.0, asked=3600) == START + timedelta(hours=1)
    assert next_try(1, at=START, die=0.0, asked=10**9) == START + timedelta(days=1)


def test_a_password_goes_nowhere_but_where_it_was_given_for(app: Flask, database: Database, home: int):
    settings = app.extensions["pme_settings"]
    with database.writing() as session:
        academy = session.get_one(Academy, home)
        wanted = Wanted("https://other.example/xapi", USER, "", names_certificates=True)
        with pytest.raises(Invalid) as refused:
            connect(session, academy, wanted, settings, by_id=1, at=START)
        assert refused.value.field == "secret"


def test_another_address_is_told_everything_from_the_start(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    run_duty(app, DUTY)
    first = dict(lrs.kept)
    with small_lrs() as other:
        with database.writing() as session:
            academy, wanted = (
                session.get_one(Academy, home),
                Wanted(other.address, USER, PASSWORD, names_certificates=True),
            )
            connect(session, academy, wanted, app.extensions["pme_settings"], by_id=1, at=clock())
        run_duty(app, DUTY)
        assert other.kept == first


def test_what_was_delivered_long_ago_is_forgotten_but_not_that_it_was(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    run_duty(app, DUTY)
    clock.move(minutes=60 * 24 * 31)
    run_duty(app, "old xapi statements")
    with database.session() as session:
        assert set(session.scalars(select(LrsStatement.body))) == {""}
    asked = len(lrs.asked)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked
    with database.writing() as session:
        session.execute(update(Lrs).where(Lrs.academy_id == home).values(state="paused"))
        service.replay(session, home, by_id=None, at=clock())
    run_duty(app, DUTY)
    assert standing(database, home).waiting == len(lrs.kept)
    with database.session() as session:
        bodies = [json.loads(body) for body in session.scalars(select(LrsStatement.body))]
    assert {each["id"]: each for each in bodies} == lrs.kept


def test_the_password_is_sealed_anew_with_the_keys_when_their_secret_changes(
    app: Flask, database: Database, home: int, lrs: SmallLrs, clock: Clock
):
    new = "another-secret-of-keys-" + "n" * 32
    with database.writing() as session:
        done = service.reseal_stores(session, Keyring(new, old=KEYS_SECRET))
    assert (done.anew, done.fresh, done.unopened) == (1, 0, ())
    with database.writing() as session:
        assert service.reseal_stores(session, Keyring(new)).fresh == 1
        lost = service.reseal_stores(session, Keyring(KEYS_SECRET))
    assert lost.unopened == (f"the password of the LRS of academy {home}",)
    tell(app.extensions["pme_database"], app.extensions["pme_settings"], home, at=clock())
    assert "was sealed with another secret" in sent(app, home, clock).problem
    assert standing(database, home).waiting > 0
    assert not lrs.asked
