"""The student's door at the pages of a module: reading, marking as read, and the checks within them."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import journeys
from pme.assessment.paper import as_typed
from pme.assessment.reply import Form
from pme.content.catalogue import published_at
from pme.content.shapes import Page
from pme.errors import Invalid, NotFound
from pme.permissions import Can
from pme.practice.checks import Check, checks_shown, digest_of, name_of, reply_of, require_whole
from pme.practice.queries import given_to
from pme.practice.service import keep_answer, try_again
from pme.progress.completion import Place, StepKind, after_page
from pme.progress.requalify_queries import asked_of
from pme.web.devices import kept_on
from pme.web.loaders import UNKNOWN, catalogue, load_enrolment, load_module, load_taken_course
from pme.web.overlays import local_here, local_in, local_key
from pme.web.page_text import text_of, under
from pme.web.paper import handout_of, pdf_sent
from pme.web.session import at_once, db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.student.notebook import NOTHING_TYPED, Noting, noted, noted_in
from pme.web.student.standing import load_reading
from pme.web.student.views import blueprint, learning_of
from pme.web.tongues import foreign, marked, tongues
from pme.web.whole import kept_whole
from pme.words.lazily import lazy

PAGE_IS_GONE = lazy("This page is no longer part of the module. Here is the module as it is now.")
CHECK_IS_ANOTHER = lazy("This question has changed since you opened the page. Here it is as it is now.")


@blueprint.get("/learn/<course>/<module>/<page>")
@at_once
def page(course: str, module: str, page: str) -> ResponseReturnValue:
    """One page of a module, with its checks as they stand."""
    return shown_page(course, module, page)


@blueprint.get("/learn/<course>/<module>/<page>.pdf")
def page_pdf(course: str, module: str, page: str) -> ResponseReturnValue:
    """One page of a module on paper."""
    enrolment = load_enrolment(Can.LEARN, course)
    found_course = load_taken_course(enrolment)
    found = load_module(found_course, module)
    handout = handout_of(
        found_course.content,
        found.content,
        page,
        language=(language := current_visitor().reading_language),
        local=local_in(found.content.in_language(language), enrolment.academy_id),
        address=url_for("student.page", course=course, module=module, page=page),
        at=published_at(db_session(), found.version_id),
    )
    return pdf_sent(handout, f"{module}-{page}")


@blueprint.get("/learn/<course>/<module>/whole-module")
def whole_module(course: str, module: str) -> ResponseReturnValue:
    """Every page of a module on one screen, to read at a stretch or to print."""
    learning = learning_of(course)
    found = load_module(learning.course, module).content
    shown = found.in_language(learning.language)
    checks = {
        each.slug: marked(_checks(learning.enrolment.id, each, words), foreign(shown))
        for each, words in zip(found.pages, shown.pages, strict=True)
        if each.checks
    }
    local = local_in(shown, learning.enrolment.academy_id)
    return render_template(
        "student/whole-module.html",
        learning=learning,
        module=shown,
        tongues=tongues(found, shown),
        checks=checks,
        noted=noted_in(learning.enrolment, shown, local),
        local=local,
    )


@blueprint.post("/learn/<course>/<module>/<page>")
def read_page(course: str, module: str, page: str) -> ResponseReturnValue:
    """Mark a page as read and go on to the next step."""
    published = load_taken_course(load_enrolment(Can.LEARN, course))
    found = load_module(published, module)
    shown, back = found.content.page(page), url_for("student.module", course=course, module=module)
    if shown is None:
        flash(PAGE_IS_GONE)
        return redirect(back, HTTPStatus.SEE_OTHER)
    with transaction() as session:
        enrolment = load_enrolment(Can.LEARN, course, for_update=True)
        journeys.read_page(session, catalogue(), enrolment, found, page=page, at=now())
        asked = asked_of(session, enrolment.academy_id, [enrolment.id]).get(enrolment.id)
    if asked and Place(StepKind.PAGE, module, page) in dict(asked.parts):
        return redirect(url_for("student.own_progress", course=course), HTTPStatus.SEE_OTHER)
    following = after_page(found.content, shown)
    if following is not None:
        address = url_for("student.page", course=course, module=module, page=following.slug)
        return redirect(address, HTTPStatus.SEE_OTHER)
    ahead = learning_of(course).next_step
    is_here = ahead is not None and ahead.place.module == module
    return redirect(ahead.address if ahead and is_here else back, HTTPStatus.SEE_OTHER)


@blueprint.post("/learn/<course>/<module>/<page>/checks/<int:number>")
def answer_check(course: str, module: str, page: str, number: int) -> ResponseReturnValue:
    """Answer a check, move a step of it, or open it again; then back to where it stands on the page."""
    enrolment = load_enrolment(Can.LEARN, course)
    shown = load_module(load_taken_course(enrolment), module).content.page(page)
    if shown is None:
        flash(PAGE_IS_GONE)
        return redirect(url_for("student.module", course=course, module=module), HTTPStatus.SEE_OTHER)
    here = url_for("student.page", course=course, module=module, page=page, _anchor=f"check-{number}")
    check = shown.checks[number - 1] if 1 <= number <= len(shown.checks) else None
    if check is None or request.form.get("asked") != digest_of(check):
        flash(CHECK_IS_ANOTHER)
        return redirect(here, HTTPStatus.SEE_OTHER)
    form, prefix = dict(request.form.lists()), f"check-{number}-"
    is_moving = f"{prefix}move" in form
    try:
        answer, sure = reply_of(check, form, enrolment_id=enrolment.id, prefix=prefix)
        if not is_moving and "again" not in form:
            require_whole(check, answer)
    except Invalid as refused:
        return shown_page(
            course, module, page, number=number, refused=refused
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        enrolment = load_enrolment(Can.LEARN, course, for_update=True)
        if "again" in form:
            try_again(session, enrolment, check)
        else:
            keep_answer(session, enrolment, check, answer=answer, sure=sure, is_told=not is_moving, at=now())
    return redirect(here, HTTPStatus.SEE_OTHER)


def shown_page(
    course: str,
    module: str,
    page: str,
    *,
    number: int = 0,
    refused: Invalid | None = None,
    noting: Noting = NOTHING_TYPED,
) -> str | Response:
    """A page as it is shown, with what was wrong about an answer to one of its checks or about a note."""
    reading = load_reading(Can.LEARN, course, module, page)
    enrolment = reading.enrolment
    found_course = load_taken_course(enrolment)
    published, language = load_module(found_course, module), current_visitor().reading_language
    source = published.content
    found, asked = source.in_language(language), source.page(page)
    shown = found.page(page)
    if shown is None or asked is None:
        raise NotFound(UNKNOWN)
    checks = _checks(enrolment.id, asked, shown)
    if refused:
        checks = tuple(_as_typed(check, dict(request.form.lists())) for check in checks)
    standing = reading.standing(db_session)
    text = text_of(found_course, found_course.content.in_language(language), published, found, shown)

    def parts() -> dict[str, Any]:
        """What the template shows."""
        local = local_here(found, reading.local_stamp)
        kept = noted(enrolment, found, shown, local, is_any=standing.is_noted)
        return {
            "tongues": tongues(source, found, f"pages.{page}"),
            "text": text,
            "noted": kept,
            "noting": noting,
            "under": under(text, standing, noted=kept, noting=noting, is_typed=noting != NOTHING_TYPED),
            "checks": marked(checks, foreign(found)),
            "errors": {number: {(refused.field or "answer"): refused.says}} if refused else {},
            "is_read": standing.is_read,
            "is_asked_again": standing.is_asked_again,
        }

    is_own = checks or standing.is_noted or refused or noting != NOTHING_TYPED
    if text.key is not None and not is_own:
        key = (*text.key, standing.is_read, standing.is_asked_again, local_key(reading.local_stamp))
        if (whole := kept_whole("student/page.html", key, parts)) is not None:
            return whole
    return render_template("student/page.html", **parts())


def _as_typed(check: Check, form: Form) -> Check:
    return replace(check, question=as_typed(check.question, form, prefix=check.prefix))


def _checks(enrolment_id: int, page: Page, shown: Page) -> tuple[Check, ...]:
    """The checks of a page in the words of another language; what is kept of them goes by the source."""
    if not page.checks:
        return ()
    names = () if kept_on() else map(name_of, page.checks)  # a copy on a device holds no answers
    given = given_to(db_session(), enrolment_id, names)
    return checks_shown(page.checks, given, enrolment_id=enrolment_id, words=shown.checks)
