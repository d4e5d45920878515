"""The installation's door at how it is: what the doctor finds, in plain words."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.doctor import full_check
from pme.doctor.examining import Patient, examine
from pme.doctor.finding import Finding, Level, worst
from pme.errors import NotFound
from pme.scope import EVERYWHERE
from pme.web.acting import acting
from pme.web.install.views import blueprint
from pme.web.loaders import UNKNOWN
from pme.web.session import database, db_session, transaction
from pme.web.signin import now, settings
from pme.web.working import nobody_works_on
from pme.words.lazily import lazy

SAYS = {
    Level.FINE: lazy("No problem was found."),
    Level.LOOK: lazy("Everything works. Look at what is marked below."),
    Level.WRONG: lazy("Something has to be corrected."),
}
LEVELS = {Level.WRONG: lazy("To correct"), Level.LOOK: lazy("To look at"), Level.FINE: lazy("Fine")}
KINDS = {Level.WRONG: "problem", Level.LOOK: "waiting", Level.FINE: "done"}


@blueprint.get("/status")
def status() -> ResponseReturnValue:
    """What can be seen in a moment, and the way to the full check that was made last."""
    patient = Patient(settings(), database().seeing(EVERYWHERE), now(), asks_mail=False, is_brief=True)
    return render_template(
        "install/status.html", **_told(examine(patient)), at=now(), last=full_check.newest(db_session())
    )


@blueprint.post("/status")
def examine_all() -> ResponseReturnValue:
    """Everything, by a job: the mail server is called, the whole database read. One that is under way is followed."""
    with transaction() as session:
        job_id = full_check.ask(session, by=acting().person_id, at=now()).id
    return redirect(url_for("install.full_check_page", job_id=job_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/status/<int:job_id>")
def full_check_page(job_id: int) -> ResponseReturnValue:
    """How far a full check is, then what it found."""
    job = full_check.find(db_session(), job_id)
    if job is None:
        raise NotFound(UNKNOWN)
    return render_template(
        "install/full-check.html",
        **_told(full_check.found_by(job)),
        job=job,
        is_missed=nobody_works_on(job),
    )


def _told(found: list[Finding]) -> dict[str, Any]:
    level = worst(found)
    return {
        "groups": [(LEVELS[each], _of(found, each)) for each in (Level.WRONG, Level.LOOK, Level.FINE)],
        "says": SAYS[level],
        "level": LEVELS[level],
        "kind": KINDS[level],
    }


def _of(found: list[Finding], level: Level) -> list[Finding]:
    return [each for each in found if each.level is level]
