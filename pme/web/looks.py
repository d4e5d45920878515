"""How pages look to whoever reads them: as the person chose, else as this browser did."""

from flask import Flask, g, request

from pme.people.look import Look, look_of
from pme.web.signin import find_current_visitor

COOKIE = "pme_look"
"""What a browser keeps for somebody who is not signed in."""


def look_here() -> Look:
    """The look of this request's page."""
    found: Look | None = g.get("look")
    if found is None:
        visitor = find_current_visitor()
        found = g.look = look_of(visitor.look if visitor else request.cookies.get(COOKIE))
    return found


def install(app: Flask) -> None:
    """Give templates the look of the page."""
    app.jinja_env.globals["look_here"] = look_here
