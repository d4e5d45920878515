"""How often a network may try personal links that belong to nobody.

Wrong links are counted in this process's memory: looking at a page writes nothing to the database.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, current_app, request

from pme.web.signin import now

WINDOW = timedelta(minutes=15)
MOST_WRONG = 60
"""Wrong links from one network within the window, after which it has to wait."""
NETWORKS_KEPT = 5_000


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


def install(app: Flask) -> None:
    """Give the app its count of wrong links."""
    app.extensions["pme_wrong_links"] = WrongLinks()


def must_wait() -> bool:
    """Whether the visitor's network tried too many wrong links."""
    return _wrong().has_too_many(_network(), now())


def note_wrong_link() -> None:
    """Count a wrong link of the visitor's network."""
    _wrong().note(_network(), now())


def _wrong() -> WrongLinks:
    found: WrongLinks = current_app.extensions["pme_wrong_links"]
    return found


def _network() -> str:
    return request.remote_addr or "unknown"
