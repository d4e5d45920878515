"""The tour: the preview of the courses that count for nothing, for everybody who is signed in."""

from flask import Response

from pme.errors import NotFound
from pme.web.loaders import UNKNOWN
from pme.web.preview.access import looker
from pme.web.preview.pages import show
from pme.web.preview.ways import PreviewWay, way_of


def first_page() -> Response:
    """What the tour is, how far one is, and what is kept. Raises NotFound where no tour is published."""
    ways = _ways()
    if not ways:
        raise NotFound(UNKNOWN)
    return show("preview/tour.html", ways=ways)


def next_address() -> str:
    """The exact place to go on with the tour; empty where everything was tried."""
    ahead = next((way.next_step for way in _ways() if way.next_step), None)
    return ahead.address if ahead else ""


def _ways() -> list[PreviewWay]:
    who = looker()
    return [way_of(each) for each in who.shown.catalogue.tours]
