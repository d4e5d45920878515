"""Everything behind the instructor's door, loaded with it."""

from pme.web.instructor import (
    arrangements,
    board,
    cohorts,
    dates,
    equal_work,
    marking,
    panel_results,
    panels,
    quality,
    regrade_work,
    regrades,
    scenarios,
    scripts,
    students,
    windows,
)
from pme.web.instructor.views import blueprint

BLUEPRINTS = (blueprint,)
HUNG = (
    arrangements,
    board,
    cohorts,
    dates,
    equal_work,
    marking,
    panel_results,
    panels,
    quality,
    regrade_work,
    regrades,
    scenarios,
    scripts,
    students,
    windows,
)
"""The files that hang their addresses on the door when they are imported."""
