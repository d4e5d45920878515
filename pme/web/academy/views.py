"""The academy's door: what was completed, on screen and as a file."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pme.authoring.queries import content_keeper
from pme.enrolment.requests import count_waiting
from pme.errors import NotAllowed
from pme.jobs.queries import notices_of
from pme.marking.queries import group_lines
from pme.people.models import Role
from pme.permissions import Can, may, scripts_counted
from pme.permissions_lists import completions_exported
from pme.reports.completions import count_completions, latest_completions
from pme.web.forms import ActForm
from pme.web.loaders import catalogue
from pme.web.overlays import list_of
from pme.web.session import db_session
from pme.web.signin import auditors_only_read, current_visitor, guard, settings
from pme.words.speech import _
from pme.xapi.queries import is_stopped

blueprint = Blueprint("academy", __name__, url_prefix="/academy")
guard(blueprint, Role.REGISTRAR, Role.DIRECTOR, Role.ADMINISTRATOR, Role.AUDITOR)
auditors_only_read(
    blueprint,
    but=(
        "academy.audit_file",
        "academy.completions",
        "academy.people_file",
        "academy.report_file",
        "academy.report_figures",
        "academy.commander_file",
        "academy.return_file",
        "academy.cancel_job",
        "academy.put_away_job",
        "academy.put_away_jobs",
    ),
)

SHOWN = 50


@blueprint.get("")
def home() -> ResponseReturnValue:
    """The academy's courses and latest completions."""
    visitor = current_visitor()
    require(Can.SEE_ACADEMY)
    scope = completions_exported(visitor)
    return render_template(
        "academy/home.html",
        total=count_completions(db_session(), scope),
        rows=latest_completions(db_session(), scope, at_most=SHOWN),
        titles={c.content.slug: c.content.title for c in catalogue().courses},
        sets_approvals=visitor.academy_id == content_keeper(db_session(), settings().content_academy)
        and may(visitor, Can.SET_APPROVALS, visitor.academy_id),
        fills_local=may(visitor, Can.FILL_LOCAL, ""),
        local_left=sum(found.of - found.done for found in map(list_of, catalogue().courses)),
        notices=notices_of(db_session(), visitor.person_id, visitor.academy_id),
        lrs_is_stopped=is_stopped(db_session(), visitor.academy_id),
        requests_waiting=count_waiting(db_session(), visitor.academy_id),
        form=ActForm(),
    )


@blueprint.get("/marking")
def marking() -> ResponseReturnValue:
    """How many essays wait for marks, by course, quiz and cohort: numbers only."""
    require(Can.COUNT_SCRIPTS)
    return render_template(
        "academy/marking.html",
        lines=group_lines(db_session(), scripts_counted(current_visitor())),
        titles={c.content.slug: c.content.title for c in catalogue().courses},
        quizzes={q.content.slug: q.content.title for q in catalogue().quizzes_by_slug.values()},
    )


def require(can: Can) -> None:
    """Raises NotAllowed unless the visitor may do this at their academy."""
    if not may(current_visitor(), can, current_visitor().academy_id):
        raise NotAllowed(_("Your account has no access to this part of the platform."))
