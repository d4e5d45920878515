"""Which modules a cohort takes: a course as its cohort arranged it. Pure.

A cohort may ask for an optional module, or leave one out. What completes the edition of the course that is
published cannot be dropped, whatever was arranged before: the rule is applied anew to each edition.
"""

from collections.abc import Mapping
from enum import StrEnum

from pme.content.shapes import Course


class Arranged(StrEnum):
    """What a cohort does with a module that is optional in the course."""

    REQUIRED = "required"
    LEFT_OUT = "left-out"


Plan = Mapping[str, Arranged]
"""The arrangements of a cohort by module; a module that is not named stays as the course has it."""


def arranged_for(course: Course, plan: Plan) -> Course:
    """The course as a cohort takes it: without what it leaves out, and with what it asks for besides.

    What the course itself requires stays in and stays required.
    """
    optional = course.optional
    plan = {module: what for module, what in plan.items() if module in optional}
    if not plan:
        return course
    kept = tuple(slug for slug in course.modules if plan.get(slug) is not Arranged.LEFT_OUT)
    asked = tuple(slug for slug in kept if slug not in optional or plan.get(slug) is Arranged.REQUIRED)
    return course.model_copy(update={"modules": kept, "required": asked})
