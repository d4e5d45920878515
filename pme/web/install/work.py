"""The installation's door at the work in the background: whether a worker works, what came due, what waits."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pme.jobs.queries import duties, job_counts, worker_is_missed
from pme.outbox.queries import counts_everywhere, held_everywhere
from pme.web.install.views import blueprint
from pme.web.session import db_session
from pme.web.signin import now, settings


@blueprint.get("/work")
def work() -> ResponseReturnValue:
    """The duties with their last problems, and numbers of jobs and letters: nothing of what they say."""
    return render_template(
        "install/work.html",
        duties=duties(db_session()),
        jobs=job_counts(db_session()),
        letters=counts_everywhere(db_session()),
        held=held_everywhere(db_session()),
        is_missed=worker_is_missed(db_session(), at=now()),
        mail=settings().mail,
    )
