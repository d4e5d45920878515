"""A server opens the doors that students never see when somebody knocks; then all is as if they had been open."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import cast

import pytest
from flask import Flask

from pme import create_app
from pme.config import Settings
from pme.web.doors import LATE
from pme.web.platform import Platform


@pytest.fixture
def late(app: Flask) -> Iterator[Platform]:
    """The app as a server starts it, on the same database."""
    settings: Settings = app.extensions["pme_settings"]
    made = cast("Platform", create_app(settings, is_late=True))
    yield made
    made.extensions["pme_database"].dispose()


def addresses(app: Flask) -> set[tuple[str, str, str]]:
    return {
        (rule.endpoint, rule.rule, ",".join(sorted(rule.methods or ()))) for rule in app.url_map.iter_rules()
    }


def behind(path: str) -> str | None:
    return LATE.get(path.split("/")[1])


def test_each_address_is_behind_the_door_that_its_path_and_its_endpoint_lead_to(app: Flask, late: Platform):
    begun = addresses(late)
    assert late.doors.closed == set(LATE.values())
    missing = addresses(app) - begun
    assert all(behind(rule) for _endpoint, rule, _methods in missing)
    assert not [rule for _endpoint, rule, _methods in begun if behind(rule)]
    for endpoint, rule, _methods in sorted(missing):
        if late.doors.lead(endpoint):
            opened = {each for each in addresses(late) if behind(each[1]) == behind(rule)}
            assert opened == {each for each in missing if behind(each[1]) == behind(rule)}
    assert addresses(late) == addresses(app)
    assert late.before_request_funcs.keys() == app.before_request_funcs.keys()


def test_a_link_and_a_knock_open_one_door_and_nothing_else_opens_any(app: Flask, late: Platform):
    client, usual = late.test_client(), app.test_client()
    for path in ("/", "/sign-in", "/academyx", "/nothing", "/static/x/academy", "/learn"):
        assert client.get(path).status_code == usual.get(path).status_code, path
    assert late.doors.closed == set(LATE.values())
    for path in ("//academy/", "/academy", "/academy/no-such-page", "/teach/x", "/feeds/x"):
        assert client.get(path).status_code == usual.get(path).status_code, path
    assert set(LATE.values()) - late.doors.closed == {"academy", "instructor", "calendar"}
    with late.test_request_context("/"):
        assert late.url_for("author.home", _anchor="a") == "/author#a"
    assert "author" not in late.doors.closed


def test_many_who_come_at_once_all_find_their_way(app: Flask, late: Platform):
    paths = [
        "/academy/no-such-page",
        "/teach/x",
        "/author/x",
        "/install/x",
        "/sign-in",
        "/learn",
        "/healthz",
        "/",
    ]
    usual = [app.test_client().get(path).status_code for path in paths]
    start, found = Barrier(len(paths)), [0] * len(paths)

    def come(place: int) -> None:
        start.wait()
        found[place] = late.test_client().get(paths[place]).status_code

    comers = [Thread(target=come, args=(place,)) for place in range(len(paths))]
    for each in comers:
        each.start()
    for each in comers:
        each.join()
    assert found == usual
