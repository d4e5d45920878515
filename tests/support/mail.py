"""A mail server of our own, as simple as RFC 5321 lets it be: it keeps what it takes, and refuses on demand."""

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
    """What came, and how to answer: `answers` maps an address or a command to what is said instead of 250."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0

    @property
    def settings(self) -> Mail:
        """How the platform is told of it."""
        return Mail("127.0.0.1", self.port, "none", "", "", "pme@home.example")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on a free port."""
    kept = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            kept.connections += 1
            self.say("220 mail.example")
            while line := self.rfile.readline().decode("ascii"):
                word = line.split()[0].upper()
                if word == "QUIT":
                    self.say("221 bye")
                    break
                address = line.partition("<")[2].partition(">")[0]
                given = kept.answers.get(address if word == "RCPT" else word)
                if given == "hang up":
                    break
                if word == "DATA" and given is None:
                    self.say("354 go on")
                    kept.taken.append(message_from_bytes(self.read(), policy=default))
                self.say(given or "250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def read(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Talk) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
