"""Letters that tell a person of a change to how they sign in, so that a change by somebody else does not go unseen."""

from enum import StrEnum

from flask import request
from sqlalchemy.orm import Session

from pme.outbox.service import queue
from pme.people.browsers import browser_name
from pme.web.letters import letters_go_out
from pme.web.signin import current_visitor, now

TEMPLATE = "signing-in"


class Change(StrEnum):
    """What has changed, or happened."""

    PASSWORD = "password"  # noqa: S105  (the name of a change)
    APP = "app"
    APP_REMOVED = "app-removed"
    PASSKEY = "passkey"
    PASSKEY_REMOVED = "passkey-removed"
    CODES = "codes"
    RECOVERY = "recovery"
    RESET = "reset"
    ADDRESS = "address"


def tell(
    session: Session,
    change: Change,
    *,
    person_id: int,
    academy_id: int | None,
    academy: str,
    email: str,
    called: str,
) -> None:
    """Write to a person what has changed, in the transaction of the change, where letters can be sent."""
    if not letters_go_out():
        return
    queue(
        session,
        academy_id=academy_id,
        person_id=person_id,
        to=email,
        template=TEMPLATE,
        values={
            "called": called,
            "academy": academy,
            "what": change.value,
            "at": now(),
            # whoever resets it is not the person, and their browser is nobody's business
            "browser": "" if change is Change.RESET else browser_name(request.user_agent.string),
        },
        language=None,
        at=now(),
        key=f"{TEMPLATE} {person_id} {change} {now().isoformat()}",
    )


def tell_visitor(session: Session, change: Change) -> None:
    """The same for the visitor, who has changed it."""
    visitor = current_visitor()
    tell(
        session,
        change,
        person_id=visitor.person_id,
        academy_id=visitor.academy_id,
        academy=visitor.academy_name,
        email=visitor.email,
        called=f"{visitor.rank} {visitor.name}".strip(),
    )
