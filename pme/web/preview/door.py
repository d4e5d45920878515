"""Everything behind the door at previews, loaded with it."""

from pme.web.preview import (
    comments,
    paper,
    quizzes,
    situations,
)
from pme.web.preview.views import blueprint

BLUEPRINTS = (blueprint,)
HUNG = (
    comments,
    paper,
    quizzes,
    situations,
)
"""The files that hang their addresses on the door when they are imported."""
