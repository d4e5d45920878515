"""The academy's door at enrolling: people chosen from a list, or everybody of a cohort."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.admission import Admission, Came, admit, missing_of
from pme.enrolment.cohorts import every_cohort
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.queries import cohorts_of, courses_chosen
from pme.errors import Invalid, NotAllowed, NotFound
from pme.permissions import Can
from pme.reports.enrolled import could_be_enrolled, names_at, students_of_cohort
from pme.signs import fit
from pme.undoing.models import Did, Thing
from pme.undoing.service import keep, stood
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, catalogue, load_academy_cohort
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.undo_notice import tell_done
from pme.words.numbers import grouped
from pme.words.speech import _, _n

SIZE, NAMED = 100, 20
BECAME: dict[Came, Callable[[int, str], str]] = {
    Came.NEW: lambda number, n: _n("{n} enrolled", "{n} enrolled", number, n=n),
    Came.BACK: lambda number, n: _n(
        "{n} enrolled again with all their records",
        "{n} enrolled again with all their records",
        number,
        n=n,
    ),
    Came.THERE: lambda number, n: _n(
        "{n} took the course already", "{n} took the course already", number, n=n
    ),
    Came.MISSING: lambda number, n: _n(
        "{n} left out: prerequisites not completed",
        "{n} left out: prerequisites not completed",
        number,
        n=n,
    ),
    Came.NO_STUDENT: lambda number, n: _n(
        "{n} left out, as they are not students of your academy",
        "{n} left out, as they are not students of your academy",
        number,
        n=n,
    ),
}
"""What became of so many."""


@blueprint.get("/enrol")
def enrol() -> ResponseReturnValue:
    """Choose a course, then who comes into it."""
    require(Can.ENROL)
    course, cohort = _where(request.args.get("course", ""), request.args.get("cohort"))
    return _page(course, cohort)


@blueprint.post("/enrol")
def enrol_people() -> ResponseReturnValue:
    """Enrol those chosen, or everybody of a cohort; whoever lacks a prerequisite is named first."""
    require(Can.ENROL)
    course, cohort = _where(request.form.get("course", ""), request.form.get("cohort"))
    if not course:
        raise NotFound(UNKNOWN)
    visitor, go = current_visitor(), request.form.get("go", "")
    source = number_in(request.form.get("from"))
    people = [number for text in request.form.getlist("person") if (number := number_in(text))]
    if source is not None and (go == "cohort" or request.form.get("whole") == "yes"):
        whole = load_academy_cohort(Can.ENROL, source)
        people = students_of_cohort(db_session(), visitor.academy_id, whole.id)
    if not people:
        return _page(
            course, cohort, error=_("Choose at least one person, or a cohort.")
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    reason = fit(request.form.get("reason", "")).strip()
    if go == "waive" and visitor.person_id in people:
        raise NotAllowed(_("You cannot waive a prerequisite for yourself. Ask a colleague."))
    lacking = missing_of(db_session(), visitor.academy_id, course, people)
    if lacking and go != "others" and not (go == "waive" and reason):
        wrong = _("Say why the prerequisite is waived.") if go == "waive" else ""
        page = _lacking(course, cohort, people if source is None else [], source, lacking, wrong)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            held = load_academy_cohort(Can.ENROL, cohort.id, for_update=True) if cohort else None
            before = stood(
                session,
                Thing.ENROLMENT,
                visitor.academy_id,
                people,
                Enrolment.course == course,
                column=Enrolment.person_id,
            )
            found = admit(
                session,
                visitor.academy_id,
                people,
                course=course,
                cohort=held,
                waiver=reason if go == "waive" else None,
                by=visitor.person_id,
                at=now(),
            )
            kept = keep(session, before, Did.ENROLLED, by=visitor.person_id, at=now(), course=course)
    except Invalid as error:
        page = _lacking(course, cohort, people if source is None else [], source, lacking, error.says)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    tell_done(_told(found), kept)
    to = {"course": course, **({"cohort": cohort.id} if cohort else {})}
    return redirect(url_for("academy.enrolments", **to), HTTPStatus.SEE_OTHER)  # type: ignore[arg-type]


def _where(course: str, number: str | None) -> tuple[str, Cohort | None]:
    """The course and the cohort that are named: 404 for one that the academy does not have."""
    chosen = number_in(number)
    cohort = load_academy_cohort(Can.ENROL, chosen) if chosen is not None else None
    course = cohort.course if cohort else course
    if course and course not in _titles():
        raise NotFound(UNKNOWN)
    return course, cohort


def _titles() -> dict[str, str]:
    chosen = courses_chosen(db_session(), current_visitor().academy_id)
    return {c.content.slug: c.content.title for c in catalogue().courses if c.content.slug in chosen}


def _page(course: str, cohort: Cohort | None, *, error: str = "") -> str:
    session, academy_id = db_session(), current_visitor().academy_id
    text, page = fit(request.args.get("q", "")), Paging.asked()
    total, rows = could_be_enrolled(
        session,
        academy_id,
        course,
        at=now(),
        text=text,
        offset=(page - 1) * SIZE,
        limit=SIZE if course else 0,
    )
    lacking = missing_of(session, academy_id, course, [row[0] for row in rows]) if course else {}
    titles = _titles()
    return render_template(
        "academy/enrol.html",
        course=course,
        cohort=cohort,
        titles=titles,
        cohorts=cohorts_of(session, academy_id, course) if course else [],
        sources=[each for each in every_cohort(session, academy_id) if not cohort or each.id != cohort.id],
        rows=rows,
        lacking={
            person: ", ".join(f"“{titles.get(slug, slug)}”" for slug in slugs)
            for person, slugs in lacking.items()
        },
        text=text,
        paging=Paging.of(total, size=SIZE),
        error=error,
        act=ActForm(formdata=None),
    )


def _lacking(
    course: str,
    cohort: Cohort | None,
    people: Sequence[int],
    source: int | None,
    lacking: Mapping[int, tuple[str, ...]],
    wrong: str,
) -> str:
    titles, some = _titles(), list(lacking)[:NAMED]
    every = {c.content.slug: c.content.title for c in catalogue().courses}
    names = names_at(db_session(), current_visitor().academy_id, some)
    return render_template(
        "academy/enrol-lacking.html",
        course=course,
        title=titles[course],
        cohort=cohort,
        people=people,
        source=source,
        rows=[
            (names.get(person, ""), ", ".join(f"“{every.get(slug, slug)}”" for slug in lacking[person]))
            for person in some
        ],
        number=len(lacking),
        wrong=wrong,
        reason=fit(request.form.get("reason", "")),
        act=ActForm(formdata=None),
    )


def _told(found: Sequence[Admission]) -> str:
    """What became of everybody, in a sentence."""
    count = Counter(one.came for one in found)
    parts = [says(count[came], grouped(count[came])) for came, says in BECAME.items() if count[came]]
    return f"{'; '.join(parts)}."
