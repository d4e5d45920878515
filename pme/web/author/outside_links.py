"""The author's door at links for outside reviewers: make one, see how they are used, close one."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from pme import audit
from pme.authoring import outside
from pme.authoring.models import Draft
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can
from pme.web.addresses import number_in
from pme.web.author.drafts import blueprint
from pme.web.forms import fits, whole_number
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class LinkForm(SpokenForm):
    """Whom a link is for, and for how long."""

    name = StringField(
        lazy("Whom is it for?"),
        [
            InputRequired(lazy("Say whom the link is for.")),
            Length(max=outside.LONGEST_NAME, message=lazy("Keep the name under 80 characters.")),
            fits,
        ],
    )
    days = StringField(
        lazy("For how many days?"),
        [
            whole_number(
                1,
                outside.MOST_DAYS,
                lazy("Give a whole number of days from 1 to {number}.", number=outside.MOST_DAYS),
            )
        ],
        default=str(outside.USUAL_DAYS),
    )


@blueprint.get("/drafts/<int:draft_id>/outside")
def outside_links(draft_id: int) -> ResponseReturnValue:
    """The links of a draft, and how they are used."""
    return _page(load_draft(Can.DISCUSS_DRAFT, draft_id), LinkForm(formdata=None))


@blueprint.post("/drafts/<int:draft_id>/outside")
def make_outside_link(draft_id: int) -> ResponseReturnValue:
    """Make a link; it is shown this once."""
    draft, form = load_draft(Can.DISCUSS_DRAFT, draft_id), LinkForm()
    if not form.validate_on_submit():
        return _page(draft, form), HTTPStatus.UNPROCESSABLE_ENTITY
    by_id = current_visitor().person_id
    try:
        with transaction() as session:
            draft = load_draft(Can.DISCUSS_DRAFT, draft_id, for_update=True)
            made = outside.make(
                session,
                draft,
                name=form.name.data or "",
                days=number_in(form.days.data) or 0,
                by_id=by_id,
                at=now(),
            )
            _note("outside link made", draft, made.link.id)  # not words
    except Invalid as error:
        form[error.field or "name"].errors = [error.says]
        return _page(load_draft(Can.DISCUSS_DRAFT, draft_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "problem")
        return redirect(url_for("author.outside_links", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    address = settings().public_url.rstrip("/") + url_for("preview.overview", key=made.token)
    return _page(load_draft(Can.DISCUSS_DRAFT, draft_id), LinkForm(formdata=None), made=address)


@blueprint.post("/drafts/<int:draft_id>/outside/<int:link_id>/close")
def close_outside_link(draft_id: int, link_id: int) -> ResponseReturnValue:
    """Close a link at once."""
    with transaction() as session:
        draft = load_draft(Can.DISCUSS_DRAFT, draft_id, for_update=True)
        link = outside.find_link(session, draft_id, link_id)
        if link is None:
            raise NotFound(UNKNOWN)
        outside.revoke(session, link, at=now())
        _note("outside link closed", draft, link_id)  # not words
    flash(_("The link is closed: it no longer works."), "success")
    return redirect(url_for("author.outside_links", draft_id=draft_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/drafts/<int:draft_id>/outside/close-comment")
def close_outside_comment(draft_id: int) -> ResponseReturnValue:
    """Say that what an outside reviewer said is dealt with."""
    with transaction() as session:
        draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
        number = number_in(request.form.get("reply")) or 0
        if not outside.resolve(session, draft, number, at=now()):
            raise NotFound(UNKNOWN)
    return redirect(url_for("author.review_page", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _note(act: str, draft: Draft, link_id: int) -> None:
    audit.record(
        db_session(),
        act,
        actor=f"person {current_visitor().person_id}",
        subject=f"draft {draft.id}",
        at=now(),
        academy_id=draft.academy_id,
        detail={"link": link_id},
    )


def _page(draft: Draft, form: LinkForm, *, made: str = "") -> str:
    session = db_session()
    links = outside.links_of(session, draft.id)
    said = [remark.by for remark in outside.remarks_of(session, draft.id)]
    return render_template(
        "author/outside.html",
        draft=draft,
        links=[(link, outside.is_open(link, draft, now())) for link in links],
        said=said,
        form=form,
        made=made,
    )
