"""The author's door at changing a source in a draft; what superseding one touches is shown before it is saved."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length

from pme.authoring import doctrine, service
from pme.authoring.models import Draft
from pme.authoring.sources import changed_source
from pme.content.parse_sources import SOURCES, Succession
from pme.content.shapes import Source
from pme.errors import Conflict, Invalid, NotFound
from pme.permissions import Can, may
from pme.web.author.bibliography import by_file, spot_address
from pme.web.author.drafts import blueprint
from pme.web.author.forms import SourceForm
from pme.web.author.reading import reading_of
from pme.web.author.texts import content_of
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN, load_draft
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy
from pme.words.speech import _

SUPERSEDED = "superseded"
LONGEST_REASON = 500


class SourceEditForm(SourceForm):
    """A source that is there: its key stays, because pages cite by it."""

    key = None  # type: ignore[assignment]  # WTForms leaves out what is set to None
    note = TextAreaField(
        lazy("Note for other authors"),
        [Length(max=500, message=lazy("Keep this under 500 characters.")), fits],
    )
    status = SelectField(
        lazy("Status"),
        choices=[
            SelectChoice("seen", lazy("Seen: somebody has read what is cited")),
            SelectChoice("to-verify", lazy("To be verified against the original")),
            SelectChoice(SUPERSEDED, lazy("Superseded: it is no longer valid")),
        ],
    )
    superseded_by = StringField(lazy("If superseded: the key of what took its place"), [fits])
    superseded_because = TextAreaField(
        lazy("If superseded: why"),
        [
            Length(
                max=LONGEST_REASON,
                message=lazy("Keep this under {number} characters.", number=LONGEST_REASON),
            ),
            fits,
        ],
    )


@blueprint.get("/drafts/<int:draft_id>/source/<source>")
def edit_source(draft_id: int, source: str) -> ResponseReturnValue:
    """A source in a form, as it is in this draft."""
    draft = load_draft(Can.SEE_DRAFTS, draft_id)
    found, told = _found(draft, source)
    form = SourceEditForm(
        formdata=None,
        **{name: getattr(found, name) for name in SourceForm.WRITTEN},
        superseded_by=told.by,
        superseded_because=told.because,
    )
    return _page(draft, found, form)


@blueprint.post("/drafts/<int:draft_id>/source/<source>")
def save_source(draft_id: int, source: str) -> ResponseReturnValue:
    """Keep the source in the draft. To supersede it takes a second press, after what it touches was shown."""
    form, draft = SourceEditForm(), load_draft(Can.CHANGE_DRAFT, draft_id)
    found, _unused = _found(draft, source)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate_on_submit() and _reason_is_given(form):
        fields = _fields(form)
        is_new = fields["status"] == SUPERSEDED and found.status != SUPERSEDED
        try:
            # Tried on what the draft holds now, so that no one is asked to confirm what cannot be.
            changed_source(content_of(draft, SOURCES)[0], source, fields)
            if is_new and request.form.get("act") != "supersede":
                return _affected(draft, found, form)
            with transaction() as session:
                draft = load_draft(Can.CHANGE_DRAFT, draft_id, for_update=True)
                text, revision = content_of(draft, SOURCES)
                edited = changed_source(text, source, fields)
                if edited != text:
                    by_id = current_visitor().person_id
                    service.save_file(
                        session, draft, SOURCES, edited.encode(), seen=revision, by_id=by_id, at=now()
                    )
        except Invalid as error:
            field = form[error.field if error.field in form else "title"]
            field.errors = [*field.errors, error.says]
        except Conflict as error:
            form.title.errors, status = [*form.title.errors, error.says], HTTPStatus.CONFLICT
        else:
            flash(_("Saved in the draft. Students and certificates see nothing of it until it is published."))
            address = url_for("author.source_page", source=source, draft=draft_id)
            return redirect(address, HTTPStatus.SEE_OTHER)
    return _page(load_draft(Can.SEE_DRAFTS, draft_id), found, form), status


def _reason_is_given(form: SourceEditForm) -> bool:
    if form.status.data == SUPERSEDED and not (form.superseded_because.data or "").strip():
        says = _("Say why it is no longer valid, so that those who review the pages know what to look for.")
        form.superseded_because.errors = [*form.superseded_because.errors, says]
        return False
    return True


def _fields(form: SourceEditForm) -> dict[str, str]:
    names = (*SourceForm.WRITTEN, "superseded_by", "superseded_because")
    fields = {name: " ".join((form[name].data or "").split()) for name in names}
    if fields["status"] != SUPERSEDED:
        fields |= {"superseded_by": "", "superseded_because": ""}
    return fields


def _found(draft: Draft, key: str) -> tuple[Source, Succession]:
    bibliography = reading_of(draft).read.bibliography
    if key not in bibliography.sources:
        raise NotFound(UNKNOWN)
    return bibliography.sources[key], bibliography.successions.get(key, Succession())


def _page(draft: Draft, source: Source, form: SourceEditForm) -> str:
    return render_template(
        "author/edit-source.html",
        draft=draft,
        source=source,
        form=form,
        keys=list(reading_of(draft).read.bibliography.sources),
        can_change=draft.status in service.CAN_CHANGE and may(current_visitor(), Can.CHANGE_DRAFT, draft),
    )


def _affected(draft: Draft, source: Source, form: SourceEditForm) -> str:
    places = reading_of(draft).citations.get(source.key, ())
    return render_template(
        "author/affected.html",
        draft=draft,
        source=source,
        form=form,
        fields=_fields(form),
        files=by_file(places),
        count=len({place.spot for place in places}),
        certificates=doctrine.certificates_on(db_session(), source.key, draft.academy_id),
        spot_address=lambda place: spot_address(place, draft),
    )
