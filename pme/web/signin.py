"""Flask-Login over server-side sessions, and the guard that keeps each door closed unless opened.

The cookie carries a session's secret; the row in the database says whether it still counts.
"""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from pme.config import Settings
from pme.content.catalogue import BESIDE
from pme.db import AWAY
from pme.errors import NotAllowed
from pme.keys.keyring import Keyring
from pme.people.browsers import browser_name, coarse_network
from pme.people.models import Role
from pme.people.queries import READY_VISITOR, VISITOR, Visitor, find_student, find_visitor
from pme.people.service import Seen, SignedIn, end_session, renew_session
from pme.quick import Ready
from pme.scope import everywhere, see_academy
from pme.web import resume
from pme.web.at_hand import this_app, this_g, this_request
from pme.web.forms import SignInForm
from pme.web.personal import require_personal
from pme.web.session import db_session, quick, sees, takes_short_way, transaction
from pme.words.lazily import lazy
from pme.words.speech import _

VISITOR_BESIDE_CONTENT = VISITOR.add_columns(*BESIDE)
"""Who asks, and what is published: nearly every page needs both."""
READY_BESIDE_CONTENT = Ready(VISITOR_BESIDE_CONTENT)
RENEW_EVERY = timedelta(minutes=5)
OWES_FACTOR = lazy(
    "Your academy asks everybody who works for it for a second step when signing in. Set it up on your account "
    "page first; nothing was changed."
)


class BrowserUser(UserMixin):
    """What Flask-Login knows of a visitor: the secret of the browser session."""

    def __init__(self, token: str, visitor: Visitor) -> None:
        self.token = token
        self.visitor = visitor

    def get_id(self) -> str:
        """The session's secret, which Flask-Login keeps in the signed cookie."""
        return self.token


class Manager(LoginManager):
    """Flask-Login, where the server-side row decides and not the browser's name."""

    def _session_protection_failed(self) -> bool:
        return False


def now() -> datetime:
    """The moment of this request, the same throughout."""
    notes = this_g()
    moment: datetime | None = notes.get("now")
    if moment is None:
        notes.now = moment = this_app().extensions["pme_clock"]()
    return moment


def settings() -> Settings:
    """The app's settings."""
    found: Settings = this_app().extensions["pme_settings"]
    return found


def keyring() -> Keyring:
    """What opens the private parts of academies' signing keys."""
    found: Keyring = current_app.extensions["pme_keyring"]
    return found


def find_current_visitor() -> Visitor | None:
    """The signed-in person, or None; nobody is while the database is away."""
    require_personal()
    notes = this_g()
    if notes.get("database_is_away", False):
        return None
    user = notes.get("_login_user")  # asked for often
    if user is None:
        user = current_user._get_current_object()  # noqa: SLF001
    return user.visitor if isinstance(user, BrowserUser) else None


def current_visitor() -> Visitor:
    """The signed-in person. Raises NotAllowed when nobody is."""
    visitor = find_current_visitor()
    if visitor is None:
        raise NotAllowed(_("Sign in first."))
    return visitor


def seen(second_step: str = "") -> Seen:
    """What is kept of the browser that signs in: its name and, coarsely, from where."""
    return Seen(
        browser_name(request.user_agent.string), coarse_network(request.remote_addr), second_step=second_step
    )


def sign_in(signed_in: SignedIn, visitor: Visitor) -> None:
    """Hand the fresh session's secret to the browser, leaving nothing of the old cookie."""
    session.clear()
    g.pop("csrf_token", None)  # the token of the old cookie would not fit the new one
    login_user(BrowserUser(signed_in.token, visitor))


def sign_out() -> None:
    """End the browser's session on the server and forget its cookie."""
    if current_user.is_authenticated:
        with transaction() as db:
            end_session(db, current_user.token, at=now())
    logout_user()
    session.clear()


def load_visitor(token: str) -> Visitor | None:
    """The person behind a session's secret, by this app's limits."""
    limits = settings()
    idle, longest = timedelta(minutes=limits.idle_minutes), timedelta(hours=limits.session_hours)
    if takes_short_way():
        is_save = this_request().method == "POST"  # it has its content by what it was begun on
        wanted = READY_VISITOR if is_save else READY_BESIDE_CONTENT
        student = find_student(quick(), token, wanted, at=now(), idle=idle, longest=longest)
        if student is not None:
            if not is_save:
                this_g().newest = student[1][-2:]
            return student[0]
    session = db_session()
    with everywhere(session):
        found = find_visitor(session, token, VISITOR_BESIDE_CONTENT, at=now(), idle=idle, longest=longest)
    if found is None:
        return None
    visitor, row = found
    g.newest = row[-2:]
    return visitor


def reload_visitor() -> Visitor:
    """The signed-in person as they are after a change to their session, for the rest of this request."""
    visitor = load_visitor(current_user.token)
    if visitor is None:
        raise NotAllowed(_("Sign in first."))
    current_user.visitor = visitor
    see_academy(db_session(), visitor.academy_id)
    return visitor


def guard(blueprint: Blueprint, *roles: Role) -> None:
    """Close a whole door: only people with one of these roles pass; others sign in or get a 403."""

    @blueprint.before_request
    def check() -> ResponseReturnValue | None:
        visitor = find_current_visitor()
        if visitor is None:
            if request.method == "POST":
                return resume.sign_in_first(SignInForm(formdata=None))
            return redirect(url_for("public.sign_in", next=request.full_path.rstrip("?")), 303)
        if not visitor.roles.intersection(roles):
            raise NotAllowed(_("Your account has no access to this part of the platform."))
        if visitor.owes_second_factor and blueprint.name != "account":
            if request.method == "POST":
                raise NotAllowed(OWES_FACTOR)
            return redirect(url_for("account.factors"), 303)
        return None


def auditors_only_read(blueprint: Blueprint, *, but: tuple[str, ...] = ()) -> None:
    """Let auditors change nothing behind a door; `but` names the endpoints of downloads that are POSTs."""

    @blueprint.before_request
    def check() -> None:
        visitor = find_current_visitor()
        if visitor is None or request.method in ("GET", "HEAD") or request.endpoint in but:
            return
        if visitor.is_auditor and not visitor.runs_academy:
            raise NotAllowed(_("An auditor reads and changes nothing."))


def clock() -> datetime:
    """What the machine's clock says; an app may be given another."""
    return datetime.now(UTC)


def install(app: Flask) -> None:
    """Set up Flask-Login and the clock, and renew a session whenever its person does something."""
    app.extensions["pme_clock"] = clock
    manager = Manager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> BrowserUser | None:
        if this_g().get("database_is_away", False):
            return None
        try:
            visitor = load_visitor(token)
        except AWAY:
            if not g.get("tells_no", False):
                raise
            g.database_is_away = True  # an error page is made; it does without its reader's name
            return None
        if visitor is None:
            return None
        sees(visitor.academy_id)
        return BrowserUser(token, visitor)

    @app.after_request
    def renew(response: Response) -> Response:
        is_act = this_request().method == "POST" and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        visitor = find_current_visitor() if is_act else None
        if visitor is not None and now() - visitor.renewed_at > RENEW_EVERY:
            see_academy(db_session(), visitor.academy_id)
            with transaction() as db:
                renew_session(db, current_user.token, at=now())
        return response
