"""The style guide: each component in each state. In development only."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pme.assessment.statistics_figures import Estimate, TooFew

blueprint = Blueprint("styleguide", __name__)
FIGURES = (Estimate(0.62, 0.51, 0.72, 80), Estimate(0.97, None, None, 80), TooFew(9, 10))
BINS = tuple({"low": low, "high": low + 10, "count": low % 40} for low in range(0, 100, 10))


@blueprint.get("/style-guide")
def show() -> ResponseReturnValue:
    """Every component on one page."""
    return render_template("style-guide.html", figures=FIGURES, bins=BINS)
