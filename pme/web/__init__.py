"""The web: hangs doors, filters, headers and error pages on the app."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect
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
    wrong_links,
)
from pme.web.academy import (
    approvals,
    audit,
    bulk,
    bundles,
    certificate_acts,
    certificates,
    commander,
    course_rules,
    design_images,
    design_looks,
    designs,
    enrol,
    enrolments,
    enrolments_many,
    jobs,
    keys,
    letters,
    lrs,
    offered,
    own_settings,
    people,
    people_many,
    person,
    person_acts,
    reminders,
    report_files,
    report_views,
    reports,
    return_schedules,
    returns,
    statements,
    supplements,
    times,
)
from pme.web.academy import board as academy_board
from pme.web.academy import cohorts as academy_cohorts
from pme.web.academy import editions as academy_editions
from pme.web.academy import factors as academy_factors
from pme.web.academy import privacy as academy_privacy
from pme.web.academy import record as academy_record
from pme.web.academy import requests as academy_requests
from pme.web.academy.views import blueprint as academy
from pme.web.account import browsers, factors, own_data, passkeys, passwords
from pme.web.account import opened as own_looks
from pme.web.account.views import blueprint as account
from pme.web.author import (
    bibliography,
    bring,
    changes,
    conflicts,
    contents,
    courses,
    drafts,
    due,
    ethics,
    files,
    history,
    matrix,
    media,
    module_pages,
    modules,
    new_courses,
    new_pages,
    new_questions,
    new_scenarios,
    outcomes,
    outside_links,
    pages,
    pictures,
    publishing,
    question,
    question_preview,
    questions,
    reviews,
    scenario,
    scenario_parts,
    scenario_settings,
    source_forms,
    sources,
    terms,
    translations,
)
from pme.web.calendar.views import blueprint as calendar
from pme.web.calendar.views import feeds
from pme.web.changed.views import blueprint as changed
from pme.web.install import second_step as install_second_step
from pme.web.install import status, work
from pme.web.install.views import blueprint as install
from pme.web.instructor import (
    arrangements,
    cohorts,
    dates,
    equal_work,
    marking,
    panel_results,
    panels,
    quality,
    regrades,
    scenarios,
    scripts,
    windows,
)
from pme.web.instructor import board as taught_board
from pme.web.instructor.views import blueprint as instructor
from pme.web.local.views import blueprint as local
from pme.web.panel.views import blueprint as panel
from pme.web.platform import Platform
from pme.web.preview import comments
from pme.web.preview import paper as previewed_paper
from pme.web.preview import quizzes as previewed_quizzes
from pme.web.preview import situations as previewed_situations
from pme.web.preview.views import blueprint as preview
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

LARGEST_FORM = 256 * 1024
HUNG = (
    quizzes,
    academy_board,
    academy_editions,
    academy_record,
    taught_board,
    own_progress,
    news,
    notes,
    own_record,
    carrying,
    device,
    joining,
    dates,
    equal_work,
    academy_cohorts,
    academy_requests,
    course_rules,
    enrol,
    enrolments,
    enrolments_many,
    reading,
    languages,
    search,
    situations,
    taking,
    cohorts,
    scenarios,
    windows,
    arrangements,
    times,
    jobs,
    install_second_step,
    work,
    status,
    letters,
    reminders,
    approvals,
    people,
    people_many,
    person,
    person_acts,
    offered,
    own_settings,
    keys,
    lrs,
    public_xapi,
    bulk,
    bundles,
    commander,
    return_schedules,
    returns,
    public_returns,
    public_credentials,
    certificates,
    certificate_acts,
    statements,
    supplements,
    public_supplements,
    designs,
    design_looks,
    design_images,
    public_proving,
    public_looking,
    public_manual,
    linkless,
    public_speaking,
    reports,
    report_files,
    report_views,
    marking,
    quality,
    scripts,
    panels,
    panel_results,
    files,
    conflicts,
    pages,
    new_pages,
    bibliography,
    source_forms,
    due,
    sources,
    terms,
    translations,
    contents,
    ethics,
    changes,
    pictures,
    media,
    bring,
    publishing,
    history,
    reviews,
    questions,
    new_questions,
    scenario,
    scenario_parts,
    scenario_settings,
    new_scenarios,
    question,
    question_preview,
    courses,
    modules,
    module_pages,
    outcomes,
    matrix,
    new_courses,
    regrades,
    previewed_paper,
    previewed_quizzes,
    previewed_situations,
    comments,
    outside_links,
    academy_factors,
    own_looks,
    passwords,
    factors,
    own_data,
    passkeys,
    browsers,
    audit,
    academy_privacy,
)
"""The files that hang their addresses on another file's door when they are imported."""


def build(settings: Settings) -> Flask:
    """Put the application together."""
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
    tokens = CSRFProtect(app)
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
        instructor,
        drafts.blueprint,
        academy,
        panel,
        calendar,
        changed,
        feeds,
        vc_api,
        preview,
        local,
        install,
        account,
    ):
        app.register_blueprint(door)
    if settings.development:
        app.register_blueprint(styleguide)
    return app
