"""The student's door at their own notebook: notes, highlights and bookmarks, which nobody else sees."""

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.content.shapes import Module, Page
from pme.enrolment.models import Enrolment
from pme.errors import Conflict, Invalid, NotFound, PmeError
from pme.notebook.models import Colour, Entry, EntryKind
from pme.notebook.passages import paragraphs_of, passage_named
from pme.notebook.queries import entries_of, own_entry
from pme.notebook.quoting import CUT, Quote, Text, find, quote_at, text_of
from pme.notebook.service import (
    STAYS,
    change,
    keep_bookmark,
    keep_highlight,
    keep_note,
    put_back,
    throw_away,
)
from pme.notebook.shown import COLOURS
from pme.notebook.telling import as_markdown, as_text
from pme.permissions import Can
from pme.signs import fit
from pme.web.loaders import UNKNOWN, load_enrolment, load_module, load_taken_course
from pme.web.overlays import local_in
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.student.notebook import (
    NOTHING_TYPED,
    Noting,
    course_title,
    course_tongue,
    courses_noted,
    sections,
    typed,
    where,
)
from pme.web.student.reading import shown_page
from pme.web.student.views import blueprint
from pme.web.tongues import in_tongue
from pme.words.lazily import lazy
from pme.words.speech import _

SHOWN = 25
"""Pages of modules whose notes stand on one page of “My notes”."""
NOT_THERE = lazy(
    "These words do not stand on this page. Copy them from the page as they are, or choose the passage from the list."
)
NOTHING_CHOSEN = lazy("Choose a passage.")
HAS_CHANGED = lazy(
    "This passage has changed since you opened the list. Here is the page as it is now: choose again."
)
NO_PASSAGE = lazy("Paste the passage that you want to highlight, or choose it from the list.")


@blueprint.post("/learn/<course>/<module>/<page>/notes")
def keep_a_note(course: str, module: str, page: str) -> ResponseReturnValue:
    """Keep a note at a page, and go to where it stands."""
    enrolment, found, shown = _place(course, module, page)
    try:
        with transaction() as session:
            text = request.form.get("text", "")
            number = keep_note(session, where(enrolment, found, shown), text=text, at=now()).id
    except (Invalid, Conflict) as error:
        sent = typed("note-text", error.says)
        return shown_page(course, module, page, noting=sent), HTTPStatus.UNPROCESSABLE_ENTITY
    return _to_page(course, module, page, f"note-{number}")


@blueprint.post("/learn/<course>/<module>/<page>/highlights")
def highlight(course: str, module: str, page: str) -> ResponseReturnValue:
    """Highlight a passage that was selected, pasted or chosen from the list, and go to where it stands."""
    enrolment, found, shown = _place(course, module, page)
    is_from_list = request.form.get("from") == "list"
    text = text_of(CUT.join(map(local_in(found, enrolment.academy_id), shown.stretches)))
    try:
        quote, colour = _passage(text, is_from_list=is_from_list), _colour()
        with transaction() as session:
            entry = keep_highlight(
                session,
                where(enrolment, found, shown),
                quote,
                colour=colour or Colour.AMBER,
                text=request.form.get("text", ""),
                at=now(),
            )
            number = entry.id
    except (Invalid, Conflict) as error:
        is_of_note = isinstance(error, Invalid) and error.field == "text"
        sent = typed("highlight-text" if is_of_note else "highlight-quote", error.says)
        if is_from_list:
            return _list_page(course, found, shown, text, sent), HTTPStatus.UNPROCESSABLE_ENTITY
        return shown_page(course, module, page, noting=sent), HTTPStatus.UNPROCESSABLE_ENTITY
    return _to_page(course, module, page, f"mark-{number}")


@blueprint.get("/learn/<course>/<module>/<page>/passages")
def passages(course: str, module: str, page: str) -> ResponseReturnValue:
    """The paragraphs and sentences of a page, to choose one to highlight."""
    enrolment, found, shown = _place(course, module, page)
    text = text_of(CUT.join(map(local_in(found, enrolment.academy_id), shown.stretches)))
    return _list_page(course, found, shown, text, NOTHING_TYPED)


@blueprint.post("/learn/<course>/<module>/<page>/bookmark")
def bookmark(course: str, module: str, page: str) -> ResponseReturnValue:
    """Bookmark a page, or take its bookmark away."""
    enrolment, found, shown = _place(course, module, page)
    try:
        with transaction() as session:
            here = where(enrolment, found, shown)
            if "remove" not in request.form:
                keep_bookmark(session, here, at=now())
            else:
                kept = entries_of(session, here.academy_id, here.person_id)
                for entry in kept:
                    if (entry.kind, entry.module, entry.page) == (EntryKind.BOOKMARK, module, page):
                        throw_away(session, entry, at=now())
    except Conflict as error:
        flash(error.says, "problem")
    return _to_page(course, module, page, "notes")


@blueprint.get("/notes")
def notes() -> ResponseReturnValue:
    """Everything that the visitor keeps, by course, module and page; or of one course."""
    course, at = request.args.get("course", ""), request.args.get("page", "1")
    every, visitor = sections(course), current_visitor()
    is_whole = "whole" in request.args
    last = max(1, -(-len(every) // SHOWN))
    number = min(max(int(at[:6]), 1), last) if at.isascii() and at.isdigit() else 1
    deleted = [
        e
        for e in entries_of(db_session(), visitor.academy_id, visitor.person_id, deleted_since=now() - STAYS)
        if e.deleted_at is not None
    ]
    return render_template(
        "student/notes.html",
        sections=every if is_whole else every[(number - 1) * SHOWN : number * SHOWN],
        courses=courses_noted(),
        course=course,
        course_title=in_tongue(course_title(course), course_tongue(course)) if course else "",
        deleted=deleted,
        number=number,
        last=1 if is_whole else last,
        colours=COLOURS,
    )


@blueprint.get('/notes/<any("my-notes.md", "my-notes.txt"):name>')
def notes_file(name: str) -> ResponseReturnValue:
    """Everything that the visitor keeps, or of one course, as a file of their own."""
    found = sections(request.args.get("course", ""))
    write, mime = (as_markdown, "text/markdown") if name.endswith(".md") else (as_text, "text/plain")
    response = Response(write(_("My notes"), found, on=now().date()), content_type=f"{mime}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/notes/<int:entry_id>")
def note(entry_id: int) -> ResponseReturnValue:
    """One note or highlight, to be changed."""
    entry = _own(entry_id)
    return _note_page(entry, text=entry.text, colour=entry.colour)


@blueprint.post("/notes/<int:entry_id>")
def save_note(entry_id: int) -> ResponseReturnValue:
    """Change a note or highlight, and go back to where it stands."""
    text, colour = request.form.get("text", ""), _colour()
    try:
        with transaction():
            entry = _own(entry_id, for_update=True)
            change(entry, text=text, colour=colour, at=now())
    except Invalid as error:
        page = _note_page(_own(entry_id), text=fit(text), colour=colour, says=error.says)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Your note is changed."), "success")
    return redirect(_home_of(_own(entry_id)), HTTPStatus.SEE_OTHER)


@blueprint.post("/notes/<int:entry_id>/delete")
def delete_note(entry_id: int) -> ResponseReturnValue:
    """Delete an entry; the next page offers to put it back."""
    with transaction() as session:
        entry = _own(entry_id, for_update=True)
        throw_away(session, entry, at=now())
        is_from_list = request.form.get("back") == "notes"
        to = url_for("student.notes", deleted=entry_id) if is_from_list else _home_of(entry, deleted=entry_id)
    return redirect(to, HTTPStatus.SEE_OTHER)


@blueprint.post("/notes/<int:entry_id>/put-back")
def put_note_back(entry_id: int) -> ResponseReturnValue:
    """Put back what was deleted within the last day."""
    with transaction():
        entry = _own(entry_id, for_update=True)
        put_back(entry)
        is_from_list = request.form.get("back") == "notes"
        to = url_for("student.notes") if is_from_list else _home_of(entry)
    flash(_("It is back."), "success")
    return redirect(to, HTTPStatus.SEE_OTHER)


def _place(course: str, module: str, page: str) -> tuple[Enrolment, Module, Page]:
    enrolment = load_enrolment(Can.LEARN, course)
    found = load_module(load_taken_course(enrolment), module).content
    shown = found.in_language(current_visitor().reading_language)
    there = shown.page(page)
    if there is None:
        raise NotFound(UNKNOWN)
    return enrolment, shown, there


def _own(entry_id: int, *, for_update: bool = False) -> Entry:
    visitor = current_visitor()
    found = own_entry(
        db_session(), visitor.academy_id, visitor.person_id, entry_id, at=now(), for_update=for_update
    )
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _colour() -> Colour | None:
    wanted = request.form.get("mark") or request.form.get("colour", "")
    return Colour(wanted) if wanted in list(Colour) else None


def _passage(text: Text, *, is_from_list: bool) -> Quote:
    """The passage that a form names or quotes, as it stands on the page. Raises Invalid where it does not."""
    if is_from_list:
        name = request.form.get("passage", "")
        chosen = passage_named(text, name)
        if chosen is None:
            raise Invalid(str(HAS_CHANGED if name else NOTHING_CHOSEN), field="quote")
        return quote_at(text, chosen.begin, chosen.end)
    words, before, after = (fit(request.form.get(name, "")) for name in ("quote", "before", "after"))
    asked = Quote(words, before, after)
    if not asked.exact.strip():
        raise Invalid(str(NO_PASSAGE), field="quote")
    place = find(text, asked) or find(text, Quote(asked.exact))
    if place is None:
        raise Invalid(str(NOT_THERE), field="quote")
    return quote_at(text, *place)


def _list_page(course: str, module: Module, page: Page, text: Text, noting: Noting) -> str:
    return render_template(
        "student/passages.html",
        course=load_taken_course(load_enrolment(Can.LEARN, course)).content.in_language(
            current_visitor().reading_language
        ),
        module=module,
        page=page,
        paragraphs=paragraphs_of(text),
        noting=noting,
    )


def _note_page(entry: Entry, *, text: str, colour: Colour | None, says: str = "") -> str:
    return render_template(
        "student/note.html",
        entry=entry,
        text=text,
        says=says,
        noting=Noting(colour=(colour or entry.colour or Colour.AMBER).value),
        home=_home_of(entry),
    )


def _home_of(entry: Entry, deleted: int | None = None) -> str:
    """Where an entry stands: its page, where the visitor may still read it, else the whole notebook."""
    try:
        _place(entry.course, entry.module, entry.page)
    except PmeError:  # whatever keeps the visitor from the page: their notes stay theirs
        return url_for("student.notes", deleted=deleted)
    anchor = "notes" if deleted or entry.kind is EntryKind.BOOKMARK else f"note-{entry.id}"
    return url_for(
        "student.page",
        course=entry.course,
        module=entry.module,
        page=entry.page,
        deleted=deleted,
        _anchor=anchor,
    )


def _to_page(course: str, module: str, page: str, anchor: str) -> ResponseReturnValue:
    address = url_for("student.page", course=course, module=module, page=page, _anchor=anchor)
    return redirect(address, HTTPStatus.SEE_OTHER)
