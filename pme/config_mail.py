"""The settings of the mail server, read as every other: complete, or a sentence for each that is wrong."""

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Protocol

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._+=-]{1,64}@[A-Za-z0-9.-]{1,189}")
HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
SECURITY = ("starttls", "ssl", "none")


class Reader(Protocol):
    """What reads settings and keeps every reason to refuse."""

    reasons: list[str]

    def text(self, name: str, default: str) -> str:
        """A setting as it is given."""

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number."""


@dataclass(frozen=True)
class Mail:
    """The server that takes letters, and who signs in to it; without a host none are sent."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    sender: str
    many_wait: int = 120
    """Seconds for which letters to many wait, so that they can be called back."""

    @property
    def is_set(self) -> bool:
        """Whether letters can be sent."""
        return bool(self.host)

    @classmethod
    def read(cls, reader: Reader, *, public_host: str) -> "Mail":
        """Read them; letters come from `pme@` the public host, where it has a name, unless a sender is given."""
        domain = public_host if HOST.fullmatch(public_host) and not _is_address(public_host) else "localhost"
        mail = cls(
            host=reader.text("PME_SMTP_HOST", ""),
            port=reader.number("PME_SMTP_PORT", 587, 1, 65535),
            security=reader.text("PME_SMTP_SECURITY", SECURITY[0]).lower(),
            user=reader.text("PME_SMTP_USER", ""),
            password=reader.text("PME_SMTP_PASSWORD", ""),
            sender=reader.text("PME_SMTP_SENDER", f"pme@{domain}"),
            many_wait=reader.number("PME_LETTERS_WAIT", 120, 0, 3600),
        )
        reader.reasons.extend(mail._faults())
        return mail

    def _faults(self) -> list[str]:
        faults = []
        if self.host and not HOST.fullmatch(self.host) and not _is_address(self.host):
            faults.append(f"PME_SMTP_HOST is “{self.host}”; give the name or address of a mail server.")
        if self.security not in SECURITY:
            given = f"PME_SMTP_SECURITY is “{self.security}”"
            faults.append(f"{given}; give one of {', '.join(SECURITY)} (usually {SECURITY[0]}).")
        if bool(self.user) != bool(self.password):
            faults.append("PME_SMTP_USER and PME_SMTP_PASSWORD go together; set both or neither.")
        elif self.user and self.security == "none":
            faults.append("PME_SMTP_USER and its password would go out unprotected; use starttls or ssl.")
        if not MAIL_ADDRESS.fullmatch(self.sender):
            faults.append(f"PME_SMTP_SENDER is “{self.sender}”; give an address like pme@academy.example.")
        return faults


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
