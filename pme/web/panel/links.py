"""Who a link belongs to, and why it may not open anything any more."""

from dataclasses import dataclass

from pme.errors import NotFound
from pme.judging.models import Panel, Panellist, PanelState
from pme.judging.queries import find_seat
from pme.scope import everywhere, see_academy
from pme.web.session import db_session
from pme.web.signin import find_current_visitor, now
from pme.web.wrong_links import note_wrong_link
from pme.words.lazily import lazy
from pme.words.speech import _

UNKNOWN_LINK = lazy(
    "This link belongs to no panel. Check that you have all of it, and that no newer one has replaced it."
)


@dataclass(frozen=True)
class Seat:
    """A panellist whose link was opened, with their panel."""

    panel: Panel
    panellist: Panellist

    @property
    def closed_because(self) -> str:
        """Why the link does not open anything any more, in one sentence; empty when it does."""
        if self.panellist.withdrawn_at is not None:
            return _("Your invitation has been withdrawn; whoever invited you can tell you more.")
        if self.panel.state is PanelState.WITHDRAWN:
            return _("This panel was ended, and nothing of it is used. Thank you for your time.")
        if self.panellist.expires_at <= now():
            return _("This link has ended; whoever invited you can send you a new one.")
        return ""


def seat_of(token: str, *, for_update: bool = False) -> Seat:
    """The panellist that a link belongs to. Raises NotFound for a link that is nobody's."""
    find_current_visitor()  # who is signed in is known first, since that narrows what is seen
    with everywhere(db_session()):
        found = find_seat(db_session(), token, for_update=for_update)
    if found is None:
        note_wrong_link()
        raise NotFound(UNKNOWN_LINK)
    panellist, panel = found
    see_academy(db_session(), panel.academy_id)
    return Seat(panel, panellist)
