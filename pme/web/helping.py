"""The help that pages offer: the tour to whoever is new, and the part of a guide that fits the page."""

from flask import Flask

from pme.web.loaders import catalogue
from pme.web.signin import find_current_visitor


def tour_is_offered() -> bool:
    """Whether the tour is offered to the visitor: it is published, and they have neither begun nor refused it."""
    visitor = find_current_visitor()
    return visitor is not None and not visitor.tour_is_over and bool(catalogue().tours)


def install(app: Flask) -> None:
    """Give templates what they offer as help."""
    app.jinja_env.globals |= {"tour_is_offered": tour_is_offered}
