"""The author's door at drafts: begin, see what is in it, check, publish, discard."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.authoring import approvals, given_up, queries, removals, service
from pme.authoring.models import Draft, DraftStatus
from pme.authoring.naming import file_name
from pme.content.edit import prepare, published_tree
from pme.errors import Conflict
from pme.people.models import Role
from pme.permissions import Can, may
from pme.signs import fit
from pme.web.author.editors import path_address
from pme.web.author.forms import DraftForm
from pme.web.author.removing import called
from pme.web.author.texts import titles_in
from pme.web.author.waiting import waiting
from pme.web.forms import ActForm
from pme.web.listed import narrowed, remember_list
from pme.web.loaders import content_academy, load_draft
from pme.web.rendering import rendering
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, guard, now
from pme.web.undo_notice import tell_discarded
from pme.words.lazily import lazy
from pme.words.speech import _

blueprint = Blueprint("author", __name__, url_prefix="/author")
guard(blueprint, Role.INSTRUCTOR, Role.REVIEWER)


LONGEST_SEARCH, SHOWN = 120, 100
STATES = {
    DraftStatus.EDITING: lazy("Being written"),
    DraftStatus.IN_REVIEW: lazy("In review"),
    DraftStatus.CHANGES_ASKED: lazy("Changes asked for"),
    DraftStatus.APPROVED: lazy("Approved"),
    DraftStatus.PUBLISHED: lazy("Published"),
    DraftStatus.DISCARDED: lazy("Discarded"),
}


@blueprint.get("")
def home() -> ResponseReturnValue:
    """The drafts under way or of one state, and everything that is published and can be changed."""
    remember_list()
    return _home(DraftForm())


@blueprint.post("/drafts")
def begin() -> ResponseReturnValue:
    """Begin a draft."""
    academy_id, form = content_academy(Can.WRITE_DRAFTS), DraftForm()
    if not form.validate_on_submit():
        return _home(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        draft = service.begin_draft(
            session,
            academy_id=academy_id,
            author_id=current_visitor().person_id,
            title=form.title.data or "",
            at=now(),
        )
    return redirect(url_for("author.draft", draft_id=draft.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/drafts/<int:draft_id>")
def draft(draft_id: int) -> ResponseReturnValue:
    """A draft: its files, what the last check said, and what can be done with it."""
    found = load_draft(Can.SEE_DRAFTS, draft_id)
    session = db_session()
    return render_template(
        "author/draft.html",
        draft=found,
        report=queries.report_of(found),
        lines=queries.file_lines(session, draft_id),
        titles=titles_in(found),
        out=given_up.files_out(session, found),
        removed=[(called(each), each) for each in removals.removals_of(session, found)],
        can_bring_back=found.status is DraftStatus.DISCARDED
        and may(current_visitor(), Can.CHANGE_DRAFT, found),
        is_checked=found.checked_digest == queries.digest_of(session, draft_id),
        can_change=found.status in service.CAN_CHANGE and may(current_visitor(), Can.CHANGE_DRAFT, found),
        can_publish=found.status not in queries.ENDED and may(current_visitor(), Can.PUBLISH_DRAFT, found),
        missing=approvals.missing(session, found),
        address=lambda path: path_address(draft_id, path),
        is_text=lambda path: file_name(path).is_text,
        is_brought=queries.is_brought(session, draft_id),
        all_chosen=request.args.get("chosen") == "all",
        form=ActForm(),
    )


@blueprint.post("/drafts/<int:draft_id>/check")
def check(draft_id: int) -> ResponseReturnValue:
    """Check the whole of the content with this draft in it, and keep what was found."""
    found = load_draft(Can.CHANGE_DRAFT, draft_id)
    session = db_session()
    digest, edits = queries.digest_of(session, draft_id), queries.edits_of(session, draft_id)
    with rendering().turn() as renderer:
        prepared = prepare(session, edits, renderer, at=now())
    with transaction() as session:
        found = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        service.keep_report(session, found, prepared.report.problems, digest=digest, at=now())
    return back_to(found)


@blueprint.post("/drafts/<int:draft_id>/discard")
def discard(draft_id: int) -> ResponseReturnValue:
    """Give a draft up; it can be brought back."""
    try:
        with transaction() as session:
            found = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            service.discard(session, found, at=now())
        tell_discarded(_("“{draft}” is discarded.", draft=found.title), draft_id)
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("author.home"), HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/restore")
def undiscard(draft_id: int) -> ResponseReturnValue:
    """Bring a discarded draft back, as it was."""
    try:
        with transaction() as session:
            found = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            given_up.bring_back(session, found, at=now())
        flash(_("“{draft}” is back as it was.", draft=found.title), "success")
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("author.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _home(form: DraftForm) -> str:
    session, academy_id = db_session(), content_academy(Can.SEE_DRAFTS)
    words = fit(request.args.get("q", ""))[:LONGEST_SEARCH].strip()
    status = next((one for one in DraftStatus if one.value == request.args.get("status")), None)
    fields = {
        name: value for name, value in (("q", words), ("status", status.value if status else "")) if value
    }
    chips = [(_("Words: {words}", words=words), narrowed("author.home", fields, "q"))] if words else []
    if status is not None:
        says = _("State: {state}", state=str(STATES[status]))
        chips.append((says, narrowed("author.home", fields, "status")))
    return render_template(
        "author/home.html",
        drafts=queries.drafts_of(session, academy_id, status=status, words=words, at_most=SHOWN),
        words=words,
        status=status,
        states=STATES,
        chips=chips,
        paths=sorted(published_tree(session).files),
        can_write=may(current_visitor(), Can.WRITE_DRAFTS, academy_id),
        waiting=waiting(academy_id),
        form=form,
    )


def back_to(draft: Draft) -> ResponseReturnValue:
    """Go to the page of a draft."""
    return redirect(url_for("author.draft", draft_id=draft.id), HTTPStatus.SEE_OTHER)
