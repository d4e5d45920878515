"""Help: the guides within the product, open to everybody, and what they say of some words."""

import re
from dataclasses import replace

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from pme.errors import NotFound
from pme.manual.guides import Guide, find, guides_in
from pme.signs import fit
from pme.web.assets import Asset, address_of
from pme.web.helping import tour_address
from pme.web.loaders import UNKNOWN
from pme.web.public.views import blueprint
from pme.words.speech import current

MOST_CHARACTERS = 80
PICTURE = re.compile(r'(?<=<img src=")/guide/([a-z.-]+)(?=")')


@blueprint.get("/help")
def manual() -> ResponseReturnValue:
    """Every guide with its headings, and the places that hold what is looked for."""
    guides, wanted = guides_in(current()), fit(request.args.get("q", "")[:MOST_CHARACTERS]).strip()
    return render_template(
        "public/manual.html", guides=guides, wanted=wanted, hits=find(guides, wanted), tour=tour_address()
    )


@blueprint.get("/help/<guide>")
def guide(guide: str) -> ResponseReturnValue:
    """One guide."""
    found = next((each for each in guides_in(current()) if each.name == guide), None)
    if found is None:
        raise NotFound(UNKNOWN)
    return render_template("public/guide.html", guide=_addressed(found))


def _addressed(guide: Guide) -> Guide:
    """A guide whose pictures are at the addresses of static files."""
    assets: dict[str, Asset] = current_app.extensions["pme_assets"]

    def shown(html: str) -> str:
        return PICTURE.sub(lambda found: address_of(assets[found[1]]), html)

    sections = (replace(section, html=shown(section.html)) for section in guide.sections)
    return replace(guide, lead=shown(guide.lead), sections=tuple(sections))
