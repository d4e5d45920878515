"""Links on their way to a person: by letter where the platform can send one, else shown this once to be copied."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pme.errors import Conflict
from pme.inviting import post
from pme.people.links import Made, signs_in_elsewhere
from pme.people.members import Member
from pme.people.models import Person
from pme.people.models_links import Purpose
from pme.web.signin import now, settings
from pme.words.lazily import lazy

PAGES = {
    Purpose.INVITATION: "links.activate",
    Purpose.RESET: "links.reset",
    Purpose.ADDRESS: "links.address",
}
SAYS = {
    Purpose.INVITATION: lazy("The invitation is on its way."),
    Purpose.RESET: lazy("A letter with a link to a new password is on its way."),
    Purpose.ADDRESS: lazy(
        "A letter is on its way to the new address. It counts once the person confirms it."
    ),
}
NOT_YOURS = lazy(
    "This person signs in at another academy too, so a link to their password cannot be shown here. "
    "They can sign in there, or ask the administrator of the installation."
)


@dataclass(frozen=True)
class Sent:
    """A link that was sent, or is still to be handed over."""

    purpose: Purpose
    called: str
    email: str
    until: object
    address: str
    is_mailed: bool

    def answer(self, back: str) -> ResponseReturnValue:
        """Go back to where the person is shown, or show the link this once."""
        if self.is_mailed:
            flash(SAYS[self.purpose], "success")
            return redirect(back, HTTPStatus.SEE_OTHER)
        return render_template("academy/link.html", sent=self, back=back)


def letters_go_out() -> bool:
    """Whether the platform can send letters."""
    return settings().mail.is_set


def send_link(session: Session, made: Made, member: Member) -> Sent:
    """Send a link to its person. Raises Conflict where it could only be shown, to staff whom it is not for."""
    is_mailed = letters_go_out()
    if not is_mailed and made.link.purpose is Purpose.RESET and signs_in_elsewhere(session, member):
        raise Conflict(NOT_YOURS)
    if is_mailed:
        post(session, made, called=member.called, address=address_of_link(made), at=now())
    return Sent(
        purpose=made.link.purpose,
        called=member.called,
        email=made.link.email,
        until=made.link.expires_at,
        address=address_of_link(made),
        is_mailed=is_mailed,
    )


def address_of_link(made: Made) -> str:
    """Where a link leads, as it stands in a letter."""
    return settings().public_url.rstrip("/") + url_for(PAGES[made.link.purpose], token=made.token)


def mail_reset(session: Session, made: Made, person: Person) -> None:
    """Send a link to who asked for a new password by themselves."""
    if letters_go_out():
        post(session, made, called=person.name, address=address_of_link(made), at=now())
