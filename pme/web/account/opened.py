"""The account door at looks: who opened the visitor's attempts, reflections and named essays, and when."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pme.trail.models import Part
from pme.trail.opened import opened_by
from pme.web.account.views import blueprint
from pme.web.loaders import catalogue
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.words.lazily import lazy

AT_MOST = 200
PARTS = {
    Part.ATTEMPT: lazy("Answers and decisions"),
    Part.REFLECTION: lazy("Reflection that you share"),
    Part.SCRIPT: lazy("Written answer, with your name"),
}
"""What was opened, in words."""


@blueprint.get("/opened")
def opened() -> ResponseReturnValue:
    """Who opened something of the visitor at this academy, the latest look first."""
    visitor, known = current_visitor(), catalogue()
    lines = opened_by(db_session(), visitor.academy_id, visitor.person_id, limit=AT_MOST)
    titles = {slug: each.content.title for slug, each in known.quizzes_by_slug.items()}
    titles |= {slug: each.content.title for slug, each in known.scenarios_by_slug.items()}
    return render_template(
        "account/opened.html",
        lines=lines,
        parts=PARTS,
        titles=titles,
        at_most=AT_MOST,
    )
