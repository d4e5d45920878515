"""The help that pages offer: the tour to whoever is new, and the part of a guide that fits the page."""

from functools import cache

from flask import Flask, g, request

from pme.web.addresses import url_for
from pme.web.loaders import catalogue
from pme.web.signin import find_current_visitor

STUDENTS, TEACHING, RUNNING = "students", "instructors", "registrars"
PLACES: tuple[tuple[str, str, str], ...] = (
    ("student.quiz", STUDENTS, "questions"),
    ("student.scenario", STUDENTS, "scenarios"),
    ("student.certificates", STUDENTS, "what-you-take-along"),
    ("student.record", STUDENTS, "what-you-take-along"),
    ("student.dashboard", STUDENTS, "the-first-visit"),
    ("student.courses", STUDENTS, "the-first-visit"),
    ("student.", STUDENTS, "reading"),
    ("attempts.scenario", STUDENTS, "scenarios"),
    ("attempts.de", STUDENTS, "scenarios"),
    ("attempts.", STUDENTS, "questions"),
    ("preview.", STUDENTS, "the-first-visit"),
    ("account.", STUDENTS, "your-account"),
    ("instructor.marking", TEACHING, "marking"),
    ("instructor.script", TEACHING, "marking"),
    ("instructor.correct", TEACHING, "corrections"),
    ("instructor.undo", TEACHING, "corrections"),
    ("instructor.panel", TEACHING, "panels"),
    ("instructor.new_panel", TEACHING, "panels"),
    ("instructor.scenario_quality", TEACHING, "quality-of-questions"),
    ("instructor.scenario", TEACHING, "a-scenario-as-a-picture"),
    ("instructor.window", TEACHING, "time-and-breaks"),
    ("instructor.student_time", TEACHING, "time-and-breaks"),
    ("instructor.quality", TEACHING, "quality-of-questions"),
    ("instructor.quiz_quality", TEACHING, "quality-of-questions"),
    ("instructor.item_quality", TEACHING, "quality-of-questions"),
    ("instructor.courses", TEACHING, "teaching"),
    ("instructor.", TEACHING, "students-and-cohorts"),
    ("panel.", TEACHING, "panels"),
    ("author.scenario", TEACHING, "scenarios"),
    ("author.new_scenario", TEACHING, "scenarios"),
    ("author.rename_part", TEACHING, "scenarios"),
    ("author.question", TEACHING, "questions"),
    ("author.new_question", TEACHING, "questions"),
    ("author.preview_question", TEACHING, "questions"),
    ("author.page", TEACHING, "pages"),
    ("author.new_page", TEACHING, "pages"),
    ("author.medi", TEACHING, "pages"),
    ("author.bibliography", TEACHING, "sources-and-terms"),
    ("author.source", TEACHING, "sources-and-terms"),
    ("author.edit_source", TEACHING, "sources-and-terms"),
    ("author.new_source", TEACHING, "sources-and-terms"),
    ("author.new_term", TEACHING, "sources-and-terms"),
    ("author.reviews_due", TEACHING, "sources-and-terms"),
    ("author.review_task", TEACHING, "sources-and-terms"),
    ("author.spot", TEACHING, "sources-and-terms"),
    ("author.languages", TEACHING, "languages"),
    ("author.translation", TEACHING, "languages"),
    ("author.review", TEACHING, "review-and-publishing"),
    ("author.plan", TEACHING, "review-and-publishing"),
    ("author.publications", TEACHING, "review-and-publishing"),
    ("author.course", TEACHING, "courses-outcomes-and-tours"),
    ("author.new_course", TEACHING, "courses-outcomes-and-tours"),
    ("author.module", TEACHING, "courses-outcomes-and-tours"),
    ("author.new_module", TEACHING, "courses-outcomes-and-tours"),
    ("author.matrix", TEACHING, "courses-outcomes-and-tours"),
    ("author.teaching", TEACHING, "courses-outcomes-and-tours"),
    ("author.published_outcomes", TEACHING, "courses-outcomes-and-tours"),
    ("author.ethics", TEACHING, "with-care"),
    ("author.answer", TEACHING, "with-care"),
    ("author.", TEACHING, "writing"),
    ("academy.people", RUNNING, "people-and-spreadsheets"),
    ("academy.new_person", RUNNING, "people-and-spreadsheets"),
    ("academy.edit_person", RUNNING, "people-and-spreadsheets"),
    ("academy.roster", RUNNING, "people-and-spreadsheets"),
    ("academy.bulk", RUNNING, "people-and-spreadsheets"),
    ("academy.person", RUNNING, "when-somebody-cannot-get-in"),
    ("academy.reset_factors", RUNNING, "when-somebody-cannot-get-in"),
    ("academy.second_step", RUNNING, "when-somebody-cannot-get-in"),
    ("academy.courses", RUNNING, "courses-and-prerequisites"),
    ("academy.course_rules", RUNNING, "courses-and-prerequisites"),
    ("academy.cohort", RUNNING, "cohorts"),
    ("academy.enrol", RUNNING, "requests-and-enrolments"),
    ("academy.requests", RUNNING, "requests-and-enrolments"),
    ("academy.board", RUNNING, "boards"),
    ("academy.course_board", RUNNING, "boards"),
    ("academy.job", RUNNING, "files-and-letters"),
    ("academy.letter", RUNNING, "files-and-letters"),
    ("academy.reminders", RUNNING, "files-and-letters"),
    ("academy.return", RUNNING, "sealed-returns"),
    ("academy.sealed_return", RUNNING, "sealed-returns"),
    ("academy.report", RUNNING, "reports-and-returns"),
    ("academy.commander", RUNNING, "reports-and-returns"),
    ("academy.lrs", RUNNING, "statements-for-other-systems"),
    ("academy.replaying_lrs", RUNNING, "statements-for-other-systems"),
    ("academy.design", RUNNING, "the-look-of-certificates"),
    ("academy.publishing_design", RUNNING, "the-look-of-certificates"),
    ("academy.certificate", RUNNING, "certificates"),
    ("academy.re", RUNNING, "certificates"),
    ("academy.key", RUNNING, "keys-and-signatures"),
    ("academy.rotating_key", RUNNING, "keys-and-signatures"),
    ("academy.erase", RUNNING, "peoples-data"),
    ("academy.audit", RUNNING, "peoples-data"),
    ("academy.", RUNNING, "the-first-day"),
    ("changed.", RUNNING, "requests-and-enrolments"),
    ("local.", RUNNING, "the-first-day"),
    ("public.verif", RUNNING, "verifying-a-certificate"),
    ("public.sign_in", STUDENTS, "the-first-visit"),
    ("links.", STUDENTS, "the-first-visit"),
)
"""The first beginning of an endpoint that fits, and the section that tells of its pages."""
EXACT = {
    "academy.retention": (RUNNING, "peoples-data"),
    "academy.retention_rule": (RUNNING, "peoples-data"),
    "academy.revoking_key": (RUNNING, "keys-and-signatures"),
    "academy.record": (RUNNING, "boards"),
    "academy.settings_page": (RUNNING, "the-first-day"),
}
"""Pages whose names would lead elsewhere."""


def tour_address() -> str:
    """Where the tour begins; empty where none is published or nobody is signed in."""
    is_there = find_current_visitor() is not None and catalogue().tours
    return url_for("preview.overview", key="tour") if is_there else ""


def tour_is_offered() -> bool:
    """Whether the tour is offered to the visitor: it is published, and they have neither begun nor refused it."""
    visitor = find_current_visitor()
    return visitor is not None and not visitor.tour_is_over and bool(catalogue().tours)


@cache
def place_of(endpoint: str | None) -> tuple[str, str]:
    """The guide and the section that tell of a page; empty where none does."""
    if endpoint in EXACT:
        return EXACT[endpoint]
    found = (place for place in PLACES if (endpoint or "").startswith(place[0]))
    _beginning, guide, anchor = next(found, ("", "", ""))
    return guide, anchor


def help_address() -> str:
    """The part of a guide that tells of this page; all guides where none does, and from a page that says no.

    A page that says no tells nothing of what was asked for, so that what is hidden looks like what is not there.
    """
    guide, anchor = ("", "") if g.get("tells_no", False) else place_of(request.endpoint)
    return f"{url_for('public.guide', guide=guide)}#{anchor}" if guide else url_for("public.manual")


def install(app: Flask) -> None:
    """Give templates what they offer as help."""
    app.jinja_env.globals |= {"tour_is_offered": tour_is_offered, "help_address": help_address}
