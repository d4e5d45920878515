"""The public documents of academies as issuers: DID document, keys and profile. They know nobody who asks, so
that anybody's programs and caches may have them, from any page (CORS).
"""

import json

from flask import Blueprint, Response, request

from pme.errors import NotFound
from pme.keys.documents import About, Document, Place, did_document, keys_document, profile
from pme.keys.queries import Issuer, find_issuer, public_keys
from pme.scope import see_everywhere
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session
from pme.web.signin import settings

blueprint = Blueprint("issuers", __name__, url_prefix="/academies/<slug>")

FRESH = "public, max-age=300"
"""A revoked key is known everywhere after so many seconds."""


@blueprint.before_request
def look_everywhere() -> None:
    """These are of any academy."""
    see_everywhere(db_session())


@blueprint.get("/did.json")
def did(slug: str) -> Response:
    """The DID document of an academy."""
    issuer = _issuer(slug)
    keys = public_keys(db_session(), issuer.academy_id)
    return _published(did_document(_place(issuer), keys), "application/did+ld+json")


@blueprint.get("/keys.json")
def published_keys(slug: str) -> Response:
    """Every key that an academy ever signed with, revoked ones too."""
    issuer = _issuer(slug)
    keys = public_keys(db_session(), issuer.academy_id)
    return _published(keys_document(_place(issuer), _about(issuer), keys), "application/json")


@blueprint.get("/issuer")
def issuer(slug: str) -> Response:
    """The profile of an academy, as Open Badges 3.0 has it."""
    found = _issuer(slug)
    return _published(profile(_place(found), _about(found)), "application/ld+json")


def _issuer(slug: str) -> Issuer:
    found = find_issuer(db_session(), slug)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def _place(issuer: Issuer) -> Place:
    return Place(settings().public_url, issuer.slug)


def _about(issuer: Issuer) -> About:
    return About(issuer.name, issuer.nation, is_demo=issuer.is_demo)


def _published(document: Document, media_type: str) -> Response:
    response = Response(json.dumps(document, ensure_ascii=False, indent=1) + "\n", mimetype=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = FRESH
    response.add_etag()
    response.make_conditional(request)
    return response
