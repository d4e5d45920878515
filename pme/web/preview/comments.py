"""The preview's door at comments: what an outside reviewer says of a page, to those who write the draft."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField

from pme.authoring import outside
from pme.authoring.naming import file_name
from pme.errors import Conflict, Invalid, NotFound
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN
from pme.web.preview.access import look_again, looker
from pme.web.preview.contents import named
from pme.web.preview.views import blueprint
from pme.web.session import db_session, transaction
from pme.web.signin import now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class RemarkForm(SpokenForm):
    """What an outside reviewer says, and of which file."""

    about = HiddenField(default="")
    text = TextAreaField(lazy("Your comment"), [fits])


@blueprint.get("/comment")
def comment() -> ResponseReturnValue:
    """Say something of a page, and read what one has said so far."""
    return _page(RemarkForm(formdata=None, about=request.args.get("about", "")))


@blueprint.post("/comment")
def send_comment() -> ResponseReturnValue:
    """Send a comment to those who write the draft."""
    form = RemarkForm()
    path, place, _unused = _place(form.about.data or "")
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            link = look_again().link
            if link is None:
                raise NotFound(UNKNOWN)
            outside.say(session, link, path=path, place=place, text=form.text.data or "", at=now())
    except (Invalid, Conflict) as error:
        form.text.errors = [error.says]
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(form), status
    flash(_("Sent. Those who write the draft can read it now."), "success")
    return redirect(url_for("preview.comment", key=looker().key, about=path or None), HTTPStatus.SEE_OTHER)


def _place(about: str) -> tuple[str, str, str]:
    """The file that is spoken of, its name for people and its address; nothing stands for the whole."""
    try:
        path = file_name(about).path
    except Invalid:
        return "", _("The whole draft"), url_for("preview.overview", key=looker().key)
    title, address = named(looker(), path)
    return path, title, address or url_for("preview.overview", key=looker().key)


def _page(form: RemarkForm) -> str:
    who = looker()
    if who.link is None or who.draft is None:
        raise NotFound(UNKNOWN)
    path, place, back = _place(form.about.data or "")
    form.about.data = path
    return render_template(
        "preview/comment.html",
        looker=who,
        place=place,
        back=back,
        form=form,
        remarks=outside.remarks_of(db_session(), who.draft.id, link_id=who.link.id),
    )
