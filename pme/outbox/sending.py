"""The postman: takes letters that are due to the mail server, a handful at a time."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from pme.config_mail import Mail
from pme.jobs.registry import Round, periodic
from pme.outbox import service
from pme.outbox.dressing import dressed
from pme.outbox.handing import Server, connected
from pme.outbox.service import Posted
from pme.outbox.wording import one_line, opened

AT_ONCE = 50
LEAST_PERMANENT = 500
MAY_HAVE_ARRIVED = (
    "The connection broke after the mail server had this letter, and before it said that it took it: it may have "
    "arrived. It is sent again with the same Message-ID, three times in all at most."
)


@dataclass(frozen=True)
class Problem:
    """Why a letter was not taken; final where trying again cannot help, unsure where it may have been taken."""

    says: str
    is_final: bool = False
    is_unsure: bool = False


@periodic("letters", every=timedelta(seconds=15), line="mail")
def send_due(given: Round) -> None:
    """Send what is due, as long as there is any and the mail server takes it."""
    mail = given.settings.mail
    while mail.is_set and service.is_any_due(given.database, at=given.at()):
        with given.database.writing() as session:
            letters = service.claim(session, at=given.at(), at_most=AT_ONCE)
        if letters and not _send(given, letters):
            break


@periodic("old letters", every=timedelta(hours=1))
def put_by(given: Round) -> None:
    """Close letters whose days are over, and forget what old ones said."""
    with given.database.writing() as session:
        service.close_late(session, at=given.at())
        service.forget(session, at=given.at())


def _send(given: Round, letters: Sequence[Posted]) -> bool:
    """Send letters over one connection; False when it broke."""
    left, now = list(letters), None
    server: Server | None = None
    try:
        with connected(given.settings.mail) as server:
            now = _next(given, left)
            while now is not None:
                problem = _sent(server, given.settings.mail, now)
                now = _next(given, left, after=now, problem=problem)
    except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
        is_unsure = server is not None and server.is_handed
        _note_broken(given, left, now, error, is_unsure=is_unsure)
        return False
    return True


def _note_broken(
    given: Round, left: Sequence[Posted], now: Posted | None, error: Exception, *, is_unsure: bool
) -> None:
    """The connection broke, or there was none: the one under way is at fault at most, the others only wait."""
    says, at = _in_words(error, given.settings.mail), given.at()
    with given.database.writing() as session:
        if now is not None:
            told = MAY_HAVE_ARRIVED if is_unsure else says
            is_of_server = isinstance(error, smtplib.SMTPSenderRefused)  # it did not look at this letter
            service.note_problem(session, now.id, told, at=at, is_unsure=is_unsure, is_of_server=is_of_server)
        service.note_away(session, left, says, at=at)


def _next(
    given: Round, left: list[Posted], *, after: Posted | None = None, problem: Problem | None = None
) -> Posted | None:
    """In one transaction, how the last letter went and that the next is begun; gives that one, taken from `left`."""
    at = given.at()
    with given.database.writing() as session:
        if after is not None and problem is None:
            service.note_sent(session, after.id, at=at)
        elif after is not None and problem is not None:
            service.note_problem(
                session, after.id, problem.says, at=at, is_final=problem.is_final, is_unsure=problem.is_unsure
            )
        while left:
            if service.hand_over(session, following := left.pop(0), at=at):
                return following
        service.hurry(session, at=at)
    return None


def unreachable(mail: Mail) -> str:
    """Why the mail server cannot be used, in a sentence; "" where it lets us in. Sends nothing."""
    try:
        with connected(mail):
            return ""
    except (OSError, ValueError) as error:
        return _in_words(error, mail)


def _sent(server: smtplib.SMTP, mail: Mail, letter: Posted) -> Problem | None:
    """Send one letter; gives what kept the server from taking it, if it was about this letter."""
    try:
        server.send_message(message_of(letter, mail), mail.sender, [letter.address])
    except smtplib.SMTPRecipientsRefused as error:
        code, says = next(iter(error.recipients.values()))
        return _refused("The mail server does not take this address", code, says)
    except smtplib.SMTPDataError as error:
        return _refused("The mail server does not take this letter", error.smtp_code, error.smtp_error)
    except (smtplib.SMTPNotSupportedError, UnicodeError):
        return Problem("The mail server takes no address with letters such as these.", is_final=True)
    return None


def _refused(says: str, code: int, why: bytes | str) -> Problem:
    text = why.decode("utf-8", "replace") if isinstance(why, bytes) else why
    return Problem(f"{says}: {code} {one_line(text)}", is_final=code >= LEAST_PERMANENT)


def _in_words(error: Exception, mail: Mail) -> str:
    """Why there was no connection, in a sentence that says what to put right."""
    where = f"the mail server {mail.host}, port {mail.port}"
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"{where.capitalize()}, refuses PME_SMTP_USER or PME_SMTP_PASSWORD."
        case smtplib.SMTPSenderRefused():
            return f"{where.capitalize()}, does not let PME_SMTP_SENDER send: {_why(error.smtp_error)}"
        case smtplib.SMTPNotSupportedError():
            return f"{where.capitalize()}, offers no STARTTLS or no sign-in. Correct PME_SMTP_SECURITY."
        case socket.gaierror():
            return (
                f"The name of the mail server, {mail.host}, is not known just now. Look at PME_SMTP_HOST, and whether "
                f"this machine reaches its name server (DNS): {one_line(str(error))}"
            )
        case ssl.SSLError():
            return f"There is no safe connection to {where}: {one_line(str(error))}"
        case smtplib.SMTPResponseException():
            return f"{where.capitalize()}, answers: {error.smtp_code} {_why(error.smtp_error)}"
    return f"{where.capitalize()}, cannot be reached: {one_line(str(error)) or type(error).__name__}"


def _why(says: bytes | str) -> str:
    return one_line(says.decode("utf-8", "replace") if isinstance(says, bytes) else says)


def message_of(letter: Posted, mail: Mail) -> EmailMessage:
    """A letter as it goes out, as text and as a page. The policy refuses any line break in a header."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=one_line(letter.sender_name, 100), addr_spec=mail.sender)
    message["To"] = Address(addr_spec=letter.address)
    message["Subject"] = letter.subject
    message["Date"] = letter.written_at
    message["Message-ID"] = f"<{letter.sent_id}@{mail.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    text = opened(letter.body, letter.secrets)
    page = dressed(text, subject=letter.subject, sender=letter.sender_name, language=letter.language)
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(page, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.language
    return message
