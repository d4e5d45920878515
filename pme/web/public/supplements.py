"""The public door at the supplement of the course behind a certificate: whoever has its code may read it."""

from http import HTTPStatus

from flask import abort
from flask.typing import ResponseReturnValue

from pme.certificates.queries import find_by_code
from pme.content.editions import edition_by_id
from pme.keys.documents import Place
from pme.keys.queries import find_published
from pme.people.queries import get_academy
from pme.web.public.views import blueprint
from pme.web.session import db_session
from pme.web.signin import settings
from pme.web.supplements import Stated, supplement_sent


@blueprint.get("/verify/<code>/supplement.pdf")
def supplement(code: str) -> ResponseReturnValue:
    """What the certificate stands for, by the edition on which it was earned. It names no person."""
    certificate = find_by_code(db_session(), code)
    edition = edition_by_id(db_session(), certificate.edition_id) if certificate else None
    if certificate is None or edition is None:
        abort(HTTPStatus.NOT_FOUND)
    public_url, issuer = settings().public_url, find_published(db_session(), certificate.academy_id)
    stated = Stated(
        certificate.ects,
        certificate.frameworks,
        f"{public_url}/verify",
        Place(public_url, issuer.slug).issuer_url if issuer else "",
    )
    return supplement_sent(get_academy(db_session(), certificate.academy_id), edition, stated)
