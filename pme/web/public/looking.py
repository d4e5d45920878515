"""Reading aids: theme, size, spacing and width of text, pictures on request; kept for the person, or in the browser."""

from http import HTTPStatus

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pme.people.look import CHOICES, Look
from pme.people.service import look_like
from pme.web.looks import COOKIE, look_here
from pme.web.public.views import blueprint
from pme.web.resume import is_ours
from pme.web.session import transaction
from pme.web.signin import find_current_visitor, settings
from pme.web.spoken_forms import SpokenForm
from pme.words.lazily import lazy

YEAR = 365 * 24 * 3600  # seconds


def _one_of(label: str, *choices: tuple[str, str]) -> RadioField:
    return RadioField(label, choices=[SelectChoice(*each) for each in choices], default="")


class LookForm(SpokenForm):
    """One choice of each kind."""

    theme = _one_of(
        lazy("Colours"), ("", lazy("As on this device")), ("light", lazy("Light")), ("dark", lazy("Dark"))
    )
    size = _one_of(
        lazy("Size of text"), ("", lazy("Usual")), ("large", lazy("Large")), ("larger", lazy("Very large"))
    )
    spacing = _one_of(lazy("Space between letters and lines"), ("", lazy("Usual")), ("wide", lazy("More")))
    measure = _one_of(
        lazy("Length of a line"), ("", lazy("Usual")), ("narrow", lazy("Shorter")), ("broad", lazy("Longer"))
    )
    data = _one_of(
        lazy("Pictures"),
        ("", lazy("With the text")),
        ("sparing", lazy("Only when I ask for one: saves data")),
    )
    keys = _one_of(
        lazy("Single keys"),
        ("", lazy("Work wherever nothing is typed")),
        ("off", lazy("Do nothing")),
    )


@blueprint.get("/reading-aids")
def looking() -> ResponseReturnValue:
    """The choices, as they are now."""
    return render_template(
        "public/reading-aids.html", form=LookForm(obj=look_here()), back=_back(request.args.get("back"))
    )


@blueprint.get("/keyboard")
def keyboard() -> ResponseReturnValue:
    """What single keys and combinations do, and where."""
    return render_template("public/keyboard.html")


@blueprint.post("/reading-aids")
def look() -> ResponseReturnValue:
    """Keep the choices, and show this page in them."""
    form = LookForm()
    back = _back(request.form.get("back"))
    if not form.validate_on_submit():
        page = render_template("public/reading-aids.html", form=form, back=back)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = Look(**{name: getattr(form, name).data for name in CHOICES})
    visitor = find_current_visitor()
    if visitor is not None:
        with transaction() as session:
            look_like(session, visitor.person_id, wanted)
    response = redirect(url_for("public.looking", back=back, kept=1), HTTPStatus.SEE_OTHER)
    assert isinstance(response, Response)  # noqa: S101  (what this framework redirects with)
    response.set_cookie(
        COOKIE, wanted.kept, max_age=YEAR, secure=settings().is_https, httponly=True, samesite="Lax"
    )
    return response


def _back(given: str | None) -> str:
    return given if given and is_ours(given) else "/"
