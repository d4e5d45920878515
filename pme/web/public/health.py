"""What programs ask of a running process: whether it lives, whether it can answer, and its figures."""

import hmac
from http import HTTPStatus
from importlib.metadata import version

from flask import Blueprint, Response, current_app, jsonify, request

from pme.errors import NotFound
from pme.scope import EVERYWHERE
from pme.watching.health import AWAY, OK, readiness
from pme.watching.meters import told
from pme.web.loaders import UNKNOWN
from pme.web.session import database
from pme.web.signin import now, settings
from pme.web.stored import store
from pme.web.watch import figures_folder

blueprint = Blueprint("health", __name__)
"""Open to everybody, but for the figures."""
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/healthz")
def live() -> Response:
    """Say that the process answers; nothing else is asked."""
    return _plain(Response("ok\n", mimetype="text/plain"))


@blueprint.get("/readyz")
def ready() -> Response:
    """Whether people may be sent to this process: 200, or 503 with what is missing.

    That the store of files is away is told and takes nobody out: pages need none of it, and it is away for all.
    """
    found, store_away = readiness(database()), bool(store().refusal())
    response = jsonify(
        database=found.database,
        schema=found.schema,
        content=found.content,
        store=AWAY if store_away else OK,
    )
    if not found.is_ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = "10"
    return _plain(response)


@blueprint.get("/metrics")
def metrics() -> Response:
    """The figures for Prometheus, which sends the token of PME_METRICS_TOKEN; to anybody else there is nothing here."""
    token, meters = settings().watch.metrics_token, current_app.extensions["pme_meters"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise NotFound(UNKNOWN)
    with database().seeing(EVERYWHERE).session() as session:
        body = told(meters, session, folder=figures_folder(), version=version("pme"), at=now())
    return _plain(Response(body, content_type=TEXT))


def _plain(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
