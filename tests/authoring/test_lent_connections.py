"""Whoever waits for something that is not the database holds no connection to it meanwhile: there are twenty a process,
and others need them.
"""

import io
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from pme.db import Database
from pme.lent import let_go
from pme.people.models import Academy
from pme.people.passwords import Hashing
from pme.web import rendering
from pme.web.author import checking
from tests.authoring.test_drafting import JSON, begin
from tests.authoring.test_media import send as send_medium
from tests.authoring.test_pages import preview
from tests.conftest import Visits
from tests.content.small_library import QUIZ, Shelf
from tests.support import media_files as make
from tests.support.cast import NOBODY, PASSWORD, email_of

NEW = "seven quiet boats at noon"
Note = Callable[[], None]


@pytest.fixture
def held(app: Flask) -> list[int]:
    """How many connections were in use, each time that somebody waited."""
    return []


@pytest.fixture
def note(app: Flask, held: list[int]) -> Note:
    own: Database = app.extensions["pme_database"]
    pool: Any = own.engine.pool
    return lambda: held.append(pool.checkedout())


class Noting:
    """A lock that notes when somebody comes to it."""

    def __init__(self, note: Note) -> None:
        self._note = note

    def acquire(self, timeout: float) -> bool:
        """One's turn, at once."""
        self._note()
        return timeout > 0

    def release(self) -> None:
        """The next one's turn."""


def noted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, note: Note) -> None:
    inner = getattr(owner, name)

    def outer(*given: Any, **more: Any) -> Any:
        note()
        return inner(*given, **more)

    monkeypatch.setattr(owner, name, outer)


def test_nothing_is_held_while_a_password_is_weighed_or_made(
    visit: Visits, held: list[int], note: Note, monkeypatch: pytest.MonkeyPatch
):
    form, adams = visit(NOBODY).get("/sign-in"), visit("adams")
    noted(monkeypatch, Hashing, "matches", note)
    noted(monkeypatch, Hashing, "hash", note)
    assert form.submit(email=email_of("baker"), password=PASSWORD).status == 200
    assert held == [0]
    done = adams.get("/account/password").submit(current=PASSWORD, password=NEW, again=NEW)
    assert "Your password is changed" in done.words
    assert held == [0, 0, 0], "it was weighed, and the new one made before anybody wrote"


def test_nothing_is_held_while_one_waits_for_the_renderer_or_the_checker(
    published: Shelf, app: Flask, visit: Visits, held: list[int], note: Note, monkeypatch: pytest.MonkeyPatch
):
    clarke = visit("clarke")
    draft = begin(clarke)
    own: rendering.RendererInTurn = app.extensions["pme_renderer"]
    monkeypatch.setattr(own, "_turn", Noting(note))
    assert preview(clarke, draft, "# First steps\n\nWait, then ask.\n")["html"]
    assert "draft" in clarke.get(draft).press("Check everything").words
    assert held, "somebody waited"
    assert set(held) == {0}
    held.clear()
    monkeypatch.setattr(checking, "_TURN", Noting(note))
    answer = clarke.send(f"{draft}/look/{QUIZ}", content="title: A check\n", headers=JSON)
    assert answer.json
    assert answer.json["problems"]
    assert held == [0]


def test_nothing_is_held_while_a_file_is_read(
    published: Shelf, visit: Visits, held: list[int], note: Note, monkeypatch: pytest.MonkeyPatch
):
    clarke, irving = visit("clarke"), visit("irving")
    draft = begin(clarke)
    noted(monkeypatch, subprocess, "run", note)
    assert "is in the draft" in send_medium(clarke, draft, make.photograph(), "hands.jpg").words
    table = (io.BytesIO(b"email,name\nida@new.example,Ida"), "people.csv")
    assert "1 person to add" in irving.get("/academy/people/spreadsheet").press("Check it", file=table).words
    assert held == [0, 0]


def test_nothing_is_held_while_a_browser_still_sends(
    published: Shelf, visit: Visits, held: list[int], note: Note
):
    clarke = visit("clarke")
    address, token = f"{begin(clarke)}/modules/listening/media", clarke.token()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            note()
            return super().read(size)

    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, value)
        for name, value in ((b"csrf_token", token.encode()), (b"says", b"x" * 200_000))
    )
    clarke.http.post(
        address,
        input_stream=Slow(body + b"--b--\r\n"),
        content_type="multipart/form-data; boundary=b",
        content_length=len(body) + 7,
    )
    assert held
    assert set(held) == {0}


def test_what_was_loaded_stays_and_who_writes_keeps_their_connection(database: Database):
    pool: Any = database.engine.pool
    before = pool.checkedout()
    with database.session() as session:
        let_go(session)
        academy = session.query(Academy).filter_by(slug="home").one()
        let_go(session)
        assert pool.checkedout() == before
        assert academy.name
        assert pool.checkedout() == before, "nothing is asked for again"
        assert session.query(Academy).count() > 1, "and one may ask on"
    with database.writing() as session:
        session.query(Academy).filter_by(slug="home").one().support = "Ask at the desk."
        let_go(session)
        assert pool.checkedout() == before + 1
    with database.session() as session:
        assert session.query(Academy).filter_by(slug="home").one().support == "Ask at the desk."
