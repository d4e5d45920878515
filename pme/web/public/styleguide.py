"""The style guide: each component in each state. In development only."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

blueprint = Blueprint("styleguide", __name__)


@blueprint.get("/style-guide")
def show() -> ResponseReturnValue:
    """Every component on one page."""
    return render_template("style-guide.html")
