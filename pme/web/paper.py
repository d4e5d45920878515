"""Pages on paper: a page of a module as a document of its own, and the PDF of it as it is sent."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from pme.certificates.press.languages import words_for as dated_in
from pme.content.mixed_text import direction
from pme.content.shapes import Course, Module
from pme.errors import NotFound
from pme.handouts.handout import Handout, is_card
from pme.handouts.pdf import TIME_LIMIT, digest_of, render
from pme.handouts.words import words_for
from pme.practice.checks import checks_shown
from pme.web.loaders import UNKNOWN
from pme.web.session import database, db_session
from pme.web.signin import settings

NOBODY = 0
"""Whose order of options the checks have on paper, so that every student's sheet is the same."""


def handout_of(
    course: Course,
    source: Module,
    page: str,
    *,
    language: str | None,
    local: Callable[[str], str],
    address: str,
    at: datetime,
    is_draft: bool = False,
) -> Handout:
    """A page of a module, with its checks as questions only, as it was published or drafted at this time.

    `address` is where the page is on this platform. Raises NotFound when the module has no such page.
    """
    found = source.in_language(language)
    asked, shown = source.page(page), found.page(page)
    if shown is None or asked is None:
        raise NotFound(UNKNOWN)
    words, whole_address = words_for(found.language), settings().public_url + address
    fits_one_sheet = is_card(page, asked.title)
    html = render_template(
        "print/page.html",
        course=course.in_language(language),
        module=found,
        page=shown,
        local=local,
        checks=checks_shown(asked.checks, {}, enrolment_id=NOBODY, words=shown.checks),
        words=words,
        version=f"{words.draft if is_draft else words.version} {dated_in(found.language).day(at.date())}",
        address=whole_address,
        direction=direction(found.language),
        is_card=fits_one_sheet,
    )
    return Handout(html=html, address=whole_address, is_card=fits_one_sheet)


def pdf_sent(handout: Handout, name: str) -> ResponseReturnValue:
    """The PDF of a handout, or nothing where the browser has it already: kept by that browser alone."""
    db_session().rollback()  # nothing holds the database while the page is printed
    response, digest = Response(mimetype="application/pdf"), digest_of(handout)
    response.set_etag(digest)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    if digest not in request.if_none_match:
        within = min(settings().print_seconds, TIME_LIMIT)
        response.set_data(render(handout, within=within, relay=database().relay))
    return response.make_conditional(request)
