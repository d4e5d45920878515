"""A mail server of our own, as simple as RFC 5321 lets it be: it keeps what it takes, refuses, hangs and hangs up."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from pme.config_mail import Mail


@dataclass
class MailServer:
    """What came, and how to answer: `answers` maps an address or a command to what is said instead of 250.

    "hang up" ends the connection, "hang" says nothing until `released`; "." is the end of a letter.
    """

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    is_hanging: threading.Event = field(default_factory=threading.Event)

    @property
    def settings(self) -> Mail:
        """How the platform is told of it."""
        return Mail("127.0.0.1", self.port, "none", "", "", "pme@home.example")


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    kept: MailServer

    def handle(self) -> None:
        """Talk to whoever calls, until they say goodbye."""
        self.kept.connections += 1
        if self.breaks_off("hello"):
            return
        self.say("220 mail.example")
        while line := self.rfile.readline().decode("ascii"):
            word = line.split()[0].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            key = line.partition("<")[2].partition(">")[0] if word == "RCPT" else word
            if self.breaks_off(key) or not self.answer(key):
                return

    def answer(self, key: str) -> bool:
        """Say what is to be said; False to hang up after a letter."""
        given = self.kept.answers.get(key)
        if key == "DATA" and given is None:
            self.say("354 go on")
            self.kept.taken.append(message_from_bytes(self.read(), policy=default))
            if self.breaks_off("."):
                return False
        self.say(given or "250 ok")
        return True

    def breaks_off(self, key: str) -> bool:
        """Whether nothing is said to this, at once or after a long time."""
        given = self.kept.answers.get(key)
        if given == "hang":
            self.kept.is_hanging.set()
            self.kept.released.wait(10)
        return given in ("hang", "hang up")

    def say(self, text: str) -> None:
        """One line."""
        self.wfile.write(text.encode() + b"\r\n")

    def read(self) -> bytes:
        """A letter, to its end."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


class Server(socketserver.ThreadingTCPServer):
    """Takes each call at once."""

    daemon_threads = True
    block_on_close = False


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on a free port."""
    kept = MailServer()
    with Server(("127.0.0.1", 0), type("Door", (Talk,), {"kept": kept})) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield kept
        finally:
            kept.released.set()
            server.shutdown()
            thread.join()
