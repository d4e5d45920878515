"""One request to an LRS: to the address that was looked at, within a time, with an answer of bounded size.

No redirect is followed. Whatever goes wrong on the way is an `Answer` without a status and with a sentence.
"""

import base64
import http.client
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pme.words.lazily import lazy
from pme.words.speech import _
from pme.xapi.address import NotReachable, Resolve, Target, looked_up, ways_to
from pme.xapi.paced import Paced, Until

VERSION = "1.0.3"
SECONDS = 15.0
"""For the whole of a request: connecting, sending, waiting and reading."""
CONNECTING = 5.0
LARGEST_ANSWER = 256 * 1024
LONGEST_WORDS = 300
MOST_DIGITS = 9
BROKEN_OFF = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
CUT_OFF = lazy("The LRS at {host} closed the connection before it answered.")
TOO_SLOW = lazy("The LRS at {host} did not answer within {seconds} seconds.")
TOO_LONG = lazy("The answer from {host} is too long. Check that the address is that of an LRS.")
NOT_THERE = lazy("The LRS at {host} cannot be reached: {why}.")
NOT_SAFE = lazy("There is no safe connection to the LRS at {host}: {why}.")


@dataclass(frozen=True)
class SignIn:
    """How the platform signs in there (HTTP Basic)."""

    user: str
    secret: str

    @property
    def header(self) -> str:
        """The header that says so."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()  # not words

    def __repr__(self) -> str:
        return f"SignIn({self.user!r}, secret=…)"


@dataclass(frozen=True)
class Answer:
    """What came back; `status` is None where nothing did, and `says` why, or the words of the LRS, cut."""

    status: int | None
    says: str = ""
    retry_after: float | None = None
    body: bytes = b""


@dataclass(frozen=True)
class Line:
    """The line to an LRS."""

    target: Target
    sign_in: SignIn
    development: bool = False
    inside: tuple[str, ...] = ()
    seconds: float = SECONDS
    resolve: Resolve = looked_up

    def post(self, body: bytes) -> Answer:
        """Send statements."""
        return self._ask("POST", "/statements", body)

    def get(self, path: str) -> Answer:
        """Ask for something."""
        return self._ask("GET", path, None)

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        try:
            ways = ways_to(
                self.target, inside=self.inside, development=self.development, resolve=self.resolve
            )
        except NotReachable as error:
            return Answer(None, str(error))
        connection = _connection(self.target, ways, self.seconds)
        return _answered(self.seconds, connection, lambda: self._asked(connection, method, path, body))

    def _asked(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None
    ) -> Answer:
        headers = {
            "Host": self.target.named,
            "Authorization": self.sign_in.header,
            "X-Experience-API-Version": VERSION,
            "Accept": "application/json",
            "User-Agent": "PME",
            "Connection": "close",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, f"{self.target.path}{path}", body=body, headers=headers)
        response = connection.getresponse()
        read = response.read(LARGEST_ANSWER + 1)
        if len(read) > LARGEST_ANSWER:
            return Answer(None, TOO_LONG.format(host=self.target.named))
        return Answer(
            response.status, in_words(read), _seconds_in(response.getheader("Retry-After", "")), read
        )


def in_words(body: bytes) -> str:
    """What an LRS said, on one line, cut; without a sign that could do anything."""
    text = body[: 4 * LONGEST_WORDS].decode("utf-8", "replace")
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= LONGEST_WORDS else plain[: LONGEST_WORDS - 1] + "…"


class _Direct(http.client.HTTPConnection):
    """A connection to the first of some addresses that answers, whatever its name leads to by now."""

    def __init__(self, target: Target, ways: Sequence[str], until: Until) -> None:
        super().__init__(target.host, target.port)
        self._ways, self._until = ways, until

    def connect(self) -> None:
        """Connect, and keep within the time from then on."""
        found = self._connected()
        try:
            self.sock = Paced(self._guarded(found), self._until)
        except BaseException:
            found.close()
            raise

    def _connected(self) -> socket.socket:
        *others, last = self._ways
        for way in others:
            with suppress(OSError):
                return self._connect(way)
        return self._connect(last)

    def _connect(self, way: str) -> socket.socket:
        return socket.create_connection((way, self.port), self._until.left(CONNECTING))

    def _guarded(self, sock: socket.socket) -> socket.socket:
        return sock


class _Safe(_Direct):
    """The same under TLS, with the certificate of the name."""

    def _guarded(self, sock: socket.socket) -> socket.socket:
        sock.settimeout(self._until.left())  # for the whole handshake
        return ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)


def _connection(target: Target, ways: Sequence[str], seconds: float) -> http.client.HTTPConnection:
    return (_Safe if target.is_safe else _Direct)(target, ways, Until(seconds))


def _answered(seconds: float, connection: http.client.HTTPConnection, ask: Callable[[], Answer]) -> Answer:
    """Ask; whatever goes wrong is an answer."""
    host = connection.host if ":" not in connection.host else f"[{connection.host}]"
    try:
        return ask()
    except TimeoutError:
        return Answer(None, TOO_SLOW.format(host=host, seconds=f"{seconds:g}"))
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or _("the handshake failed")
        return Answer(None, NOT_SAFE.format(host=host, why=in_words(str(why).encode())))
    except (http.client.HTTPException, *BROKEN_OFF, ValueError):
        return Answer(None, CUT_OFF.format(host=host))
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Answer(None, NOT_THERE.format(host=host, why=in_words(why.encode())))
    finally:
        connection.close()


def _seconds_in(given: str | None) -> float | None:
    """The seconds of Retry-After; a date there is left out, since clocks differ."""
    text = (given or "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
