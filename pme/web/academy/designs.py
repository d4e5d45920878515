"""The academy's door at the design of its certificates: the draft, what was published, and beginning again from it."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from pme.certificates.designs import service
from pme.certificates.designs.design import LANGUAGES
from pme.certificates.designs.models import DesignVersion
from pme.certificates.designs.queries import (
    current_version,
    design_of,
    find_draft,
    find_version,
    images_of,
    publishers_of,
    versions_of,
)
from pme.certificates.designs.texts import PLACES
from pme.errors import Conflict, Invalid, NotFound
from pme.people.academies import find_academy
from pme.people.models import Academy
from pme.people.queries import get_academy
from pme.permissions import Can
from pme.web.academy.design_form import LAYOUT_HINTS, LAYOUTS, TEXTS, DesignForm, data_of, places
from pme.web.academy.people_forms import tell
from pme.web.academy.views import blueprint, require
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy
from pme.words.speech import _


class PublishForm(SpokenForm):
    """A note for whoever looks at the versions later."""

    note = StringField(lazy("What is new, for your own staff"), [fits])


@blueprint.get("/certificate-design")
def design() -> ResponseReturnValue:
    """The draft, with its preview, and what was published before."""
    require(Can.DESIGN_CERTIFICATES)
    shown = design_of(db_session(), own_academy())
    form = DesignForm(formdata=None, data=data_of(shown) | {"shown": request.args.get("shown", "")})
    return _page(form)


@blueprint.post("/certificate-design")
def save_design() -> ResponseReturnValue:
    """Keep the draft; nothing that is issued changes by it."""
    require(Can.DESIGN_CERTIFICATES)
    form, visitor = DesignForm(), current_visitor()
    if form.validate():
        with transaction() as session:
            found = service.keep_draft(
                session, visitor.academy_id, form.design, by=visitor.person_id, at=now()
            )
        if not found:
            flash(_("The draft is saved. Certificates change only once it is published."), "success")
            address = url_for("academy.design", shown=form.language, _anchor="preview")
            return redirect(address, HTTPStatus.SEE_OTHER)
        form.tell(found)
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/certificate-design/publish")
def publishing_design() -> ResponseReturnValue:
    """What publishing does, with the preview once more, and a note."""
    require(Can.DESIGN_CERTIFICATES)
    return _publishing(PublishForm(formdata=None))


@blueprint.post("/certificate-design/publish")
def publish_design() -> ResponseReturnValue:
    """Issue certificates in the draft from now on."""
    require(Can.DESIGN_CERTIFICATES)
    form = PublishForm()
    if not form.validate():
        return _publishing(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            academy = find_academy(session, current_visitor().academy_id, for_update=True)
            if academy is None:
                raise NotFound(UNKNOWN)
            note = " ".join((form.note.data or "").split())
            made = service.publish(session, academy, note=note, by=current_visitor().person_id, at=now())
            number = made.number
    except Invalid as error:
        tell(form, error)
        return _publishing(form), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        flash(error.says, "info")
    else:
        flash(
            _("Version {number} is published. Certificates are issued in it from now on.", number=number),
            "success",
        )
    return redirect(url_for("academy.design"), HTTPStatus.SEE_OTHER)


@blueprint.get("/certificate-design/versions/<int:design_id>")
def design_version(design_id: int) -> ResponseReturnValue:
    """A version as it was published."""
    require(Can.DESIGN_CERTIFICATES)
    version = load_version(design_id)
    return render_template(
        "academy/design-version.html",
        version=version,
        languages=LANGUAGES,
        layout=LAYOUTS[version.content["layout"]],
        by=publishers_of(db_session(), version.academy_id).get(version.id, ""),
        is_current=version.id == _current_id(),
        form=ActForm(),
    )


@blueprint.post("/certificate-design/versions/<int:design_id>/draft")
def redraft_design(design_id: int) -> ResponseReturnValue:
    """Make a version the draft, in place of whatever that was."""
    require(Can.DESIGN_CERTIFICATES)
    version = load_version(design_id)
    number = version.number
    with transaction() as session:
        found = service.draft_again(session, version, by=current_visitor().person_id, at=now())
    if found:
        flash(
            _(
                "Version {number} cannot be the draft as it is: {says}",
                number=number,
                says=" ".join(map(str, found.values())),
            ),
            "problem",
        )
    else:
        flash(
            _(
                "The draft is as version {number} was. Publish it to issue certificates in it again.",
                number=number,
            ),
            "success",
        )
    return redirect(url_for("academy.design"), HTTPStatus.SEE_OTHER)


def load_version(design_id: int) -> DesignVersion:
    """A version of the visitor's academy. Raises NotFound."""
    found = find_version(db_session(), current_visitor().academy_id, design_id)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def own_academy() -> Academy:
    """The visitor's academy."""
    return get_academy(db_session(), current_visitor().academy_id)


def _page(form: DesignForm) -> str:
    session, academy_id = db_session(), current_visitor().academy_id
    form.offer(images_of(session, academy_id))
    versions, draft = versions_of(session, academy_id), find_draft(session, academy_id)
    return render_template(
        "academy/design.html",
        form=form,
        hints=LAYOUT_HINTS,
        languages=LANGUAGES,
        kinds=TEXTS,
        names=PLACES,
        places=places(),
        versions=versions,
        draft=draft,
        has_news=draft is not None and (not versions or draft.content != versions[0].content),
        by=publishers_of(session, academy_id),
    )


def _publishing(form: PublishForm) -> str:
    session, academy_id = db_session(), current_visitor().academy_id
    return render_template(
        "academy/design-publish.html",
        form=form,
        draft=find_draft(session, academy_id),
        current=current_version(session, academy_id),
        languages=LANGUAGES,
    )


def _current_id() -> int | None:
    current = current_version(db_session(), current_visitor().academy_id)
    return current.id if current else None
