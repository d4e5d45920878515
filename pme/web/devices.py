"""What a person's device keeps, and under which name: a name of the account that tells nothing of the person.

Whatever a page keeps in the browser carries it, so that on a shared machine nothing of one person is sent or
shown by the pages of another. Keeping opened modules for reading is asked for on the device, by a cookie.
"""

import hashlib
import hmac
from datetime import date
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, request

from pme.people.queries import Visitor
from pme.web.addresses import url_for
from pme.web.at_hand import this_request
from pme.web.signin import find_current_visitor, now, settings
from pme.words.speech import current

NOBODY = "nobody"
COOKIE = "pme_device"
"""Holds the name of the account whose modules the device keeps."""
MONTHS = 180 * 24 * 3600  # seconds
KEPT_COPY = "kept"
REMEMBERED = 2_048
"""Names that a process remembers: a page says its account's three times."""
TO_KEEP = frozenset({"student.module", "student.page", "student.whole_module", "attempts.carried"})
"""Pages for reading, and a practice that is carried. A device keeps nothing else."""


def account_of(visitor: Visitor | None) -> str:
    """The name under which the device keeps what is this visitor's: the same at each sign-in, and no id."""
    if visitor is None:
        return NOBODY
    return _named(settings().secret_key, visitor.academy_id, visitor.person_id)


@lru_cache(maxsize=REMEMBERED)
def _named(secret: str, academy_id: int, person_id: int) -> str:
    told = f"device {academy_id} {person_id}".encode()
    return hmac.digest(secret.encode(), told, hashlib.sha256).hex()[:16]


def device_account() -> str:
    """The name for whoever is signed in now."""
    return account_of(find_current_visitor())


def keeps_here() -> bool:
    """Whether this device keeps opened modules for whoever is signed in."""
    visitor = find_current_visitor()
    return visitor is not None and this_request().cookies.get(COOKIE) == account_of(visitor)


def kept_on() -> date | None:
    """For a copy that a device keeps: the day of it. None for a page that is looked at."""
    asked = this_request()
    is_copy = asked.query_string and asked.args.get(KEPT_COPY) == "1" and asked.endpoint in TO_KEEP
    return now().date() if is_copy else None


def worker_address() -> str:
    """The address of the script that keeps pages, for this account and in this language; "" where none is wanted."""
    if not keeps_here():
        return ""
    return f"{url_for('assets.worker')}?{urlencode({'account': device_account(), 'lang': current()})}"


def keep_here(response: Response) -> None:
    """Let this device keep the modules that are opened, from now on."""
    response.set_cookie(
        COOKIE, device_account(), max_age=MONTHS, secure=settings().is_https, httponly=True, samesite="Lax"
    )


def keep_nothing(response: Response) -> None:
    """Take everything that this device keeps from it, and let it keep nothing more."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, secure=settings().is_https, httponly=True, samesite="Lax")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'


def install(app: Flask) -> None:
    """Let pages say whose they are, and which of them a device may keep."""
    app.jinja_env.globals |= {
        "device_account": device_account,
        "keeps_here": keeps_here,
        "kept_on": kept_on,
        "worker_address": worker_address,
    }

    @app.after_request
    def say_whose(response: Response) -> Response:
        if response.mimetype == "text/html" and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            response.headers["X-Account"] = device_account()
            if this_request().endpoint in TO_KEEP and response.status_code == HTTPStatus.OK and keeps_here():
                response.headers["X-Keep"] = "reading"
        return response
