"""The academy's door at the pictures of its designs: crests and facsimiles, taken in and taken away."""

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.certificates.designs import service
from pme.certificates.designs.models import DesignImage, PictureKind
from pme.certificates.designs.pictures import taken
from pme.certificates.designs.queries import find_image, images_of
from pme.errors import Conflict, Invalid, NotFound
from pme.intake.bounded import NotTaken
from pme.permissions import Can
from pme.web.academy.people_forms import tell
from pme.web.academy.views import blueprint, require
from pme.web.forms import ActForm, fits
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, meanwhile, transaction
from pme.web.signin import current_visitor, now
from pme.web.spoken_forms import SpokenForm
from pme.web.uploads import takes_files
from pme.words.lazily import lazy
from pme.words.speech import _

KINDS = {PictureKind.CREST: lazy("A crest"), PictureKind.FACSIMILE: lazy("A facsimile of a signature")}


class ImageForm(SpokenForm):
    """A picture, what it is, and what it shows."""

    kind = RadioField(
        lazy("What it is"),
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        default=PictureKind.CREST.value,
        validate_choice=False,
    )
    says = StringField(lazy("What it shows, in words"), [fits])
    file = FileField(lazy("File"))


@blueprint.get("/certificate-design/pictures")
def design_images() -> ResponseReturnValue:
    """The academy's pictures, and a form for one more."""
    require(Can.DESIGN_CERTIFICATES)
    return _page(ImageForm(formdata=None))


@blueprint.post("/certificate-design/pictures")
@takes_files
def add_design_image() -> ResponseReturnValue:
    """Take a picture in: written anew, so that nothing but its points is kept."""
    require(Can.DESIGN_CERTIFICATES)
    form, visitor = ImageForm(), current_visitor()
    if form.validate() and _is_complete(form):
        kind = PictureKind(form.kind.data)
        try:
            meanwhile()
            safe = taken(form.file.data.stream, kind.value)
            with transaction() as session:
                service.add_image(
                    session,
                    visitor.academy_id,
                    safe,
                    kind=kind,
                    says=form.says.data or "",
                    by=visitor.person_id,
                    at=now(),
                )
        except NotTaken as error:
            form.file.errors = [str(error)]
        except Conflict as error:
            form.file.errors = [error.says]
        except Invalid as error:
            tell(form, error)
        else:
            flash(_("The picture is saved. Choose it in the design."), "success")
            return redirect(url_for("academy.design_images"), HTTPStatus.SEE_OTHER)
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/certificate-design/pictures/<int:image_id>")
def design_image(image_id: int) -> ResponseReturnValue:
    """One picture."""
    require(Can.DESIGN_CERTIFICATES)
    return Response(_image(image_id).png, mimetype="image/png")


@blueprint.post("/certificate-design/pictures/<int:image_id>/remove")
def remove_design_image(image_id: int) -> ResponseReturnValue:
    """Take a picture away that nothing shows."""
    require(Can.DESIGN_CERTIFICATES)
    _image(image_id)
    try:
        with transaction() as session:
            service.remove_image(session, _image(image_id), by=current_visitor().person_id, at=now())
    except Conflict as error:
        flash(error.says, "problem")
    else:
        flash(_("The picture is removed."), "success")
    return redirect(url_for("academy.design_images"), HTTPStatus.SEE_OTHER)


def _is_complete(form: ImageForm) -> bool:
    """Whether each field has something in it; says what to do where one has not."""
    if form.kind.data not in {kind.value for kind in KINDS}:
        form.kind.errors = [_("Say what the picture is.")]
    if not (form.says.data or "").strip():
        form.says.errors = [_("Say what the picture shows, for those who cannot see it.")]
    if not form.file.data:
        form.file.errors = [_("Choose a PNG or JPEG file.")]
    return not form.errors


def _image(image_id: int) -> DesignImage:
    found = find_image(db_session(), current_visitor().academy_id, image_id)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _page(form: ImageForm) -> str:
    academy_id = current_visitor().academy_id
    return render_template(
        "academy/design-pictures.html",
        form=form,
        images=images_of(db_session(), academy_id),
        shown=service.shown_in(db_session(), academy_id),
        kinds=KINDS,
        act=ActForm(),
    )
