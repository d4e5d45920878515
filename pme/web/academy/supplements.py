"""The academy's door at the supplements of its courses: what a certificate stands for, to hand to whoever asks."""

from flask.typing import ResponseReturnValue

from pme.certificates.statements import NOTHING, statements_of
from pme.content.editions import editions_of
from pme.errors import NotFound
from pme.keys.documents import Place
from pme.people.queries import get_academy
from pme.permissions import Can
from pme.web.academy.views import blueprint, require
from pme.web.loaders import UNKNOWN, load_read_course
from pme.web.session import db_session
from pme.web.signin import current_visitor, settings
from pme.web.supplements import Stated, supplement_sent


@blueprint.get("/editions/<course>/<int:number>/supplement.pdf")
def course_supplement(course: str, number: int) -> ResponseReturnValue:
    """The supplement of an edition of a course, with what the academy states of the course now."""
    require(Can.SEE_REPORTS)
    found, academy_id = load_read_course(course).content, current_visitor().academy_id
    edition = next((each for each in editions_of(db_session(), course) if each.number == number), None)
    if edition is None:
        raise NotFound(UNKNOWN)
    academy, public_url = get_academy(db_session(), academy_id), settings().public_url
    stated = statements_of(db_session(), academy_id).get(course, NOTHING)
    issuer = Place(public_url, academy.slug).issuer_url
    return supplement_sent(
        academy,
        edition,
        Stated(stated.ects(found.hours), stated.frameworks, f"{public_url}/verify", issuer),
    )
