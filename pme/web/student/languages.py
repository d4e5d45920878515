"""The student's door at the language of content: chosen once, remembered for the person."""

from http import HTTPStatus

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pme.content.written_in import LANGUAGES
from pme.errors import NotFound
from pme.people.service import read_in
from pme.web.loaders import UNKNOWN
from pme.web.resume import is_ours
from pme.web.session import transaction
from pme.web.signin import current_visitor
from pme.web.student.views import blueprint


@blueprint.post("/learn/language")
def language() -> ResponseReturnValue:
    """Read content in another language where it is translated; then back to where the person was."""
    wanted, back = request.form.get("language", ""), request.form.get("back", "")
    if wanted not in LANGUAGES:
        raise NotFound(UNKNOWN)
    person_id = current_visitor().person_id
    with transaction() as session:
        read_in(session, person_id, wanted)
    return redirect(back if is_ours(back) else url_for("student.dashboard"), HTTPStatus.SEE_OTHER)
