"""Handing a letter to a mail server: how long it may take, and whether it may have a letter that it never took.

RFC 5321 (4.5.3.2.6) lets a server take minutes for its last answer: who hangs up before it sends the letter twice.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pme.config_mail import Mail

SECONDS, ANSWER_SECONDS = 10.0, 120.0
"""How long each answer may take, and the one after the whole letter."""
GO_ON = 354


class Server(smtplib.SMTP):
    """A connection; `is_handed` from the end of a letter until the server has answered to it."""

    is_handed = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand over a letter."""
        code, answer = self.docmd("DATA")
        if code != GO_ON:
            raise smtplib.SMTPDataError(code, answer)
        self.is_handed = True
        if self.sock is not None:
            self.sock.settimeout(ANSWER_SECONDS)
        self.send(re.sub(rb"(?m)^\.", b"..", bytes(msg)).removesuffix(b"\r\n") + b"\r\n.\r\n")
        told = self.getreply()
        self.is_handed = False
        if self.sock is not None:
            self.sock.settimeout(SECONDS)
        return told


class SafeServer(Server, smtplib.SMTP_SSL):
    """A connection under TLS from its beginning."""


@contextmanager
def connected(mail: Mail) -> Iterator[Server]:
    """A connection that is signed in. Raises OSError or ValueError where there is none."""
    hello = mail.sender.rpartition("@")[2]
    context = ssl.create_default_context()
    server: Server
    if mail.security == "ssl":
        server = SafeServer(mail.host, mail.port, hello, timeout=SECONDS, context=context)
    else:
        server = Server(mail.host, mail.port, hello, timeout=SECONDS)
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password)
        yield server
