"""A connection to a record store: refused or found, where it may lead, and what it takes along."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pme.errors import Invalid
from pme.xapi import address
from pme.xapi.address import NotReachable, target_of, ways_to
from pme.xapi.calling import Answer, Line, SignIn
from pme.xapi.service import tried
from tests.support.lrs import PASSWORD, USER, SmallLrs, small_lrs


def test_an_lrs_that_says_nothing_or_drips_or_is_gone_holds_nobody_up(lrs: SmallLrs):
    line = Line(
        target_of(lrs.address, development=True), SignIn(USER, PASSWORD), development=True, seconds=0.3
    )
    lrs.trouble = lambda _statements: (0, "")
    assert line.post(b"[]").says.endswith("did not answer within 0.3 seconds.")
    lrs.released.set()
    lrs.trouble = lambda _statements: (200, "x" * 300_000)
    patient = replace(line, seconds=10.0)
    assert "is too long. Check that the address is that of an LRS" in patient.post(b"[]").says
    gone = replace(patient, target=replace(line.target, port=1))
    assert "cannot be reached: Connection refused." in gone.post(b"[]").says
    safe = replace(patient, target=replace(line.target, is_safe=True))
    assert "There is no safe connection" in safe.post(b"[]").says


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


def drips(connection: socket.socket) -> None:
    """Answers a byte at a time, which keeps each single wait short."""
    connection.recv(65_536)
    for byte in HEAD + b"x" * 1_000:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def sips(connection: socket.socket) -> None:
    """Takes a little at a time."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    for _ in range(1_000):
        connection.recv(1_024)
        time.sleep(0.02)


def says_nothing(connection: socket.socket) -> None:
    """Takes the call and does not even begin with TLS."""
    time.sleep(5)


@contextmanager
def peer(act: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server of one call on this machine, gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                with tls.wrap_socket(connection, server_side=True) if tls else connection as taken:
                    act(taken)

        Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("act", "is_safe"), [(drips, False), (drips, True), (sips, False), (sips, True), (says_nothing, True)]
)
def test_the_time_is_for_the_whole_however_little_comes_or_goes_and_takes_no_thread(
    act: Callable[[socket.socket], None], is_safe: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_of("localhost", tmp_path))
    trusting = ssl.create_default_context(cafile=str(tmp_path / "lrs.pem"))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    with peer(act, context if is_safe and act is not says_nothing else None) as port:
        target = replace(target_of("http://localhost/xapi", development=True), port=port, is_safe=is_safe)
        line = Line(
            target,
            SignIn(USER, PASSWORD),
            development=True,
            seconds=0.6,
            resolve=lambda *_: ["127.0.0.1"],
        )

        def never(_thread: Thread) -> None:
            pytest.fail("where the system lacks memory, this never returns")

        monkeypatch.setattr(Thread, "start", never)
        began = time.monotonic()
        answer = line.post(b"[]" if act is drips else bytes(30_000_000))
        assert time.monotonic() - began < 3
        assert (answer.status, answer.says) == (
            None,
            "The LRS at localhost did not answer within 0.6 seconds.",
        )


def test_trying_a_connection_says_what_is_there_and_sends_nothing(lrs: SmallLrs):
    line = Line(target_of(lrs.address, development=True), SignIn(USER, PASSWORD), development=True)
    is_good, says = tried(line)
    assert is_good
    assert "supports xAPI 1.0.3 and accepts the sign-in" in says
    assert [method for method, _ in lrs.asked] == ["GET", "GET"]
    assert tried(replace(line, sign_in=SignIn(USER, "wrong")))[1].startswith("The LRS at 127.0.0.1")
    elsewhere = replace(line, target=target_of(f"http://127.0.0.1:{lrs.port}/wrong", development=True))
    assert "answers, but not as an LRS" in tried(elsewhere)[1]
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
