"""The page that a device shows in place of another, while there is no link and the other is not kept."""

from flask import render_template

from pme.web.public.views import blueprint


@blueprint.get("/without-a-link")
def without_a_link() -> str:
    """What is so, and what is kept; the device's worker keeps this page, and fills in what it keeps beside it."""
    return render_template("public/without-a-link.html")
