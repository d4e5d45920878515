"""The author's door at publishing: what will change for whom, then the act itself."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import audit
from pme.authoring import queries, removals, service
from pme.authoring.models import Draft
from pme.authoring.plan import plan as plan_of
from pme.content.edit import Edits, Prepared, prepare
from pme.content.publish import Published
from pme.errors import Conflict, Invalid, Refused
from pme.permissions import Can
from pme.web.author.drafts import back_to, blueprint
from pme.web.author.editors import path_address
from pme.web.author.forms import LONGEST_TITLE, PublishForm
from pme.web.author.texts import titles_in
from pme.web.loaders import catalogue, load_draft
from pme.web.rendering import rendering
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@blueprint.get("/drafts/<int:draft_id>/publish")
def plan(draft_id: int) -> ResponseReturnValue:
    """What publishing this draft changes, for how many; nothing is published yet."""
    draft = load_draft(Can.PUBLISH_DRAFT, draft_id)
    return _plan_page(draft, PublishForm(note=draft.title[:LONGEST_TITLE]))


def _plan_page(draft: Draft, form: PublishForm) -> str:
    session, draft_id = db_session(), draft.id
    digest, edits = queries.digest_of(session, draft_id), queries.edits_of(session, draft_id)
    hindrances = service.hindrances(session, draft)
    prepared = _prepared(edits) if edits else None
    library = prepared.report.library if prepared else None
    return render_template(
        "author/plan.html",
        draft=draft,
        form=form,
        address=lambda path: path_address(draft_id, path),
        titles=titles_in(draft),
        digest=digest,
        hindrances=hindrances,
        errors=[_told(problem) for problem in prepared.report.errors] if prepared else [],
        plan=plan_of(session, draft, library, catalogue(), edits) if library else None,
    )


@blueprint.post("/drafts/<int:draft_id>/publish")
def publish(draft_id: int) -> ResponseReturnValue:
    """Publish everything in the draft as one; a problem is told and nothing is published."""
    draft = load_draft(Can.PUBLISH_DRAFT, draft_id)
    seen = request.form.get("seen", "")
    if seen and seen != queries.digest_of(db_session(), draft_id):
        flash(
            _("The draft or what is published has changed since you looked. This is what changes now."),
            "problem",
        )
        return redirect(url_for("author.plan", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    form = PublishForm()
    if not form.validate():
        return _plan_page(draft, form), HTTPStatus.UNPROCESSABLE_ENTITY
    publish_now(draft, (form.note.data or "").strip() if "note" in request.form else None)
    return back_to(draft)


def publish_now(draft: Draft, note: str | None = None) -> Published | None:
    """Check a draft and publish it, with what students read of it.

    None, with the reason told on the next page, when that cannot be.
    """
    session, draft_id = db_session(), draft.id
    digest, edits = queries.digest_of(session, draft_id), queries.edits_of(session, draft_id)
    prepared = _prepared(edits)
    by_id = current_visitor().person_id
    try:
        with transaction() as session:
            found = load_draft(Can.PUBLISH_DRAFT, draft_id, for_update=True)
            done = service.publish_draft(
                session, found, prepared, digest=digest, by_id=by_id, at=now(), note=note
            )
            removals.forget(session, found)
            audit.record(
                session,
                "draft published",
                actor=f"person {by_id}",
                subject=f"publication {done.publication_id}",
                at=now(),
                detail={"draft": draft_id, "changed": list(done.changed), "retired": list(done.retired)},
            )
    except Refused:
        with transaction() as session:
            found = load_draft(Can.PUBLISH_DRAFT, draft_id, for_update=True)
            service.keep_report(session, found, prepared.report.problems, digest=digest, at=now())
        flash(_("Nothing was published: the check found errors. They are listed below."), "problem")
    except (Conflict, Invalid) as error:
        flash(error.says, "problem")
    else:
        flash(
            _(
                "Published. Students see it from now on; what changed: {names}.",
                names=", ".join(done.changed) or _("nothing"),
            )
        )
        return done
    return None


def _prepared(edits: Edits) -> Prepared:
    with rendering().turn() as renderer:
        return prepare(db_session(), edits, renderer, at=now())


def _told(problem: object) -> dict[str, object]:
    return {name: getattr(problem, name) for name in ("file", "line", "says", "severity")}
