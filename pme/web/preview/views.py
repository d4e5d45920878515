"""The preview's door at what is read: the overview, courses, modules, pages and the checks within them."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.assessment.paper import as_typed
from pme.authoring import outside, previews
from pme.authoring.trial import Trial
from pme.content.library import Kind
from pme.content.shapes import Page
from pme.content.written_in import OWN_NAMES
from pme.errors import Invalid, NotFound
from pme.people.queries import get_academy
from pme.people.service import offer_no_tour
from pme.practice.checks import Check, Given, checks_shown, digest_of, name_of, reply_of, require_whole
from pme.progress.completion import after_page, missing_prerequisites
from pme.progress.reading import PageStanding
from pme.web import errors, resume
from pme.web.bodies import attachment_sent
from pme.web.forms import ActForm, SignInForm
from pme.web.loaders import UNKNOWN
from pme.web.overlays import local_in
from pme.web.page_text import PageText, under
from pme.web.preview import tour
from pme.web.preview.access import is_personal_link, look, look_again, looker
from pme.web.preview.contents import changed, loose
from pme.web.preview.pages import keep, show, trial
from pme.web.preview.ways import load_course, load_module, way_of
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, find_current_visitor, now
from pme.web.wrong_links import must_wait
from pme.words.lazily import lazy
from pme.words.speech import _

blueprint = Blueprint("preview", __name__, url_prefix="/preview/<key>")
TOO_MANY = lazy("Too many links that do not open were tried. Try again in a quarter of an hour.")
CHANGED = lazy("This question has changed since you opened the page. Here it is as it is now.")
SUPPORT = lazy("Here students read whom to turn to at their academy.")
NOBODY = 0
"""Whose order of options the checks of a preview show."""
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.url_value_preprocessor
def take_key(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Every address begins with the key; the views need not ask for it."""
    g.preview_key = (values or {}).pop("key")


@blueprint.before_request
def know_who_looks() -> ResponseReturnValue | None:
    """A key opens one preview; a network that tries one wrong link after another has to wait."""
    key: str = g.preview_key
    if is_personal_link(key):
        if must_wait():
            return errors.page(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY)
    elif find_current_visitor() is None:
        if request.method == "POST":
            return resume.sign_in_first(SignInForm(formdata=None))
        return redirect(url_for("public.sign_in", next=request.full_path.rstrip("?")), HTTPStatus.SEE_OTHER)
    g.looker = look(key)
    if not looker().has_opened and request.endpoint not in (
        "preview.overview",
        "preview.begin",
        "preview.media",
    ):
        return redirect(url_for("preview.overview", key=key), HTTPStatus.SEE_OTHER)
    return None


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """A link's address is its key: no search engine lists it, no cache keeps it, no other site hears of it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    """What there is to look at, and what is wrong in it; for an outside reviewer first whom it is for."""
    who = looker()
    if not who.has_opened:
        return make_welcome()
    if who.is_on_tour:
        return tour.first_page()
    catalogue = who.shown.catalogue
    return show(
        "preview/overview.html",
        courses=[
            way_of(each)
            for each in catalogue.every_course
            if who.courses is None or each.content.slug in who.courses
        ],
        changed=changed(who),
        loose=loose(who),
        errors=who.shown.errors,
        languages=[(code, OWN_NAMES.get(code, code)) for code in languages()],
        current=trial().language or next((each.content.language for each in catalogue.every_course), ""),
        remarks=outside.remarks_of(db_session(), who.draft.id, link_id=who.link.id)
        if who.link and who.draft
        else [],
    )


@blueprint.post("/begin")
def begin() -> ResponseReturnValue:
    """Open a link: it is counted. Begin the tour: it is offered no more. For others, and again, nothing happens."""
    with transaction() as session:
        who = look_again()
        if who.is_on_tour:
            offer_no_tour(session, current_visitor().person_id)
        if who.link is not None:
            outside.note_opened(session, who.link, at=now())
    if who.is_on_tour and (ahead := tour.next_address()):
        return redirect(ahead, HTTPStatus.SEE_OTHER)
    return redirect(url_for("preview.overview", key=looker().key), HTTPStatus.SEE_OTHER)


@blueprint.post("/anew")
def anew() -> ResponseReturnValue:
    """Forget everything that was done in this preview."""
    with transaction() as session:
        who = look_again()
        previews.forget(session, who.owner)
    flash(_("The tour starts again.") if who.is_on_tour else _("This preview starts again."), "success")
    return redirect(url_for("preview.overview", key=looker().key), HTTPStatus.SEE_OTHER)


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """Read this preview in another language, as far as it is translated."""
    wanted = request.form.get("language", "")
    _told(keep(lambda done: done.in_language(wanted if wanted in languages() else "")))
    return redirect(url_for("preview.overview", key=looker().key), HTTPStatus.SEE_OTHER)


@blueprint.get("/learn/<course>")
def course(course: str) -> ResponseReturnValue:
    """A course."""
    way = way_of(load_course(course))
    return show(
        "student/course.html",
        about=f"modules/{course}.course.yaml",
        problems=looker().shown.wrong_in(Kind.COURSE, course),
        learning=way,
    )


@blueprint.get("/learn/<course>/<module>/")
def module(course: str, module: str) -> ResponseReturnValue:
    """A module: what it is for, its content note, its steps."""
    way, source = load_module(course, module)
    found = source.in_language(way.language)
    missing = missing_prerequisites(found, way.course.content, way.facts)
    front = f"modules/{module}/module.md"
    known = looker().shown.catalogue
    return show(
        "student/module.html",
        about=front,
        problems=looker().shown.wrong_at(front),
        learning=way,
        module=found,
        local=local_in(found, looker().academy_id),
        steps=way.steps(found),
        before=[earlier.content for slug in missing if (earlier := known.module(slug))],
        support=support(),
    )


@blueprint.get("/learn/<course>/<module>/<page>")
def page(course: str, module: str, page: str) -> ResponseReturnValue:
    """One page of a module, with its checks as they stand in this preview."""
    return _page(course, module, page)


@blueprint.get("/learn/<course>/<module>/whole-module")
def whole_module(course: str, module: str) -> ResponseReturnValue:
    """Every page of a module on one screen."""
    way, source = load_module(course, module)
    done, found = trial(), source.in_language(way.language)
    checks = {
        each.slug: _checks(done, each, words)
        for each, words in zip(source.pages, found.pages, strict=True)
        if each.checks
    }
    problems = looker().shown.wrong_in(Kind.MODULE, module)
    about = f"modules/{module}/module.md"
    return show(
        "student/whole-module.html",
        about=about,
        problems=problems,
        learning=way,
        module=found,
        checks=checks,
        local=local_in(found, looker().academy_id),
    )


@blueprint.post("/learn/<course>/<module>/<page>")
def read_page(course: str, module: str, page: str) -> ResponseReturnValue:
    """Go on to the next step; the page counts as read in this preview."""
    _unused, found = load_module(course, module)
    shown = found.page(page)
    if shown is None:
        raise NotFound(UNKNOWN)
    _told(keep(lambda done: done.with_page(module, page)))
    following = after_page(found, shown)
    at: dict[str, Any] = {"key": looker().key, "course": course, "module": module}
    if following is not None:
        return redirect(url_for("preview.page", **at, page=following.slug), HTTPStatus.SEE_OTHER)
    ahead = way_of(load_course(course)).next_step
    is_here = ahead is not None and ahead.place.module == module
    back = url_for("preview.module", **at)
    return redirect(ahead.address if ahead and is_here else back, HTTPStatus.SEE_OTHER)


@blueprint.post("/learn/<course>/<module>/<page>/checks/<int:number>")
def answer_check(course: str, module: str, page: str, number: int) -> ResponseReturnValue:
    """Answer a check, move a step of it, or open it again; then back to where it stands on the page."""
    _unused, found = load_module(course, module)
    shown = found.page(page)
    if shown is None:
        raise NotFound(UNKNOWN)
    here = url_for(
        "preview.page", key=looker().key, course=course, module=module, page=page, _anchor=f"check-{number}"
    )
    check = shown.checks[number - 1] if 1 <= number <= len(shown.checks) else None
    if check is None or request.form.get("asked") != digest_of(check):
        flash(str(CHANGED))
        return redirect(here, HTTPStatus.SEE_OTHER)
    form, prefix = dict(request.form.lists()), f"check-{number}-"
    is_moving, name = f"{prefix}move" in form, name_of(check)
    try:
        answer, sure = reply_of(check, form, enrolment_id=NOBODY, prefix=prefix)
        if not is_moving and "again" not in form:
            require_whole(check, answer)
    except Invalid as refused:
        return _page(course, module, page, number=number, refused=refused), HTTPStatus.UNPROCESSABLE_ENTITY
    given = None if "again" in form else Given(digest_of(check), answer, sure, is_told=not is_moving)
    _told(keep(lambda done: done.with_check(name, given)))
    return redirect(here, HTTPStatus.SEE_OTHER)


@blueprint.get("/media/<sha256>/<name>")
def media(sha256: str, name: str) -> ResponseReturnValue:  # noqa: ARG001  (for people who save it)
    """A picture that the draft brings: shown, never run."""
    found = looker().shown.media.get(sha256)
    if found is None:
        raise NotFound(UNKNOWN)
    if found.is_in_pieces and (played := attachment_sent(sha256, found.mime)):
        return played
    response = Response(found.content, content_type=found.mime)
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def languages() -> tuple[str, ...]:
    """The languages in which there is something to read here."""
    return tuple(
        sorted(
            {code for m in looker().shown.catalogue.modules_by_slug.values() for code in m.content.languages}
        )
    )


def support() -> str:
    """Whom students of the academy turn to; an outside reviewer is told that it stands here."""
    academy_id = looker().academy_id
    return SUPPORT if academy_id is None else get_academy(db_session(), academy_id).support


def make_welcome() -> str:
    """The first page of a personal link."""
    return render_template("preview/welcome.html", looker=looker(), form=ActForm())


def _page(
    course: str, module: str, page: str, *, number: int = 0, refused: Invalid | None = None
) -> Response:
    way, source = load_module(course, module)
    done, found = trial(), source.in_language(way.language)
    asked, shown = source.page(page), found.page(page)
    if asked is None or shown is None:
        raise NotFound(UNKNOWN)
    checks = _checks(done, asked, shown)
    if refused:
        form = dict(request.form.lists())
        checks = tuple(
            replace(check, question=as_typed(check.question, form, prefix=check.prefix)) for check in checks
        )
    path = looker().shown.page_path(module, page)
    text, is_read = PageText(None, way.course.content, found, shown), (module, page) in done.read
    return show(
        "student/page.html",
        about=path,
        problems=looker().shown.wrong_at(path),
        text=text,
        under=under(text, PageStanding(is_read, is_asked_again=False)),
        local=local_in(found, looker().academy_id),
        checks=checks,
        errors={number: {(refused.field or "answer"): refused.says}} if refused else {},
        is_read=is_read,
    )


def _checks(done: Trial, page: Page, words: Page) -> tuple[Check, ...]:
    return checks_shown(page.checks, done.checks, enrolment_id=NOBODY, words=words.checks)


def _told(says: str) -> None:
    if says:
        flash(says, "problem")
