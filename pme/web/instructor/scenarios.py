"""The instructor's door at scenarios: the picture of one, what was proved of it, and the ways students took."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pme.content.decision_graph import SIGNS, graph_of, in_order, rows_of
from pme.content.kept_proofs import proof_of
from pme.content.picture import draw
from pme.content.prove import shares_of
from pme.content.shapes import DecisionNode
from pme.permissions import enrolments_taught
from pme.reports.ways import FEWEST, ways_taken
from pme.web.instructor.views import blueprint
from pme.web.loaders import load_taught_course, load_taught_scenario
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.words.numbers import NARROW


@blueprint.get("/<course>/scenarios/<slug>")
def scenario(course: str, slug: str) -> ResponseReturnValue:
    """The decision graph of a scenario, with its proof; shares once enough students have finished it."""
    found = load_taught_course(course)
    versioned = load_taught_scenario(found, slug)
    taken = ways_taken(db_session(), enrolments_taught(current_visitor(), course), versioned)
    graph, nodes = graph_of(versioned.content), in_order(versioned.content)
    return render_template(
        "instructor/scenario.html",
        course=found.content,
        scenario=versioned.content,
        picture=draw(graph, taken.shares),
        rows=rows_of(graph, taken.shares),
        nodes=nodes,
        decisions=[node for node in nodes if isinstance(node, DecisionNode)],
        proof=proof_of(versioned),
        endings_of=lambda there: shares_of(there).replace(" %", f"{NARROW}%"),
        signs=SIGNS,
        taken=taken,
        fewest=FEWEST,
    )
