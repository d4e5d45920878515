"""The academy's door at all certificates of a cohort as one file, which is made in the background."""

from http import HTTPStatus

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pme.bundles import service
from pme.errors import Conflict, Unavailable
from pme.keys.service import paper_signer
from pme.permissions import Can
from pme.web.academy.views import blueprint
from pme.web.loaders import load_academy_cohort
from pme.web.session import transaction
from pme.web.signin import current_visitor, keyring, now


@blueprint.post("/cohorts/<int:cohort_id>/certificates")
def cohort_certificates(cohort_id: int) -> ResponseReturnValue:
    """Ask for all certificates of a cohort that are in force."""
    load_academy_cohort(Can.TAKE_CERTIFICATES, cohort_id)
    try:
        with transaction() as session:
            cohort = load_academy_cohort(Can.TAKE_CERTIFICATES, cohort_id)
            paper_signer(session, cohort.academy_id, keyring=keyring(), at=now())
            job = service.ask(session, cohort, by_id=current_visitor().person_id, at=now())
            job_id = job.id
    except (Conflict, Unavailable) as refusal:
        flash(refusal.says, "problem")
        return redirect(url_for("academy.cohort", cohort_id=cohort_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("academy.job", job_id=job_id), HTTPStatus.SEE_OTHER)
