"""The academy's door at its own settings: name, nation, who signs its certificates, and where help is found."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from pme.errors import Invalid, NotFound
from pme.people.academies import LONGEST, change_settings, find_academy
from pme.people.queries import get_academy
from pme.permissions import Can, may
from pme.web.academy.people_forms import tell
from pme.web.academy.views import blueprint, require
from pme.web.acting import acting
from pme.web.forms import fits
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor
from pme.web.spoken_forms import SpokenForm
from pme.words.languages import LANGUAGES, OWN_NAMES, SOURCE
from pme.words.lazily import lazy
from pme.words.speech import _

OTHERS = [SelectChoice(each, OWN_NAMES[each]) for each in LANGUAGES if each != SOURCE]


class SettingsForm(SpokenForm):
    """What an academy says of itself."""

    name = StringField(lazy("Name of the academy"), [InputRequired(lazy("Give the academy's name.")), fits])
    nation = StringField(
        lazy("Nation, as it is printed"), [InputRequired(lazy("Give the academy's nation.")), fits]
    )
    signatory_name = StringField(lazy("Who signs certificates"), [fits])
    signatory_role = StringField(lazy("In what capacity"), [fits])
    second_signatory_name = StringField(lazy("Who else signs them"), [fits])
    second_signatory_role = StringField(lazy("In what capacity (second signatory)"), [fits])
    language = SelectField(
        lazy("Language of your academy"),
        choices=[SelectChoice("", OWN_NAMES[SOURCE]), *OTHERS],
        default="",
        validate_choice=False,
    )
    support = TextAreaField(lazy("Where people of your academy find help"), [fits])


@blueprint.get("/settings")
def settings_page() -> ResponseReturnValue:
    """What the academy says of itself; a form for its administrators."""
    require(Can.SEE_ACADEMY)
    academy = get_academy(db_session(), current_visitor().academy_id)
    return _page(SettingsForm(formdata=None, obj=academy))


@blueprint.post("/settings")
def save_settings() -> ResponseReturnValue:
    """Change it. Certificates that were issued stay as they were printed."""
    require(Can.ADMINISTER)
    form = SettingsForm()
    if form.validate():
        try:
            with transaction() as session:
                academy = find_academy(session, current_visitor().academy_id, for_update=True)
                if academy is None:
                    raise NotFound(UNKNOWN)
                changed = change_settings(
                    session, academy, {name: form[name].data or "" for name in LONGEST}, acting()
                )
        except Invalid as error:
            tell(form, error)
        else:
            says = (
                _("Saved. It applies from now on.")
                if changed
                else _("Nothing was changed: it was like this already.")
            )
            flash(says, "success" if changed else "info")
            return redirect(url_for("academy.settings_page"), HTTPStatus.SEE_OTHER)
    return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(form: SettingsForm) -> str:
    visitor = current_visitor()
    can_change = may(visitor, Can.ADMINISTER, visitor.academy_id)
    spoken = OWN_NAMES.get(form.language.data or "", OWN_NAMES[SOURCE])
    return render_template("academy/settings.html", form=form, can_change=can_change, spoken=spoken)
