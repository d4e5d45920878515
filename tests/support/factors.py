"""Second factors of the cast: an authenticator app in a story's hands."""

import re
from dataclasses import dataclass

import pyotp

from tests.support.cast import PASSWORD, email_of
from tests.support.client import Page, Visit
from tests.support.clock import Clock


@dataclass(frozen=True)
class App:
    """Somebody's authenticator app, on the story's clock."""

    totp: pyotp.TOTP
    clock: Clock
    recovery: tuple[str, ...]

    def code(self) -> str:
        """What it shows now, which was never taken: half a minute goes by first."""
        return self.totp.at(self.clock.move(seconds=30))


def set_up_app(visit: Visit, clock: Clock) -> App:
    """Set an app up on the account page, and keep the recovery codes."""
    page = visit.get("/account/second-step").press("Set up an app")
    assert page.tree is not None
    totp = pyotp.TOTP("".join(page.tree.xpath("string(//main//code)").split()))
    page = page.press("Set it up", code=totp.at(clock()), current=PASSWORD)
    assert page.title == "Your recovery codes", page.words
    return App(totp, clock, tuple(re.findall(r"\b[0-9a-z]{4}(?:-[0-9a-z]{4}){3}\b", page.words)))


def first_step(visit: Visit, name: str, where: str = "/sign-in") -> Page:
    """Give the right password; ends on the second step."""
    page = visit.get(where).submit(email=email_of(name), password=PASSWORD)
    assert page.title == "Second step", page.words
    return page
