"""The installation's door at how it is: what the doctor finds, in plain words."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pme.doctor.examining import Patient, examine
from pme.doctor.finding import Finding, Level, worst
from pme.scope import EVERYWHERE
from pme.web.install.views import blueprint
from pme.web.session import database
from pme.web.signin import now, settings
from pme.web.spoken_forms import SpokenForm
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
    """What can be seen in a moment."""
    return _told(is_brief=True)


@blueprint.post("/status")
def examine_all() -> ResponseReturnValue:
    """Everything, which takes some seconds: the mail server is called, the whole database read."""
    return _told(is_brief=False)


def _told(*, is_brief: bool) -> ResponseReturnValue:
    patient = Patient(
        settings(), database().seeing(EVERYWHERE), now(), asks_mail=not is_brief, is_brief=is_brief
    )
    found = examine(patient)
    level = worst(found)
    return render_template(
        "install/status.html",
        form=SpokenForm(formdata=None),
        groups=[(LEVELS[each], _of(found, each)) for each in (Level.WRONG, Level.LOOK, Level.FINE)],
        says=SAYS[level],
        level=LEVELS[level],
        kind=KINDS[level],
        at=now(),
        is_brief=is_brief,
    )


def _of(found: list[Finding], level: Level) -> list[Finding]:
    return [each for each in found if each.level is level]
