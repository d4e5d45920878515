"""A test client that reads pages as a browser would: strictly, following forms by their buttons.

A page that is not well-formed HTML fails the test, and so does a GET that writes.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex
from threading import Lock, local
from typing import Any
from weakref import WeakSet

from flask import Flask
from flask import session as cookies
from flask.testing import FlaskClient
from flask_login import UserMixin, login_user
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from pme.audit import record
from pme.people.models import Person
from pme.people.service import begin_session
from pme.scope import see_everywhere
from pme.web.platform import Cookies
from pme.web.public import second
from pme.web.session import db_session, transaction
from pme.web.signin import now, seen
from tests.support.cast import NOBODY, PASSWORD, email_of
from tests.support.html import parse

WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
THREAD, ONE_AT_A_TIME = local(), Lock()
LISTENED_TO: WeakSet[Engine] = WeakSet()
MAY_BE_WRITTEN = {"attempt_opened", "failed_sign_in"}
"""What a GET may write: that it showed something of a student (027), that a link was nobody's (046)."""


class Browser(FlaskClient):
    """A client that leaves no large upload open: the file behind it would be closed at some later test.

    A GET that writes anywhere but where it may is a failure of the test. `written` are the tables that the last
    request wrote to.
    """

    written: Sequence[str] = ()

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        written: list[str] = []
        with self._watched(written):
            response = super().open(*args, **kwargs)
        self.written = written
        response.request.input_stream.close()
        assert kwargs.get("method", "GET") != "GET" or set(written) <= MAY_BE_WRITTEN, (args, written)
        return response

    @contextmanager
    def _watched(self, written: list[str]) -> Iterator[None]:
        """Note the tables that this thread writes to."""
        engine = self.application.extensions["pme_database"].engine
        with ONE_AT_A_TIME:  # listeners come once and stay: others may be listened to meanwhile
            if engine not in LISTENED_TO:
                event.listen(engine, "before_cursor_execute", _note)
                LISTENED_TO.add(engine)
        before, THREAD.written = getattr(THREAD, "written", None), written
        try:
            yield
        finally:
            THREAD.written = before


def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    written: list[str] | None = getattr(THREAD, "written", None)
    if written is not None and (found := WRITES.match(statement)):
        written.append(found[2])


class UserOf(UserMixin):
    """Whoever has this session's secret."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_id(self) -> str:
        """What the cookie holds."""
        return self._token


class Visit:
    """One member of the cast with a browser of their own."""

    def __init__(self, app: Flask, name: str = NOBODY, *, by_form: bool = False) -> None:
        self.name = name
        self.http = Browser(app, app.response_class, use_cookies=True)
        if name != NOBODY:
            (self._enter_by_form if by_form else self._enter)()

    def sign_in(self) -> "Page":
        """Sign in with the cast's password."""
        form = self.get("/sign-in")
        page = form.submit(email=email_of(self.name), password=PASSWORD)
        assert page.status in (200, 303), page.text
        return page

    def _enter(self) -> None:
        """Come in with a session as signing in begins one, written and told in the trail; no form is sent.

        Whoever is asked for a second step, or may not come in, goes through the form like everybody.
        """
        app, kept = self.http.application, ""
        with app.test_request_context("/sign-in", method="POST", environ_base=self.http.environ_base):
            token = self._begin()
            if token:
                login_user(UserOf(token))
                signing = Cookies().get_signing_serializer(app)
                assert signing is not None
                kept = str(signing.dumps(dict(cookies)))
        if kept:
            self.http.set_cookie(app.config["SESSION_COOKIE_NAME"], kept, httponly=True, samesite="Lax")
        else:
            self._enter_by_form()

    def _begin(self) -> str | None:
        """The secret of a new session of this person, whom nothing more is asked of."""
        see_everywhere(db_session())  # as the pages before signing in do
        person_id = db_session().scalar(select(Person.id).where(Person.email == email_of(self.name)))
        if person_id is None or second.is_asked_of(person_id):
            return None
        with transaction() as session:
            signed_in = begin_session(session, person_id, at=now(), seen=seen())
            if signed_in is not None:
                actor = f"person {person_id}"
                record(session, "signed in", actor=actor, subject="browser session", at=now())
        return signed_in.token if signed_in else None

    def _enter_by_form(self) -> None:
        """Sign in with a form as the page sends it, and look at neither that page nor the first one behind it."""
        data = {"email": email_of(self.name), "password": PASSWORD, "csrf_token": self.token()}
        response = self.http.post("/sign-in", data=data)
        assert response.status_code == 303, response.get_data(as_text=True)

    def get(self, address: str) -> "Page":
        """Go to an address, following redirects."""
        return Page(self, self.http.get(address, follow_redirects=True))

    def fetch(self, address: str, **more: Any) -> TestResponse:
        """The plain response to a GET, redirects not followed."""
        return self.http.get(address, **more)

    def post(self, address: str, **data: Any) -> "Page":
        """Send a form to an address with a valid token, following redirects."""
        return Page(self, self.send(address, follow_redirects=True, **data))

    def send(
        self, address: str, follow_redirects: bool = False, headers: Any = None, **data: Any
    ) -> TestResponse:
        """The plain response to a POST with a valid token."""
        data["csrf_token"] = self.token()
        return self.http.post(address, data=data, follow_redirects=follow_redirects, headers=headers)

    def token(self) -> str:
        """A valid CSRF token of this browser, as every page with a form has one."""
        with self.http.session_transaction() as kept:
            secret = kept.setdefault("csrf_token", token_hex(20))
        key = self.http.application.secret_key
        assert key is not None
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))


class Page:
    """A response, read strictly if it is HTML."""

    def __init__(self, visit: Visit, response: TestResponse) -> None:
        self.visit = visit
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.text = response.get_data(as_text=True) if response.mimetype != "application/pdf" else ""
        self.tree: Any = parse(self.text, name=self.path) if response.mimetype == "text/html" else None

    @property
    def words(self) -> str:
        """What a reader sees, blanks squeezed."""
        assert self.tree is not None
        texts = self.tree.xpath("//body//text()[not(ancestor::script)]")
        # <wbr> breaks no word in two
        joined = (text if text.is_tail and text.getparent().tag == "wbr" else f" {text}" for text in texts)
        return " ".join("".join(joined).split())

    @property
    def title(self) -> str:
        """The page's first heading."""
        assert self.tree is not None
        return " ".join(self.tree.xpath("string(//h1)").split())

    def form(self, button: str | None = None) -> Any:
        """The form in the main part that has a button with this text, or the first form there."""
        assert self.tree is not None
        for form in self._forms():
            names = [" ".join(b.xpath("string()").split()) for b in _buttons(form)]
            if button is None or button in names:
                return form
        raise AssertionError(f"no form with a button “{button}” on {self.path}: {self.words[:500]}")

    def press(self, button: str, **fields: Any) -> "Page":
        """Fill in the form that has this button and press it."""
        form = self.form(button)
        data = _filled(form) | fields
        for pressed in _buttons(form):
            if " ".join(pressed.xpath("string()").split()) == button and pressed.get("name"):
                data[pressed.get("name")] = pressed.get("value")
        return self._send(form, data)

    def submit_decision(self, value: str) -> "Page":
        """Choose in a scenario and press its one button."""
        form = next(form for form in self._forms() if form.xpath(".//input[@name='choice']"))
        return self._send(form, _filled(form) | {"choice": value})

    def submit(self, **fields: Any) -> "Page":
        """Fill in the first form of the main part and send it."""
        form = self.form()
        return self._send(form, _filled(form) | fields)

    def follow(self, text: str) -> "Page":
        """Follow the link with this text."""
        assert self.tree is not None
        for link in self.tree.xpath("//a"):
            if " ".join(link.xpath("string()").split()) == text:
                return self.visit.get(link.get("href"))
        raise AssertionError(f"no link “{text}” on {self.path}")

    def choices(self, name: str) -> dict[str, str]:
        """The radio buttons or boxes of this name: text -> value."""
        assert self.tree is not None
        return {
            " ".join(box.getparent().xpath("string()").split()): box.get("value")
            for box in self.tree.xpath(f"//input[@name='{name}']")
        }

    def _forms(self) -> list[Any]:
        assert self.tree is not None
        return list(self.tree.xpath("//main//form"))

    def _send(self, form: Any, data: dict[str, Any]) -> "Page":
        address = form.get("action") or self.path
        if (form.get("method") or "get").lower() == "get":
            response = self.visit.http.get(address, query_string=data, follow_redirects=True)
        else:
            response = self.visit.http.post(address, data=data, follow_redirects=True)
        return Page(self.visit, response)


def _buttons(form: Any) -> list[Any]:
    """The buttons in a form, and those elsewhere that belong to it."""
    return [*form.xpath(".//button"), *form.xpath("//button[@form=$id]", id=form.get("id", ""))]


def _filled(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    elsewhere = form.xpath("//input[@name][@form=$id]", id=form.get("id") or "-")
    for field in [*form.xpath(".//input[@name]"), *elsewhere]:
        if field.get("type") in ("radio", "checkbox") and field.get("checked") is None:
            continue
        data.setdefault(field.get("name"), []).append(field.get("value", ""))
    for area in form.xpath(".//textarea[@name]"):
        data[area.get("name")] = [area.text or ""]
    for listed in form.xpath(".//select[@name]"):
        chosen = listed.xpath("./option[@selected]")
        data[listed.get("name")] = [chosen[0].get("value") if chosen else ""]
    return data
