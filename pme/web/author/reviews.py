"""The author's door at review: ask for it, comment, ask for changes, approve."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField, TextAreaField

from pme import audit
from pme.authoring import approvals, outside, queries, review, review_queries
from pme.authoring.models import Draft
from pme.authoring.naming import file_name
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can, may
from pme.web.addresses import number_in
from pme.web.author.changes import file_page, known
from pme.web.author.drafts import blueprint
from pme.web.author.forms import CommentForm
from pme.web.author.reading import reading_of
from pme.web.author.texts import titles_in
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class RequestForm(SpokenForm):
    """What the author tells the reviewers."""

    note = TextAreaField(lazy("What did you change, and what should the reviewers look at?"), [fits])


class ReasonForm(SpokenForm):
    """What the reviewer asks for."""

    reason = TextAreaField(lazy("What should change?"), [fits])


class ApproveForm(SpokenForm):
    """The state that was read, and a word to it."""

    note = TextAreaField(lazy("Note"), [fits])
    seen = HiddenField(default="")


@blueprint.get("/drafts/<int:draft_id>/review")
def review_page(draft_id: int) -> ResponseReturnValue:
    """Everything that a draft changes, what its reviewers say, and what is missing still."""
    return _page(load_draft(Can.SEE_DRAFTS, draft_id))


@blueprint.post("/drafts/<int:draft_id>/request-review")
def request_review(draft_id: int) -> ResponseReturnValue:
    """Ask for review, with a note."""
    form = RequestForm()

    def act(session: Session, draft: Draft, by_id: int) -> None:
        review.request_review(session, draft, note=form.note.data or "", by_id=by_id, at=now())

    return _done(draft_id, Can.CHANGE_DRAFT, form, act, _("A review has been requested."), "review requested")


@blueprint.post("/drafts/<int:draft_id>/take-back")
def take_back(draft_id: int) -> ResponseReturnValue:
    """Open the draft for changes again."""

    def act(session: Session, draft: Draft, by_id: int) -> None:
        review.take_back(session, draft, by_id=by_id, at=now())

    return _done(draft_id, Can.CHANGE_DRAFT, ActForm(), act, _("The draft is open for changes again."), "")


@blueprint.post("/drafts/<int:draft_id>/ask-for-changes")
def ask_for_changes(draft_id: int) -> ResponseReturnValue:
    """Give the draft back with a reason."""
    form = ReasonForm()

    def act(session: Session, draft: Draft, by_id: int) -> None:
        review.ask_for_changes(session, draft, reason=form.reason.data or "", by_id=by_id, at=now())

    return _done(
        draft_id, Can.REVIEW_DRAFT, form, act, _("The author has been asked for changes."), "changes asked"
    )


@blueprint.post("/drafts/<int:draft_id>/approve")
def approve(draft_id: int) -> ResponseReturnValue:
    """Approve the state of the draft that was read."""
    form = ApproveForm()

    def act(session: Session, draft: Draft, by_id: int) -> None:
        seen = form.seen.data or ""
        review.approve(session, draft, seen=seen, note=form.note.data or "", by_id=by_id, at=now())

    return _done(draft_id, Can.REVIEW_DRAFT, form, act, _("You have approved this draft."), "draft approved")


@blueprint.post("/drafts/<int:draft_id>/changes/<path:path>")
def comment(draft_id: int, path: str) -> ResponseReturnValue:
    """Comment on a place of a file, or answer a comment."""
    draft, path = load_draft(Can.DISCUSS_DRAFT, draft_id), known(path)
    form, by_id = CommentForm(), current_visitor().person_id
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit():
        text = form.text.data or ""
        try:
            with transaction() as session:
                draft = load_draft(Can.DISCUSS_DRAFT, draft_id, for_update=True)
                first = review.find_comment(session, draft, number_in(form.reply.data) or 0)
                if first is not None:
                    review.reply(session, draft, first, text=text, by_id=by_id, at=now())
                else:
                    anchor = form.anchor.data or ""
                    review.comment(session, draft, path=path, anchor=anchor, text=text, by_id=by_id, at=now())
        except (Conflict, Invalid) as error:
            form.text.errors = [error.says]
            status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else status
        else:
            return redirect(url_for("author.changes", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)
    return file_page(draft, path, form), status


@blueprint.post("/drafts/<int:draft_id>/close-comment")
def close_comment(draft_id: int) -> ResponseReturnValue:
    """Say that a comment is dealt with."""
    form = CommentForm()
    try:
        with transaction() as session:
            draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
            said = review.find_comment(session, draft, number_in(form.reply.data) or 0)
            if said is None:
                raise NotFound(UNKNOWN)
            review.resolve(session, draft, said, at=now())
            path = said.path
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("author.review_page", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("author.changes", draft_id=draft_id, path=path), HTTPStatus.SEE_OTHER)


def _done(
    draft_id: int,
    can: Can,
    form: SpokenForm,
    act: Callable[[Session, Draft, int], None],
    says: str,
    recorded: str,
) -> ResponseReturnValue:
    """Do one act of review on the locked draft; what is wrong stands beside its field, a conflict on top."""
    draft = load_draft(can, draft_id)
    if not form.validate_on_submit():
        return _page(draft, form), HTTPStatus.UNPROCESSABLE_ENTITY
    by_id = current_visitor().person_id
    try:
        with transaction() as session:
            draft = load_draft(can, draft_id, for_update=True)
            act(session, draft, by_id)
            if recorded:
                audit.record(
                    session,
                    recorded,
                    actor=f"person {by_id}",
                    subject=f"draft {draft_id}",
                    at=now(),
                    academy_id=draft.academy_id,
                    detail={"digest": queries.files_digest(session, draft_id)},
                )
    except Invalid as error:
        form[error.field or "note"].errors = [error.says]
        return _page(load_draft(can, draft_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(says, "success")
    return redirect(url_for("author.review_page", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _page(draft: Draft, form: SpokenForm | None = None) -> str:
    session, visitor = db_session(), current_visitor()
    functions = approvals.functions_of(session, draft.academy_id)
    is_under_review = draft.status in approvals.UNDER_REVIEW
    mine = queries.stamps_of(session, draft.id)
    warnings = [each for each in reading_of(draft).warnings if each.file in mine]
    return render_template(
        "author/review.html",
        draft=draft,
        ethics_open=sum(not each.answer for each in warnings),
        ethics_answered=sum(bool(each.answer) for each in warnings),
        changes=[sides.compared() for sides in review_queries.sides_of(session, draft.id)],
        titles=titles_in(draft),
        moved=[line.path for line in queries.file_lines(session, draft.id) if line.is_moved],
        threads=review_queries.threads_of(session, draft.id),
        outside=outside.remarks_of(session, draft.id),
        can_resolve=may(visitor, Can.CHANGE_DRAFT, draft) and draft.status not in queries.ENDED,
        decided=review_queries.decided(session, draft.id),
        required=[each.name for each in functions if each.is_required],
        missing=approvals.missing(session, draft),
        held=[each.name for each in functions if visitor.person_id in each.holders],
        can_request=may(visitor, Can.CHANGE_DRAFT, draft) and draft.status in ("editing", "changes-asked"),
        can_take_back=may(visitor, Can.CHANGE_DRAFT, draft) and is_under_review,
        can_decide=may(visitor, Can.REVIEW_DRAFT, draft) and is_under_review,
        seen=queries.files_digest(session, draft.id),
        is_text=lambda path: file_name(path).is_text,
        request_form=form if isinstance(form, RequestForm) else RequestForm(formdata=None),
        reason_form=form if isinstance(form, ReasonForm) else ReasonForm(formdata=None),
        approve_form=form if isinstance(form, ApproveForm) else ApproveForm(formdata=None),
        form=form or ActForm(formdata=None),
    )
