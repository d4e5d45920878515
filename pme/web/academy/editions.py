"""The academy's door at editions of its courses: who holds which, what changed since, whom to ask for it; and
how long a completion is valid.
"""

from dataclasses import asdict
from datetime import date
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from pme import audit
from pme.authoring.word_diff import Paragraph, compare_texts
from pme.content.catalogue import Versioned
from pme.content.edition_content import EditionContent
from pme.content.editions import content_of, current_edition, editions_of
from pme.content.inline_text import plain_text
from pme.content.models import CourseEdition
from pme.content.shapes import Course
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can, may
from pme.progress.completion import Place, StepKind
from pme.progress.delta import Change, Delta, compare
from pme.progress.requalify import LONGEST_NOTE, Ask, call_holders, holders_by_edition, withdraw_call
from pme.progress.requalify_queries import call_by_id, calls_of
from pme.progress.validity import MOST_MONTHS, Term, set_validity, validity_of
from pme.signs import fit
from pme.web.academy.report_form import Choice
from pme.web.academy.views import blueprint, require
from pme.web.forms import fits, whole_number
from pme.web.loaders import UNKNOWN, catalogue, load_read_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _, _n
from pme.words.times import month_and_day

WHICH_DAY = lazy("Give the day as year, month and day, such as 2026-12-31.")
MONTHS = dict(
    zip(
        map(str, range(1, 13)),
        (
            lazy("January"),
            lazy("February"),
            lazy("March"),
            lazy("April"),
            lazy("May"),
            lazy("June"),
            lazy("July"),
            lazy("August"),
            lazy("September"),
            lazy("October"),
            lazy("November"),
            lazy("December"),
        ),
        strict=True,
    )
)
UNKNOWN_EDITION = 0
"""The number in addresses of holders whose edition cannot be told."""


def is_day(_form: object, field: Field) -> None:
    """Validates that a text is a day like 2026-12-31."""
    try:
        date.fromisoformat(field.data.strip())
    except ValueError as error:
        field.data = fit(field.data)
        raise ValidationError(WHICH_DAY) from error


class ValidityForm(SpokenForm):
    """For how long a completion is valid: some months, or until the same day of every year."""

    months = StringField(
        lazy("Valid for months"),
        [
            Optional(),
            whole_number(
                1,
                MOST_MONTHS,
                lazy(
                    "Give whole months, from 1 to {most}, or nothing for no end.",
                    most=MOST_MONTHS,
                ),
            ),
        ],
    )
    day = StringField(
        lazy("Day"), [Optional(), whole_number(1, 31, lazy("Give a day of the month, from 1 to 31."))]
    )
    month = Choice(
        lazy("Month"),
        choices=[SelectChoice("", lazy("No fixed day")), *(SelectChoice(*each) for each in MONTHS.items())],
    )

    @property
    def term(self) -> Term | None:
        """What was chosen; None for no end."""
        if not (self.months.data or self.day.data or self.month.data):
            return None
        months, day, month = (
            int(each.data) if each.data else None for each in (self.months, self.day, self.month)
        )
        return Term(months, month, day)


class CallForm(SpokenForm):
    """What holders of older editions are asked to do, and by when."""

    parts = SelectMultipleField(lazy("What they do"), validate_choice=False)
    whom = RadioField(
        lazy("Whom to ask"),
        choices=[
            SelectChoice("edition", lazy("Those who hold this edition")),
            SelectChoice(
                "all", lazy("Those who hold any other edition, as far as these parts changed for them")
            ),
        ],
        default="edition",
        validators=[InputRequired(lazy("Choose whom to ask."))],
    )
    due_on = StringField(lazy("To be done by"), [InputRequired(WHICH_DAY), is_day])
    note = TextAreaField(
        lazy("What they are told (optional)"),
        [
            Optional(),
            Length(
                max=LONGEST_NOTE,
                message=lazy("Keep it under {most} characters.", most=LONGEST_NOTE),
            ),
            fits,
        ],
    )


@blueprint.get("/editions/<course>")
def editions(course: str) -> ResponseReturnValue:
    """The editions of a course that people hold, what they were asked, and how long it is valid."""
    require(Can.SEE_REPORTS)
    found = load_read_course(course)
    term = validity_of(db_session(), current_visitor().academy_id).get(course) or Term()
    shown = {name: str(getattr(term, name) or "") for name in ("months", "month", "day")}
    return _list(found, ValidityForm(formdata=None, data=shown))


@blueprint.post("/editions/<course>/validity")
def save_validity(course: str) -> ResponseReturnValue:
    """Say for how long a completion is valid. Certificates that were issued keep the day that they say."""
    require(Can.CALL_HOLDERS)
    found, form, visitor = load_read_course(course), ValidityForm(), current_visitor()
    if not form.validate():
        return _list(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    term = form.term
    try:
        with transaction() as session:
            before = validity_of(session, visitor.academy_id).get(course)
            set_validity(session, visitor.academy_id, course, term, by=visitor.person_id, at=now())
            if before != term:
                detail: dict[str, object] = {
                    name: each and asdict(each) for name, each in (("before", before), ("after", term))
                }
                _record("validity set", f"course {course}", detail)
    except Invalid as error:
        form[error.field or "months"].errors = [error.says]
        return _list(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Validity of a completion: {term}.", term=in_words(term)), "success")
    return redirect(url_for("academy.editions", course=course), HTTPStatus.SEE_OTHER)


def in_words(term: Term | None) -> str:
    """A term as people say it, such as “for 12 months”."""
    if term is None:
        return _("no end")
    if term.months is not None:
        return _n("for {n} month", "for {n} months", term.months)
    return _("until {day} of each year", day=month_and_day(date(2000, term.month or 1, term.day or 1)))


@blueprint.get("/editions/<course>/<int:number>")
def edition_changes(course: str, number: int) -> ResponseReturnValue:
    """What changed from an edition to the current one, and a form to ask its holders for that."""
    require(Can.SEE_REPORTS)
    found = load_read_course(course)
    held, now_published = _editions(found, number)
    delta = _delta(held, now_published)
    form = CallForm(
        formdata=None, data={"parts": [name_of(place) for place in delta.asked], "whom": "edition"}
    )
    return _changes(found, held, now_published, delta, form)


@blueprint.post("/editions/<course>/<int:number>")
def ask_holders(course: str, number: int) -> ResponseReturnValue:
    """Ask holders for what changed."""
    require(Can.CALL_HOLDERS)
    found, form, visitor = load_read_course(course), CallForm(), current_visitor()
    held, newest = _editions(found, number)
    delta = _delta(held, newest)
    named = {name_of(place): place for place in delta.asked}
    if not form.validate():
        return _changes(found, held, newest, delta, form), HTTPStatus.UNPROCESSABLE_ENTITY
    chosen = frozenset(named[name] for name in form.parts.data or () if name in named)
    try:
        with transaction() as session:
            every = set(holders_by_edition(session, visitor.academy_id, course))
            ask = Ask(
                edition=newest,
                held=every if form.whom.data == "all" else {held.id if held else None},
                chosen=chosen,
                due_on=date.fromisoformat((form.due_on.data or "").strip()),
                note=form.note.data or "",
            )
            call, reached = call_holders(session, visitor.academy_id, ask, by=visitor.person_id, at=now())
            _record(
                "holders asked for an edition",  # not words
                f"call {call.id}",
                {"course": course, "edition": newest.number, "due": str(call.due_on), "people": reached},
            )
    except (Invalid, Conflict) as error:
        field = error.field if isinstance(error, Invalid) and error.field else "parts"
        form[field].errors = [error.says]
        return _changes(found, held, newest, delta, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_n("{n} person was asked.", "{n} people were asked.", reached), "success")
    return redirect(url_for("academy.editions", course=course), HTTPStatus.SEE_OTHER)


@blueprint.post("/editions/calls/<int:call_id>/withdrawal")
def withdraw(call_id: int) -> ResponseReturnValue:
    """Take a call back: whoever has not finished is asked no more."""
    require(Can.CALL_HOLDERS)
    visitor = current_visitor()
    with transaction() as session:
        call = call_by_id(session, visitor.academy_id, call_id, for_update=True)
        if call is None:
            raise NotFound(UNKNOWN)
        is_new = call.withdrawn_at is None
        freed = withdraw_call(session, call, by=visitor.person_id, at=now())
        if is_new:
            _record("call withdrawn", f"call {call.id}", {"course": call.course, "people": freed})
    flash(_("They are no longer asked. What was done already stays."), "success")
    return redirect(url_for("academy.editions", course=call.course), HTTPStatus.SEE_OTHER)


def name_of(place: Place) -> str:
    """How a form names a step."""
    return f"{place.kind.value}/{place.module}/{place.slug}"


def _editions(course: Versioned[Course], number: int) -> tuple[CourseEdition | None, CourseEdition]:
    slug = course.content.slug
    newest = current_edition(db_session(), catalogue(), slug)
    held = next((each for each in editions_of(db_session(), slug) if each.number == number), None)
    if newest is None or (held is None and number != UNKNOWN_EDITION):
        raise NotFound(UNKNOWN)
    return held, newest


def _delta(held: CourseEdition | None, newest: CourseEdition) -> Delta:
    return compare(content_of(db_session(), held) if held else None, content_of(db_session(), newest))


def _list(course: Versioned[Course], form: ValidityForm) -> str:
    slug, academy_id = course.content.slug, current_visitor().academy_id
    held = holders_by_edition(db_session(), academy_id, slug)
    return render_template(
        "academy/editions.html",
        course=course.content,
        newest=current_edition(db_session(), catalogue(), slug),
        editions=editions_of(db_session(), slug),
        held=held,
        calls=calls_of(db_session(), academy_id, slug),
        may_call=may(current_visitor(), Can.CALL_HOLDERS, academy_id),
        valid=in_words(validity_of(db_session(), academy_id).get(slug)),
        form=form,
    )


def _changes(
    course: Versioned[Course],
    held: CourseEdition | None,
    newest: CourseEdition,
    delta: Delta,
    form: CallForm,
) -> str:
    academy_id = current_visitor().academy_id
    holders = holders_by_edition(db_session(), academy_id, course.content.slug)
    after = content_of(db_session(), newest)
    before = content_of(db_session(), held) if held else None
    titles = {m.slug: m.title for m in after.modules.values()}
    older = before.modules.values() if before else ()
    return render_template(
        "academy/edition-changes.html",
        course=course.content,
        held=held,
        newest=newest,
        delta=delta,
        titles={**{m.slug: m.title for m in older}, **titles},
        asked=[(name_of(place), place) for place in delta.asked],
        step_titles={step.place: step.title for step in delta.steps} | _task_titles(newest, delta),
        words=_words(before, after, delta) if before else {},
        holders=holders[held.id if held else None],
        others=sum(holders.values()) - holders[newest.id],
        may_call=may(current_visitor(), Can.CALL_HOLDERS, academy_id),
        today=now().date(),
        form=form,
    )


def _words(before: EditionContent, after: EditionContent, delta: Delta) -> dict[Place, list[Paragraph]]:
    """What changed in the words of each changed page, paragraph by paragraph."""
    found = {}
    for place in (step.place for step in delta.steps if step.change is Change.CHANGED):
        pages = [content.modules[place.module].page(place.slug) for content in (before, after)]
        old, new = (plain_text(page.html).replace("\n", "\n\n") if page else "" for page in pages)
        found[place] = [paragraph for paragraph in compare_texts(old, new) if not paragraph.is_same]
    return found


def _task_titles(newest: CourseEdition, delta: Delta) -> dict[Place, str]:
    content = content_of(db_session(), newest)
    titles = {slug: quiz.title for slug, quiz in content.quizzes.items()}
    titles |= {slug: scenario.title for slug, scenario in content.scenarios.items()}
    return {place: titles[place.slug] for place in delta.asked if place.kind is not StepKind.PAGE}


def _record(act: str, subject: str, detail: dict[str, object]) -> None:
    visitor = current_visitor()
    audit.record(
        db_session(),
        act,
        actor=f"person {visitor.person_id}",
        subject=subject,
        at=now(),
        academy_id=visitor.academy_id,
        detail=detail,
    )
