"""The public document on our statements: the xAPI profile, at the address by which every statement names it."""

import json

from flask import Response, request

from pme.web.public.views import blueprint
from pme.web.signin import settings
from pme.xapi.profile import profile
from pme.xapi.vocabulary import Words

FRESH = "public, max-age=3600"


@blueprint.get("/xapi/profile.json")
def xapi_profile() -> Response:
    """Which statements there are and what is in them, as JSON-LD, for anybody's programs."""
    document = profile(Words(settings().public_url))
    response = Response(
        json.dumps(document, ensure_ascii=False, indent=1) + "\n", mimetype="application/ld+json"
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = FRESH
    response.add_etag()
    response.make_conditional(request)
    return response
