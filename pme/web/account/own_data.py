"""The account's door at everything that is held of oneself: as one file, made for the asking."""

from flask import Response
from flask.typing import ResponseReturnValue

from pme import audit
from pme.privacy.exporting import certificates_of, gather, zipped
from pme.web.account.views import blueprint
from pme.web.printing import printed
from pme.web.session import transaction
from pme.web.signin import current_visitor, now


@blueprint.post("/data.zip")
def own_data() -> ResponseReturnValue:
    """What the academy and the account hold of the visitor; that they asked is on record."""
    visitor = current_visitor()
    with transaction() as session:
        audit.record(
            session,
            "own data exported",
            actor=f"person {visitor.person_id}",
            subject=f"person {visitor.person_id}",
            at=now(),
            academy_id=visitor.academy_id,
        )
        found = gather(session, visitor.academy_id, visitor.person_id, at=now(), by_oneself=True)
        certificates = certificates_of(session, visitor.academy_id, visitor.person_id)
        session.expunge_all()
    response = Response(zipped(found, certificates, printed), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return response
