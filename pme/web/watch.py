"""Watches requests: their number in the log, their lines, figures and traces. The route is told, never the address."""

import os
import re
import secrets
from time import perf_counter

import structlog
from flask import Flask, Response, g

from pme.config import Settings
from pme.db import Database
from pme.watching import log, queries, tracing
from pme.watching.meters import FOLDER, Meters
from pme.web.at_hand import this_g, this_request

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{6,64}")
NO_ROUTE = "none"


def install(app: Flask, settings: Settings, database: Database) -> None:
    """Hang the watch on the app; before everything else, so that refusals are seen too."""
    log.install()
    queries.listen(database.engine, slow_ms=settings.watch.slow_query_ms)
    tracing.install(settings.watch.traces_to)
    meters = Meters() if settings.watch.metrics_token else None
    app.extensions["pme_meters"] = meters

    @app.before_request
    def begin() -> None:
        notes = this_g()
        notes.watched_from = perf_counter()
        notes.request_id = request_id(settings)
        notes.tally = queries.new_tally()
        structlog.contextvars.bind_contextvars(request_id=notes.request_id)
        if meters:
            meters.began()
            notes.is_counted = True

    @app.after_request
    def answered(response: Response) -> Response:
        if (began := this_g().get("watched_from")) is not None:
            _tell(response, perf_counter() - began, settings, meters)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")
        if meters and g.pop("is_counted", False):
            meters.ended()


def request_id(settings: Settings) -> str:
    """The number that a trusted proxy gave this request, or a new one."""
    if settings.trusted_proxies:
        given = this_request().headers.get("X-Request-Id", "")
        if GIVEN_ID.fullmatch(given):
            return given
    return secrets.token_hex(6)


def figures_folder() -> str:
    """Where this machine's processes write their figures; empty where each keeps its own."""
    return os.environ.get(FOLDER, "")


def _tell(response: Response, seconds: float, settings: Settings, meters: Meters | None) -> None:
    request = this_request()
    endpoint, status, tally = request.endpoint or NO_ROUTE, response.status_code, this_g().tally
    if meters:
        meters.answered(request.method, endpoint, status, seconds)
        meters.asked(endpoint, tally.queries, tally.slow)
    if settings.watch.every_request:
        structlog.get_logger().info(
            "request",
            method=request.method,
            endpoint=endpoint,
            status=status,
            ms=round(seconds * 1000, 1),
            queries=tally.queries,
            database_ms=round(tally.seconds * 1000, 1),
        )
    tracing.done(f"{request.method} {endpoint}", seconds, status=status, queries=tally.queries)
