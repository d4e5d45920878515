"""The student's door at what is new for them: all of it, and that they have seen it."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.news.service import mark_seen
from pme.web.resume import is_ours
from pme.web.session import transaction
from pme.web.signin import current_visitor, now
from pme.web.student.since import told
from pme.web.student.views import blueprint


@blueprint.get("/news")
def news() -> ResponseReturnValue:
    """Everything that is new since the last visit."""
    return render_template("student/news.html", news=told(at_most=10_000))


@blueprint.post("/news/seen")
def news_seen() -> ResponseReturnValue:
    """Say that one has seen what is new; then back to where one was."""
    visitor, back = current_visitor(), request.form.get("back", "")
    with transaction() as session:
        mark_seen(session, visitor.academy_id, visitor.person_id, at=now())
    return redirect(back if is_ours(back) else url_for("student.dashboard"), HTTPStatus.SEE_OTHER)
