"""The door at local places: the checklist of a course before it goes live, and each place with its text."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme import audit
from pme.content.catalogue import Versioned
from pme.content.local_places import KINDS, LocalPlace, places_of
from pme.content.shapes import Course, Module
from pme.content.written_in import LANGUAGES
from pme.errors import Conflict, Invalid, NotFound
from pme.overlay.models import BlockState, LocalBlock
from pme.overlay.queries import kept_by, versions_of
from pme.overlay.service import Content, Where, find_block, not_applicable, save, take_away
from pme.overlay.written import rendered
from pme.people.models import Role
from pme.permissions import Can, may, sets_content
from pme.web.addresses import number_in
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN, catalogue, load_course
from pme.web.overlays import list_of
from pme.web.rendering import rendering
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, guard, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _

blueprint = Blueprint("local", __name__, url_prefix="/local")
guard(blueprint, Role.INSTRUCTOR, Role.DIRECTOR, Role.ADMINISTRATOR)
LONGEST_LOOK = 2.0
"""Seconds that a text may take to render; others wait meanwhile."""
NAMES = {"en": lazy("English"), "fr": lazy("French"), "uk": lazy("Ukrainian"), "ar": lazy("Arabic")}
WAYS = [
    SelectChoice(BlockState.FILLED.value, lazy("Students read the text below")),
    SelectChoice(BlockState.NOT_APPLICABLE.value, lazy("This does not apply at our academy")),
]


class BlockForm(SpokenForm):
    """What the academy says of a place, and the revision that its writer had before them."""

    state = RadioField(
        lazy("What do your students read here?"), choices=WAYS, default=BlockState.FILLED.value
    )
    text = TextAreaField(lazy("Text for your students"), [fits])
    reason = TextAreaField(lazy("Why does it not apply?"), [fits])
    seen = HiddenField(default="0")


@dataclass(frozen=True)
class Spot:
    """A place of a course, in one language; `place` None: it is gone from the course."""

    course: Course
    module: Module
    place: LocalPlace | None
    page: str
    where: Where

    @property
    def address(self) -> dict[str, str]:
        """What its address holds."""
        return {"course": self.course.slug, "module": self.module.slug, "place": self.where.place}


@blueprint.get("")
def courses() -> ResponseReturnValue:
    """The courses with places to fill in, and how far each is."""
    found = [
        course
        for course in catalogue().courses
        if may(current_visitor(), Can.FILL_LOCAL, course.content.slug)
    ]
    kept = kept_by(db_session(), current_visitor().academy_id)
    placed = {slug for course in catalogue().courses for slug in course.content.modules}
    return render_template(
        "local/courses.html",
        courses=[(each.content, list_of(each)) for each in found],
        strays=[one for one in kept if one.module not in placed] if sets_content(current_visitor()) else [],
    )


@blueprint.get("/<course>")
def places(course: str) -> ResponseReturnValue:
    """Every place of a course and how it stands; it prints as a checklist."""
    found = _course(course)
    return render_template(
        "local/checklist.html", course=found.content, list=list_of(found), kinds=KINDS, names=NAMES, at=now()
    )


@blueprint.get("/<course>/<module>/<place>")
def place(course: str, module: str, place: str) -> ResponseReturnValue:
    """One place: what belongs there, and the academy's text."""
    spot = _spot(course, module, place)
    block = find_block(db_session(), spot.where)
    if spot.place is None:
        return _gone(spot, block)
    is_there = block is not None and block.state is not BlockState.EMPTY
    form = BlockForm(
        formdata=None,
        state=block.state.value if block and is_there else BlockState.FILLED.value,
        text=block.text if block else "",
        reason=block.reason if block else "",
        seen=str(block.revision if block else 0),
    )
    return _page(spot, form, block)


@blueprint.post("/<course>/<module>/<place>")
def save_place(course: str, module: str, place: str) -> ResponseReturnValue:
    """Keep the academy's text, or that the place does not apply."""
    spot, form = _spot(course, module, place), BlockForm()
    if spot.place is None:
        raise NotFound(UNKNOWN)
    block = find_block(db_session(), spot.where)
    if not form.validate_on_submit():
        return _page(spot, form, block), HTTPStatus.UNPROCESSABLE_ENTITY
    by_id = current_visitor().person_id
    try:
        content = _content(spot, form)
        with transaction() as session:
            save(
                session,
                spot.where,
                spot.place,
                content,
                seen=number_in(form.seen.data) or 0,
                by_id=by_id,
                at=now(),
            )
            _note("local text saved", spot)  # not words
    except (Invalid, Conflict) as error:
        field = error.field or "text" if isinstance(error, Invalid) else "text"
        form[field].errors = [error.says]
        block = find_block(db_session(), spot.where)
        is_conflict = isinstance(error, Conflict)
        if is_conflict:
            form.seen.data = str(block.revision if block else 0)
        status = HTTPStatus.CONFLICT if is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(spot, form, block, theirs=block.text if block and is_conflict else ""), status
    flash(_("Saved. Students of your academy see it from now on."), "success")
    return redirect(
        url_for("local.places", course=course, _anchor=f"place-{module}-{place}"), HTTPStatus.SEE_OTHER
    )


@blueprint.post("/<course>/<module>/<place>/take-away")
def take_away_text(course: str, module: str, place: str) -> ResponseReturnValue:
    """Take a text away: students are told to ask again, or, where the place is gone, it leaves the list."""
    spot = _spot(course, module, place)
    with transaction() as session:
        block = find_block(session, spot.where, for_update=True)
        if block is None:
            raise NotFound(UNKNOWN)
        take_away(session, block, by_id=current_visitor().person_id, at=now())
        _note("local text taken away", spot)  # not words
    flash(_("Removed. Its versions are kept."), "success")
    return redirect(url_for("local.places", course=course), HTTPStatus.SEE_OTHER)


def _course(slug: str) -> Versioned[Course]:
    if not may(current_visitor(), Can.FILL_LOCAL, slug):
        raise NotFound(UNKNOWN)
    return load_course(slug)


def _spot(course: str, module: str, place: str) -> Spot:
    """A place of a course by its address. Raises NotFound when neither the course nor the academy has it."""
    found = _course(course).content
    known = catalogue().module(module) if module in found.modules else None
    if known is None:
        raise NotFound(UNKNOWN)
    content = known.content
    wanted = request.args.get("language", content.language)
    where = Where(
        current_visitor().academy_id, module, place, wanted if wanted in LANGUAGES else content.language
    )
    there = next(((page, each) for page, each in places_of(content) if each.id == place), None)
    if there is None and find_block(db_session(), where) is None:
        raise NotFound(UNKNOWN)
    page, at = there or ("", None)
    return Spot(found, content, at, page, where)


def _content(spot: Spot, form: BlockForm) -> Content:
    if form.state.data == BlockState.NOT_APPLICABLE.value:
        return not_applicable(form.reason.data or "")
    text = (form.text.data or "").replace("\r\n", "\n").strip()
    with rendering().turn() as renderer:
        usual, renderer.page_seconds = renderer.page_seconds, min(renderer.page_seconds, LONGEST_LOOK)
        try:
            return Content(BlockState.FILLED, text, rendered(text, spot.where.place, renderer))
        finally:
            renderer.page_seconds = usual


def _note(act: str, spot: Spot) -> None:
    audit.record(
        db_session(),
        act,
        actor=f"person {current_visitor().person_id}",
        subject=f"{spot.module.slug}/{spot.where.place}",
        at=now(),
        academy_id=spot.where.academy_id,
        detail={"language": spot.where.language},
    )


def _page(spot: Spot, form: BlockForm, block: LocalBlock | None, *, theirs: str = "") -> str:
    return render_template(
        "local/place.html",
        spot=spot,
        form=form,
        block=block,
        theirs=theirs,
        is_there=block is not None and block.state is not BlockState.EMPTY,
        is_changed=block is not None
        and spot.place is not None
        and block.state is not BlockState.EMPTY
        and block.prompt_sha256 != spot.place.digest,
        versions=versions_of(db_session(), block.id) if block else [],
        languages=[(code, NAMES[code]) for code in LANGUAGES],
        kinds=KINDS,
        act=ActForm(formdata=None),
    )


def _gone(spot: Spot, block: LocalBlock | None) -> str:
    return render_template(
        "local/gone.html",
        spot=spot,
        block=block,
        versions=versions_of(db_session(), block.id) if block else [],
    )
