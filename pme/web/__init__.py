"""The web: hangs doors, filters, headers and error pages on the app."""

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from pme.config import ROOT, Settings
from pme.db import database_of
from pme.keys.keyring import Keyring
from pme.people.factors_seal import Seal
from pme.people.passwords import Hashing
from pme.scope import NOWHERE
from pme.web import (
    addresses,
    assets,
    compiled,
    devices,
    errors,
    figures,
    filters,
    headers,
    helping,
    kept,
    listed,
    looks,
    opened,
    rendering,
    session,
    shell,
    signin,
    spoken,
    tongues,
    uploads,
    watch,
    whole,
    wrong_links,
)
from pme.web.account import browsers, factors, own_data, passkeys, passwords
from pme.web.account import opened as own_looks
from pme.web.account.views import blueprint as account
from pme.web.platform import Platform
from pme.web.public import credentials as public_credentials
from pme.web.public import linkless
from pme.web.public import looking as public_looking
from pme.web.public import manual as public_manual
from pme.web.public import proving as public_proving
from pme.web.public import returns as public_returns
from pme.web.public import speaking as public_speaking
from pme.web.public import supplements as public_supplements
from pme.web.public import xapi as public_xapi
from pme.web.public.health import blueprint as health
from pme.web.public.issuers import blueprint as issuers
from pme.web.public.links import blueprint as account_links
from pme.web.public.styleguide import blueprint as styleguide
from pme.web.public.vc_api import blueprint as vc_api
from pme.web.public.views import blueprint as public
from pme.web.student import (
    attempts,
    carrying,
    device,
    joining,
    languages,
    news,
    notes,
    quizzes,
    reading,
    search,
    situations,
    taking,
)
from pme.web.student import progress as own_progress
from pme.web.student import record as own_record
from pme.web.student.views import blueprint as student
from pme.web.tokens import Tokens

LARGEST_FORM = 256 * 1024
HUNG = (
    quizzes,
    own_progress,
    news,
    notes,
    own_record,
    carrying,
    device,
    joining,
    reading,
    languages,
    search,
    situations,
    taking,
    public_xapi,
    public_returns,
    public_credentials,
    public_supplements,
    public_proving,
    public_looking,
    public_manual,
    linkless,
    public_speaking,
    own_looks,
    passwords,
    factors,
    own_data,
    passkeys,
    browsers,
)
"""The files that hang their addresses on another file's door when they are imported."""


def build(settings: Settings, *, is_late: bool) -> Flask:
    """Put the application together. `is_late`: doors that students never see are opened when they are needed."""
    app = Platform("pme", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_NAME="pme",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["pme_settings"] = settings
    app.extensions["pme_hashing"] = Hashing(settings.argon2)
    app.extensions["pme_keyring"] = Keyring.of(settings)
    app.extensions["pme_seal"] = Seal(settings.secret_key)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    database = database_of(settings, sees=NOWHERE, limits=settings.limits)
    watch.install(app, settings, database)
    addresses.install(app)
    headers.install(app, settings)
    session.install(app, database)
    signin.install(app)
    uploads.install(app)
    tokens = Tokens(app)
    tokens.exempt(vc_api)  # it knows its callers by a token of its own
    for view in (public_returns.check_return, public_returns.check_return_as_json):
        tokens.exempt(view)  # nobody is signed in, and nothing is changed; the form asks for its token itself
    spoken.install(app)
    looks.install(app)
    helping.install(app)
    listed.install(app)
    devices.install(app)
    filters.install(app)
    kept.install(app)
    shell.install(app)
    whole.install(app)
    tongues.install(app)
    figures.install(app)
    errors.install(app)
    assets.install(app)
    compiled.install(app, settings)
    rendering.install(app, settings)
    wrong_links.install(app)
    opened.install(app)

    for door in (
        health,
        public,
        account_links,
        issuers,
        student,
        attempts.blueprint,
        vc_api,
        account,
    ):
        app.register_blueprint(door)
    if settings.development:
        app.register_blueprint(styleguide)
    if not is_late:
        app.doors.open_all()
    return app
