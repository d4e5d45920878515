"""The academy's door at previews of its design: pictures and papers of an invented holder, marked SPECIMEN.

None is a certificate: it has no number, no code and no signature.
"""

from http import HTTPStatus

from flask import Response
from flask.typing import ResponseReturnValue

from pme.certificates import pdf
from pme.certificates.designs.design import LANGUAGES, Design
from pme.certificates.designs.queries import design_of, look_of
from pme.certificates.designs.service import wrong_with
from pme.certificates.designs.specimen import specimen, values_of
from pme.certificates.press.sheet import CertificateSheet
from pme.errors import NotFound
from pme.permissions import Can
from pme.web.academy.design_form import DesignForm
from pme.web.academy.designs import load_version, own_academy
from pme.web.academy.views import blueprint, require
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session
from pme.web.signin import now, settings

WIDTH = 1_280
"""Points across a picture: twice what a page shows."""


@blueprint.post("/certificate-design/look")
def live_design() -> ResponseReturnValue:
    """What was typed so far as a picture, or what is wrong with it, a sentence a line. Keeps nothing."""
    require(Can.DESIGN_CERTIFICATES)
    form, academy = DesignForm(), own_academy()
    if form.validate() and not (found := wrong_with(db_session(), academy.id, form.design)):
        return _picture(_sheet(form.design, form.language))
    says = [says for errors in form.errors.values() for says in errors] or list(found.values())
    return Response("\n".join(says), HTTPStatus.UNPROCESSABLE_ENTITY, mimetype="text/plain")


@blueprint.get("/certificate-design/look/<language>")
def design_look(language: str) -> ResponseReturnValue:
    """The draft as a picture."""
    require(Can.DESIGN_CERTIFICATES)
    return _picture(_sheet(design_of(db_session(), own_academy()), language))


@blueprint.get("/certificate-design/specimen/<language>")
def design_paper(language: str) -> ResponseReturnValue:
    """The draft as a file of two pages."""
    require(Can.DESIGN_CERTIFICATES)
    return _paper(_sheet(design_of(db_session(), own_academy()), language), "draft")


@blueprint.get("/certificate-design/versions/<int:design_id>/look/<language>")
def design_version_look(design_id: int, language: str) -> ResponseReturnValue:
    """A version as a picture."""
    require(Can.DESIGN_CERTIFICATES)
    return _picture(_sheet(Design.from_json(load_version(design_id).content), language))


@blueprint.get("/certificate-design/versions/<int:design_id>/specimen/<language>")
def design_version_paper(design_id: int, language: str) -> ResponseReturnValue:
    """A version as a file of two pages."""
    require(Can.DESIGN_CERTIFICATES)
    version = load_version(design_id)
    return _paper(_sheet(Design.from_json(version.content), language), f"version-{version.number}")


def _sheet(design: Design, language: str) -> CertificateSheet:
    if language not in LANGUAGES:
        raise NotFound(UNKNOWN)
    academy = own_academy()
    name, nation = academy.name, academy.nation
    values = values_of(language, academy=name, nation=nation)
    look = look_of(db_session(), academy.id, design, language=language, values=values)
    return specimen(
        design,
        look,
        language=language,
        academy=name,
        nation=nation,
        public_url=settings().public_url,
        day=now().date(),
    )


def _picture(sheet: CertificateSheet) -> Response:
    db_session().rollback()
    return Response(pdf.picture(sheet, width=WIDTH, within=settings().print_seconds), mimetype="image/webp")


def _paper(sheet: CertificateSheet, name: str) -> Response:
    db_session().rollback()
    response = Response(pdf.render(sheet, within=settings().print_seconds), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="specimen-{name}.pdf"'
    return response
