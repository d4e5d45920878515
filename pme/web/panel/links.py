"""Who a link belongs to, and how often a network may try links that belong to nobody.

Wrong links are counted in this process's memory: looking at a page writes nothing to the database.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, current_app, request

from pme.errors import NotFound
from pme.judging.models import Panel, Panellist, PanelState
from pme.judging.queries import find_panel, find_panellist
from pme.web.session import db_session
from pme.web.signin import now

WINDOW = timedelta(minutes=15)
MOST_WRONG = 60
"""Wrong links from one network within the window, after which it has to wait."""
NETWORKS_KEPT = 5_000
UNKNOWN_LINK = (
    "This link belongs to no panel. Check that you have all of it, and that no newer one has replaced it."
)


@dataclass
class WrongLinks:
    """When which network tried a link that belongs to nobody."""

    tried: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    turn: Lock = field(default_factory=Lock)

    def note(self, network: str, at: datetime) -> None:
        """Count a wrong link."""
        with self.turn:
            self.tried.setdefault(network, deque(maxlen=MOST_WRONG)).append(at)
            self.tried.move_to_end(network)
            while len(self.tried) > NETWORKS_KEPT:
                self.tried.popitem(last=False)

    def has_too_many(self, network: str, at: datetime) -> bool:
        """Whether this network has to wait."""
        with self.turn:
            tried = self.tried.get(network, deque())
            return len(tried) == MOST_WRONG and tried[0] > at - WINDOW


@dataclass(frozen=True)
class Seat:
    """A panellist whose link was opened, with their panel."""

    panel: Panel
    panellist: Panellist

    @property
    def closed_because(self) -> str:
        """Why the link does not open anything any more, in one sentence; empty when it does."""
        if self.panellist.withdrawn_at is not None:
            return "Your invitation has been withdrawn; whoever invited you can tell you more."
        if self.panel.state is PanelState.WITHDRAWN:
            return "This panel has been given up, and nothing of it is used. Thank you for your time."
        if self.panellist.expires_at <= now():
            return "This link has ended; whoever invited you can send you a new one."
        return ""


def install(app: Flask) -> None:
    """Give the app its count of wrong links."""
    app.extensions["pme_wrong_links"] = WrongLinks()


def must_wait() -> bool:
    """Whether the visitor's network tried too many wrong links."""
    return _wrong().has_too_many(_network(), now())


def seat_of(token: str, *, for_update: bool = False) -> Seat:
    """The panellist that a link belongs to. Raises NotFound for a link that is nobody's."""
    panellist = find_panellist(db_session(), token)
    panel = find_panel(db_session(), panellist.panel_id, for_update=for_update) if panellist else None
    if panellist is None or panel is None:
        _wrong().note(_network(), now())
        raise NotFound(UNKNOWN_LINK)
    return Seat(panel, panellist)


def _wrong() -> WrongLinks:
    found: WrongLinks = current_app.extensions["pme_wrong_links"]
    return found


def _network() -> str:
    return request.remote_addr or "unknown"
