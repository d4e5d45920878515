"""The student's door at a page: who opens it and how they stand with it, by the shortest way that there is."""

from pme.errors import NotFound
from pme.permissions import Can
from pme.progress.reading import Reading, find_reading
from pme.web.loaders import UNKNOWN, require_enrolment
from pme.web.session import db_session, quick, takes_short_way
from pme.web.signin import current_visitor


def load_reading(can: Can, course: str, module: str, page: str) -> Reading:
    """The visitor's own enrolment in a course, and how they stand with a page of it."""
    visitor = current_visitor()
    asker = quick() if takes_short_way() else db_session()
    reading = find_reading(asker, visitor.person_id, visitor.academy_id, course, module, page)
    if reading is None:
        raise NotFound(UNKNOWN)
    require_enrolment(can, reading.enrolment)
    return reading
