"""How pages look to whoever reads them: as the person chose, else as this browser did."""

import re
from urllib.parse import urlencode

from flask import Flask, has_request_context, request
from markupsafe import Markup

from pme.people.look import Look, look_of
from pme.web.addresses import url_for
from pme.web.at_hand import this_g, this_request
from pme.web.signin import find_current_visitor
from pme.web.spoken import here
from pme.words.speech import _

COOKIE = "pme_look"
"""What a browser keeps for somebody who is not signed in."""

SAFE = "!$'()*,/:;?@"
"""What stands as it is in what an address asks, as Flask has it."""
PICTURE = re.compile(r'<img src="(/(?:media|static)/[^"]+)" alt="([^"]*)"[^>]*>')


def look_here() -> Look:
    """The look of this request's page."""
    notes = this_g()
    found: Look | None = notes.get("look")
    if found is None:
        visitor = find_current_visitor()
        found = notes.look = look_of(visitor.look if visitor else request.cookies.get(COOKIE))
    return found


def as_wanted(html: str) -> str:
    """Rendered text as whoever reads it wants it: to save data, a link in place of each picture, and recordings
    that are not touched before somebody plays them. Both say what they show.
    """
    if not has_request_context() or not look_here().is_sparing:
        return html
    text = PICTURE.sub(_link, html)
    return text.replace(' preload="metadata"', ' preload="none"')


def _link(found: re.Match[str]) -> str:
    says = _("Show the picture: {what}", what=Markup(found[2]))  # noqa: S704  (escaped when it was published)
    return f'<a href="{found[1]}">{says}</a>'


def aids_address() -> str:
    """The address of the reading aids, with the way back to this page; on their own page there is none to add."""
    is_there = this_request().endpoint in ("public.looking", "public.look")
    return url_for("public.looking") + ("" if is_there else f"?{urlencode({'back': here()}, safe=SAFE)}")


def install(app: Flask) -> None:
    """Give templates the look of the page, and the way to choose another."""
    app.jinja_env.globals |= {"look_here": look_here, "aids_address": aids_address}
