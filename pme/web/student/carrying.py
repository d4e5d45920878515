"""The student's door at a practice that a device carries: asked for by a button, then a page that plays by itself.

Only practice: what it tells before it is reached counts for nothing (docs/decisions/054).
"""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.assessment.carried import COUNTS, package
from pme.assessment.draw import Draw
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import decisions_of
from pme.content.shapes import Scenario
from pme.web.loaders import attempted_scenario
from pme.web.session import db_session, transaction
from pme.web.signin import now
from pme.web.student.attempts import blueprint, own_attempt


@blueprint.post("/scenario/<int:attempt_id>/carry")
def carry(attempt_id: int) -> ResponseReturnValue:
    """Let a device carry a practice; that it was given whole is written down."""
    with transaction():
        attempt = own_attempt(Task.SCENARIO, attempt_id, for_update=True)
        scenario = attempted_scenario(attempt)
        if _may_be_carried(attempt, scenario) and attempt.carried_at is None:
            attempt.carried_at = now()
    if scenario.mode != "formative":
        flash(str(COUNTS))
    return redirect(url_for("attempts.carried", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/scenario/<int:attempt_id>/carried")
def carried(attempt_id: int) -> ResponseReturnValue:
    """A practice whole, from where it stands; anything else is where it always is."""
    attempt = own_attempt(Task.SCENARIO, attempt_id)
    scenario = attempted_scenario(attempt)
    if not _may_be_carried(attempt, scenario) or attempt.carried_at is None:
        return redirect(url_for("attempts.scenario", attempt_id=attempt_id), HTTPStatus.SEE_OTHER)
    decisions = decisions_of(db_session(), attempt_id)
    taken = [(each.sequence, each.node, each.choice) for each in decisions if each.taken_back_at is None]
    return render_template(
        "student/carried.html",
        attempt=attempt,
        scenario=scenario,
        carried=package(scenario, Draw.from_json(attempt.draw).options, taken),
        step=decisions[-1].sequence if decisions else 0,
    )


def _may_be_carried(attempt: Attempt, scenario: Scenario) -> bool:
    return scenario.mode == "formative" and attempt.status is AttemptStatus.OPEN
