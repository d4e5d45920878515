"""Calendars as they are sent: what things are called in them, and the answer that carries one."""

from collections.abc import Sequence

from flask import Response, url_for

from pme.assessment.models import Task
from pme.assessment.timetable import Names
from pme.enrolment.ical import MEDIA_TYPE, Event, calendar
from pme.web.loaders import catalogue
from pme.web.signin import settings


def names() -> Names:
    """What is published, as calendars call it."""
    found = catalogue()
    quizzes = {(Task.QUIZ, slug): each.content.title for slug, each in found.quizzes_by_slug.items()}
    scenarios = {(Task.SCENARIO, slug): each.content.title for slug, each in found.scenarios_by_slug.items()}
    return Names(
        courses={each.content.slug: each.content.title for each in found.courses},
        tasks=quizzes | scenarios,
        site=settings().public_url.rstrip("/"),
        address=lambda slug: url_for("student.course", course=slug),
    )


def calendar_sent(name: str, events: Sequence[Event], *, file: str = "") -> Response:
    """A calendar as an answer; with `file`, to be saved under that name."""
    response = Response(calendar(name, events), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    if file:
        response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
